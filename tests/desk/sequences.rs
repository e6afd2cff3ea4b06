//! Whatever happens in whatever order: the desk does what the rule book says, a call stays alive until the person
//! closes it, and a desk taken up from its records does what the one that never stopped does.
//!
//! Every step is taken by the desk and by a twin made of what was stored: so every commit is a point at which the
//! relay may have been killed.

use std::collections::BTreeSet;

use lotgenoot_core::call::{HelpCall, State};
use lotgenoot_core::desk::HelpDesk;
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::room::Input;
use lotgenoot_protocol::call::{
    Acknowledgement, Decline, Part, Reason, Step as CallStep, StepCall, sign_reply,
};
use lotgenoot_protocol::frame::{Answer, Notice};
use lotgenoot_protocol::{AskId, Blob, LeafKey, PageId, Refused, RequestId};
use proptest::prelude::*;

use crate::model::{At, Model};
use crate::scene::{CALL, ROOM, Scene, account, state};

const LEAD: usize = 3;
const NEXT: usize = 4;

#[derive(Clone, Copy, Debug)]
enum Step {
    Waits(u64),
    Comes(usize),
    Goes(usize),
    Acknowledges(usize),
    Declines(usize),
    Receipt(usize),
    Seen(usize),
    Speaks(usize),
    PersonSpeaks,
    Asks(usize, Part),
    EndsAsk(usize),
    ProposesDone(usize),
    GivesBack(usize),
    Nudges,
    Reopens,
    StaffCloses(usize),
    Restarts,
    Closes,
}

fn step() -> impl Strategy<Value = Step> {
    // One of the three, the lead, or whoever accepted to take over: resolved when it happens.
    let who = || prop_oneof![2 => 0_usize..3, 1 => Just(LEAD)];
    let speaker = || prop_oneof![1 => 0_usize..3, 2 => Just(LEAD), 2 => Just(NEXT)];
    let waits = prop_oneof![
        8 => 0_u64..40_000,
        8 => 60_000_u64..400_000,
        2 => Just(3_600_000_u64),
        1 => prop_oneof![3 => Just(3_600_000_u64), 1 => Just(31 * 86_400_000_u64)],
    ];
    prop_oneof![
        6 => waits.prop_map(Step::Waits),
        2 => who().prop_map(Step::Comes),
        3 => who().prop_map(Step::Goes),
        6 => speaker().prop_map(Step::Acknowledges),
        2 => who().prop_map(Step::Declines),
        1 => who().prop_map(Step::Receipt),
        1 => who().prop_map(Step::Seen),
        8 => speaker().prop_map(Step::Speaks),
        3 => Just(Step::PersonSpeaks),
        4 => (prop_oneof![3 => Just(LEAD), 1 => 0_usize..3], prop_oneof![3 => Just(Part::TakesOver), 1 => Just(Part::Assists)])
            .prop_map(|(who, part)| Step::Asks(who, part)),
        1 => who().prop_map(Step::EndsAsk),
        1 => who().prop_map(Step::ProposesDone),
        1 => who().prop_map(Step::GivesBack),
        2 => Just(Step::Nudges),
        1 => Just(Step::Reopens),
        1 => who().prop_map(Step::StaffCloses),
        2 => Just(Step::Restarts),
        1 => Just(Step::Closes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_desk_does_what_the_rule_book_says_and_a_restart_cannot_be_seen(
        answered in any::<bool>(),
        steps in proptest::collection::vec(step(), 1..60),
    ) {
        let mut story = Story::new();
        // Much can only happen to a call that somebody leads.
        let begin: &[Step] = if answered { &[Step::Acknowledges(0), Step::Speaks(0)] } else { &[] };
        for step in begin.iter().copied().chain(steps) {
            story.takes(story.resolved(step));
        }
    }
}

struct Story {
    scene: Scene,
    model: Model,
    // Every page that was ever sent.
    pages: BTreeSet<PageId>,
    asks: u8,
    // Words as the relay sees them: bytes of this room and epoch. The person's own serve for everybody.
    words: Blob,
}

type Act = Box<dyn Fn(&mut HelpDesk, &mut Batch) -> Result<Option<Answer>, Refused>>;

impl Story {
    fn new() -> Self {
        let mut scene = Scene::new(&[1, 1, 1]);
        let mut model = Model::new(scene.now.0);
        model.here = [true; 3];
        let raised = scene.raises(&[0, 1, 2]);
        (0..3).for_each(|who| release(&mut scene, who));
        let words = scene.person.speaks("ben je er nog?");
        let mut story = Self { scene, model, pages: BTreeSet::new(), asks: 0, words };
        story.pages_are_new(&raised);
        story
    }

    fn resolved(&self, step: Step) -> Step {
        let lead = self.model.lead().unwrap_or(0);
        let who = |who: usize| match who {
            LEAD => lead,
            NEXT => self.model.accepted().unwrap_or((lead + 1) % 3),
            who => who,
        };
        match step {
            Step::Comes(it) => Step::Comes(who(it)),
            Step::Goes(it) => Step::Goes(who(it)),
            Step::Acknowledges(it) => Step::Acknowledges(who(it)),
            Step::Declines(it) => Step::Declines(who(it)),
            Step::Receipt(it) => Step::Receipt(who(it)),
            Step::Seen(it) => Step::Seen(who(it)),
            Step::Speaks(it) => Step::Speaks(who(it)),
            Step::Asks(it, part) => Step::Asks(who(it), part),
            Step::EndsAsk(it) => Step::EndsAsk(who(it)),
            Step::ProposesDone(it) => Step::ProposesDone(who(it)),
            Step::GivesBack(it) => Step::GivesBack(who(it)),
            Step::StaffCloses(it) => Step::StaffCloses(who(it)),
            other => other,
        }
    }

    fn takes(&mut self, step: Step) {
        if let Step::Waits(ms) = step {
            // When a call is forgotten is told elsewhere (`closing`).
            let then = self.scene.now.plus_ms(ms);
            if self.scene.call().forgotten_at().is_some_and(|at| at <= then) {
                return;
            }
            self.scene.now = self.scene.now.plus_ms(ms);
            self.model.now += ms;
        }
        if let Step::Restarts = step {
            self.scene.restarts();
        }
        if let Step::Asks(..) = step {
            self.asks += 1;
        }
        let before = self.scene.call().clone();
        let Some((act, ask)) = self.act(step) else { return };
        let mut twin = self.scene.twin();
        assert_eq!(state(&twin), state(&self.scene.desk), "what is stored is what is known");
        let (mut batch, mut by_twin) = (Batch::default(), Batch::default());
        let answer = act(&mut self.scene.desk, &mut batch);
        assert_eq!(answer, act(&mut twin, &mut by_twin), "the same answer after a restart");
        assert_eq!(batch, by_twin, "the same effects after a restart");
        if answer.is_err() {
            assert!(batch.is_empty(), "a refusal leaves no trace");
        }
        self.scene.store(&batch);

        self.pages_are_new(&batch);
        self.follows(step, ask, answer.is_ok(), &batch);
        let after = self.scene.call();
        self.model.agrees(after);
        self.model.pages_fit(&batch);
        Model::said_over(&before, after, &batch);
        assert!(after.version > before.version || *after == before, "every change is counted");
        assert!(after.epoch() >= before.epoch(), "rounds are counted up");
        if !before.is_closed() && after.is_closed() {
            assert!(matches!(step, Step::Closes), "only the person closes");
        }
        self.is_looked_after(step);
    }

    // What the rule book makes of it.
    fn follows(&mut self, step: Step, ask: Option<AskId>, done: bool, batch: &Batch) {
        let new = done && !batch.is_empty();
        let model = &mut self.model;
        match step {
            Step::Waits(_) => model.looks(),
            Step::Comes(who) => model.presence(who, true),
            Step::Goes(who) => model.presence(who, false),
            Step::Acknowledges(who) if new => model.acknowledged(who, ask),
            Step::Acknowledges(who) if !done && ask.is_none() && model.at == At::Paging => {
                let answered = self.scene.page_of(who);
                assert!(answered.page_epoch < model.epoch, "an answer to the newest page counts");
            }
            Step::Speaks(who) if done => model.spoke(who),
            Step::PersonSpeaks if done => model.person_spoke(),
            Step::Asks(who, part) => {
                assert_eq!(done, model.may_ask(who, part), "{who} asks");
                if done {
                    model.asked(AskId([self.asks; 16]), part);
                }
            }
            Step::GivesBack(who) => {
                assert_eq!(done, model.lead() == Some(who));
                if done {
                    model.gave_back();
                }
            }
            Step::ProposesDone(who) | Step::EndsAsk(who) => assert_eq!(done, model.lead() == Some(who)),
            Step::Nudges => model.nudged(self.scene.call()),
            Step::Reopens => model.reopened(),
            Step::Closes => model.closed(),
            Step::StaffCloses(_) => assert!(!done),
            _ => {}
        }
        self.model.ended(batch);
    }

    // Invariant: whatever is open and without help has something due soon.
    fn is_looked_after(&self, step: Step) {
        let within = match &self.scene.call().state {
            State::Paging(_) => 30_000,
            State::Acknowledged(_) => 120_000,
            State::Active(it) if it.attention.is_some() => 180_000,
            State::Active(it) if it.asks.iter().any(|ask| ask.accepted.is_none()) => 30_000,
            State::Active(it) if it.gone_since.is_some() && it.unanswered_since.is_some() => 180_000,
            State::Active(_) => return,
            State::Closed(_) | State::Resting(_) => {
                let forgotten = self.scene.call().forgotten_at();
                assert!(forgotten.is_some_and(|at| at > self.scene.now));
                assert_eq!(self.scene.desk.poll_timeout(), forgotten, "nothing but that is due any more");
                return;
            }
        };
        let (due, now) = (self.scene.desk.poll_timeout().expect("something is due"), self.scene.now);
        assert!(due <= now.plus_ms(within), "{step:?}: {} ms", due.ms_since(now));
    }

    // Invariant: a page rings once; who is called again gets another one.
    fn pages_are_new(&mut self, batch: &Batch) {
        for op in &batch.ops {
            if let Op::Notify { notice: Notice::Page(page), .. } = op {
                assert!(self.pages.insert(page.page), "a page is sent once");
            }
        }
    }

    fn act(&self, step: Step) -> Option<(Act, Option<AskId>)> {
        let (scene, now) = (&self.scene, self.scene.now);
        let request = RequestId(rand::random());
        let leaf = |who: usize| scene.staff[who].leaf();
        let steps = |leaf: LeafKey, step: CallStep| -> Act {
            let step = StepCall { call: CALL, step };
            Box::new(move |desk, batch| desk.step(&[leaf], &step, request, now, batch).map(Some))
        };
        let act: Act = match step {
            Step::Waits(_) => Box::new(move |desk, batch| {
                desk.handle_timeout(now, batch);
                Ok(None)
            }),
            Step::Restarts => Box::new(move |desk, batch| {
                desk.restarted(now, batch);
                Ok(None)
            }),
            Step::Comes(who) | Step::Goes(who) => {
                let here = matches!(step, Step::Comes(_));
                Box::new(move |desk, batch| {
                    desk.presence(account(who), here, now, batch);
                    Ok(None)
                })
            }
            Step::Acknowledges(who) => {
                let ack: Acknowledgement = scene.newest_page_of(who).map(|page| scene.ack_to(who, &page))?;
                let ask = ack.ask;
                let act: Act =
                    Box::new(move |desk, batch| desk.acknowledge(account(who), &ack, now, batch).map(Some));
                return Some((act, ask));
            }
            Step::Declines(who) => {
                let page = scene.newest_page_of(who)?.page;
                let decline = Decline { call: CALL, page, reason: Reason::Busy };
                Box::new(move |desk, batch| desk.decline(account(who), &decline, now, batch).map(Some))
            }
            Step::Receipt(who) => {
                let page = scene.newest_page_of(who)?.page;
                Box::new(move |desk, batch| desk.receipt(account(who), CALL, page, batch).map(Some))
            }
            Step::Seen(who) => {
                let page = scene.newest_page_of(who)?.page;
                Box::new(move |desk, batch| {
                    desk.seen(CALL, page, now, batch);
                    Ok(None)
                })
            }
            Step::Speaks(who) => {
                let words = self.words.clone();
                let signature = sign_reply(&scene.staff[who].key, CALL, &words);
                says(leaf(who), request, words, Some(signature), now)
            }
            Step::PersonSpeaks => says(scene.person.leaf(), request, self.words.clone(), None, now),
            Step::Asks(who, part) => {
                let (by, ask) = ([leaf(who)], scene.ask(self.asks, part, None));
                Box::new(move |desk, batch| desk.ask_colleague(&by, &ask, request, now, batch).map(Some))
            }
            Step::EndsAsk(who) => steps(leaf(who), CallStep::EndAsk(self.model.newest_ask()?)),
            Step::ProposesDone(who) => steps(leaf(who), CallStep::ProposeDone),
            Step::GivesBack(who) => steps(leaf(who), CallStep::GiveBack),
            Step::Nudges => steps(scene.person.leaf(), CallStep::Nudge),
            Step::Reopens => steps(scene.person.leaf(), CallStep::Reopen),
            Step::StaffCloses(who) => closes(leaf(who), now),
            Step::Closes => closes(scene.person.leaf(), now),
        };
        Some((act, None))
    }
}

// Everybody has been in the room once, so that everybody can say something: who may is the room's business.
fn release(scene: &mut Scene, who: usize) {
    let leaf = scene.staff[who].leaf();
    if let Some(invitation) = scene.desk.attach(&ROOM, leaf, None).ok().and_then(|it| it.attached.invitation)
    {
        scene.in_room(leaf, &Input::Ack(invitation.seq), None).expect("a cursor");
    }
}

fn says(
    leaf: LeafKey,
    request: RequestId,
    words: Blob,
    signature: Option<Blob>,
    now: lotgenoot_protocol::Timestamp,
) -> Act {
    let input = Input::Send(words);
    let joining = RequestId(rand::random());
    Box::new(move |desk, batch| {
        let seat = desk.attach(&ROOM, leaf, None)?;
        // Where she may not write she has no need to come in.
        let is_closed = desk.call(&CALL).is_some_and(HelpCall::is_closed);
        if let Some(invitation) = seat.attached.invitation.filter(|_| !is_closed) {
            let joined = Input::Ack(invitation.seq);
            desk.handle_room(ROOM, leaf, joining, &joined, None, now, batch)?;
        }
        desk.handle_room(ROOM, leaf, request, &input, signature.as_ref().map(|it| &it[..]), now, batch)
            .map(Some)
    })
}

fn closes(leaf: LeafKey, now: lotgenoot_protocol::Timestamp) -> Act {
    Box::new(move |desk, batch| desk.close(&[leaf], CALL, now, batch).map(Some))
}
