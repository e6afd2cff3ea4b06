//! Everything that leaves the building, byte for byte, through an evening with all that can ring: not a word of hers, no name
//! and no id is in any of it, and whatever rings, for whatever reason, looks the same.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use lotgenoot_client::messages::{CallState, ChannelWish, ChannelsView, Command, Intake, Kind, Wants, Way};
use lotgenoot_client::{Identity, messages::CallView};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::mail_sink::MailSink;
use lotgenoot_tests::organisation::{Coordinator, Organisation, SERVICE, Staff, now};
use lotgenoot_tests::process::{RelayProcess, relay_binary};
use lotgenoot_tests::relay::config;
use lotgenoot_tests::robot::{Robot, Screen};
use lotgenoot_tests::sink::{Browser, Came, Page, Sink};

use super::duty::{layer, plan};

const PERSON: &str = "Zonnebloempje";
const HOST: &str = "Rozemarijntje";
const PROFESSIONAL: &str = "Lavendelblauw";
const MUNICIPALITY: &str = "Hardinxveld-Giessendam";
const WANTS: &str = "onderduikadres voor vannacht alstublieft";
const TRIED: &str = "meldpunt gebeld zonder antwoord";
const IN_THE_ROOM: &str = "sleutelbos verstopt achter schuurtje";
const IN_THE_GROUP: &str = "groepsgesprek over paspoortkluis";
const SECRET: &str = "een afgesproken geheim van de poort";
const QUARTER_MS: u64 = 900_000;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_leaves_says_who_what_or_where_and_all_of_it_looks_the_same() {
    let mut story = Story::begin().await;
    // Exercises, over every channel.
    let noors = story.rings(story.noor.identity(), "1").await;
    let office = story.rings(story.coordinator.identity(), "2").await;
    story.comes(&noors, 1, "her exercise").await;
    story.comes(&office, 1, "the coordinator's").await;

    // Her duty begins, and she is asked whether she is there.
    let mut desk = Robot::start(story.coordinator.identity(), story.relay.address());
    desk.sees("the staff", |screen| screen.office.as_ref().map(drop)).await;
    desk.act(Command::PutDuty { plan: Box::new(plan(vec![layer(&[&story.noor])])), confirmed: false });
    story.comes(&noors, 2, "whether she is there").await;
    drop(desk);

    // A group whose host is gone.
    let mut host = Robot::start(story.host.identity(), story.relay.address());
    host.online().await;
    host.act(Command::OpenPeerRoom { at_once: true });
    let group = host.room(Kind::Peer, 1).await;
    let mut person = Robot::person(story.organisation.root(), story.relay.address());
    let line = person.enters(PERSON).await;
    person.says(&line, IN_THE_GROUP).await;
    host.reads(&line, IN_THE_GROUP).await;
    host.act(Command::Admit { line: line.clone(), room: group.clone() });
    person.room(Kind::Peer, 2).await;
    person.says(&group, IN_THE_GROUP).await;
    drop(host);
    story.rings_in_time(&noors, 3, 61_000, "that a group has no host").await;

    // A call that nobody answers: her phone, a text message and a mail, and then the coordinator.
    let open = |screen: &Screen| screen.services.contains(&SERVICE.to_owned()).then_some(());
    person.sees("somebody is on duty", open).await;
    let intake = Intake {
        nickname: PERSON.to_owned(),
        wants: WANTS.to_owned(),
        tried: TRIED.to_owned(),
        municipality: MUNICIPALITY.to_owned(),
        ..Intake::default()
    };
    person.act(Command::Raise { service: SERVICE.to_owned(), intake: Box::new(intake) });
    person.call("stored", |call| call.state == CallState::Stored).await;
    story.rung(&noors, 4, "the call").await;
    story.passes(13_000);
    story
        .until("a text message and a mail for it", |story| {
            story.gateway.came().len() >= 4 && story.mail.came().len() >= 4
        })
        .await;
    story.passes(110_000);
    story.comes(&office, 2, "that nobody answers").await;

    // Taken, led, and the lead is gone.
    let mut noor = Robot::start(story.noor.identity(), story.relay.address());
    let wants =
        |call: &CallView| call.state == CallState::WantsYou { key_on_its_way: false, what: Wants::Call };
    let call = noor.call("the call", wants).await.call;
    noor.act(Command::Acknowledge { call: call.clone() });
    let room = noor.room(Kind::Help, 2).await;
    noor.says(&room, IN_THE_ROOM).await;
    person.reads(&room, IN_THE_ROOM).await;
    person.call("Noor", |call| matches!(call.state, CallState::Active(_))).await;
    let before = story.came_to(&noors).len();
    drop(noor);
    person.says(&room, IN_THE_ROOM).await;
    story.rings_in_time(&noors, before + 1, 185_000, "that she is waited for").await;
    person.act(Command::CloseCall { call: call.clone() });
    person.call("closed", |call| call.state == CallState::Closed).await;
    story.passes(QUARTER_MS);
    story.until("a heartbeat", |story| !story.heartbeat.came().is_empty()).await;

    let ids = [room, group, line, call];
    let secrets = story.secrets(&ids);
    let outside = story.outside(&[&noors, &office]).await;
    for (what, bytes) in &outside {
        for (name, secret) in &secrets {
            let found = bytes.windows(secret.len()).any(|part| part.eq_ignore_ascii_case(secret));
            assert!(!found, "{what} says {name}:\n{}", String::from_utf8_lossy(bytes));
        }
    }
    // What is looked for would be found: it is in what her own client sends, and the log is a log of all this.
    let log = outside.iter().find(|(what, _)| what == "the log").expect("there is one");
    assert!(String::from_utf8_lossy(&log.1).contains("a help call was stored"));
    story.all_look_the_same(&[&noors, &office]);
}

struct Story {
    organisation: Organisation,
    host: Staff,
    noor: Staff,
    coordinator: Coordinator,
    relay: RelayProcess,
    push: Sink,
    gateway: Sink,
    mail: MailSink,
    heartbeat: Sink,
    metrics: SocketAddr,
    clock: PathBuf,
    log: PathBuf,
    ahead_ms: u64,
    _folder: tempfile::TempDir,
}

impl Story {
    async fn begin() -> Self {
        // Whoever asks for the figures needs one; another story may have been first.
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let organisation = Organisation::new(now());
        let host = organisation.certify(HOST, Role::Host);
        let noor = organisation.certify(PROFESSIONAL, Role::Professional);
        let coordinator = organisation.coordinator(1);
        let (push, gateway, heartbeat) = (Sink::start().await, Sink::start().await, Sink::start().await);
        let mail = MailSink::start().await;
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), &organisation.roster_file(&[&host, &noor], &[]));
        let [clock, log, secret] = ["clock", "log", "gateway-secret"].map(|name| folder.path().join(name));
        std::fs::write(&clock, "0").unwrap();
        std::fs::write(&secret, SECRET).unwrap();
        // A port that was free a moment ago.
        let metrics = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
        let mut command =
            RelayProcess::command(&relay_binary(), &config.data, &config.roster, &config.client, 0);
        command
            .args(["--push-host-here", &push.address().to_string()])
            .args(["--gateway", &format!("http://{}/gateway", gateway.address())])
            .arg("--gateway-secret")
            .arg(&secret)
            .args(["--mail", &format!("smtp://{}", mail.address()), "--mail-from", "piket@example.org"])
            .args(["--heartbeat", &format!("http://{}/beat", heartbeat.address())])
            .args(["--metrics", &metrics.to_string()])
            .env("LOTGENOOT_CLOCK_AHEAD", &clock)
            .env("RUST_LOG", "trace")
            .stderr(std::fs::File::create(&log).unwrap());
        let relay = RelayProcess::run(&mut command).await;
        Self {
            organisation,
            host,
            noor,
            coordinator,
            relay,
            push,
            gateway,
            mail,
            heartbeat,
            metrics,
            clock,
            log,
            ahead_ms: 0,
            _folder: folder,
        }
    }

    // Somebody switches on a browser, a number and a mail address, tries them, says that it came, and closes her desk.
    async fn rings(&self, identity: Identity, name: &str) -> Browser {
        let mut robot = Robot::start(identity, self.relay.address());
        robot.online().await;
        robot.act(Command::Channel(ChannelWish::See));
        let key = channels(&mut robot, 0).await.push_key;
        let browser = Browser::subscribe(&self.push, name, &key);
        let ways = [
            browser.way(),
            Way::Text(format!("+3161234567{name}")),
            Way::Mail(format!("piket{name}@example.org")),
        ];
        for (at, way) in ways.into_iter().enumerate() {
            robot.act(Command::Channel(ChannelWish::Add(way)));
            channels(&mut robot, at + 1).await;
        }
        let (texts, mails) = (self.gateway.came().len(), self.mail.came().len());
        robot.act(Command::Channel(ChannelWish::Test));
        self.until("an exercise over each channel", |story| {
            story.gateway.came().len() > texts && story.mail.came().len() > mails
        })
        .await;
        browser
    }

    fn came_to(&self, browser: &Browser) -> Vec<Came> {
        self.push.came().into_iter().filter(|came| came.path == browser.path()).collect()
    }

    // So many have come to this browser.
    async fn rung(&self, browser: &Browser, count: usize, what: &str) -> Page {
        self.until(what, |story| story.came_to(browser).len() >= count).await;
        let page = browser.reads(&self.came_to(browser)[count - 1]);
        assert!(!page.over, "it rings: {what}");
        page
    }

    // The same, and it says so of the last: then nothing need come by another way.
    async fn comes(&self, browser: &Browser, count: usize, what: &str) {
        let page = self.rung(browser, count, what).await;
        let url = format!("http://{}/page/arrived", self.relay.address());
        let answer = reqwest::Client::new().post(url).body(page.handle).send().await.expect("an answer");
        assert_eq!(answer.status(), 202);
    }

    async fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let waits = async {
            while !is_so(self) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(tokio::time::timeout(Duration::from_secs(30), waits).await.is_ok(), "did not come: {what}");
    }

    // Time passes until it does. The relay counts from when it has noticed, and nobody sees when that is.
    async fn rings_in_time(&mut self, browser: &Browser, count: usize, step_ms: u64, what: &str) {
        for _ in 0..4 {
            self.passes(step_ms);
            let waits = async {
                while self.came_to(browser).len() < count {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            if tokio::time::timeout(Duration::from_secs(4), waits).await.is_ok() {
                break;
            }
        }
        self.comes(browser, count, what).await;
    }

    fn passes(&mut self, ms: u64) {
        self.ahead_ms += ms;
        std::fs::write(&self.clock, self.ahead_ms.to_string()).unwrap();
    }

    // Whatever must not be said, in every way in which it could be written.
    fn secrets(&self, ids: &[String]) -> Vec<(String, Vec<u8>)> {
        let texts =
            [PERSON, HOST, PROFESSIONAL, MUNICIPALITY, WANTS, TRIED, IN_THE_ROOM, IN_THE_GROUP, SERVICE];
        let words: BTreeSet<&str> = texts.iter().flat_map(|text| text.split([' ', '-'])).collect();
        let mut secrets: Vec<(String, Vec<u8>)> =
            words.into_iter().filter(|word| word.len() > 5).map(|it| (it.to_owned(), it.into())).collect();
        assert!(secrets.len() > 15);
        let of_hex = |hex: &String| -> Vec<u8> {
            let digits = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hexadecimal");
            (0..hex.len() / 2).map(digits).collect()
        };
        let staff = [&self.host.secret, &self.noor.secret, &self.coordinator.secret];
        let accounts = staff.map(|secret| secret.account_key().verifying_key().to_bytes().to_vec());
        let leaves = staff.map(|secret| secret.leaf_key().verifying_key().to_bytes().to_vec());
        for id in ids.iter().map(of_hex).chain(accounts).chain(leaves) {
            let hex: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
            let without_end = |text: String| text.trim_end_matches('=')[..text.len() - 4].to_owned();
            let forms = [hex.clone(), without_end(STANDARD.encode(&id)), without_end(URL_SAFE.encode(&id))];
            secrets.extend(forms.into_iter().map(|form| (format!("the id {hex}"), form.into_bytes())));
            secrets.push((format!("the id {hex}, raw"), id));
        }
        secrets
    }

    // Every byte that has left, and from where.
    async fn outside(&self, browsers: &[&Browser]) -> Vec<(String, Vec<u8>)> {
        let mut all = Vec::new();
        for (name, sink) in
            [("push", &self.push), ("the gateway", &self.gateway), ("the heartbeat", &self.heartbeat)]
        {
            for came in sink.came() {
                all.push((
                    format!("{name}, path and headers"),
                    format!("{} {:?}", came.path, came.headers).into(),
                ));
                all.push((format!("{name}, body"), came.body.clone()));
                if let Some(browser) = browsers.iter().find(|browser| browser.path() == came.path) {
                    all.push((format!("{name}, decrypted"), browser.reads(&came).plain));
                }
            }
        }
        for mail in self.mail.came() {
            all.push(("a mail".to_owned(), format!("{}{}", mail.envelope, mail.text).into()));
        }
        let told = reqwest::get(format!("http://{}/metrics", self.metrics)).await.expect("figures");
        let told = told.text().await.expect("text");
        assert!(told.contains("\nlotgenoot_calls_raised_total 1\n"), "{told}");
        all.push(("figures".to_owned(), told.into()));
        all.push(("the log".to_owned(), std::fs::read(&self.log).expect("a log")));
        all
    }

    // An exercise, a check-in, a call, a lead who is waited for, a group without a host, an alarm, and that it is over.
    fn all_look_the_same(&self, browsers: &[&Browser]) {
        let pushed: BTreeSet<_> = self.push.came().iter().map(outline).collect();
        assert_eq!(pushed.len(), 1, "{pushed:?}");
        let plain = self.push.came();
        let plain = plain.iter().filter_map(|came| {
            let browser = browsers.iter().find(|browser| browser.path() == came.path)?;
            Some(browser.reads(came).plain.len())
        });
        assert_eq!(plain.collect::<BTreeSet<_>>(), BTreeSet::from([512]));
        let texts: BTreeSet<_> = self.gateway.came().iter().map(outline).collect();
        assert_eq!(texts.len(), 1, "{texts:?}");
        let mails: BTreeSet<_> = self.mail.came().iter().map(|mail| mail.text.len()).collect();
        assert_eq!(mails.len(), 1, "{:?}", self.mail.came());
    }
}

// How long its body is, and each of its headers.
fn outline(came: &Came) -> (usize, Vec<(String, usize)>) {
    (came.body.len(), came.headers.iter().map(|(name, value)| (name.clone(), value.len())).collect())
}

async fn channels(staff: &mut Robot, count: usize) -> ChannelsView {
    let all = |screen: &Screen| screen.channels.clone().filter(|it| it.channels.len() == count);
    staff.sees("her channels", all).await
}
