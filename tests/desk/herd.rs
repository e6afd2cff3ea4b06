//! A thousand calls that should have been looked at long ago, all in one moment: everybody is called, and nobody's device
//! rings a thousand times (study: on-call, 7, herd).

use std::collections::{BTreeMap, BTreeSet};

use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::outbox::{Outbox, Sending, SendingId, Sent};
use lotgenoot_protocol::channel::{PushSubscription, Way};
use lotgenoot_protocol::{AccountKey, Blob, PageId, codec};

use crate::scene::Scene;

const CALLS: usize = 1000;
const HALF_A_MINUTE: u64 = 30;

#[test]
fn a_thousand_overdue_calls_are_one_message_for_each_device_and_all_have_left_within_half_a_minute() {
    let mut herd = Herd::overdue(CALLS, &[vec![push(0)], vec![mail(1), text(1)], vec![text(2)]]);
    herd.runs_for(HALF_A_MINUTE);
    for who in 0..3 {
        assert_eq!(herd.paged(who).len(), CALLS, "every call has left for everybody");
    }
    // Mail and text are as fast as each other where there is no browser.
    let messages: Vec<usize> = herd.messages.values().map(BTreeSet::len).collect();
    assert_eq!(messages, [1, 1, 1, 1], "{:?}", herd.messages);
}

#[test]
fn providers_that_fail_at_first_get_the_same_message_again_and_not_a_thousand() {
    let mut herd = Herd::overdue(CALLS, &[vec![push(0), text(0)], vec![push(1)]]);
    herd.fails_first = true;
    herd.runs_for(HALF_A_MINUTE);
    for who in 0..2 {
        assert_eq!(herd.paged(who).len(), CALLS);
    }
    assert!(herd.messages.values().all(|names| names.len() == 1), "{:?}", herd.messages);
    assert!(herd.tries <= 2 * herd.messages.len(), "{} tries", herd.tries);
}

#[test]
fn the_next_cycle_of_a_thousand_calls_is_one_message_more() {
    let mut herd = Herd::overdue(CALLS, &[vec![push(0)]]);
    herd.runs_for(HALF_A_MINUTE);
    herd.runs_for(180);
    let names = &herd.messages[&address(&push(0))];
    assert_eq!(names.len(), 2, "one now, and one three minutes later");
    assert_eq!(herd.outbox.len(), CALLS, "the newer has taken the place of the older");
}

#[test]
fn ten_thousand_open_calls_are_looked_at_once_each_and_leave_as_one_message() {
    let mut herd = Herd::overdue(10_000, &[vec![push(0)]]);
    assert_eq!(herd.outbox.len(), 10_000);
    herd.runs_for(1);
    assert_eq!(herd.tries, 1);
    assert_eq!(herd.looked_at, 10_000);
}

/// A desk after an hour down, and the outbox of professionals whose desks are closed.
struct Herd {
    scene: Scene,
    outbox: Outbox,
    fails_first: bool,
    looked_at: usize,
    tries: usize,
    // Under how many names something went over each way.
    messages: BTreeMap<String, BTreeSet<[u8; 16]>>,
    left: BTreeMap<AccountKey, BTreeSet<PageId>>,
    failed: BTreeSet<[u8; 16]>,
    pages: BTreeMap<SendingId, AccountKey>,
}

impl Herd {
    fn overdue(many: usize, ways: &[Vec<Way>]) -> Self {
        let mut scene = Scene::offline(&[ways.len()]);
        let everybody: Vec<usize> = (0..ways.len()).collect();
        scene.raises(&everybody);
        scene.is_one_of(many);
        let mut outbox = Outbox::new(1, [9; 32]);
        for (who, ways) in ways.iter().enumerate() {
            for way in ways {
                let account = scene.account(who);
                outbox.put_channel(account, way.clone(), &mut Batch::default()).expect("a channel");
            }
        }
        scene.now = scene.start.plus_ms(3_600_000);
        let mut herd = Self {
            scene,
            outbox,
            fails_first: false,
            looked_at: 0,
            tries: 0,
            messages: BTreeMap::new(),
            left: BTreeMap::new(),
            failed: BTreeSet::new(),
            pages: BTreeMap::new(),
        };
        herd.looked_at = herd.looks();
        herd
    }

    // Whatever is due is decided and put on its way. Returns how many pages that were.
    fn looks(&mut self) -> usize {
        let mut batch = Batch::default();
        self.scene.desk.handle_timeout(self.scene.now, &mut batch);
        self.outbox.follow(self.scene.now, &mut batch);
        for op in &batch.ops {
            if let Op::PutSending { page, channel, record } = op {
                let sending: Sending = codec::from_slice(record).expect("a page");
                self.pages.insert((*page, *channel), sending.account);
            }
        }
        self.scene.paged(&batch).len()
    }

    fn runs_for(&mut self, seconds: u64) {
        for _ in 0..=seconds {
            self.looks();
            self.sends();
            self.scene.now = self.scene.now.plus_ms(1000);
        }
    }

    fn sends(&mut self) {
        let now = self.scene.now;
        loop {
            let jobs = self.outbox.lease(now, 256, &mut Batch::default());
            if jobs.is_empty() {
                return;
            }
            for job in jobs {
                self.tries += 1;
                self.messages.entry(address(&job.way)).or_default().insert(job.name);
                let fails = self.fails_first && self.failed.insert(job.name);
                let sent = if fails { Sent::Later(None) } else { Sent::Accepted };
                for id in job.sendings.iter().filter(|_| !fails) {
                    self.left.entry(self.pages[id]).or_default().insert(id.0);
                }
                self.outbox.settle(&job.sendings, sent, now, &mut Batch::default());
            }
        }
    }

    fn paged(&self, who: usize) -> &BTreeSet<PageId> {
        &self.left[&self.scene.account(who)]
    }
}

fn address(way: &Way) -> String {
    format!("{way:?}")
}

fn push(who: u8) -> Way {
    let endpoint = format!("https://updates.push.services.mozilla.com/{who}");
    Way::Push(PushSubscription { endpoint, key: Blob(vec![4; 65]), auth: Blob(vec![who; 16]) })
}

fn mail(who: u8) -> Way {
    Way::Mail(format!("{who}@piket.example"))
}

fn text(who: u8) -> Way {
    Way::Text(format!("+3161234567{who}"))
}
