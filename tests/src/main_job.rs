//! The main job, driven through three pages and nothing else: a person, a host, a professional.

use std::path::PathBuf;
use std::time::Instant;

use crate::browser::{Browser, Failed, How, Window};
use crate::demo::Links;

/// Names each step and says how long it took.
pub struct Steps {
    begun: Instant,
    count: usize,
    pictures: Option<PathBuf>,
}

impl Steps {
    /// No step yet. With a folder, every step leaves a picture of each window there.
    pub fn new(pictures: Option<PathBuf>) -> Self {
        Self { begun: Instant::now(), count: 0, pictures }
    }

    /// How many are done.
    pub fn count(&self) -> usize {
        self.count
    }

    #[allow(clippy::print_stdout)] // the steps are for whoever watches
    async fn done(&mut self, what: &str, windows: &[&Window]) -> Result<(), Failed> {
        self.count += 1;
        println!("{:>2}. {what} ({} ms)", self.count, self.begun.elapsed().as_millis());
        if let Some(folder) = &self.pictures {
            std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
            for window in windows {
                window.picture(&folder.join(format!("{:02}-{}.png", self.count, window.who))).await?;
            }
        }
        self.begun = Instant::now();
        Ok(())
    }
}

/// What the three browsers look like.
#[derive(Clone, Copy, Debug, Default)]
pub struct Looks {
    /// The dark scheme.
    pub dark: bool,
    /// The person at a desk and staff on a phone, instead of the other way round.
    pub swapped: bool,
}

/// Does it all; an error says which wait was in vain.
pub async fn run(browser: &Browser, links: &Links, looks: Looks, steps: &mut Steps) -> Result<(), Failed> {
    let how = How { dark: looks.dark, ..How::default() };
    let (phone, desk) = ((360, 740), (1280, 800));
    let (hers, theirs) = if looks.swapped { (desk, phone) } else { (phone, desk) };
    let (person, host, professional) = tokio::try_join!(
        browser.window_with("person", hers.0, hers.1, how),
        browser.window_with("host", theirs.0, theirs.1, how),
        browser.window_with("professional", theirs.0, theirs.1, how),
    )?;
    let result = story(&person, &host, &professional, links, steps).await;
    if let (Err(_), Some(folder)) = (&result, &steps.pictures) {
        for window in [&person, &host, &professional] {
            let _as_far_as_possible =
                window.picture(&folder.join(format!("failed-{}.png", window.who))).await;
        }
    }
    tokio::join!(person.close(), host.close(), professional.close());
    result
}

async fn story(
    person: &Window,
    host: &Window,
    professional: &Window,
    links: &Links,
    steps: &mut Steps,
) -> Result<(), Failed> {
    host.open(&links.host).await?;
    professional.open(&links.professional).await?;
    host.reads("you", "Roos").await?;
    professional.reads("you", "Noor").await?;
    host.sees("group-item").await?;
    steps.done("host and professional are signed in; the room is open", &[host, professional]).await?;

    person.open(&links.person).await?;
    person.presses("begin").await?;
    person.presses("step-safe-yes").await?;
    person.types("nickname", "Zonnebloem").await?;
    person.presses("nickname-go").await?;
    let address = person.address().await?;
    if address.contains('#') || address.contains('?') {
        return Err(format!("the address says something: {address}"));
    }
    steps.done("the person enters without an account", &[person]).await?;

    person.presses("choose-peers").await?;
    person.presses("rules-accept").await?;
    person.says("Hallo, mag ik meepraten?").await?;
    host.presses("line-open").await?;
    host.reads("message", "Hallo, mag ik meepraten?").await?;
    host.says("Ja, welkom. Fijn dat je er bent.").await?;
    person.reads("message", "Fijn dat je er bent.").await?;
    steps.done("she talks with the host in a line", &[person, host]).await?;

    host.presses("admit").await?;
    person.sees("group").await?;
    let members = person
        .wait("three others in the room", async || {
            let members =
                person.script("return document.querySelectorAll('[data-test=\"member\"]').length").await;
            members.ok().and_then(|members| members.as_u64()).filter(|members| *members >= 4)
        })
        .await?;
    host.reads("line-stands", "is in groep 1").await?;
    steps.done(&format!("she is admitted to a room with {members} members"), &[person, host]).await?;

    person.says("Dag allemaal, ik ben nieuw.").await?;
    person.reads("message", "Dag Zonnebloem. Fijn dat je er bent.").await?;
    person.reads("message", "Ik lees mee").await?;
    if host.count("group").await == 0 {
        // On a phone the list is behind the conversation.
        if host.count("group-open").await == 0 {
            host.presses("desk-back").await?;
        }
        host.reads("line-about", "is in groep 1").await?;
        host.presses("group-open").await?;
    }
    host.reads("message", "Dag allemaal, ik ben nieuw.").await?;
    host.says("Welkom in de kring.").await?;
    person.reads("message", "Welkom in de kring.").await?;
    steps.done("all read each other's messages", &[person, host]).await?;

    person.presses("raise").await?;
    person.types("intake-wants", "Ik wil weten waar ik vannacht veilig kan slapen").await?;
    person.presses("consent-talk").await?;
    person.presses("consent-summary").await?;
    steps.done("she fills in what she wants to say and what she agrees to", &[person]).await?;
    person.presses("raise-send").await?;
    person.sees_state("call-state", "data-state", "stored").await?;
    steps.done("her call is stored, and the page says what that means", &[person]).await?;

    professional.sees("page-take").await?;
    steps.done("the professional's screen rings", &[professional]).await?;
    professional.presses("page-take").await?;
    person.sees_state("call-state", "data-state", "taken").await?;
    person.reads("call-state", "Noor").await?;
    steps.done("she acknowledges; the person reads who has seen it", &[person, professional]).await?;

    professional.sees("help-room").await?;
    professional.reads("intake-card", "Ik wil weten waar ik vannacht veilig kan slapen").await?;
    professional.says("Ik ben Noor van het wijkteam. Ik lees wat je schreef.").await?;
    steps.done("the professional reads the intake and answers", &[professional]).await?;

    person.sees_state("call-state", "data-state", "active").await?;
    person.reads("message", "Ik lees wat je schreef.").await?;
    person.says("Dank je wel.").await?;
    professional.reads("message", "Dank je wel.").await?;
    steps.done("the person sees that somebody talks with her, and answers", &[person, professional]).await?;

    person.presses("call-stop").await?;
    person.presses("call-close").await?;
    person.sees_state("call-state", "data-state", "closed").await?;
    professional.sees_state("call-state", "data-state", "closed").await?;
    steps.done("she closes", &[person, professional]).await
}
