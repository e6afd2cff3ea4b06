//! The desk and the outbox together: what is decided about a call ends what is on its way for it (invariant I5).

use lotgenoot_core::effect::Batch;
use lotgenoot_core::outbox::{Outbox, Sent, VOICE_MS};
use lotgenoot_protocol::call::{Part, Step};
use lotgenoot_protocol::channel::Way;
use lotgenoot_protocol::{AccountKey, Timestamp};

use crate::scene::Scene;

/// A scene whose professionals are called by phone alone.
struct Phones {
    scene: Scene,
    outbox: Outbox,
}

#[test]
fn a_phone_does_not_ring_for_what_somebody_else_has_taken_however_often_she_asked() {
    let mut phones = Phones::new(&[2]);
    let raised = phones.scene.raises(&[0, 1]);
    phones.follow(raised);
    // She asks again before the first page has taken the place of anything: two pages for one call.
    phones.at(11_000);
    let nudged = phones.scene.person_steps(Step::Nudge);
    phones.follow(nudged);
    phones.at(15_000);
    let taken = phones.scene.acknowledges(0).expect("she takes it").1;
    phones.answers(0);
    phones.follow(taken);
    phones.at(VOICE_MS);
    assert!(phones.rings().is_empty(), "it is taken");
    phones.at(VOICE_MS + 60_000);
    assert!(phones.rings().is_empty());
}

#[test]
fn a_lead_who_has_written_or_whose_call_is_over_is_not_phoned_any_more() {
    for ends in ["she writes", "it is closed", "somebody else leads"] {
        let mut phones = Phones::of(Scene::active(&[1, 1], 0));
        phones.scene.person_speaks();
        let begun = phones.scene.now;
        let nudged = phones.scene.person_steps(Step::Nudge);
        phones.follow(nudged);
        phones.scene.now = begun.plus_ms(2_000);
        let batch = match ends {
            "she writes" => phones.scene.speaks(0),
            "it is closed" => phones.scene.closes().expect("she may").1,
            _ => {
                let asked = phones.scene.asks(0, 1, Part::TakesOver, Some(1)).expect("she may").1;
                phones.follow(asked);
                phones.scene.acknowledges(1).expect("she comes");
                phones.answers(1);
                phones.scene.speaks(1)
            }
        };
        phones.follow(batch);
        phones.scene.now = begun.plus_ms(VOICE_MS + 5_000);
        assert!(phones.rings().is_empty(), "{ends}");
    }
}

#[test]
fn a_request_to_take_over_rings_on_when_the_call_it_is_about_rings_no_more() {
    let mut phones = Phones::of(Scene::active(&[1, 1], 0));
    let begun = phones.scene.now;
    let asked = phones.scene.asks(0, 1, Part::TakesOver, Some(1)).expect("she may").1;
    phones.follow(asked);
    phones.scene.person_speaks();
    let nudged = phones.scene.person_steps(Step::Nudge);
    phones.follow(nudged);
    let spoke = phones.scene.speaks(0);
    phones.follow(spoke);
    phones.scene.now = begun.plus_ms(VOICE_MS);
    assert_eq!(phones.rings(), [AccountKey([1; 32])], "she is asked, and the lead has written");
}

impl Phones {
    fn new(levels: &[usize]) -> Self {
        Self::of(Scene::new(levels))
    }

    fn of(scene: Scene) -> Self {
        let mut phones = Self { outbox: Outbox::new(1, [9; 32]), scene };
        for who in 0..phones.scene.staff.len() {
            let account = phones.scene.account(who);
            // A text message that is slow to be answered, so that the phone has its time.
            for way in [Way::Mail(format!("{who}@piket.example")), Way::Voice(format!("+3161234567{who}"))] {
                phones.outbox.put_channel(account, way, &mut Batch::default()).expect("a channel");
            }
        }
        phones
    }

    fn at(&mut self, ms: u64) {
        self.scene.now = self.scene.start.plus_ms(ms);
    }

    fn follow(&mut self, mut batch: Batch) {
        self.outbox.follow(self.scene.now, &mut batch);
        // What is due at once leaves, and nobody says that it has arrived.
        let sent = self.rings();
        drop(sent);
    }

    fn answers(&mut self, who: usize) {
        let (account, now) = (self.scene.account(who), self.scene.now);
        self.outbox.answered(&account, &crate::scene::CALL, now, &mut Batch::default());
    }

    // Who is phoned now; a mail that leaves is none of it.
    fn rings(&mut self) -> Vec<AccountKey> {
        let now: Timestamp = self.scene.now;
        let jobs = self.outbox.lease(now, usize::MAX, &mut Batch::default());
        let mut phoned = Vec::new();
        for job in jobs {
            if let Way::Voice(number) = &job.way {
                let who = number.bytes().last().map_or(0, |digit| digit - b'0');
                phoned.push(self.scene.account(usize::from(who)));
            }
            self.outbox.settle(&job.sendings, Sent::Accepted, now, &mut Batch::default());
        }
        phoned
    }
}
