//! A coordinator keeps the numbers: what is old is said, what she looked at is not, and those of her region stand on every card.

use lotgenoot_tests::browser::{Browser, Failed};

use super::browsers::{NO_SCRIPT, comes_in, demo, unfolds};

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_checks_the_numbers_and_lists_one_and_everybody_reads_it_with_its_month() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let office = browser.window("coordinator", 1280, 800).await.unwrap();
    let person = browser.window("person", 360, 740).await.unwrap();
    let links = demo.links();
    let story: Result<(), Failed> = async {
        office.open(&links.coordinator).await?;
        // Seven months later by her device's clock, nobody has looked.
        office.sees("lines-open").await?;
        let clock = "const { Date } = window, now = Date.now.bind(Date); window.later = 400 * 86400000;\
                     Date.now = () => now() + window.later";
        office.script(clock).await?;
        office.reads("lines-old", "langer dan een half jaar").await?;
        unfolds(&office, "lines-open").await?;
        office.reads("line-item", "Kijk dit na").await?;
        office.script("document.querySelector('[data-test=lines-old]').scrollIntoView()").await?;
        office.pictured("lines-old").await?;
        office.script("window.later = 0").await?;

        comes_in(&person, &links.person).await?;
        office.types("line-number", "bel ons").await?;
        office.types("line-about", "Wijkteam <Noord>, als je wilt praten.").await?;
        office.types("line-happens", "Iemand van het team neemt op.").await?;
        office.script("document.querySelector('[data-test=line-acts]').click()").await?;
        office.enters("line-go").await?;
        office.reads("line-lacks", "Gebruik cijfers").await?;
        office.types("line-number", "078-770 84 00").await?;
        office.enters("line-go").await?;
        office.reads("line-item", "078-770 84 00").await?;
        office.script("document.querySelector('[data-test=line-item]').scrollIntoView()").await?;
        office.pictured("lines-listed").await?;

        person.presses("danger").await?;
        person.reads("own-line", "Wijkteam <Noord>").await?;
        person.reads("own-line", "zelf iets doen").await?;
        person.reads("own-line", "Nagekeken:").await?;
        let dialled = "return document.querySelector('[data-test=own-line] a').getAttribute('href')";
        let dialled = person.script(dialled).await?;
        if dialled != "tel:0787708400" {
            return Err(format!("it dials {dialled}"));
        }
        person.script("document.querySelector('[data-test=own-line]').scrollIntoView()").await?;
        person.pictured("danger-own-lines").await?;

        // Before any script, and without one.
        let mute = browser.window_with("no script", 360, 740, NO_SCRIPT).await?;
        mute.open(&links.person).await?;
        mute.reads("own-lines", "078-770 84 00").await?;
        mute.sees("own-lines").await?.scroll_into_view().await.map_err(|error| error.to_string())?;
        mute.saved("own-lines-no-script").await?;
        mute.close().await;

        office.presses("line-remove").await?;
        person
            .wait("the number to be gone", async || (person.count("own-line").await == 0).then_some(()))
            .await
    }
    .await;
    story.unwrap();
    let again: Result<(), Failed> = async {
        // Half a year from now, what was looked at today is not old yet, and what the data file says is.
        let half_a_year =
            "const at = new Date(); window.later = new Date(at.getFullYear(), at.getMonth() + 6, 15) - at";
        office.script(half_a_year).await?;
        office.sees("lines-old").await?;
        let old = async || {
            let old = "return document.querySelectorAll('[data-test=line-item][data-stale=true]').length";
            office.script(old).await.ok()?.as_u64()
        };
        let before = old().await.filter(|old| *old > 0).ok_or("nothing is old")?;
        office.presses("line-check").await?;
        office.wait("one less to be old", async || (old().await? == before - 1).then_some(())).await
    }
    .await;
    again.unwrap();
    tokio::join!(office.close(), person.close());
    browser.stop().await;
}
