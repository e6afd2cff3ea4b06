//! Whatever happens in whatever order: a call stays alive until the person closes it, and a desk taken up from its
//! records does what the one that never stopped does.

use lotgenoot_core::call::State;
use lotgenoot_core::desk::HelpDesk;
use lotgenoot_core::effect::Batch;
use lotgenoot_core::room::Input;
use lotgenoot_protocol::call::{Acknowledgement, sign_reply};
use lotgenoot_protocol::frame::Answer;
use lotgenoot_protocol::{Blob, LeafKey, Refused, RequestId};
use proptest::prelude::*;

use crate::scene::{CALL, ROOM, Scene, account, state};

#[derive(Clone, Copy, Debug)]
enum Step {
    Waits(u32),
    Comes(usize),
    Goes(usize),
    Acknowledges(usize),
    Receipt(usize),
    Speaks(usize),
    StaffCloses(usize),
    Restarts,
    Closes,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => prop_oneof![0_u32..40_000, 60_000_u32..400_000, Just(3_600_000_u32)].prop_map(Step::Waits),
        2 => (0_usize..3).prop_map(Step::Comes),
        2 => (0_usize..3).prop_map(Step::Goes),
        3 => (0_usize..3).prop_map(Step::Acknowledges),
        1 => (0_usize..3).prop_map(Step::Receipt),
        2 => (0_usize..3).prop_map(Step::Speaks),
        1 => (0_usize..3).prop_map(Step::StaffCloses),
        1 => Just(Step::Restarts),
        1 => Just(Step::Closes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_call_is_ever_left_and_a_restart_cannot_be_seen(steps in proptest::collection::vec(step(), 1..30)) {
        let mut scene = Scene::offline(&[1, 1, 1]);
        scene.raises(&[0, 1, 2]);
        for step in steps {
            takes(&mut scene, step);
        }
    }
}

type Act = Box<dyn Fn(&mut HelpDesk, &mut Batch) -> Result<Option<Answer>, Refused>>;

fn takes(scene: &mut Scene, step: Step) {
    if let Step::Waits(ms) = step {
        scene.now = scene.now.plus_ms(u64::from(ms));
    }
    if let Step::Restarts = step {
        scene.restarts();
    }
    let before = scene.call().clone();
    let Some(act) = act(scene, step) else { return };
    let (mut twin, mut by_twin, mut batch) = (scene.twin(), Batch::default(), Batch::default());
    assert_eq!(state(&twin), state(&scene.desk), "what is stored is what is known");
    let answer = act(&mut scene.desk, &mut batch);
    assert_eq!(answer, act(&mut twin, &mut by_twin), "the same answer after a restart");
    assert_eq!(batch, by_twin, "the same effects after a restart");
    scene.store(&batch);
    assert_eq!(state(&twin), state(&scene.desk));

    let after = scene.call();
    assert!(after.version > before.version || *after == before, "every change is counted");
    if before.is_closed() != after.is_closed() {
        assert!(matches!(step, Step::Closes), "only the person closes");
    }
    if let (Some(before), Some(after)) = (before.lead(), after.lead()) {
        assert_eq!(before, after, "one lead");
    }
    if scene.is_paging() || matches!(after.state, State::Acknowledged(_)) {
        let due = scene.desk.poll_timeout().expect("an open call without help is always due");
        assert!(due <= scene.now.plus_ms(120_000));
        if let Step::Waits(_) = step {
            assert!(due > scene.now, "nothing is left to do");
        }
    }
}

fn act(scene: &Scene, step: Step) -> Option<Act> {
    let now = scene.now;
    let paged = |who: usize| scene.desk.room(&ROOM)?.may_read(&scene.staff[who].leaf()).then_some(who);
    Some(match step {
        Step::Waits(_) | Step::Restarts => Box::new(move |desk, batch| {
            desk.handle_timeout(now, batch);
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
            let ack: Acknowledgement = scene.ack_of(paged(who)?);
            Box::new(move |desk, batch| desk.acknowledge(account(who), &ack, now, batch).map(Some))
        }
        Step::Receipt(who) => {
            let page = scene.page_of(paged(who)?).page;
            Box::new(move |desk, batch| desk.receipt(account(who), CALL, page, batch).map(Some))
        }
        Step::Speaks(who) => speaks(scene, who),
        Step::StaffCloses(who) => closes(scene.staff[who].leaf(), now),
        Step::Closes => closes(scene.person.leaf(), now),
    })
}

// Her words as the relay sees them: bytes of this room and epoch. The person's own intake serves, under a signature.
fn speaks(scene: &Scene, who: usize) -> Act {
    let (leaf, now) = (scene.staff[who].leaf(), scene.now);
    let request = RequestId(rand::random());
    let words = Blob(intake(scene));
    let signature = sign_reply(&scene.staff[who].key, CALL, &words);
    let input = Input::Send(words);
    Box::new(move |desk, batch| {
        let seat = desk.attach(&ROOM, leaf, None);
        if let Some(invitation) = seat.ok().and_then(|grant| grant.attached.invitation) {
            let joined = Input::Ack(invitation.seq);
            desk.handle_room(ROOM, leaf, RequestId([3; 16]), &joined, None, now, batch)?;
        }
        desk.handle_room(ROOM, leaf, request, &input, Some(&signature), now, batch).map(Some)
    })
}

fn intake(scene: &Scene) -> Vec<u8> {
    use lotgenoot::store::Ledger as _;
    use lotgenoot_protocol::frame::EntryKind;
    let log = scene.ledger.entries(&ROOM, Default::default(), usize::MAX).unwrap();
    let intake = log.into_iter().find(|entry| entry.kind == EntryKind::Application);
    intake.expect("she said something").body.0
}

fn closes(leaf: LeafKey, now: lotgenoot_protocol::Timestamp) -> Act {
    Box::new(move |desk, batch| desk.close(&[leaf], CALL, now, batch).map(Some))
}
