//! What a vault costs a phone: bytes up for a message and for an epoch, bytes down for a return. Time is printed.

use std::time::Instant;

use lotgenoot_client::Identity;
use lotgenoot_client::messages::{CallState, Command, Kind};
use lotgenoot_protocol::role::Role as Certified;
use lotgenoot_tests::organisation::{Organisation, SERVICE, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Tap};

const MEMBERS: usize = 10;
const MESSAGES: usize = 40;
const RETURNS: usize = 4;

#[tokio::test(flavor = "multi_thread")]
#[allow(clippy::print_stdout)] // the figures are for whoever asks
async fn a_message_an_epoch_and_a_return_are_light_enough_for_a_phone() {
    let organisation = Organisation::new(now());
    let (roos, noor) = (
        organisation.certify("Roos", Certified::Host),
        organisation.certify("Noor", Certified::Professional),
    );
    let relay = TestRelay::start(&organisation.roster_file(&[&roos, &noor], &[])).await;
    let mut host = Robot::start(roos.identity(), relay.address());
    let mut professional = Robot::start(noor.identity(), relay.address());
    host.online().await;
    professional.online().await;
    host.act(Command::OpenPeerRoom { at_once: true });
    let room = host.room(Kind::Peer, 1).await;

    let seed = rand::random();
    let tap = Tap::default();
    let identity = || Identity::person(organisation.root(), seed);
    let mut person = Robot::tapped(identity(), relay.address(), tap.clone());
    let mut others = Vec::new();
    comes_in(&mut person, &mut host, &room, "Merel").await;
    for _ in 2..MEMBERS {
        let mut other = Robot::person(organisation.root(), relay.address());
        comes_in(&mut other, &mut host, &room, "Tulp").await;
        others.push(other);
    }
    person.room(Kind::Peer, MEMBERS).await;

    person.raises(SERVICE, "Ik wil iets vragen");
    professional
        .call("a call", |call| matches!(call.state, CallState::WantsYou { key_on_its_way: false, .. }))
        .await;
    let call = professional.look().calls.keys().next().unwrap().clone();
    professional.act(Command::Acknowledge { call });
    let help = professional.room(Kind::Help, 2).await;
    professional.says(&help, "Ik lees mee.").await;
    person.reads(&help, "Ik lees mee.").await;

    let before = tap.puts.lock().unwrap().len();
    for number in 0..MESSAGES {
        person.says(&room, &format!("Dit is wat ik wilde zeggen, deel {number} van een lang verhaal.")).await;
    }
    let puts = tap.puts.lock().unwrap().clone();
    let for_messages: usize = puts[before..].iter().sum::<usize>() / MESSAGES;
    drop(person);

    let back = Tap::default();
    let begun = Instant::now();
    let mut person = Robot::tapped(identity(), relay.address(), back.clone());
    person.reads(&room, "Dit is wat ik wilde zeggen, deel 39 van een lang verhaal.").await;
    person.reads(&help, "Ik lees mee.").await;
    person.room(Kind::Peer, MEMBERS).await;
    let took = begun.elapsed();
    let down = *back.down.lock().unwrap();
    person.says(&room, "Ik ben er weer.").await;
    // After a return she makes a commit; before it leaves, the whole room is in the vault: the heaviest there is.
    // More so when the epochs before it are still kept.
    for _ in 0..RETURNS {
        drop(person);
        person = Robot::tapped(identity(), relay.address(), back.clone());
        person.reads(&help, "Ik lees mee.").await;
        person.says(&room, "En nog eens.").await;
    }
    let for_an_epoch = back.puts.lock().unwrap().iter().copied().max().unwrap_or_default();

    println!("up for a message: {for_messages} B; up for an epoch of {MEMBERS}: {for_an_epoch} B at most");
    println!("a return to a room of {MEMBERS} and a help room: {down} B down, {} ms", took.as_millis());
    assert!(for_messages <= 2_100, "{for_messages} bytes up for a message");
    assert!(for_an_epoch <= 120_000, "{for_an_epoch} bytes up for an epoch");
    assert!(down <= 250_000, "{down} bytes down for a return");
}

async fn comes_in(person: &mut Robot, host: &mut Robot, room: &str, nickname: &str) {
    let line = person.enters(nickname).await;
    person.says(&line, "Mag ik meedoen?").await;
    host.reads(&line, "Mag ik meedoen?").await;
    host.act(Command::Admit { line: line.clone(), room: room.to_owned() });
    person.room(Kind::Peer, 2).await;
    person.act(Command::Leave { room: line });
}
