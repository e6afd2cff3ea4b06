//! Pages leave the building: real relay, real client core, and on the other side a push service and a gateway that take
//! notes, fail and hang.

use std::collections::BTreeSet;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use lotgenoot::config::Paging;
use lotgenoot::store::Ledger as _;
use lotgenoot_client::messages::{
    CallState, ChannelWish, ChannelsView, Command, Failure, Health, Kind, Wants, Way,
};
use lotgenoot_core::outbox::Sending;
use lotgenoot_protocol::codec;
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::crowd;
use lotgenoot_tests::organisation::{Organisation, SERVICE, Staff, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::Robot;
use lotgenoot_tests::sink::{Browser, Came, Reply, Sink};
use sha2::Sha256;

use super::duty::{layer, plan};

const SECRET: &str = "een afgesproken geheim van de poort";
const WORDS: &str = "hij heeft mijn paspoort en ik weet niet waarheen";
const GATEWAY: &str = "/gateway";

#[tokio::test(flavor = "multi_thread")]
async fn a_professional_whose_desk_is_closed_is_called_by_her_browser_and_takes_the_call() {
    let mut story = Story::begin().await;
    let browser = story.rings_here("noors-phone").await;
    let mut person = story.person_with_somebody_on_duty().await;
    person.raises(SERVICE, WORDS);
    let came = story.push.next("the page").await;
    let page = browser.reads(&came);
    assert!(!page.over);
    assert_eq!(story.device_answers(&page.handle).await, 202);

    let mut noor = Robot::start(story.noor.identity(), story.relay.address());
    let call = noor
        .call("the call", |call| {
            call.state == CallState::WantsYou { key_on_its_way: false, what: Wants::Call }
        })
        .await
        .call;
    noor.act(Command::Acknowledge { call });
    // Her phone stops ringing as soon as she has said that she comes.
    let over = browser.reads(&story.push.next("that she has said so").await);
    assert!(over.over);
    assert!(over.at > page.at, "a device goes by the newest it has heard");
    let room = noor.room(Kind::Help, 2).await;
    noor.says(&room, "Ik ben er. Vertel.").await;
    person.call("Noor", |call| matches!(call.state, CallState::Active(_))).await;
    story.nothing_said_outside(&[&browser]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_service_that_fails_hangs_or_is_busy_gets_the_same_page_again() {
    let mut story = Story::begin().await;
    let browser = story.rings_here("noors-phone").await;
    story.push.replies(browser.path(), [Reply::Status(503), Reply::SlowDown(1), Reply::Hang]);
    let person = story.person_with_somebody_on_duty().await;
    person.raises(SERVICE, WORDS);
    let mut pages = Vec::new();
    for attempt in ["first", "after 503", "after 429", "after nobody answered"] {
        pages.push(browser.reads(&story.push.next(attempt).await));
    }
    assert!(pages.iter().all(|page| page.topic == pages[0].topic), "a repeat is the same page: {pages:?}");
    assert!(pages.iter().all(|page| page.handle == pages[0].handle));
    story.nothing_said_outside(&[&browser]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_leaving_when_the_relay_ended_leaves_again() {
    let mut story = Story::begin().await;
    let browser = story.rings_here("noors-phone").await;
    let mut person = story.person_with_somebody_on_duty().await;
    story.push.replies(browser.path(), [Reply::Hang]);
    person.raises(SERVICE, WORDS);
    let first = browser.reads(&story.push.next("the page").await);
    // Nobody knows whether it was taken.
    story.relay.restart().await;
    let again = browser.reads(&story.push.next("the page, from the next relay").await);
    assert_eq!((again.topic, again.handle.clone()), (first.topic, first.handle));
    assert_eq!(story.device_answers(&again.handle).await, 202);
    person.call("still open", |call| matches!(call.state, CallState::Stored)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_calls_that_waited_while_the_relay_was_down_are_one_message_for_each_device() {
    let mut story = Story::begin().await;
    // Nobody has ever answered from this browser: it is not known to work, and is called all the same.
    let browser = story.may_ring_here("noors-phone").await;
    let mut person = Robot::person(story.organisation.root(), story.relay.address());
    person.online().await;
    story.push.replies(browser.path(), [Reply::Status(503)]);
    person.raises(SERVICE, WORDS);
    story.push.next("the page").await;
    story.relay.stop().await;
    let before = story.push.came().len();
    crowd::multiply(story.relay.folder(), 1000, 10 * 60_000);

    let roster = std::fs::read_to_string(story.relay.folder().join("roster.toml")).unwrap();
    story.relay.try_start(&roster).await.unwrap();
    let page = browser.reads(&story.push.next("one page").await);
    assert!(!page.over);
    story.relay.stop().await;
    let ledger = crowd::opened(story.relay.folder());
    let pages: Vec<Sending> =
        ledger.sendings().unwrap().iter().map(|record| codec::from_slice(record).unwrap()).collect();
    assert_eq!(pages.len(), 1000, "one for each call");
    let handles: BTreeSet<_> = pages.iter().map(|page| page.handle).collect();
    assert_eq!(handles.len(), 1, "all of them are one message");
    assert_eq!(story.push.came().len(), before + 1, "and it came once");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_gone_is_not_used_again_and_the_next_channel_does_not_wait() {
    let mut story = Story::begin().await;
    let browser = story.rings_here("noors-phone").await;
    let mut noor = Robot::start(story.noor.identity(), story.relay.address());
    noor.online().await;
    noor.act(Command::Channel(ChannelWish::Add(Way::Text("+31612345678".to_owned()))));
    let channels = channels(&mut noor, 2).await;
    let text = channels.channels.iter().find(|it| matches!(it.way, Way::Text(_))).expect("hers").id.clone();
    drop(noor);
    story.push.replies(browser.path(), [Reply::Status(410)]);
    let mut person = story.person_with_somebody_on_duty().await;
    person.raises(SERVICE, WORDS);
    browser.reads(&story.push.next("the page").await);
    let came = story.gateway.next("the text message").await;
    let said = signed_by_us(&came);
    assert_eq!(said["kind"], "text");
    assert_eq!(said["to"], "+31612345678");
    assert_eq!(said["text"], "Piketdienst: er wacht een oproep. Open de app.");

    // What anybody can say is not believed; what the gateway says is, and it takes no call.
    let reference = said["ref"].as_str().expect("a reference");
    let word = format!(r#"{{"ref":"{reference}","status":"seen"}}"#);
    assert_eq!(story.says(&word, "another secret that is long enough", now().0 / 1000).await, 401);
    assert_eq!(story.says(&word, SECRET, now().0 / 1000 - 3600).await, 401, "somebody says it again");
    let followed = reqwest::get(format!("http://{}/page/status", story.relay.address())).await.unwrap();
    assert_eq!(followed.status(), 404, "who follows links does nothing");
    assert_eq!(story.says(&word, SECRET, now().0 / 1000).await, 202);

    let mut noor = Robot::start(story.noor.identity(), story.relay.address());
    noor.online().await;
    noor.act(Command::Channel(ChannelWish::See));
    noor.sees("what her channels are worth", |screen| {
        let channels = &screen.channels.as_ref()?.channels;
        let health = |id: &dyn Fn(&&lotgenoot_client::messages::ChannelView) -> bool| {
            channels.iter().find(id).map(|it| it.health)
        };
        let works = matches!(health(&|it| it.id == text), Some(Health::Works(_)));
        let dead = matches!(health(&|it| it.id != text), Some(Health::Dead(_)));
        (works && dead).then_some(())
    })
    .await;
    person.call("still open", |call| matches!(call.state, CallState::Stored)).await;
    story.nothing_said_outside(&[&browser]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_staff_are_called_and_only_at_addresses_that_can_be_right() {
    let story = Story::begin().await;
    let mut noor = Robot::start(story.noor.identity(), story.relay.address());
    noor.online().await;
    for wrong in [
        Way::Push { endpoint: "https://evil.example/x".to_owned(), key: vec![4; 65], auth: vec![0; 16] },
        Way::Push {
            endpoint: format!("http://{}/x", story.push.address()),
            key: vec![4; 65],
            auth: vec![0; 16],
        },
        Way::Text("112".to_owned()),
        Way::Voice("0612345678".to_owned()),
        Way::Mail("noor@example.org".to_owned()),
    ] {
        let failures = noor.screen.failures.len();
        noor.act(Command::Channel(ChannelWish::Add(wrong.clone())));
        noor.sees(&format!("{wrong:?} refused"), |screen| {
            screen.failures.get(failures).filter(|it| **it == Failure::Channel).map(drop)
        })
        .await;
    }
    noor.act(Command::Channel(ChannelWish::See));
    assert!(channels(&mut noor, 0).await.channels.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn when_her_duty_begins_an_exercise_reaches_her_phone_and_she_says_once_that_she_is_there() {
    let mut story = Story::begin().await;
    let browser = story.rings_here("noors-phone").await;
    let mut office = Robot::start(story.organisation.coordinator(1).identity(), story.relay.address());
    office.sees("the staff", |screen| screen.office.as_ref().map(drop)).await;
    let before = story.push.came().len();
    office.act(Command::PutDuty { plan: Box::new(plan(vec![layer(&[&story.noor])])), confirmed: false });
    office.sees("that it is kept", |screen| (screen.duty_kept == 1).then_some(())).await;
    let exercise = browser.reads(&story.push.next("the exercise").await);
    assert!(!exercise.over, "it rings as a page does");
    assert_eq!(story.device_answers(&exercise.handle).await, 202);

    // A relay that comes back asks nobody twice, and she can still say it.
    story.relay.restart().await;
    let mut noor = Robot::start(story.noor.identity(), story.relay.address());
    noor.act(Command::AskDuty);
    let asked = |screen: &lotgenoot_tests::robot::Screen| screen.duty.as_ref().map(|duty| duty.asked_since);
    noor.sees("that she is asked", |screen| asked(screen).flatten()).await;
    noor.act(Command::CheckIn);
    noor.sees("that she has said so", |screen| (asked(screen) == Some(None)).then_some(())).await;
    story.relay.restart().await;
    let mut again = Robot::start(story.noor.identity(), story.relay.address());
    again.act(Command::AskDuty);
    again.sees("that nobody asks", |screen| (asked(screen) == Some(None)).then_some(())).await;
    assert_eq!(story.push.came().len(), before + 1, "one exercise for one duty");
}

struct Story {
    organisation: Organisation,
    noor: Staff,
    relay: TestRelay,
    push: Sink,
    gateway: Sink,
}

impl Story {
    async fn begin() -> Self {
        let organisation = Organisation::new(now());
        let noor = organisation.certify("Noor", Role::Professional);
        let (push, gateway) = (Sink::start().await, Sink::start().await);
        let (push_at, gateway_at) = (push.address(), gateway.address());
        let paging = |folder: &Path| {
            let secret = folder.join("gateway-secret");
            std::fs::write(&secret, format!("{SECRET}\n")).expect("a file");
            Paging {
                push_hosts_here: vec![push_at.to_string()],
                gateway: Some(format!("http://{gateway_at}{GATEWAY}")),
                gateway_secret: Some(secret),
                ..Paging::default()
            }
        };
        let relay = TestRelay::start_paging(&organisation.roster_file(&[&noor], &[]), paging).await;
        Self { organisation, noor, relay, push, gateway }
    }

    // Noor switches a browser on and closes her desk.
    async fn may_ring_here(&mut self, name: &str) -> Browser {
        self.switches_on(name).await.1
    }

    async fn switches_on(&mut self, name: &str) -> (Robot, Browser) {
        let mut noor = Robot::start(self.noor.identity(), self.relay.address());
        noor.online().await;
        noor.act(Command::Channel(ChannelWish::See));
        let key = channels(&mut noor, 0).await.push_key;
        let browser = Browser::subscribe(&self.push, name, &key);
        noor.act(Command::Channel(ChannelWish::Add(browser.way())));
        channels(&mut noor, 1).await;
        (noor, browser)
    }

    // Noor switches a browser on, tries it, and closes her desk.
    async fn rings_here(&mut self, name: &str) -> Browser {
        let (mut noor, browser) = self.switches_on(name).await;
        noor.act(Command::Channel(ChannelWish::Test));
        let exercise = browser.reads(&self.push.next("the exercise").await);
        assert_eq!(self.device_answers(&exercise.handle).await, 202);
        for _ in 0..100 {
            noor.act(Command::Channel(ChannelWish::See));
            let works = |it: &ChannelsView| matches!(it.channels[0].health, Health::Works(_));
            let seen = noor.sees("her channels", |screen| screen.channels.clone()).await;
            if works(&seen) {
                return browser;
            }
            noor.notices().await;
        }
        panic!("an exercise that arrived is not seen to have");
    }

    // Somebody is on duty although no desk is open: she can be reached.
    async fn person_with_somebody_on_duty(&self) -> Robot {
        let mut person = Robot::person(self.organisation.root(), self.relay.address());
        let open = |screen: &lotgenoot_tests::robot::Screen| {
            screen.services.contains(&SERVICE.to_owned()).then_some(())
        };
        person.sees("somebody is on duty", open).await;
        person
    }

    async fn device_answers(&self, handle: &str) -> u16 {
        let url = format!("http://{}/page/arrived", self.relay.address());
        let client = reqwest::Client::new();
        client.post(url).body(handle.to_owned()).send().await.expect("the relay answers").status().as_u16()
    }

    async fn says(&self, word: &str, secret: &str, seconds: u64) -> u16 {
        let signature = STANDARD.encode(mac(secret, "msg_1", &seconds.to_string(), word.as_bytes()));
        let url = format!("http://{}/page/status", self.relay.address());
        let request = reqwest::Client::new()
            .post(url)
            .header("webhook-id", "msg_1")
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", format!("v1,{signature}"))
            .body(word.to_owned());
        request.send().await.expect("the relay answers").status().as_u16()
    }

    // Every byte that left, encrypted or not, and what was in it: one size, and not a word of hers.
    fn nothing_said_outside(&self, browsers: &[&Browser]) {
        let mut sizes = Vec::new();
        let words = WORDS.as_bytes();
        let says = |bytes: &[u8]| bytes.windows(8).any(|part| words.windows(8).any(|word| word == part));
        let services = [SERVICE.as_bytes(), b"Iris", b"Noor"];
        let names =
            |bytes: &[u8]| services.iter().any(|name| bytes.windows(name.len()).any(|it| it == *name));
        for came in self.push.came().iter().chain(&self.gateway.came()) {
            assert!(!says(&came.body) && !names(&came.body), "{came:?}");
            let header = |value: &String| says(value.as_bytes()) || names(value.as_bytes());
            assert!(!came.headers.values().any(header), "{came:?}");
            if let Some(browser) = browsers.iter().find(|browser| browser.path() == came.path) {
                let page = browser.reads(came);
                assert!(!says(&page.plain) && !names(&page.plain), "{page:?}");
                sizes.push((page.plain.len(), came.body.len()));
            }
        }
        assert!(!sizes.is_empty() && sizes.iter().all(|size| *size == sizes[0]), "{sizes:?}");
        assert_eq!(sizes[0].0, 512);
    }
}

async fn channels(staff: &mut Robot, count: usize) -> ChannelsView {
    let all = |screen: &lotgenoot_tests::robot::Screen| {
        screen.channels.clone().filter(|it| it.channels.len() == count)
    };
    staff.sees("her channels", all).await
}

// What the gateway was told, if we have signed it.
fn signed_by_us(came: &Came) -> serde_json::Value {
    assert_eq!(came.path, GATEWAY);
    let header = |name: &str| came.headers.get(name).unwrap_or_else(|| panic!("no {name}: {came:?}"));
    let expected = mac(SECRET, header("webhook-id"), header("webhook-timestamp"), &came.body);
    assert_eq!(header("webhook-signature"), &format!("v1,{}", STANDARD.encode(expected)));
    serde_json::from_slice(&came.body).expect("JSON")
}

fn mac(secret: &str, id: &str, seconds: &str, body: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    let mac =
        mac.chain_update(id).chain_update(".").chain_update(seconds).chain_update(".").chain_update(body);
    mac.finalize().into_bytes().to_vec()
}
