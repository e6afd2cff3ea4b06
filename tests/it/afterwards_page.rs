//! What is written about an evening: reports, how it was for those who came, and for who led it.

use lotgenoot_tests::browser::{Browser, Failed, Key, Window};

use super::browsers::{comes_in, demo, is_let_in};

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_reports_and_how_it_was_is_read_by_whom_she_chose() {
    let demo = demo().await;
    let links = demo.links().clone();
    let browser = Browser::start().await;
    let office = browser.window("coordinator", 1280, 800).await.unwrap();
    let host = browser.window("host", 1280, 800).await.unwrap();
    let person = browser.window("person", 360, 740).await.unwrap();
    let (office, host, person) = (&office, &host, &person);
    let story: Result<(), Failed> = async {
        // Whoever reads letters has been there once.
        office.open(&links.coordinator).await?;
        office.sees("numbers-none").await?;
        host.open(&links.host).await?;
        host.presses("group-open").await?;
        comes_in(person, &demo.links().person).await?;
        is_let_in(person, host).await?;
        host.presses("group-open").await?;
        host.says("Dat is je eigen schuld").await?;
        person.reads("message", "Dat is je eigen schuld").await?;

        // A host's words, past the hosts: with the keyboard.
        person.script("document.querySelector('[data-test=members] > summary').focus()").await?;
        person.keys(" ").await?;
        person.tabs_to("report").await?;
        person.keys(Key::Enter).await?;
        person.tabs_to("report-who").await?;
        person.keys("Roos").await?;
        person.tabs_to("report-what").await?;
        person.keys("Dat is je").await?;
        person.tabs_to("report-why").await?;
        person.keys("Zo voel ik mij niet veilig").await?;
        person.pictured("report").await?;
        let past = "return document.querySelector('[data-test=report-past]').checked";
        if person.script(past).await? != true {
            return Err("whom it is about would read it".to_owned());
        }
        person.tabs_to("report-send").await?;
        person.keys(Key::Enter).await?;
        person.reads("report-state", "verstuurd").await?;
        person.pictured("report-sent").await?;

        // Another participant, to the hosts.
        person.enters("report").await?;
        chooses(person, "report-who", "Merel").await?;
        person.types("report-why", "Ik ken deze naam").await?;
        host.says("Hoe is het met iedereen?").await?;
        person.reads("message", "Hoe is het met iedereen?").await?;
        let typed = "return document.querySelector('[data-test=report-why]')?.value";
        if person.script(typed).await? != "Ik ken deze naam" {
            return Err("what she wrote in a second report is gone".to_owned());
        }
        person.enters("report-send").await?;
        host.presses("line-open").await?;
        host.reads("report-about", "Merel").await?;
        host.pictured("reported").await?;

        host.presses("group-open").await?;
        host.script("document.querySelector('[data-test=measures]').open = true").await?;
        host.enters("close-group").await?;
        host.enters("close-group-now").await?;
        person.sees("survey").await?;
        person.pictured("survey").await?;
        person.tabs_to("survey-answer").await?;
        person.keys(" ").await?;
        let chosen = "return document.querySelectorAll('[data-test=survey-answer]')[0].checked";
        if person.script(chosen).await? != true {
            return Err("an answer cannot be given with the keyboard".to_owned());
        }
        person.tabs_to("survey-send").await?;
        person.keys(Key::Enter).await?;
        person.sees("survey-sent").await?;
        person.pictured("survey-sent").await?;

        host.sees("debrief").await?;
        host.types("debrief-how", "Het was een zware avond").await?;
        host.types("debrief-hand-over", "Zonnebloem zoekt een slaapplek").await?;
        host.script("document.querySelector('[data-test=debrief-call-me]').click()").await?;
        host.pictured("debrief").await?;
        host.enters("debrief-send").await?;
        host.sees("debrief-sent").await?;

        office.open(&links.coordinator).await?;
        office.reads("letters", "Het was een zware avond").await?;
        office.reads("letters", "Roos wil gebeld worden").await?;
        office.reads("report-said", "Dat is je eigen schuld").await?;
        office.reads("report-proof", "Roos heeft dit echt geschreven").await?;
        office.reads("numbers", "1 tot 9").await?;
        office.pictured("letters").await?;
        office.enters("letter-away").await?;
        office.wait("one letter to be gone", async || (office.count("letter").await == 1).then_some(())).await
    }
    .await;
    if story.is_err() {
        for (window, name) in [(office, "failed-office"), (host, "failed-host"), (person, "failed-person")] {
            window.pictured(name).await.unwrap();
        }
    }
    story.unwrap();
    browser.stop().await;
}

// The option that begins with these words.
async fn chooses(window: &Window, mark: &str, words: &str) -> Result<(), Failed> {
    window
        .wait(&format!("{words} in {mark}"), async || {
            let choose = format!(
                "const it = document.querySelector('[data-test={mark}]');\
                 const option = [...it.options].find((option) => option.innerText.startsWith('{words}'));\
                 if (!option) return false;\
                 it.value = option.value; it.dispatchEvent(new Event('change', {{bubbles: true}})); return true"
            );
            (window.script(&choose).await.ok()? == true).then_some(())
        })
        .await
}
