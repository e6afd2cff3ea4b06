//! Duty on the screens of who plans it and who has it.

use std::path::Path;

use lotgenoot_client::messages::{
    CallState, CallView, Command, DutyChange, DutyOverrideView, DutyPlanView, Wants,
};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::browser::{Browser, Failed, Window};
use lotgenoot_tests::organisation::{Organisation, SERVICE, Staff, now};
use lotgenoot_tests::process::{RelayProcess, relay_binary};
use lotgenoot_tests::robot::Robot;

use super::browsers::{chooses, unfolds};
use super::duty::{layer, plan};

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_plans_duty_is_asked_about_a_gap_and_a_professional_takes_it_over() {
    let browser = Browser::start().await;
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Role::Professional);
    let esra = organisation.certify("Esra", Role::Professional);
    let coordinator = organisation.coordinator(1);
    let folder = tempfile::tempdir().unwrap();
    let [roster, data] = ["roster.toml", "data"].map(|name| folder.path().join(name));
    std::fs::write(&roster, organisation.roster_file(&[&noor, &esra], &[1, 2])).unwrap();
    let client = std::env::var_os("LOTGENOOT_CLIENT_DIR").expect("run the tests with `cargo xtask test`");
    let relay =
        RelayProcess::run(&mut RelayProcess::command(&relay_binary(), &data, &roster, Path::new(&client), 0))
            .await;
    let at = |link: String| format!("http://{}/#{link}", relay.address());

    let story: Result<(), Failed> = async {
        let office = browser.window("coordinator", 1280, 900).await?;
        office.open(&at(coordinator.link())).await?;
        unfolds(&office, "duty-plan").await?;
        office.sees("duty-add-service").await?;
        add_service(&office, "wijkteam").await?;
        picks(&office, "Noor").await?;
        office.reads("duty-turn-of", "Noor").await?;
        // From next week on: until then there would be nobody, who is on duty by the roster file now.
        anchor(&office, 7).await?;
        office.reads("duty-state", "Nog niet opgeslagen").await?;
        office.pictured("duty-plan").await?;
        office.presses("duty-save").await?;
        office.reads("duty-refused", "dan is er niemand op").await?;
        office.sees("duty-save-anyway").await?;
        office.pictured("duty-gap").await?;
        // She did not mean that. What was asked about is not what is there now.
        anchor(&office, -7).await?;
        gone(&office, "duty-refused").await?;
        office.presses("duty-save").await?;
        office.reads("duty-uncovered", "of een oproep aankomt").await?;
        office.pictured("duty-coverage").await?;

        let first = browser.window("noor", 360, 740).await?;
        first.open(&at(noor.link())).await?;
        first.reads("own-duty", "wijkteam").await?;
        // Her duty began while her desk was closed.
        first.reads("check-in", "Ben je er?").await?;
        first.pictured("duty-check-in").await?;
        first.enters("check-in-go").await?;
        gone(&first, "check-in").await?;
        // It is hers: there is nothing to take over.
        gone(&first, "take-duty").await?;
        // Somebody is still writing at the plan when a colleague takes duty over.
        sets(&office, "duty-anchor", "change", -6).await?;
        let next = browser.window("esra", 360, 740).await?;
        next.open(&at(esra.link())).await?;
        next.sees("own-duty-none").await?;
        next.pictured("duty-none").await?;
        next.enters("take-duty").await?;
        next.reads("own-duty", "wijkteam").await?;
        next.pictured("duty-taken-over").await?;
        for window in [&first, &office] {
            window.reads("duty-taken", "Esra heeft de dienst van wijkteam overgenomen").await?;
        }
        first.sees("take-duty").await?;
        office.presses("duty-save").await?;
        office.reads("duty-refused", "net veranderd").await?;
        office.reads("duty-change", "Esra in plaats van Noor").await?;
        first.enters("duty-taken-away").await?;
        gone(&first, "duty-taken").await?;

        // For once somebody else; and taken out again before it is saved.
        chooses(&office, "duty-kind", "remove").await?;
        chosen(&office, "duty-change-who", "Esra").await?;
        sets(&office, "duty-change-from", "input", 1).await?;
        sets(&office, "duty-change-until", "input", 2).await?;
        office.presses("duty-add-change").await?;
        office.reads("duty-change", "Esra niet").await?;
        office.presses("duty-undo").await?;
        office
            .wait("it to be as it was", async || {
                let text = office.script("return document.body.innerText").await.ok()?;
                (!text.as_str()?.contains("Esra niet")).then_some(())
            })
            .await
    }
    .await;
    story.unwrap();
    browser.stop().await;
}

// The part that is about files, as a picture.
async fn shown(window: &Window, name: &str) -> Result<(), Failed> {
    window
        .script(
            "document.querySelector('[data-test=duty-file]').parentElement.scrollIntoView({block: 'end'})",
        )
        .await?;
    window.pictured(name).await
}

async fn gone(window: &Window, mark: &str) -> Result<(), Failed> {
    window.wait(&format!("{mark} to be gone"), async || (window.count(mark).await == 0).then_some(())).await
}

async fn add_service(office: &Window, name: &str) -> Result<(), Failed> {
    office
        .wait(&format!("{name} to be offered"), async || {
            let press = format!(
                "const it = [...document.querySelectorAll('[data-test=duty-add-service]')]\
                 .find((it) => it.innerText.includes('{name}')); it?.click(); return !!it"
            );
            (office.script(&press).await.ok()? == true).then_some(())
        })
        .await
}

async fn picks(office: &Window, alias: &str) -> Result<(), Failed> {
    chosen(office, "duty-add-person", alias).await
}

/// Picks whoever is called so in a list of people.
async fn chosen(office: &Window, mark: &str, alias: &str) -> Result<(), Failed> {
    office
        .wait(&format!("{alias} to be offered"), async || {
            let choose = format!(
                "const it = document.querySelector('[data-test={mark}]');\
                 const option = [...it.options].find((it) => it.text === '{alias}');\
                 if (!option) return false; it.value = option.value;\
                 it.dispatchEvent(new Event('change', {{bubbles: true}})); return true"
            );
            (office.script(&choose).await.ok()? == true).then_some(())
        })
        .await
}

async fn anchor(office: &Window, days: i32) -> Result<(), Failed> {
    sets(office, "duty-anchor", "change", days).await
}

/// A field of a day and time, so many days from now, as if it had been picked.
async fn sets(office: &Window, mark: &str, event: &str, days: i32) -> Result<(), Failed> {
    office.sees(mark).await?;
    let set = format!(
        "const it = document.querySelector('[data-test={mark}]');\
         const at = new Date(Date.now() + {days} * 86400000);\
         it.value = new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);\
         it.dispatchEvent(new Event('{event}', {{bubbles: true}})); return it.value"
    );
    match office.script(&set).await?.as_str() {
        Some(value) if !value.is_empty() => Ok(()),
        other => Err(format!("{mark} took nothing: {other:?}")),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_takes_a_calendar_of_another_program_into_the_plan_and_is_told_what_is_in_the_way() {
    let browser = Browser::start().await;
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Role::Professional);
    let esra = organisation.certify("Esra", Role::Professional);
    let veerle = organisation.certify_at("Veerle", "veilig-thuis");
    let folder = tempfile::tempdir().unwrap();
    let [roster, data, calendar] =
        ["roster.toml", "data", "rooster.ics"].map(|name| folder.path().join(name));
    std::fs::write(&roster, organisation.roster_file(&[&noor, &esra, &veerle], &[])).unwrap();
    let client = std::env::var_os("LOTGENOOT_CLIENT_DIR").expect("run the tests with `cargo xtask test`");
    let relay =
        RelayProcess::run(&mut RelayProcess::command(&relay_binary(), &data, &roster, Path::new(&client), 0))
            .await;
    let write = |attendees: &str| {
        let text = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//NL\r\nBEGIN:VEVENT\r\nUID:a\r\n\
             DTSTART;TZID=W. Europe Standard Time:20200101T080000\r\nDTEND;TZID=W. Europe Standard Time:20200102T080000\r\n\
             RRULE:FREQ=DAILY\r\nSUMMARY:Piket\r\n{attendees}END:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        std::fs::write(&calendar, text).unwrap();
    };
    let picks_file = async |office: &Window| {
        let input = office.sees("duty-file-pick").await?;
        let path = calendar.to_str().expect("a path of letters");
        input.send_keys(path).await.map_err(|error| error.to_string())
    };

    let story: Result<(), Failed> = async {
        let office = browser.window("coordinator", 1280, 900).await?;
        office.open(&format!("http://{}/#{}", relay.address(), organisation.coordinator(1).link())).await?;
        unfolds(&office, "duty-plan").await?;
        office.sees("duty-add-service").await?;
        add_service(&office, "wijkteam").await?;
        picks(&office, "Noor").await?;
        chooses(&office, "duty-fallback", "veilig-thuis").await?;
        unfolds(&office, "duty-file").await?;
        write("");
        picks_file(&office).await?;
        office.reads("duty-file-refused", "Regel 4: Bij deze afspraak is niemand uitgenodigd.").await?;
        shown(&office, "duty-file-refused").await?;

        write("ATTENDEE;CN=Esra:mailto:e@example.org\r\nATTENDEE;CN=Bureau:mailto:bureau@example.org\r\n");
        picks_file(&office).await?;
        office.reads("duty-file-found", "In dit bestand staan 80").await?;
        shown(&office, "duty-file-found").await?;
        let put = office.sees("duty-file-put").await?;
        assert!(
            !put.is_enabled().await.map_err(|error| error.to_string())?,
            "of one it is not known who that is"
        );
        chosen(&office, "duty-file-who", "niemand van ons: sla over").await?;
        let phone = browser.window("coordinator, on her phone", 360, 740).await?;
        phone
            .open(&format!("http://{}/ar.html#{}", relay.address(), organisation.coordinator(1).link()))
            .await?;
        unfolds(&phone, "duty-plan").await?;
        phone.sees("duty-add-service").await?;
        phone.script("document.querySelector('[data-test=duty-add-service]').click()").await?;
        unfolds(&phone, "duty-file").await?;
        picks_file(&phone).await?;
        phone.sees("duty-file-found").await?;
        shown(&phone, "duty-file-arabic").await?;
        phone.close().await;
        office.presses("duty-file-put").await?;
        office.reads("duty-temporary", "gelezen uit een agenda op").await?;
        office.presses("duty-save").await?;
        gone(&office, "duty-file-put").await?;
        office.reads("duty-state", "").await?;
        shown(&office, "duty-file-kept").await?;

        // It is hers from now on, and comes back as a file.
        let desk = browser.window("esra", 360, 740).await?;
        desk.open(&format!("http://{}/#{}", relay.address(), esra.link())).await?;
        desk.reads("own-duty", "wijkteam").await?;
        office.presses("duty-file-write").await?;
        let link = office.sees("duty-file-save").await?;
        let address = link.attr("href").await.map_err(|error| error.to_string())?.unwrap_or_default();
        assert!(address.starts_with("data:text/calendar") && address.contains("Esra"), "{address}");
        shown(&office, "duty-file-written").await
    }
    .await;
    story.unwrap();
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_duty_ends_in_a_call_reads_who_comes_next_and_asks_her_with_the_keyboard() {
    for (page, name) in [("", "next"), ("ar.html", "next-arabic")] {
        let browser = Browser::start().await;
        let organisation = Organisation::new(now());
        let noor = organisation.certify("Noor", Role::Professional);
        let esra = organisation.certify("Esra", Role::Professional);
        let folder = tempfile::tempdir().unwrap();
        let [roster, data] = ["roster.toml", "data"].map(|name| folder.path().join(name));
        std::fs::write(&roster, organisation.roster_file(&[&noor, &esra], &[])).unwrap();
        let client = std::env::var_os("LOTGENOOT_CLIENT_DIR").expect("run the tests with `cargo xtask test`");
        let mut command = RelayProcess::command(&relay_binary(), &data, &roster, Path::new(&client), 0);
        let relay = RelayProcess::run(&mut command).await;
        let mut office = Robot::start(organisation.coordinator(1).identity(), relay.address());
        office.sees("the staff", |screen| screen.office.as_ref().map(drop)).await;
        office.act(Command::PutDuty { plan: Box::new(until_soon(&noor, &esra)), confirmed: false });
        office.sees("that it is kept", |screen| (screen.duty_kept == 1).then_some(())).await;
        let mut next = Robot::start(esra.identity(), relay.address());
        next.online().await;

        let story: Result<(), Failed> = async {
            let desk = browser.window("noor", 360, 740).await?;
            desk.open(&format!("http://{}/{page}#{}", relay.address(), noor.link())).await?;
            desk.sees_state("duty-state", "class", "open").await?;
            let mut person = Robot::person(organisation.root(), relay.address());
            person
                .sees("somebody", |screen| screen.services.contains(&SERVICE.to_owned()).then_some(()))
                .await;
            person.raises(SERVICE, "Is daar iemand?");
            desk.presses("page-take").await?;
            desk.sees("help-room").await?;
            desk.says("Ik ben er.").await?;
            desk.reads("lead-next", "Esra").await?;
            desk.script("document.querySelector('[data-test=lead-next]').scrollIntoView()").await?;
            desk.pictured(name).await?;
            desk.enters("lead-next-ask").await?;
            gone(&desk, "lead-next").await?;
            let asked =
                |call: &CallView| matches!(call.state, CallState::WantsYou { what: Wants::TakeOver, .. });
            next.call("that she is asked to take over", asked).await;
            Ok(())
        }
        .await;
        story.unwrap();
        browser.stop().await;
    }
}

// Noor's duty, which Esra has from ten minutes on.
pub(crate) fn until_soon(noor: &Staff, esra: &Staff) -> DutyPlanView {
    let time = |minutes: u64| {
        let at = i64::try_from(now().plus_ms(minutes * 60_000).0).unwrap();
        let at = jiff::Timestamp::from_millisecond(at).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
        at.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    let who = |staff: &Staff| layer(&[staff]).who.remove(0);
    let change = DutyChange::Replace(who(noor), who(esra));
    let mut plan = DutyPlanView { zone: "UTC".to_owned(), ..plan(vec![layer(&[noor])]) };
    plan.services[0].overrides =
        vec![DutyOverrideView { from: time(10), until: time(120), change, taken: None }];
    plan
}
