//! A whole evening, from the calendar to the debrief: a coordinator, two hosts and a professional at their desks, one
//! person on a phone and seven robots.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use lotgenoot_client::messages::{Command, Delivery, Kind};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::browser::{Browser, Failed, Window};
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::process::{RelayProcess, relay_binary};
use lotgenoot_tests::robot::{Robot, Tap};

use super::browsers::{chooses, comes_in, plans, unfolds};

const NICKNAMES: [&str; 7] = ["Merel", "Egel", "Wilg", "Varen", "Lijster", "Kievit", "Linde"];
const THEME: &str = "Samen staan we sterker";
const MINUTE_MS: u64 = 60_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_evening_from_the_calendar_to_the_debrief() {
    let house = House::open().await;
    let browser = Browser::start().await;
    let windows = Windows::open(&browser).await.unwrap();
    let mut persons: Vec<Guest> = Vec::new();
    let result = evening(&house, &browser, &windows, &mut persons).await;
    if result.is_err() {
        for window in windows.all() {
            window.pictured(&format!("failed-{}", window.who)).await.unwrap();
        }
    }
    result.unwrap();
    browser.stop().await;
}

async fn evening(
    house: &House,
    browser: &Browser,
    windows: &Windows,
    guests: &mut Vec<Guest>,
) -> Result<(), Failed> {
    let Windows { office, roos, iris, noor, person } = windows;
    // She plans it; the hosts check in, and a professional is on duty.
    office.open(&house.coordinator).await?;
    office.sees("plan").await?;
    plans(office, THEME, false).await?;
    noor.open(&house.professional).await?;
    noor.reads("you", "Noor").await?;
    roos.open(&house.hosts[0]).await?;
    iris.open(&house.hosts[1]).await?;
    roos.reads("my-sessions", THEME).await?;
    iris.reads("my-sessions", THEME).await?;
    roos.presses("open-peer-room").await?;
    roos.reads("opening", "twee of meer begeleiders").await?;
    roos.reads("opening", "Er is een hulpverlener bereikbaar").await?;
    unfolds(roos, "measures").await?;
    chooses(roos, "first-words", "1").await?;
    roos.pictured("evening-1-opening").await?;
    roos.enters("open-group").await?;

    // Eight wait, one of them on a phone; each talks with a host first.
    for nickname in NICKNAMES {
        guests.push(Guest::arrives(house, nickname).await);
    }
    comes_in(person, &house.person).await?;
    person.presses("choose-peers").await?;
    person.presses("rules-accept").await?;
    person.says("Mag ik meepraten?").await?;
    person.reads("line-place", "Een paar mensen zijn eerder aan de beurt").await?;
    person.pictured("evening-2-waits").await?;
    roos.pictured("evening-2-lines").await?;
    for _ in 0..=NICKNAMES.len() {
        let_in_next(roos).await?;
    }
    person.sees("group").await?;
    for guest in guests.iter_mut() {
        guest.group = guest.robot.room(Kind::Peer, 3 + NICKNAMES.len()).await;
    }

    // A newcomer is read first: here by the other host.
    person.says("Ik ben nieuw hier").await?;
    person.reads("message-state", "Wacht op de begeleider").await?;
    iris.presses("group-open").await?;
    iris.reads("held-text", "Ik ben nieuw hier").await?;
    iris.enters("held-let-through").await?;
    person.reads("message-state", "Verstuurd").await?;
    for guest in guests.iter_mut() {
        guest.robot.reads(&guest.group, "Ik ben nieuw hier").await;
    }
    iris.pictured("evening-3-let-through").await?;

    // Slow, for everybody; and what is said too soon goes by itself.
    unfolds(iris, "measures").await?;
    chooses(iris, "pace", "20").await?;
    person.reads("floor-slow", "20 seconden").await?;
    person.says("Fijn dat jullie er zijn").await?;
    person.reads("message-state", "Versturen").await?;
    chooses(iris, "pace", "0").await?;
    iris.reads("message", "Fijn dat jullie er zijn").await?;

    // One is mute.
    let egel = &mut guests[1];
    about(iris, "Egel", "mute").await?;
    let group = egel.group.clone();
    egel.robot
        .sees("that she is mute", |screen| (!screen.rooms[&group].floor.muted.is_empty()).then_some(()))
        .await;
    egel.robot.act(Command::Say { room: group.clone(), text: "Dat slaat nergens op".to_owned() });
    egel.robot
        .sees("that it is not sent", |screen| {
            let said = screen.find(&group, "Dat slaat nergens op")?;
            (said.state == Delivery::NotSent).then_some(())
        })
        .await;

    // One is taken out, and does not take notice: she reads nothing that is said after it.
    let wilg = &guests[2];
    *wilg.tap.stays.lock().unwrap() = Some(group.clone());
    about(iris, "Wilg", "remove").await?;
    iris.sees("remove-now").await?;
    iris.types("remove-reason", "Dit past niet in deze groep").await?;
    iris.script("document.querySelector('[data-test=remove-block]').click()").await?;
    iris.pictured("evening-4-remove").await?;
    iris.enters("remove-now").await?;
    iris.reads("note", "Wilg is door een begeleider uit het gesprek gehaald").await?;
    iris.says("Nu we zonder Wilg verder gaan").await?;
    person.reads("message", "Nu we zonder Wilg verder gaan").await?;
    let wilg = &mut guests[2];
    // She stays where she was, tries to speak and to read on, and is shown the door each time.
    wilg.robot.act(Command::Say { room: group.clone(), text: "Ik ben er nog".to_owned() });
    let cut = wilg.tap.cut.clone();
    wilg.robot.sees("that she may not read on", |_| (cut.load(Ordering::Relaxed) > 0).then_some(())).await;
    let heard = wilg.tap.heard.load(Ordering::Relaxed);
    iris.says("Goed dat jullie er nog zijn").await?;
    person.reads("message", "Goed dat jullie er nog zijn").await?;
    let screen = wilg.robot.look();
    let own = screen.find(&group, "Ik ben er nog").map(|said| said.state);
    let reads = |words| screen.find(&group, words).is_some();
    if reads("Nu we zonder Wilg verder gaan") || reads("Goed dat jullie er nog zijn") {
        return Err("she was taken out and reads on".to_owned());
    }
    if own == Some(Delivery::Sent) || wilg.tap.heard.load(Ordering::Relaxed) > heard {
        return Err(format!(
            "she was taken out, and her words are {own:?}; entries came to her after {heard}"
        ));
    }
    if iris.script("return document.body.innerText.includes('Ik ben er nog')").await? != false {
        return Err("she was taken out and is heard".to_owned());
    }

    // A laptop dies: the other host goes on. Then hers does.
    roos.open("about:blank").await?;
    person.says("Is iedereen er nog?").await?;
    iris.reads("message", "Is iedereen er nog?").await?;
    iris.open("about:blank").await?;
    let left = now();
    person.reads("message", "Nu we zonder Wilg verder gaan").await?;
    house.clock_is_ahead(MINUTE_MS);
    person.sees_state("floor", "data-state", "frozen").await?;
    noor.reads("unattended", "geen begeleider meer").await?;
    person.pictured("evening-5-frozen").await?;
    noor.pictured("evening-5-noor").await?;
    house.clock_is_ahead(12 * MINUTE_MS);
    person.sees_state("floor", "data-state", "closed").await?;
    person.reads("floor", "Er kwam geen begeleider terug").await?;
    person.reads("lines", "112").await?;
    if now().ms_since(left) > 3 * MINUTE_MS {
        return Err("it was not the clock that closed it".to_owned());
    }

    // How it was, for those who came and for who led it.
    person.script("document.querySelectorAll('[data-test=survey-answer]')[0].click()").await?;
    person.pictured("evening-6-survey").await?;
    person.enters("survey-send").await?;
    person.sees("survey-sent").await?;
    let late = browser.window("roos again", 1280, 800).await?;
    late.open(&house.hosts[0]).await?;
    late.presses("group-open").await?;
    late.sees("debrief").await?;
    late.types("debrief-how", "Mijn laptop viel uit").await?;
    late.types("debrief-hand-over", "Bel Zonnebloem niet").await?;
    late.enters("debrief-send").await?;
    late.sees("debrief-sent").await?;
    // And whoever wants to stays on with her.
    late.enters("stay-on").await?;
    person.enters("stay-go").await?;
    person.sees("line").await?;
    person.pictured("evening-7-stays").await?;
    let_in_next(&late).await?;
    person.sees("group").await?;
    person.says("Dank je wel").await?;
    // Whoever leads next reads what she left for her, and not how it was for her.
    iris.open(&house.hosts[1]).await?;
    iris.reads("letters", "Bel Zonnebloem niet").await?;
    if iris.text("letters").await?.contains("Mijn laptop viel uit") {
        return Err("what was for the coordinator is read by a host".to_owned());
    }
    iris.enters("letter-away").await?;
    iris.wait("her note to be gone", async || (iris.count("letter").await == 0).then_some(())).await?;
    office.open(&house.coordinator).await?;
    office.reads("letters", "Mijn laptop viel uit").await?;
    office.reads("letters", THEME).await?;
    office.pictured("evening-8-letters").await
}

struct Guest {
    robot: Robot,
    tap: Tap,
    group: String,
}

impl Guest {
    async fn arrives(house: &House, nickname: &str) -> Self {
        let tap = Tap::default();
        let mut robot = Robot::tapped(house.organisation.person(), house.relay.address(), tap.clone());
        let line = robot.enters(nickname).await;
        robot.says(&line, "Ik wil graag meepraten").await;
        Self { robot, tap, group: String::new() }
    }
}

/// The organisation, its relay, and everybody's link.
struct House {
    organisation: Organisation,
    relay: RelayProcess,
    hosts: [String; 2],
    professional: String,
    coordinator: String,
    person: String,
    clock: PathBuf,
    _folder: tempfile::TempDir,
}

impl House {
    async fn open() -> Self {
        let organisation = Organisation::new(now());
        let hosts = ["Roos", "Iris"].map(|alias| organisation.certify(alias, Role::Host));
        let noor = organisation.certify("Noor", Role::Professional);
        let folder = tempfile::tempdir().unwrap();
        let [roster, data, clock] = ["roster.toml", "data", "clock"].map(|name| folder.path().join(name));
        let text = organisation.roster_file(&[&hosts[0], &hosts[1], &noor], &[]);
        std::fs::write(&roster, text).unwrap();
        let client = std::env::var_os("LOTGENOOT_CLIENT_DIR").expect("run the tests with `cargo xtask test`");
        let mut command = RelayProcess::command(&relay_binary(), &data, &roster, Path::new(&client), 0);
        let relay = RelayProcess::run(command.env("LOTGENOOT_CLOCK_AHEAD", &clock)).await;
        let link = |fragment: &str| format!("http://{}/#{fragment}", relay.address());
        Self {
            hosts: hosts.each_ref().map(|host| link(&host.link())),
            professional: link(&noor.link()),
            coordinator: link(&organisation.coordinator(1).link()),
            person: link(&organisation.person_link()),
            organisation,
            relay,
            clock,
            _folder: folder,
        }
    }

    fn clock_is_ahead(&self, ms: u64) {
        std::fs::write(&self.clock, ms.to_string()).unwrap();
    }
}

struct Windows {
    office: Window,
    roos: Window,
    iris: Window,
    noor: Window,
    person: Window,
}

impl Windows {
    async fn open(browser: &Browser) -> Result<Self, Failed> {
        let desk = |who| browser.window(who, 1280, 800);
        let (office, roos, iris) = tokio::try_join!(desk("office"), desk("roos"), desk("iris"))?;
        let (noor, person) = tokio::try_join!(desk("noor"), browser.window("person", 360, 740))?;
        Ok(Self { office, roos, iris, noor, person })
    }

    fn all(&self) -> [&Window; 5] {
        [&self.office, &self.roos, &self.iris, &self.noor, &self.person]
    }
}

// The first of those who wait; then it is another's turn.
async fn let_in_next(host: &Window) -> Result<(), Failed> {
    host.sees("line-open").await?;
    host.script("document.querySelector('[data-test=line-open]').click()").await?;
    host.wait("somebody to let in", async || {
        let press = "const it = document.querySelectorAll('[data-test=admit]');\
                     it[it.length - 1]?.click(); return it.length > 0";
        (host.script(press).await.ok()? == true).then_some(())
    })
    .await?;
    host.sees("line-stands").await.map(drop)
}

// A measure in the row of somebody in the group.
async fn about(host: &Window, name: &str, mark: &str) -> Result<(), Failed> {
    unfolds(host, "members").await?;
    host.wait(&format!("{mark} about {name}"), async || {
        let press = format!(
            "const row = [...document.querySelectorAll('[data-test=group] [data-test=member]')]\
             .find((row) => row.querySelector('.name')?.innerText === '{name}');\
             const more = row?.querySelector('details'); if (more) more.open = true;\
             const it = row?.querySelector('[data-test={mark}]'); it?.click(); return !!it"
        );
        (host.script(&press).await.ok()? == true).then_some(())
    })
    .await
}
