//! Help calls in real browsers: what she reads when things go wrong, and a call that goes from hand to hand.

use std::path::{Path, PathBuf};

use lotgenoot_protocol::role::Role;
use lotgenoot_tests::browser::{Browser, Failed, Window};
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::process::{RelayProcess, relay_binary};
use lotgenoot_tests::relay::database;

use crate::browsers::{chooses, comes_in, unfolds};

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_is_finished_although_the_first_professionals_browser_dies_half_way() {
    let house = House::open().await;
    let browser = Browser::start().await;
    let told: Result<(), Failed> = async {
        let (person, noor) = house.talking(&browser).await?;
        let karim = house.at_work(&browser, "karim", &house.karim, 1280).await?;
        person.pictured("call-active").await?;

        unfolds(&noor, "lead-tools").await?;
        noor.enters("ask-colleague").await?;
        chooses(&noor, "ask-service", "veilig-thuis").await?;
        noor.reads("ask-first", "Vraag het eerst in het gesprek").await?;
        noor.pictured("lead-asks").await?;
        noor.enters("ask-send").await?;
        noor.reads("ask", "Veilig Thuis").await?;
        person.reads("call-beside", "Noor vraagt iemand van Veilig Thuis").await?;
        person.reads("call-beside", "Noor blijft bij je").await?;

        karim.reads("call-item", "Een collega vraagt je om een gesprek over te nemen").await?;
        karim.pictured("asked-to-take-over").await?;
        karim.enters("page-take").await?;
        person.reads("call-beside", "Karim (Veilig Thuis) neemt het gesprek over").await?;
        person.pictured("hand-over-accepted").await?;
        noor.close().await;

        person.says("Ik vind het spannend").await?;
        karim.presses("call-open").await?;
        karim.reads("call-state", "Je neemt het gesprek over zodra je iets schrijft").await?;
        karim.reads("intake-card", "Ik wil weten waar ik heen kan").await?;
        karim.pictured("taking-over").await?;
        karim.says("Ik ben Karim. Noor heeft me gevraagd om je verder te helpen.").await?;
        person.reads("message", "Ik ben Karim.").await?;
        person.reads("call-state", "Karim").await?;
        karim.sees_state("call-state", "data-state", "active").await?;
        person.pictured("handed-over").await?;
        person.close().await;
        karim.close().await;
        Ok(())
    }
    .await;
    told.unwrap();
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_professionals_who_take_it_at_the_same_instant_one_leads_and_the_other_may_help() {
    let house = House::open().await;
    let browser = Browser::start().await;
    let told: Result<(), Failed> = async {
        let noor = house.at_work(&browser, "noor", &house.noor, 1280).await?;
        let sara = house.at_work(&browser, "sara", &house.sara, 360).await?;
        let person = house.raised(&browser).await?;
        // Before the key is there, pressing does nothing.
        tokio::try_join!(
            noor.sees_state("call-item", "data-state", "wants-you"),
            sara.sees_state("call-item", "data-state", "wants-you")
        )?;
        sara.pictured("rings").await?;
        let press = "document.querySelector('[data-test=page-take]')?.click()";
        tokio::try_join!(noor.script(press), sara.script(press))?;

        person.sees_state("call-state", "data-state", "taken").await?;
        let (lead, other) =
            if person.text("call-state").await?.contains("Noor") { (&noor, &sara) } else { (&sara, &noor) };
        lead.sees_state("call-state", "data-state", "taken").await?;
        other.reads("call-item", "een ander heeft deze oproep").await?;
        other.enters("call-assist").await?;
        lead.says("Ik lees wat je schreef.").await?;
        person.sees_state("call-state", "data-state", "active").await?;
        person.reads("call-beside", "Praat ook mee").await?;
        other.reads("call-item", "Je helpt mee").await?;
        for window in [person, noor, sara] {
            window.close().await;
        }
        Ok(())
    }
    .await;
    told.unwrap();
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_who_vanishes_is_called_again_and_then_somebody_else_comes() {
    let house = House::open().await;
    let browser = Browser::start().await;
    let told: Result<(), Failed> = async {
        let sara = house.at_work(&browser, "sara", &house.sara, 1280).await?;
        let (person, noor) = house.talking(&browser).await?;
        noor.close().await;
        person.says("Ben je er nog?").await?;
        house.clock_is_ahead(185_000);
        person.reads("call-beside", "We roepen Noor nog een keer voor je").await?;
        person.pictured("lead-is-called-again").await?;
        house.clock_is_ahead(250_000);
        person.sees_state("call-state", "data-state", "lead-lost").await?;
        person.reads("call-state", "We zoeken opnieuw contact met een hulpverlener").await?;
        person.pictured("lead-lost").await?;
        sara.presses("page-take").await?;
        person.reads("call-state", "Sara").await?;
        sara.reads("intake-card", "Ik wil weten waar ik heen kan").await?;
        sara.says("Ik ben Sara. Ik neem het over van Noor.").await?;
        person.sees_state("call-state", "data-state", "active").await?;
        person.close().await;
        sara.close().await;
        Ok(())
    }
    .await;
    told.unwrap();
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nobody_on_duty_she_reads_so_at_once_and_after_three_minutes_and_can_ask_again() {
    let house = House::open().await;
    let browser = Browser::start().await;
    let told: Result<(), Failed> = async {
        let office = browser.window("office", 1280, 800).await?;
        office.open(&house.coordinator).await?;
        office.sees("certify-go").await?;
        let person = house.raised(&browser).await?;
        person.sees_state("call-state", "data-state", "unstaffed").await?;
        person.reads("call-state", "Er is nu niemand van dienst in deze app. Wacht hier niet op.").await?;
        office.reads("call-alarm", "Een oproep heeft nog geen antwoord").await?;
        office.pictured("call-alarm").await?;
        house.clock_is_ahead(185_000);
        person.sees_state("call-state", "data-state", "still-waiting").await?;
        person.reads("call-state", "Nog niemand heeft geantwoord").await?;
        person.reads("call-state", "Wacht hier niet op.").await?;
        person.presses("call-nudge").await?;
        person.pictured("still-waiting").await?;
        let page = person.script("return document.body.innerText").await?.to_string();
        for words in ["112", "0800-2000", "Je vraagt het nog een keer. We weten niet of het lukt."] {
            assert!(page.contains(words), "she cannot read {words}: {page}");
        }
        let noor = house.at_work(&browser, "noor", &house.noor, 1280).await?;
        person.reads("call-state", "We blijven proberen").await?;
        noor.enters("page-cannot").await?;
        noor.pictured("cannot").await?;
        noor.enters("page-reason").await?;
        person.reads("call-state", "Wacht hier niet op.").await?;
        let sara = house.at_work(&browser, "sara", &house.sara, 1280).await?;
        sara.presses("page-take").await?;
        person.sees_state("call-state", "data-state", "taken").await?;
        for window in [office, person, noor, sara] {
            window.close().await;
        }
        Ok(())
    }
    .await;
    told.unwrap();
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lead_proposes_to_stop_and_she_decides_closes_takes_it_back_and_goes_on_later() {
    let house = House::open().await;
    let browser = Browser::start().await;
    let told: Result<(), Failed> = async {
        let (person, noor) = house.talking(&browser).await?;
        unfolds(&noor, "lead-tools").await?;
        noor.enters("propose-done").await?;
        noor.sees("done-said").await?;
        person.reads("call-done", "Noor denkt dat jullie klaar zijn. Jij beslist.").await?;
        person.pictured("done-proposed").await?;
        person.enters("call-done-no").await?;
        person.says("Nee, ik wil nog iets vragen").await?;
        noor.reads("message", "nog iets vragen").await?;
        noor.sees("propose-done").await?;

        person.enters("call-stop").await?;
        person.enters("call-close").await?;
        person.reads("call-reopen", "Sluiten was een vergissing").await?;
        person.enters("call-reopen").await?;
        person.sees_state("call-state", "data-state", "active").await?;
        person.says("Dat was een vergissing").await?;
        noor.reads("message", "Dat was een vergissing").await?;

        person.enters("call-stop").await?;
        person.enters("call-close").await?;
        person.sees_state("call-state", "data-state", "closed").await?;
        house.clock_is_ahead(120_000);
        person.pictured("closed").await?;
        person.enters("call-reopen").await?;
        noor.presses("page-take").await?;
        person.sees_state("call-state", "data-state", "taken").await?;
        person.close().await;
        noor.close().await;
        Ok(())
    }
    .await;
    told.unwrap();
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_emergency_card_stays_readable_when_the_server_dies_under_it() {
    let mut house = House::open().await;
    let browser = Browser::start().await;
    let told: Result<(), Failed> = async {
        let (person, noor) = house.talking(&browser).await?;
        person.presses("danger").await?;
        house.relay.kill().await;
        let page = person.script("return document.body.innerText").await?.to_string();
        for words in ["112", "0800-2000", "112NL"] {
            assert!(page.contains(words), "she cannot read {words}: {page}");
        }
        person.presses("danger-back").await?;
        person.reads("status", "erbinding").await?;
        person.pictured("server-gone").await?;
        person.close().await;
        noor.close().await;
        Ok(())
    }
    .await;
    told.unwrap();
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_can_store_nothing_says_so_before_she_presses_and_goes_on_once_it_is_mended() {
    let mut house = House::open().await;
    let damaged = |database: &Path| {
        std::fs::rename(database, database.with_extension("kept")).unwrap();
        std::fs::write(database, vec![7; 100_000]).unwrap();
    };
    house.killed_and_begun(damaged).await;
    let browser = Browser::start().await;
    let told: Result<(), Failed> = async {
        let person = browser.window("person", 360, 740).await?;
        comes_in(&person, &house.person).await?;
        person.reads("status", "er is een storing. We blijven het proberen.").await?;
        let raise = person.reads("raise", "Dat kan nu niet: er is een storing.").await?;
        assert!(!raise.is_enabled().await.map_err(|error| error.to_string())?);
        person.pictured("server-degraded").await?;
        person.presses("choose-danger").await?;
        let page = person.script("return document.body.innerText").await?.to_string();
        for words in ["112", "0800-2000"] {
            assert!(page.contains(words), "she cannot read {words}: {page}");
        }
        person.presses("danger-back").await?;

        // Somebody mends it. She need not do anything.
        let mended = |database: &Path| std::fs::rename(database.with_extension("kept"), database).unwrap();
        house.killed_and_begun(mended).await;
        person.reads("raise", "Er is nu niemand van dienst.").await?;
        person
            .wait("the button to be on", async || {
                let raise = person.sees("raise").await.ok()?;
                raise.is_enabled().await.ok()?.then_some(())
            })
            .await?;

        // And the same while she is telling what she needs.
        person.presses("raise").await?;
        person.presses("consent-talk").await?;
        house.killed_and_begun(damaged).await;
        person.reads("raise-status", "Dat kan nu niet: er is een storing.").await?;
        let send = person.sees("raise-send").await?;
        assert!(!send.is_enabled().await.map_err(|error| error.to_string())?);
        person.pictured("intake-degraded").await
    }
    .await;
    told.unwrap();
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn she_chooses_whom_to_call_first_takes_back_what_she_told_and_a_code_word_calls_in_silence() {
    let house = House::open().await;
    let browser = Browser::start().await;
    let told: Result<(), Failed> = async {
        let (person, noor) = house.talking(&browser).await?;
        unfolds(&person, "contact").await?;
        person.enters("contact-choose").await?;
        person.reads("contact-person", "Noor").await?;
        person.pictured("contact").await?;

        noor.reads("intake-card", "Ik wil weten waar ik heen kan").await?;
        unfolds(&person, "consented").await?;
        person.presses("consent-summary").await?;
        noor.wait("her card without it", async || {
            (!noor.text("intake-card").await.ok()?.contains("waar ik heen kan")).then_some(())
        })
        .await?;
        person.pictured("consented").await?;

        unfolds(&person, "code-words").await?;
        person.enters("code-write").await?;
        person.types("code-1", "ja").await?;
        person.enters("code-save").await?;
        person.reads("code-fault", "minstens zes letters").await?;
        person.types("code-1", "regenjas").await?;
        // What happens meanwhile takes nothing of it away.
        noor.says("Neem de tijd.").await?;
        person.reads("message", "Neem de tijd.").await?;
        person.types("code-2", "gele tulpen").await?;
        person.types("code-note", "Bel de politie. Ik ben thuis.").await?;
        person.pictured("code-words").await?;
        person.enters("code-save").await?;
        person.reads("code-agreed", "Stuur hulp").await?;
        person.pictured("code-agreed").await?;
        noor.reads("card-code-words", "regenjas").await?;
        person.says("Waar ligt mijn regenjas?").await?;
        noor.reads("code-heard", "stop").await?;
        noor.pictured("code-heard").await?;

        person.enters("call-stop").await?;
        person.enters("call-close").await?;
        person.sees_state("call-state", "data-state", "closed").await?;
        person.presses("call-back").await?;
        let roos = browser.window("roos", 1280, 800).await?;
        roos.open(&house.roos).await?;
        roos.sees("you").await?;
        person.presses("choose-peers").await?;
        person.presses("rules-accept").await?;
        person.says("Heb jij nog gele tulpen in de tuin?").await?;
        roos.presses("line-open").await?;
        roos.reads("message", "gele tulpen").await?;
        noor.presses("page-take").await?;
        noor.reads("code-heard", "stuur hulp").await?;
        noor.reads("intake-card", "Bel de politie").await?;
        noor.pictured("silent-call").await?;
        noor.says("Mooi, die tulpen.").await?;
        // Whatever comes of it, she is where she was.
        person.says("Ze zijn al bijna uitgebloeid.").await?;
        person.sees("line").await?;
        assert_eq!(person.count("call").await, 0);
        person.pictured("silent").await?;

        // Later is a question of its own, and says who is called first.
        person.presses("leave").await?;
        person.presses("raise-later").await?;
        person.sees("when-2").await?;
        person.reads("called-first", "We roepen eerst Noor op").await?;
        person.pictured("raise-later").await?;
        for window in [person, noor, roos] {
            window.close().await;
        }
        Ok(())
    }
    .await;
    told.unwrap();
    browser.stop().await;
}

/// Two professionals of one service, one of another, a host, and a relay whose clock the story moves.
pub(crate) struct House {
    pub(crate) person: String,
    pub(crate) noor: String,
    sara: String,
    karim: String,
    roos: String,
    coordinator: String,
    relay: RelayProcess,
    clock: PathBuf,
    folder: tempfile::TempDir,
}

const ROSTER: &str = "roster.toml";
const CLOCK: &str = "clock";

async fn begun(folder: &Path, port: u16) -> RelayProcess {
    let client = std::env::var_os("LOTGENOOT_CLIENT_DIR").expect("run the tests with `cargo xtask test`");
    let [data, roster] = ["data", ROSTER].map(|name| folder.join(name));
    let mut command = RelayProcess::command(&relay_binary(), &data, &roster, Path::new(&client), port);
    RelayProcess::run(command.env("LOTGENOOT_CLOCK_AHEAD", folder.join(CLOCK))).await
}

impl House {
    pub(crate) async fn open() -> Self {
        let organisation = Organisation::new(now());
        let [noor, sara] = ["Noor", "Sara"].map(|alias| organisation.certify(alias, Role::Professional));
        let karim = organisation.certify_at("Karim", "veilig-thuis");
        let roos = organisation.certify("Roos", Role::Host);
        let folder = tempfile::tempdir().unwrap();
        let roster = organisation.roster_file(&[&noor, &sara, &karim, &roos], &[]);
        std::fs::write(folder.path().join(ROSTER), roster).unwrap();
        let relay = begun(folder.path(), 0).await;
        let link = |fragment: &str| format!("http://{}/#{fragment}", relay.address());
        Self {
            person: link(&organisation.person_link()),
            noor: link(&noor.link()),
            sara: link(&sara.link()),
            karim: link(&karim.link()),
            roos: link(&roos.link()),
            coordinator: link(&organisation.coordinator(1).link()),
            relay,
            clock: folder.path().join(CLOCK),
            folder,
        }
    }

    /// Where the relay stores everything.
    fn database(&self) -> PathBuf {
        database(self.folder.path())
    }

    /// The relay is killed, something is done to its files, and it is started again at its address.
    async fn killed_and_begun(&mut self, meanwhile: impl FnOnce(&Path)) {
        self.relay.kill().await;
        meanwhile(&self.database());
        self.relay = begun(self.folder.path(), self.relay.address().port()).await;
    }

    pub(crate) fn clock_is_ahead(&self, ms: u64) {
        std::fs::write(&self.clock, ms.to_string()).unwrap();
    }

    // A professional at her desk or with her phone; calls reach her from here on.
    pub(crate) async fn at_work(
        &self,
        browser: &Browser,
        who: &'static str,
        link: &str,
        width: u32,
    ) -> Result<Window, Failed> {
        let window = browser.window(who, width, if width < 500 { 740 } else { 800 }).await?;
        window.open(link).await?;
        window.sees_state("duty-state", "class", "open").await?;
        Ok(window)
    }

    // As far as what she wants, and whom she asks.
    pub(crate) async fn tells(&self, browser: &Browser) -> Result<Window, Failed> {
        let person = browser.window("person", 360, 740).await?;
        comes_in(&person, &self.person).await?;
        person.presses("raise").await?;
        // With nobody on duty anywhere, whom she asks is hers to choose.
        person.presses("service-wijkteam").await?;
        person.types("intake-wants", "Ik wil weten waar ik heen kan").await?;
        person.presses("consent-talk").await?;
        person.presses("consent-summary").await?;
        Ok(person)
    }

    async fn raised(&self, browser: &Browser) -> Result<Window, Failed> {
        let person = self.tells(browser).await?;
        person.presses("raise-send").await?;
        person.sees("call-state").await?;
        Ok(person)
    }

    // Noor leads; each has read the other.
    async fn talking(&self, browser: &Browser) -> Result<(Window, Window), Failed> {
        let noor = self.at_work(browser, "noor", &self.noor, 1280).await?;
        let person = self.raised(browser).await?;
        noor.presses("page-take").await?;
        noor.sees("help-room").await?;
        noor.says("Ik ben Noor. Ik lees wat je schreef.").await?;
        person.sees_state("call-state", "data-state", "active").await?;
        person.says("Fijn dat je er bent.").await?;
        noor.reads("message", "Fijn dat je er bent.").await?;
        Ok((person, noor))
    }
}
