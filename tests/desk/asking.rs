//! A lead asks for a colleague: nobody is left without a lead, and nobody leads who was not asked or has not written.

use lotgenoot_core::call::State;
use lotgenoot_core::room::Input;
use lotgenoot_protocol::call::{CallNotice, Ended, Part, Reason, Step, Why, sign_reply};
use lotgenoot_protocol::frame::Notice;
use lotgenoot_protocol::{AskId, Refused, RequestId};

use crate::scene::{CALL, Scene, notices};

const ASK: AskId = AskId([1; 16]);

#[test]
fn a_hand_over_counts_when_whoever_accepted_has_written() {
    let mut scene = Scene::active(&[1, 1], 0);
    let (_, batch) = scene.asks(0, 1, Part::TakesOver, None).unwrap();
    assert_eq!(scene.paged(&batch), [1], "nobody is asked to take over from herself");
    assert_eq!(scene.page_of(1).why, Why::TakeOver(ASK));
    let (_, batch) = scene.acknowledges(1).unwrap();
    assert!(matches!(&notices(&batch)[..], [CallNotice::Accepted(ack)] if ack.ask == Some(ASK)));
    assert_eq!(scene.lead(), Some(0), "accepted is not taken over");
    let batch = scene.speaks(1);
    assert_eq!(notices(&batch), [CallNotice::HandedOver { ask: ASK }]);
    assert_eq!((scene.lead(), scene.call().hops), (Some(1), 1));
    assert!(scene.asks(0, 2, Part::Assists, None).is_err(), "who led before asks for nobody any more");
}

#[test]
fn words_of_somebody_else_hand_nothing_over() {
    let mut scene = Scene::active(&[1, 1, 1], 0);
    scene.asks(0, 1, Part::TakesOver, Some(1)).unwrap();
    scene.acknowledges(1).unwrap();
    scene.speaks(2);
    let (leaf, words) = (scene.staff[1].leaf(), scene.staff[1].speaks("hallo"));
    scene.in_room(leaf, &Input::Send(words.clone()), None).unwrap();
    let words = scene.staff[1].speaks("hallo");
    let another = sign_reply(&scene.staff[2].key, CALL, &words);
    scene.in_room(leaf, &Input::Send(words), Some(&another)).unwrap();
    assert_eq!(scene.lead(), Some(0));
}

#[test]
fn an_answer_to_one_page_is_none_to_another() {
    let mut scene = Scene::active(&[1, 1], 0);
    let page = scene.page_of(1);
    let old = scene.ack_of(1);
    assert_eq!(page.why, Why::Call);
    scene.asks(0, 1, Part::TakesOver, None).unwrap();
    assert_eq!(scene.hands_in(1, &old).unwrap_err(), Refused::AlreadyTaken, "she was called for the call");
    let mut forged = scene.ack_of(1);
    forged.ask = None;
    assert!(scene.hands_in(1, &forged).is_err());
    let mut forged = scene.ack_to(1, &page);
    forged.ask = Some(ASK);
    assert!(scene.hands_in(1, &forged).is_err(), "the request is part of what is signed");
    let of_call = lotgenoot_protocol::frame::Page { why: Why::TakeOver(ASK), ..page };
    let ack = scene.ack_to(1, &of_call);
    assert!(scene.hands_in(1, &ack).is_err(), "the page of the call is not the page of the request");
    scene.acknowledges(1).expect("the good one counts");
}

#[test]
fn of_two_who_accept_the_first_does_and_the_other_need_not_come() {
    let mut scene = Scene::active(&[1, 2], 0);
    scene.asks(0, 1, Part::TakesOver, None).unwrap();
    let (_, batch) = scene.acknowledges(2).unwrap();
    assert_eq!(scene.told(&batch, |notice| matches!(notice, Notice::Taken { .. })), [1]);
    assert_eq!(scene.acknowledges(1).unwrap_err(), Refused::AlreadyTaken);
    let (_, again) = scene.acknowledges(2).unwrap();
    assert!(again.is_empty());
}

#[test]
fn whoever_helps_leads_nothing() {
    let mut scene = Scene::active(&[1, 1], 0);
    scene.asks(0, 1, Part::Assists, None).unwrap();
    assert_eq!(scene.page_of(1).why, Why::Assist(ASK));
    let (_, batch) = scene.acknowledges(1).unwrap();
    assert!(matches!(&notices(&batch)[..], [CallNotice::Accepted(_)]));
    let ack = scene.ack_of(1);
    // The answer was lost on its way to her: she says it again.
    let (_, again) = scene.hands_in(1, &ack).expect("a repeat is fine");
    assert!(again.is_empty());
    scene.restarts();
    assert!(scene.hands_in(1, &ack).is_ok(), "after a restart too");
    scene.comes(0);
    scene.comes(1);
    scene.speaks(1);
    assert_eq!((scene.lead(), scene.call().hops), (Some(0), 0));
}

#[test]
fn nothing_comes_of_it_when_all_decline_or_nobody_answers_or_nobody_writes() {
    let why = |done: Vec<(u64, lotgenoot_core::effect::Batch)>| {
        let mut all =
            done.iter().flat_map(|(at, batch)| notices(batch).into_iter().map(|notice| (*at, notice)));
        all.find_map(|(at, notice)| match notice {
            CallNotice::AskEnded { why, .. } => Some((at - 180, why)),
            _ => None,
        })
    };
    let mut scene = Scene::active(&[1, 1, 1], 0);
    scene.asks(0, 1, Part::TakesOver, None).unwrap();
    let first = scene.declines(1, Reason::Busy);
    assert_eq!(scene.paged(&first), [2], "the next level, at once");
    let second = scene.declines(2, Reason::OffDuty);
    let ended = CallNotice::AskEnded { ask: ASK, why: Ended::Declined(Reason::OffDuty) };
    assert_eq!(notices(&second), [ended]);

    let mut scene = Scene::active(&[1, 1, 1], 0);
    scene.asks(0, 1, Part::TakesOver, None).unwrap();
    let done = scene.runs_to(1000);
    assert_eq!(scene.pages(&done), [(240, vec![2])]);
    assert_eq!(why(done), Some((240, Ended::NobodyCame)));

    let mut scene = Scene::active(&[1, 1], 0);
    scene.asks(0, 1, Part::TakesOver, Some(1)).unwrap();
    scene.acknowledges(1).unwrap();
    assert_eq!(why(scene.runs_to(1000)), Some((120, Ended::NoWords)));
    scene.speaks(1);
    assert_eq!(scene.lead(), Some(0), "too late to lead");
}

#[test]
fn the_lead_can_want_it_no_more() {
    let mut scene = Scene::active(&[1, 1], 0);
    scene.asks(0, 1, Part::TakesOver, None).unwrap();
    let lead = scene.staff[0].leaf();
    let (_, batch) = scene.steps(lead, Step::EndAsk(ASK)).unwrap();
    assert_eq!(notices(&batch), [CallNotice::AskEnded { ask: ASK, why: Ended::Withdrawn }]);
    assert_eq!(scene.told(&batch, |notice| matches!(notice, Notice::Taken { .. })), [1]);
    assert_eq!(scene.acknowledges(1).unwrap_err(), Refused::AlreadyTaken);
}

#[test]
fn only_a_lead_who_has_written_asks_once_for_one_to_take_over_and_for_four_in_all() {
    let mut scene = Scene::new(&[2]);
    scene.raises(&[0, 1]);
    scene.acknowledges(0).unwrap();
    assert!(matches!(scene.asks(0, 1, Part::TakesOver, None), Err(Refused::Invalid { .. })));
    let mut scene = Scene::active(&[1, 1], 0);
    assert_eq!(scene.asks(1, 1, Part::TakesOver, None).unwrap_err(), Refused::NoSuchCall);
    let themself = scene.asks(0, 1, Part::TakesOver, Some(0));
    assert!(matches!(themself, Err(Refused::Invalid { .. })));
    scene.asks(0, 1, Part::TakesOver, None).unwrap();
    let (_, again) = scene.asks(0, 1, Part::TakesOver, None).unwrap();
    assert!(again.is_empty(), "the same request");
    assert_eq!(scene.asks(0, 2, Part::TakesOver, None).unwrap_err(), Refused::Exists);
    (3..6).for_each(|ask| drop(scene.asks(0, ask, Part::Assists, None).unwrap()));
    assert!(matches!(scene.asks(0, 6, Part::Assists, None), Err(Refused::TooLarge { .. })));
}

#[test]
fn a_repeated_request_asks_once_also_after_it_has_ended() {
    let mut scene = Scene::active(&[1, 1], 0);
    let (by, ask, now) = ([scene.staff[0].leaf()], scene.ask(1, Part::TakesOver, None), scene.now);
    let request = RequestId([9; 16]);
    scene.does(|desk, batch| desk.ask_colleague(&by, &ask, request, now, batch)).unwrap();
    scene.declines(1, Reason::Busy);
    let (_, again) = scene.does(|desk, batch| desk.ask_colleague(&by, &ask, request, now, batch)).unwrap();
    assert!(again.is_empty());
}

#[test]
fn who_is_asked_by_name_need_not_be_on_duty() {
    let duties = vec![(0, 1, None, None)];
    let mut scene = Scene::on(2, &[(crate::scene::SERVICE, duties, None)]);
    (0..2).for_each(|who| drop(scene.comes(who)));
    scene.raises(&[0, 1]);
    scene.joins(0);
    scene.acknowledges(0).unwrap();
    scene.speaks(0);
    let (_, batch) = scene.asks(0, 1, Part::TakesOver, Some(1)).unwrap();
    assert_eq!(scene.paged(&batch), [1]);
}

#[test]
fn more_than_two_hand_overs_bring_a_coordinator_in() {
    let mut scene = Scene::active(&[1, 1], 0);
    scene.desk.set_coordinators([scene.account(7)].into());
    let mut told = Vec::new();
    for ask in 1..=3_u8 {
        let lead = usize::from(ask + 1) % 2;
        scene.asks(lead, ask, Part::TakesOver, None).unwrap();
        scene.acknowledges(1 - lead).unwrap();
        let batch = scene.speaks(1 - lead);
        told.push(scene.told(&batch, |notice| matches!(notice, Notice::Alarm { .. })).len());
    }
    assert_eq!(told, [0, 0, 1]);
    assert!(matches!(scene.call().state, State::Active(_)));
}

#[test]
fn a_lead_hears_at_once_that_nobody_whom_she_asks_for_can_be_reached() {
    let reach = |reached: bool| CallNotice::AskReach { ask: ASK, reached };
    let mut scene = Scene::active(&[1, 1], 0);
    scene.goes(1);
    let (_, batch) = scene.asks(0, 1, Part::TakesOver, None).unwrap();
    assert!(notices(&batch).contains(&reach(false)));
    assert_eq!(scene.paged(&batch), [1], "and she is called all the same");
    scene.runs_to(240);
    assert_eq!(notices(&scene.comes(1)), [reach(true)]);
    scene.acknowledges(1).unwrap();

    // Nobody is on duty there.
    let duties = vec![(0, 1, None, None)];
    let mut scene = Scene::on(1, &[(crate::scene::SERVICE, duties, None)]);
    scene.comes(0);
    scene.raises(&[0]);
    scene.joins(0);
    scene.acknowledges(0).unwrap();
    scene.speaks(0);
    let (_, batch) = scene.asks(0, 1, Part::Assists, None).unwrap();
    assert!(notices(&batch).contains(&reach(false)));
}
