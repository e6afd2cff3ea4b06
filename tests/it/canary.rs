//! Words that people type are nowhere but where they should be: not in the database, not in the logs at TRACE, not in
//! any frame. And the search would find them: a leak is planted, and found.

use std::sync::{Arc, Mutex};

use lotgenoot_client::messages::{CallState, Command, Consent, Intake, Kind};
use lotgenoot_protocol::role::Role as Certified;
use lotgenoot_tests::organisation::{Organisation, SERVICE, now};
use lotgenoot_tests::process::{RelayProcess, relay_binary};
use lotgenoot_tests::relay::{config, database};
use lotgenoot_tests::robot::{Robot, Tap};

const NICKNAME: &str = "Kanarienaam";
const WORDS: &str = "kanariewoorden in de kring";
const INTAKE: &str = "kanariewens voor vannacht";
const REPLY: &str = "kanarieantwoord van de professional";
const WHY: &str = "kanarieklacht over iemand";
const ALL: [&str; 5] = [NICKNAME, WORDS, INTAKE, REPLY, WHY];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_a_person_typed_is_stored_logged_or_sent_in_the_clear() {
    let evening = Evening::play(false).await;
    assert!(evening.logs.contains("a request"), "the logs were really at TRACE");
    assert!(evening.frames.len() > 50_000 && evening.database.len() > 50_000, "there is something to search");
    for word in ALL {
        assert_eq!(evening.places_with(word), Vec::<&str>::new(), "“{word}” leaked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planted_leak_is_found_in_the_database_and_in_the_frames() {
    let evening = Evening::play(true).await;
    assert_eq!(evening.places_with(WORDS), vec!["database", "frames"]);
}

struct Evening {
    database: Vec<u8>,
    logs: String,
    frames: Vec<u8>,
}

impl Evening {
    // `leaky`: the person's client puts its words in the clear beside the ciphertext, as a broken client might.
    async fn play(leaky: bool) -> Self {
        let organisation = Organisation::new(now());
        let roos = organisation.certify("Roos", Certified::Host);
        let noor = organisation.certify("Noor", Certified::Professional);
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), &organisation.roster_file(&[&roos, &noor], &[]));
        let log = folder.path().join("log");
        let mut relay = RelayProcess::start_logged(&relay_binary(), &config, &log).await;
        let frames: Arc<Mutex<Vec<u8>>> = Arc::default();
        let leak: Arc<Mutex<Option<String>>> = Arc::default();
        let honest = || Tap { frames: frames.clone(), ..Tap::default() };

        let mut host = Robot::tapped(roos.identity(), relay.address(), honest());
        let mut professional = Robot::tapped(noor.identity(), relay.address(), honest());
        host.online().await;
        host.act(Command::OpenPeerRoom { at_once: true });
        let room = host.room(Kind::Peer, 1).await;
        let tap = Tap { frames: frames.clone(), leak: leak.clone(), ..Tap::default() };
        let mut person = Robot::tapped(organisation.person(), relay.address(), tap);
        let line = person.enters(NICKNAME).await;
        host.sees("her name in the line", |screen| {
            let room = screen.rooms.get(&line)?;
            room.members.iter().any(|member| member.name == NICKNAME).then_some(())
        })
        .await;
        host.act(Command::Admit { line, room: room.clone() });
        person.room(Kind::Peer, 2).await;
        *leak.lock().unwrap() = leaky.then(|| WORDS.to_owned());
        person.says(&room, WORDS).await;
        if !leaky {
            let said = host.reads(&room, WORDS).await;
            let mut office = Robot::tapped(organisation.coordinator(1).identity(), relay.address(), honest());
            office.sees("its letter box", |screen| screen.letters.clone()).await;
            host.act(Command::Report {
                room: room.clone(),
                member: said.from.id,
                message: Some(said.id),
                why: WHY.to_owned(),
                to_hosts: false,
            });
            office.sees("the report", |screen| screen.letters.clone().filter(|it| !it.is_empty())).await;
            person.sees("open", |screen| (!screen.services.is_empty()).then_some(())).await;
            let intake =
                Intake { wants: INTAKE.to_owned(), consents: vec![Consent::Talk], ..Intake::default() };
            person.act(Command::Raise { service: SERVICE.to_owned(), intake: Box::new(intake) });
            let call = professional.call("the intake", |call| call.intake.is_some()).await;
            professional.act(Command::Acknowledge { call: call.call });
            person.call("taken", |call| matches!(call.state, CallState::Taken(_))).await;
            let help = professional.room(Kind::Help, 2).await;
            professional.says(&help, REPLY).await;
            person.reads(&help, REPLY).await;
        }
        relay.kill().await;
        let database = std::fs::read(database(folder.path())).unwrap();
        let logs = std::fs::read_to_string(&log).unwrap();
        let frames = frames.lock().unwrap().clone();
        Self { database, logs, frames }
    }

    fn places_with(&self, word: &str) -> Vec<&'static str> {
        let places =
            [("database", &self.database[..]), ("logs", self.logs.as_bytes()), ("frames", &self.frames[..])];
        places
            .into_iter()
            .filter(|(_, bytes)| contains(bytes, word.as_bytes()))
            .map(|(name, _)| name)
            .collect()
    }
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}
