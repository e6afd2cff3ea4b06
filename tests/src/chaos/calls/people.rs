//! Who is there: professionals on duty, whose desks are closed until a page wakes them, and persons, each with one call.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use lotgenoot::pager::STATUS_PATH;
use lotgenoot::pages::ARRIVED_PATH;
use lotgenoot_client::Identity;
use lotgenoot_client::messages::{ChannelWish, Command, Health, Intake, Way};
use lotgenoot_protocol::{AccountKey, RootKey};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sha2::Sha256;

use super::seen::{self, Person, Professional, Seen, Shared, wants};
use super::sinks::{SECRET, Sinks, text};
use crate::chaos::player::Player;
use crate::organisation::{Organisation, SERVICE, Staff, now};
use crate::robot::Robot;
use crate::sink::Browser;

// How long after the last page somebody who has nothing to do may close her desk.
const AWAKE: Duration = Duration::from_secs(2);
// How long she needs to take a call: long enough for the relay to be killed while pages are on their way.
const THINKS_MS: std::ops::Range<u64> = 1_000..8_000;
// What is said to the relay is tried this often, for it is often down.
const TRIES: usize = 40;
const TRY_EVERY: Duration = Duration::from_millis(50);

/// Everybody on duty.
pub(super) struct Duty {
    responders: Vec<Responder>,
    relay: SocketAddr,
    suite: u16,
    seed: u64,
}

/// Somebody on duty.
pub(super) struct Responder {
    pub(super) alias: String,
    pub(super) account: AccountKey,
    staff: Staff,
    browser: Option<Browser>,
    ways: Vec<Way>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    desk: Option<Player>,
    rang: Option<Instant>,
    // What her desks have shown, the open one last.
    seen: Vec<Shared>,
}

/// A person with one call.
pub(super) struct Caller {
    pub(super) number: usize,
    pub(super) seen: Shared,
    pub(super) player: Player,
}

impl Responder {
    pub(super) fn new(staff: Staff, ways: Vec<Way>) -> Self {
        let account = AccountKey(staff.secret.account_key().verifying_key().to_bytes());
        let alias = staff.alias.clone();
        Self { alias, account, staff, browser: None, ways, state: Mutex::default() }
    }

    pub(super) fn staff(&self) -> &Staff {
        &self.staff
    }

    /// What each of her desks has shown, and whether the last one is open.
    pub(super) fn desks(&self) -> (Vec<Shared>, bool) {
        let state = self.state();
        (state.seen.clone(), state.desk.is_some())
    }

    // She opens her desk for a moment, so that there are keys of hers; switches her ways on, tries them, and closes it.
    async fn comes_on_duty(&mut self, with_push: bool, sinks: &Sinks, relay: SocketAddr, suite: u16) {
        let mut robot = Robot::with_suite(self.staff.identity(), relay, suite);
        robot.act(Command::Channel(ChannelWish::See));
        let key = robot.sees("her channels", |screen| Some(screen.channels.as_ref()?.push_key.clone())).await;
        if with_push {
            let browser = Browser::subscribe(&sinks.push, &self.alias.replace(' ', "-"), &key);
            self.ways.push(browser.way());
            self.browser = Some(browser);
        }
        for way in &self.ways {
            robot.act(Command::Channel(ChannelWish::Add(way.clone())));
        }
        let many = self.ways.len();
        let ids = robot.sees("all of them", |screen| {
            let channels = &screen.channels.as_ref()?.channels;
            (channels.len() == many).then(|| channels.iter().map(|it| it.id.clone()).collect::<Vec<_>>())
        });
        let ids = ids.await;
        if many == 0 {
            return;
        }
        robot.act(Command::Channel(ChannelWish::Test));
        loop {
            let works = |screen: &crate::robot::Screen| {
                let channels = screen.channels.as_ref().map_or(&[][..], |it| &it.channels);
                channels.iter().all(|it| matches!(it.health, Health::Works(_)))
            };
            if works(robot.look()) {
                return;
            }
            for id in &ids {
                robot.act(Command::Channel(ChannelWish::Confirm(id.clone())));
            }
            tokio::time::sleep(TRY_EVERY).await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Duty {
    /// Lets everybody come on duty; `with_push` says who has a browser.
    pub(super) async fn begin(
        mut responders: Vec<Responder>,
        with_push: &[bool],
        sinks: &Sinks,
        relay: SocketAddr,
        suite: u16,
        seed: u64,
    ) -> Self {
        for (responder, push) in responders.iter_mut().zip(with_push) {
            responder.comes_on_duty(*push, sinks, relay, suite).await;
        }
        let duty = Self { responders, relay, suite, seed };
        // Who has no way to be called is at her desk.
        for responder in duty.responders.iter().filter(|it| it.ways.is_empty()) {
            duty.opens_desk(responder);
        }
        duty
    }

    pub(super) fn responders(&self) -> &[Responder] {
        &self.responders
    }

    /// Everybody opens her desk.
    pub(super) fn all_come(&self) {
        self.responders.iter().for_each(|responder| self.opens_desk(responder));
    }

    /// Who has nothing to do, and was not called just now, closes her desk.
    pub(super) fn some_close(&self) {
        for responder in self.responders.iter().filter(|it| !it.ways.is_empty()) {
            let mut state = responder.state();
            let is_quiet = state.rang.is_none_or(|at| at.elapsed() > AWAKE);
            let is_idle = state.seen.last().is_some_and(|shared| seen::of(shared).is_idle());
            if is_quiet && is_idle {
                state.desk = None;
            }
        }
    }

    /// What comes to the sinks and is taken there wakes whom it is for, for as long as anybody waits for this.
    pub(super) async fn is_woken(&self, sinks: &Sinks) {
        let push = async {
            loop {
                let came = sinks.push.next_ever().await;
                let browser = self.responders.iter().find_map(|it| {
                    let browser = it.browser.as_ref().filter(|browser| browser.path() == came.path)?;
                    Some((it, browser))
                });
                let Some((responder, browser)) = browser.filter(|_| came.reply.takes()) else { continue };
                let page = browser.reads(&came);
                if !page.over {
                    self.says(ARRIVED_PATH, page.handle, false);
                    self.rings(responder);
                }
            }
        };
        let gateway = async {
            loop {
                let came = sinks.gateway.next_ever().await;
                let Some((to, reference)) = text(&came.body).filter(|_| came.reply.takes()) else { continue };
                let word = format!(r#"{{"ref":"{reference}","status":"seen"}}"#);
                self.says(STATUS_PATH, word, true);
                self.responders.iter().filter(|it| it.ways.contains(&Way::Text(to.clone()))).for_each(|it| {
                    self.rings(it);
                });
            }
        };
        let mail = async {
            loop {
                let mail = sinks.mail.next_ever().await;
                let is_hers = |it: &&Responder| it.ways.contains(&Way::Mail(mail.to.clone()));
                self.responders.iter().filter(is_hers).filter(|_| mail.reply.takes()).for_each(|it| {
                    self.rings(it);
                });
            }
        };
        tokio::join!(push, gateway, mail);
    }

    fn rings(&self, responder: &Responder) {
        responder.state().rang = Some(Instant::now());
        self.opens_desk(responder);
    }

    fn opens_desk(&self, responder: &Responder) {
        let mut state = responder.state();
        if state.desk.is_some() {
            return;
        }
        let shared = Shared::default();
        let notes = shared.clone();
        // Another one each time, and the same for the same seed.
        let drawn = self.seed ^ (u64::from(responder.account.0[0]) << 8) ^ state.seen.len() as u64;
        let (mut mind, mut rng) = (Professional::seeded(drawn), StdRng::seed_from_u64(!drawn));
        let robot = Robot::with_suite(responder.staff.identity(), self.relay, self.suite);
        let later = robot.commands();
        let desk = Player::with(responder.alias.clone(), robot, move |event, _| {
            let mut seen = seen::of(&notes);
            seen.take(event);
            let (takes, others): (Vec<_>, Vec<_>) = mind
                .reacts(event, &seen)
                .into_iter()
                .partition(|command| matches!(command, Command::Acknowledge { .. }));
            for take in takes {
                let (later, wait) = (later.clone(), Duration::from_millis(rng.random_range(THINKS_MS)));
                tokio::spawn(async move {
                    tokio::time::sleep(wait).await;
                    // She may have closed her desk.
                    let _closed = later.send(take);
                });
            }
            others
        });
        state.desk = Some(desk);
        state.seen.push(shared);
    }

    // To the relay, which is often down.
    fn says(&self, path: &'static str, body: String, signed: bool) {
        let url = format!("http://{}{path}", self.relay);
        tokio::spawn(async move {
            let client = reqwest::Client::new();
            for _ in 0..TRIES {
                let mut request = client.post(&url).body(body.clone());
                if signed {
                    let seconds = (now().0 / 1000).to_string();
                    let signature = STANDARD.encode(mac("msg", &seconds, body.as_bytes()));
                    request = request
                        .header("webhook-id", "msg")
                        .header("webhook-timestamp", seconds)
                        .header("webhook-signature", format!("v1,{signature}"));
                }
                if request.send().await.is_ok_and(|answer| answer.status().is_success()) {
                    return;
                }
                tokio::time::sleep(TRY_EVERY).await;
            }
        });
    }
}

impl Caller {
    /// Somebody comes and raises a call.
    pub(super) fn raises(number: usize, root: RootKey, relay: SocketAddr, suite: u16) -> Self {
        let seen = Shared::default();
        let notes = seen.clone();
        let mut mind = Person::default();
        let name = format!("persoon {number}");
        let robot = Robot::with_suite(Identity::person(root, rand::random()), relay, suite);
        let player = Player::with(name.clone(), robot, move |event, _| {
            seen::of(&notes).take(event);
            mind.reacts(event)
        });
        let intake = Intake { nickname: name, wants: wants(number), ..Intake::default() };
        player.act(Command::Raise { service: SERVICE.to_owned(), intake: Box::new(intake) });
        Self { number, seen, player }
    }

    /// What she sees.
    pub(super) fn sees<T>(&self, what: impl FnOnce(&Seen) -> T) -> T {
        what(&seen::of(&self.seen))
    }
}

/// Who is on duty where, with which ways; the last has none, and sits at her desk.
pub(super) fn staff(organisation: &Organisation) -> (Vec<Responder>, Vec<bool>) {
    let mail = |name: &str| Way::Mail(format!("{name}@example.org"));
    let number = |last: u8| Way::Text(format!("+3161234567{last}"));
    let here = |alias: &str| organisation.certify_at(alias, SERVICE);
    let there = |alias: &str| organisation.certify_at(alias, super::seen::OTHER);
    let all = vec![
        (here("piket 0"), vec![], true),
        (here("piket 1"), vec![mail("piket1")], false),
        (here("piket 2"), vec![number(2)], false),
        (here("piket 3"), vec![mail("piket3"), number(3)], true),
        (there("elders 0"), vec![], true),
        (there("elders 1"), vec![mail("elders1")], false),
        (here("piket 4"), vec![], false),
    ];
    all.into_iter().map(|(staff, ways, push)| (Responder::new(staff, ways), push)).unzip()
}

/// Everybody's name, by account.
pub(super) fn names(responders: &[Responder]) -> BTreeMap<AccountKey, &str> {
    responders.iter().map(|it| (it.account, it.alias.as_str())).collect()
}

fn mac(id: &str, seconds: &str, body: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length");
    let mac =
        mac.chain_update(id).chain_update(".").chain_update(seconds).chain_update(".").chain_update(body);
    mac.finalize().into_bytes().to_vec()
}
