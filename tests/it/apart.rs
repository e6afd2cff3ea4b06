//! What somebody does at a workshop is not to be found where the rest of her is.

use std::time::Duration;

use lotgenoot_client::Identity;
use lotgenoot_client::messages::{Act, Command, Kind};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Screen, Tap};

use crate::workshop::{on_stage, planned};

#[tokio::test(flavor = "multi_thread")]
async fn a_workshop_and_a_line_have_nothing_in_common_that_the_relay_could_see() {
    let organisation = Organisation::new(now());
    let (sanne, roos) =
        (organisation.certify("Sanne", Role::Presenter), organisation.certify("Roos", Role::Host));
    let relay = TestRelay::start(&organisation.roster_file(&[&sanne, &roos], &[])).await;
    let mut presenter = Robot::start(sanne.identity(), relay.address());
    let session = planned(&organisation, &relay, &mut presenter).await;
    presenter.act(Command::OpenStage { session: session.clone() });
    presenter.room(Kind::Stage, 1).await;
    let mut host = Robot::start(roos.identity(), relay.address());
    host.online().await;

    let secret: [u8; 32] = rand::random();
    let identity = || Identity::person(organisation.root(), secret);
    let taps = [Tap::default(), Tap::default()];
    let mut person = Robot::tapped_apart(identity(), relay.address(), taps.clone());
    let line = person.enters("Merel").await;
    let open = |screen: &Screen| screen.calendar.as_ref()?.first()?.open.then_some(());
    person.sees("that it is open", open).await;
    person.act(Command::JoinStage { session });
    let stage = person.patiently("the stage", on_stage).await;
    person.says(&line, "Ik kijk ook bij de workshop").await;
    person.act(Command::Act { room: stage.clone(), act: Act::Ask("Wie kan ik bellen?".to_owned()) });
    let asked = |screen: &Screen| screen.stages.get(&stage)?.questions.first().map(|_| ());
    person.sees("her question", asked).await;
    presenter.sees("her question", asked).await;

    let workshops = identity().secret().workshops();
    let accounts =
        [identity().account_key().0.to_vec(), workshops.account_key().verifying_key().to_bytes().to_vec()];
    let vaults = [identity().secret().vault().0.to_vec(), workshops.vault().0.to_vec()];
    let leaf = |room: &String| {
        let you = person.screen.rooms[room].members.iter().find(|member| member.you);
        bytes(&you.expect("she sits there").id)
    };
    let leaves = [leaf(&line), leaf(&stage)];
    let rooms = [bytes(&line), bytes(&stage)];
    for (what, ids) in [("account", accounts), ("vault", vaults), ("leaf", leaves), ("room", rooms)] {
        for (at, id) in ids.iter().enumerate() {
            assert!(crossed(&taps[at], id), "her {what} is at the mailbox that has it: {at}");
            assert!(!crossed(&taps[1 - at], id), "and at no other");
        }
    }

    // One secret leads back to both, and to the one only when she goes to no workshop any more.
    person.sees("the way back", |screen| screen.tab.clone()).await;
    drop(person);
    let taps = [Tap::default(), Tap::default()];
    let mut person = Robot::tapped_apart(identity(), relay.address(), taps.clone());
    person.sees("her line", |screen| screen.rooms.get(&line).map(|_| ())).await;
    person.patiently("the stage", on_stage).await;
    person.sees("her question", asked).await;
    person.act(Command::Leave { room: stage.clone() });
    person.sees("that she has left", |screen| (!screen.rooms.contains_key(&stage)).then_some(())).await;
    let written = async {
        // Other changes of her vault may still be on their way when she leaves.
        while taps[1].ended.lock().unwrap().is_none_or(|before| puts(&taps[0]) == before) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), written).await.expect("that it is over is kept");
    drop(person);
    let taps = [Tap::default(), Tap::default()];
    let mut person = Robot::tapped_apart(identity(), relay.address(), taps.clone());
    person.sees("her line", |screen| screen.rooms.get(&line).map(|_| ())).await;
    person.says(&line, "Ik ben er weer").await;
    assert!(taps[1].frames.lock().unwrap().is_empty(), "nothing is asked there");
}

fn puts(tap: &Tap) -> usize {
    tap.puts.lock().unwrap().len()
}

fn crossed(tap: &Tap, id: &[u8]) -> bool {
    tap.frames.lock().unwrap().windows(id.len()).any(|window| window == id)
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal"))
        .collect()
}
