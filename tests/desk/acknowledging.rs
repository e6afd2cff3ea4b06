//! One lead, proven; and acknowledged is not helped.

use lotgenoot_core::call::State;
use lotgenoot_core::room::Input;
use lotgenoot_protocol::call::{Acknowledgement, CallNotice, sign_reply};
use lotgenoot_protocol::frame::{Notice, Page};
use lotgenoot_protocol::{Blob, CallId, PageId, Refused, RoomId};

use crate::scene::{CALL, Scene, notices};

#[test]
fn an_acknowledgement_that_does_not_prove_everything_is_refused_without_trace() {
    let mut scene = Scene::new(&[2, 1]);
    scene.raises(&[0, 2]);
    let (page, good) = (scene.page_of(0), scene.ack_of(0));
    let wrong = [
        scene.ack_to(0, &Page { page: PageId([9; 16]), ..page.clone() }),
        scene.ack_to(0, &Page { page: scene.page_of(1).page, ..page.clone() }),
        scene.ack_to(0, &Page { page_epoch: 2, ..page.clone() }),
        scene.ack_to(0, &Page { room: RoomId([9; 16]), ..page.clone() }),
        Acknowledgement { signature: Blob(vec![0; 64]), ..good.clone() },
    ];
    for ack in wrong {
        assert!(matches!(scene.hands_in(0, &ack), Err(Refused::NotAllowed { .. })));
    }
    assert!(scene.hands_in(1, &good).is_err(), "another's account");
    let not_seated = scene.ack_of(1);
    assert!(scene.hands_in(1, &not_seated).is_err(), "not in the room");
    let not_paged = scene.ack_to(2, &page);
    assert!(scene.hands_in(2, &not_paged).is_err(), "not paged");
    let other_call = scene.ack_to(0, &Page { call: CallId([9; 16]), ..page });
    assert_eq!(scene.hands_in(0, &other_call).unwrap_err(), Refused::NoSuchCall);
    scene.hands_in(0, &good).expect("the good one counts");
}

#[test]
fn of_two_at_the_same_instant_the_first_leads_and_the_others_are_told() {
    let mut scene = Scene::new(&[3]);
    scene.raises(&[0, 1, 2]);
    let (_, batch) = scene.acknowledges(1).unwrap();
    assert_eq!(scene.told(&batch, |notice| matches!(notice, Notice::Taken { .. })), [0, 2]);
    assert!(matches!(notices(&batch)[..], [CallNotice::Acknowledged(_)]));
    assert_eq!(scene.acknowledges(0).unwrap_err(), Refused::AlreadyTaken);
    let (_, again) = scene.acknowledges(1).unwrap();
    assert!(again.is_empty());
    assert_eq!(scene.lead(), Some(1));
}

#[test]
fn only_the_leads_own_signed_words_make_it_active() {
    let mut scene = Scene::new(&[2]);
    scene.raises(&[0, 1]);
    scene.joins(0);
    scene.joins(1);
    scene.acknowledges(0).unwrap();
    let (lead, other) = (scene.staff[0].leaf(), scene.staff[1].leaf());

    let words = scene.staff[0].speaks("hallo");
    scene.in_room(lead, &Input::Send(words.clone()), None).unwrap();
    let words = scene.staff[1].speaks("hallo");
    let signed = sign_reply(&scene.staff[1].key, CALL, &words);
    scene.in_room(other, &Input::Send(words.clone()), Some(&signed)).unwrap();
    let words = scene.staff[0].speaks("hallo");
    scene.in_room(lead, &Input::Send(words.clone()), Some(&signed)).unwrap();
    assert!(matches!(scene.call().state, State::Acknowledged(_)));

    let words = scene.staff[0].speaks("ik ben er");
    let signed = sign_reply(&scene.staff[0].key, CALL, &words);
    let (_, batch) = scene.in_room(lead, &Input::Send(words), Some(&signed)).unwrap();
    assert_eq!(notices(&batch), [CallNotice::Active]);
    assert!(matches!(scene.call().state, State::Active(_)));
    assert!(scene.runs_to(86_400).is_empty(), "nobody is called for it any more");
}

#[test]
fn a_lead_without_words_is_lost_and_everybody_is_called_anew() {
    let mut scene = Scene::new(&[2]);
    scene.raises(&[0, 1]);
    let (old, version) = (scene.ack_of(0), scene.call().version);
    scene.acknowledges(0).unwrap();
    assert!(scene.runs_to(119).is_empty());
    let done = scene.runs_to(120);
    assert_eq!(scene.pages(&done), [(120, vec![0, 1])]);
    assert_eq!(notices(&done[0].1)[0], CallNotice::LeadLost);
    assert_eq!(scene.page_of(0).page_epoch, 2);
    assert!(scene.call().version > version);
    assert!(scene.hands_in(0, &old).is_err(), "an answer to the old round is worth nothing");
    scene.acknowledges(0).expect("the old lead may try again");
}

#[test]
fn a_receipt_counts_once_and_another_page_does_not() {
    let mut scene = Scene::new(&[1]);
    scene.raises(&[0]);
    let (by, page) = (scene.account(0), scene.page_of(0).page);
    let (_, other) = scene.does(|desk, batch| desk.receipt(by, CALL, PageId([9; 16]), batch)).unwrap();
    let (_, first) = scene.does(|desk, batch| desk.receipt(by, CALL, page, batch)).unwrap();
    let (_, again) = scene.does(|desk, batch| desk.receipt(by, CALL, page, batch)).unwrap();
    assert_eq!([other.ops.len(), first.ops.len(), again.ops.len()], [0, 1, 0]);
}

#[test]
fn who_says_twice_that_she_helps_is_written_down_once() {
    for has_written in [false, true] {
        let mut scene = Scene::new(&[2]);
        scene.raises(&[0, 1]);
        scene.joins(0);
        let (by, ack) = (scene.account(1), scene.ack_of(1));
        scene.acknowledges(0).unwrap();
        if has_written {
            scene.speaks(0);
        }
        let helps = |scene: &mut Scene| {
            let now = scene.now;
            scene.does(|desk, batch| desk.assist(by, &ack, now, batch)).expect("she may").1
        };
        assert!(matches!(notices(&helps(&mut scene))[..], [CallNotice::Assists(_)]));
        assert!(helps(&mut scene).is_empty());
        scene.restarts();
        assert!(helps(&mut scene).is_empty(), "after a restart too");
    }
}
