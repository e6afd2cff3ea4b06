//! How long a return takes in a real browser. By hand: it prints figures and asserts none.
//!
//! `LOTGENOOT_CLIENT_DIR=target/client cargo test --release -p lotgenoot-tests --test it -- --ignored return_time
//! --nocapture`

use lotgenoot_client::messages::{CallState, Command, Kind};
use lotgenoot_client::{Identity, Link};
use lotgenoot_tests::browser::{Browser, Failed};
use lotgenoot_tests::robot::Robot;

use super::browsers::{demo, entered};

const MEMBERS: usize = 10;
const RELOADS: usize = 7;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement, by hand"]
#[allow(clippy::print_stdout)] // the figures are for whoever asks
async fn a_person_in_a_room_of_ten_and_a_help_call_reloads_her_page() {
    let mut demo = demo().await;
    let root = link(&demo.links().person).root;
    let (secret, certificate) = link(&demo.links().professional).staff.unwrap();
    let relay = demo.relay.address();
    let mut professional = Robot::start(Identity::staff(root, &secret, certificate).unwrap(), relay);
    professional.online().await;
    let room = demo.cast.room.clone();
    let mut others = Vec::new();
    for _ in 4..MEMBERS {
        let mut other = Robot::person(root, relay);
        let line = other.enters("Tulp").await;
        admitted(&mut demo.cast.host, &line, &room).await;
        other.room(Kind::Peer, 2).await;
        other.act(Command::Leave { room: line });
        others.push(other);
    }
    let browser = Browser::start().await;
    let person = entered(&browser, &demo).await.unwrap();
    person.presses("choose-peers").await.unwrap();
    person.presses("rules-accept").await.unwrap();
    person.says("Hallo, mag ik meepraten?").await.unwrap();
    let waits = |screen: &lotgenoot_tests::robot::Screen| {
        let mut lines =
            screen.said.iter().filter(|(_, said)| said.iter().any(|it| it.text.contains("meepraten?")));
        lines.next().map(|(line, _)| line.clone())
    };
    let line = demo.cast.host.sees("her line", waits).await;
    admitted(&mut demo.cast.host, &line, &room).await;
    person.sees("group").await.unwrap();
    demo.cast.host.room(Kind::Peer, MEMBERS).await;
    for number in 0..20 {
        demo.cast.host.says(&room, &format!("Dit is wat we vanavond zeggen, deel {number}.")).await;
    }

    let story = async {
        person.reads("message", "deel 19").await?;
        person.presses("raise").await?;
        person.types("intake-wants", "Ik wil weten waar ik heen kan").await?;
        person.presses("consent-talk").await?;
        person.presses("consent-summary").await?;
        person.presses("raise-send").await?;
        professional
            .call("a call", |call| matches!(call.state, CallState::WantsYou { key_on_its_way: false, .. }))
            .await;
        let call = professional.look().calls.keys().next().unwrap().clone();
        professional.act(Command::Acknowledge { call });
        let help = professional.room(Kind::Help, 2).await;
        professional.says(&help, "Ik lees mee.").await;
        person.reads("message", "Ik lees mee.").await?;
        let mut took = Vec::new();
        for _ in 0..RELOADS {
            person.sees_state("screen", "data-kept", "true").await?;
            person.driver().refresh().await.map_err(|error| error.to_string())?;
            let watch = "return await (async () => { for (;;) {\
                         if ([...document.querySelectorAll('[data-test=message]')]\
                             .some((it) => it.innerText.includes('Ik lees mee.'))) return performance.now();\
                         await new Promise((go) => setTimeout(go, 2)); } })()";
            took.push(person.script(watch).await?.as_f64().unwrap_or_default());
        }
        took.sort_by(f64::total_cmp);
        println!("from navigation to the words of the help call, ms: {took:.0?}");
        Ok(())
    };
    let told: Result<(), Failed> = story.await;
    told.unwrap();
    person.close().await;
    browser.stop().await;
}

async fn admitted(host: &mut Robot, line: &str, room: &str) {
    host.sees("who waits", |screen| {
        screen
            .rooms
            .get(line)?
            .members
            .iter()
            .find(|member| !member.you && !member.name.is_empty())
            .map(|_| ())
    })
    .await;
    host.act(Command::Admit { line: line.to_owned(), room: room.to_owned() });
}

fn link(address: &str) -> Link {
    Link::parse(address.split('#').nth(1).unwrap_or_default()).expect("a link")
}
