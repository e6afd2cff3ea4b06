//! Figures for whoever keeps the relay running: the real relay, the real client core, and a reader that is strict.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use lotgenoot_client::messages::{CallState, Command, Kind, Wants};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::openmetrics::{self, Told, count, value};
use lotgenoot_tests::organisation::{Organisation, SERVICE, now};
use lotgenoot_tests::process::{RelayProcess, relay_binary};
use lotgenoot_tests::relay::{TestRelay, config, database};
use lotgenoot_tests::robot::Robot;
use reqwest::header::{CONTENT_TYPE, HOST};
use reqwest::{Client, Method, StatusCode};

const STEP_MS: u64 = 900_000;

// What follows from what people do; everything else is about the machine.
const PEOPLES: [&str; 15] = [
    "lotgenoot_calls_raised",
    "lotgenoot_calls_unstaffed",
    "lotgenoot_calls_still_waiting",
    "lotgenoot_calls_lead_lost",
    "lotgenoot_calls_rested",
    "lotgenoot_call_commit_seconds",
    "lotgenoot_call_first_send_seconds",
    "lotgenoot_call_receipt_seconds",
    "lotgenoot_call_ack_seconds",
    "lotgenoot_call_first_reply_seconds",
    "lotgenoot_call_hops",
    "lotgenoot_page_attempts",
    "lotgenoot_calls_open",
    "lotgenoot_calls_unacknowledged",
    "lotgenoot_channels",
];

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_openmetrics_on_a_port_of_their_own_and_nothing_else_is_there() {
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Role::Professional);
    let relay = TestRelay::start_told(&organisation.roster_file(&[&noor], &[])).await;
    let address = relay.metrics_address();
    // The canary sings at once, and somebody looks ahead at once.
    let looked = async {
        loop {
            let told = scrape(address).await;
            let both = ["lotgenoot_canary_seconds", "lotgenoot_duty_uncovered_seconds"];
            if both.iter().all(|name| told.contains_key(*name)) {
                return told;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let told = tokio::time::timeout(Duration::from_secs(30), looked).await.expect("within half a minute");
    assert_eq!(value(&told, "lotgenoot_degraded"), Some(0.0));
    assert_eq!(value(&told, "lotgenoot_lost_pages"), Some(0.0));
    assert_eq!(value(&told, "lotgenoot_reliable"), Some(1.0));
    // Her certificate ends in 80 days: nobody is missing in the next fourteen.
    assert_eq!(value(&told, "lotgenoot_duty_uncovered_seconds"), Some(0.0));
    let labels: BTreeSet<&str> = told
        .values()
        .flat_map(|family| &family.samples)
        .flat_map(|sample| sample.labels.keys())
        .map(String::as_str)
        .collect();
    assert_eq!(
        labels,
        BTreeSet::from(["channel", "le", "result"]),
        "nothing by which somebody is told apart"
    );

    let client = Client::new();
    let ask = |method: Method, path: &str| client.request(method, format!("http://{address}{path}"));
    for (request, status) in [
        (ask(Method::POST, "/metrics"), StatusCode::METHOD_NOT_ALLOWED),
        (ask(Method::GET, "/"), StatusCode::NOT_FOUND),
        (ask(Method::GET, "/healthz"), StatusCode::NOT_FOUND),
        (ask(Method::GET, "/metrics").header(HOST, "elders.example"), StatusCode::MISDIRECTED_REQUEST),
    ] {
        assert_eq!(request.send().await.unwrap().status(), status);
    }
    let main = client.get(format!("http://{}/metrics", relay.address())).send().await.unwrap();
    assert_eq!(main.status(), StatusCode::NOT_FOUND, "where people come there are none");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_without_its_database_says_that() {
    let folder = tempfile::tempdir().unwrap();
    let organisation = Organisation::new(now());
    let metrics = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    let config =
        lotgenoot::config::Config { metrics, ..config(folder.path(), &organisation.roster_file(&[], &[])) };
    std::fs::create_dir_all(&config.data).unwrap();
    std::fs::write(database(folder.path()), vec![7; 100_000]).unwrap();
    let relay = lotgenoot::Relay::open(&config).await.expect("it starts degraded");
    let told = scrape(relay.metrics_address().expect("they are told")).await;
    assert_eq!(value(&told, "lotgenoot_degraded"), Some(1.0));
    assert_eq!(told.len(), 1, "of what it does not know it says nothing");
}

/// Whoever reads the figures every moment sees a call at the next quarter of an hour, and not before.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_not_to_be_seen_before_the_next_quarter_of_an_hour() {
    let mut story = Story::begin().await;
    let before = story.of_people().await;
    let mut noor = Robot::start(story.noor.identity(), story.relay.address());
    noor.online().await;
    let mut person = Robot::person(story.organisation.root(), story.relay.address());
    let open =
        |screen: &lotgenoot_tests::robot::Screen| screen.services.contains(&SERVICE.to_owned()).then_some(());
    person.sees("somebody is on duty", open).await;
    person.raises(SERVICE, "Ik weet niet waarheen");
    let wants = |call: &lotgenoot_client::messages::CallView| {
        call.state == CallState::WantsYou { key_on_its_way: false, what: Wants::Call }
    };
    let call = noor.call("the call", wants).await.call;
    assert_eq!(story.of_people().await, before, "it rings, and cannot be seen");
    noor.act(Command::Acknowledge { call: call.clone() });
    let room = noor.room(Kind::Help, 2).await;
    noor.says(&room, "Ik ben er").await;
    person.call("Noor", |call| matches!(call.state, CallState::Active(_))).await;
    person.act(Command::CloseCall { call });
    noor.call("closed", |call| call.state == CallState::Closed).await;
    assert_eq!(story.of_people().await, before);
    assert!(story.told().await.contains_key("lotgenoot_canary_seconds"), "the machine is seen at once");

    story.next_quarter();
    let told = story.told().await;
    assert_eq!(value(&told, "lotgenoot_calls_raised"), Some(1.0));
    assert_eq!(value(&told, "lotgenoot_calls_unstaffed"), Some(0.0));
    for family in ["commit", "first_send", "receipt", "ack", "first_reply"] {
        let family = format!("lotgenoot_call_{family}_seconds");
        assert_eq!(count(&told, &family), Some(1.0), "{family}");
    }
    assert_eq!(count(&told, "lotgenoot_call_hops"), Some(1.0));
    let of_people = story.of_people().await;
    person.raises(SERVICE, "Nog een keer");
    person.call("stored", |call| matches!(call.state, CallState::Stored)).await;
    assert_eq!(story.of_people().await, of_people, "and the next one again");
}

struct Story {
    organisation: Organisation,
    noor: lotgenoot_tests::organisation::Staff,
    relay: RelayProcess,
    metrics: SocketAddr,
    clock: PathBuf,
    ahead_ms: u64,
    _folder: tempfile::TempDir,
}

impl Story {
    async fn begin() -> Self {
        let organisation = Organisation::new(now());
        let noor = organisation.certify("Noor", Role::Professional);
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), &organisation.roster_file(&[&noor], &[]));
        let clock = folder.path().join("clock");
        // At the beginning of a quarter: none ends by itself while this is told.
        let ahead_ms = STEP_MS - now().0 % STEP_MS;
        std::fs::write(&clock, ahead_ms.to_string()).unwrap();
        // A port that was free a moment ago.
        let metrics = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
        let mut command =
            RelayProcess::command(&relay_binary(), &config.data, &config.roster, &config.client, 0);
        command.env("LOTGENOOT_CLOCK_AHEAD", &clock).arg("--metrics").arg(metrics.to_string());
        let relay = RelayProcess::run(&mut command).await;
        Self { organisation, noor, relay, metrics, clock, ahead_ms, _folder: folder }
    }

    fn next_quarter(&mut self) {
        self.ahead_ms += STEP_MS;
        std::fs::write(&self.clock, self.ahead_ms.to_string()).unwrap();
    }

    async fn told(&self) -> Told {
        scrape(self.metrics).await
    }

    async fn of_people(&self) -> Vec<String> {
        let told = self.told().await;
        let families = told.iter().filter(|(name, _)| PEOPLES.contains(&name.as_str()));
        families.map(|family| format!("{family:?}")).collect()
    }
}

async fn scrape(address: SocketAddr) -> Told {
    let response = reqwest::get(format!("http://{address}/metrics")).await.expect("it answers");
    assert_eq!(response.status(), StatusCode::OK);
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(response.headers()[CONTENT_TYPE], kind);
    let text = response.text().await.expect("text");
    openmetrics::read(&text).unwrap_or_else(|wrong| panic!("{wrong}\n{text}"))
}
