//! Pages on their way through channels: in which order, how often, and that none is lost.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::outbox::{
    Job, LEASE_MS, Outbox, RING_MS, SECOND_MS, SendingId, Sent, VOICE_MS, channel_id, is_handle,
};
use lotgenoot_protocol::call::{Alarm, Page, Why};
use lotgenoot_protocol::channel::{Health, PushSubscription, Way};
use lotgenoot_protocol::frame::Notice;
use lotgenoot_protocol::{AccountKey, Blob, CallId, ChannelId, PageId, Refused, RoomId, Timestamp};
use proptest::prelude::*;

const NOOR: AccountKey = AccountKey([1; 32]);
const KARIM: AccountKey = AccountKey([2; 32]);
const SECRET: [u8; 32] = [9; 32];
const BEGIN: Timestamp = Timestamp(1_800_000_000_000);

#[test]
fn the_next_channel_follows_when_no_device_has_answered() {
    let mut scene = Scene::with(&[push(1), text(), voice(), mail()]);
    scene.ring(NOOR, 1);
    assert_eq!(scene.send(Sent::Accepted), [push(1)]);
    scene.at(SECOND_MS - 1);
    assert_eq!(scene.send(Sent::Accepted), []);
    scene.at(SECOND_MS);
    let mut second = scene.send(Sent::Accepted);
    second.sort_by_key(|way| format!("{way:?}"));
    assert_eq!(second, [mail(), text()]);
    scene.at(VOICE_MS);
    assert_eq!(scene.send(Sent::Accepted), [voice()]);
    scene.at(RING_MS);
    assert_eq!(scene.send(Sent::Accepted), []);
    assert!(scene.outbox.is_empty());
}

#[test]
fn who_has_no_browser_is_called_at_once_by_what_she_has() {
    let mut scene = Scene::with(&[voice(), text()]);
    scene.ring(NOOR, 1);
    assert_eq!(scene.send(Sent::Accepted), [text()]);
    scene.at(VOICE_MS - SECOND_MS);
    assert_eq!(scene.send(Sent::Accepted), [voice()]);
}

#[test]
fn a_device_that_answers_makes_the_later_channels_needless_and_is_known_to_work() {
    let mut scene = Scene::with(&[push(1), text(), voice()]);
    scene.ring(NOOR, 1);
    let job = scene.lease().remove(0);
    scene.settle(&job, Sent::Accepted);
    let received = scene.act(|outbox, now, batch| outbox.received(&job.handle, now, batch));
    assert_eq!(received, [(NOOR, Some(call(1)), page(1))]);
    assert!(matches!(scene.health(&push(1)), Health::Works(_)));
    assert!(scene.outbox.reaches(&NOOR));
    scene.at(VOICE_MS);
    assert_eq!(scene.send(Sent::Accepted), []);
    let stranger = lotgenoot_core::outbox::Handle([7; 16]);
    assert!(scene.act(|outbox, now, batch| outbox.received(&stranger, now, batch)).is_empty());
}

#[test]
fn the_next_cycles_page_takes_the_place_of_this_ones_and_a_silent_browser_is_not_reachable_any_more() {
    let mut scene = Scene::with(&[push(1), voice()]);
    scene.works(&push(1));
    assert!(scene.outbox.reaches(&NOOR));
    scene.ring_page(NOOR, 1, 10);
    scene.send(Sent::Accepted);
    scene.at(VOICE_MS);
    scene.send(Sent::Accepted);
    scene.at(180_000);
    scene.ring_page(NOOR, 1, 11);
    assert!(matches!(scene.health(&push(1)), Health::Untried), "it was sent, and nobody heard of it");
    assert!(!scene.outbox.reaches(&NOOR));
    let jobs = scene.lease();
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].sendings[0].0, page(11));
    assert_eq!(scene.outbox.len(), 2, "what is older than a cycle is gone");
}

#[test]
fn a_coordinator_is_called_in_every_cycle() {
    let mut scene = Scene::with(&[push(1)]);
    let alarm = |why| Notice::Alarm { call: call(1), why, since: BEGIN };
    for cycle in 0..4 {
        scene.at(cycle * 180_000);
        scene.notify(NOOR, alarm(Alarm::Unanswered));
        assert_eq!(scene.send(Sent::Accepted), [push(1)], "cycle {cycle}");
        scene.at(cycle * 180_000 + 6_000);
        scene.notify(NOOR, alarm(Alarm::HandedOverOften));
        assert_eq!(scene.send(Sent::Accepted), [], "not twice for what is hardly older");
    }
    scene.notify(NOOR, alarm(Alarm::Over));
    assert!(scene.lease()[0].over);
}

#[test]
fn a_group_without_a_host_rings_like_a_call_until_it_has_one() {
    let mut scene = Scene::with(&[push(1), text()]);
    let room = RoomId([5; 16]);
    scene.notify(NOOR, Notice::Unattended { room, since: BEGIN, page: page(1) });
    assert_eq!(scene.send(Sent::Accepted), [push(1)]);
    scene.notify(NOOR, Notice::Attended { room });
    let jobs = scene.lease();
    assert!(jobs.len() == 1 && jobs[0].over, "her browser stops ringing, and nobody sends her a text");
    scene.settle(&jobs[0], Sent::Accepted);
    scene.at(VOICE_MS);
    assert_eq!(scene.send(Sent::Accepted), []);
}

#[test]
fn what_worked_and_failed_for_a_moment_works_again() {
    for way in [push(1), text()] {
        let mut scene = Scene::with(std::slice::from_ref(&way));
        scene.works(&way);
        scene.ring(NOOR, 1);
        scene.send(Sent::Later(None));
        assert!(scene.outbox.reaches(&NOOR), "in a moment it may work again: {way:?}");
        scene.act(|outbox, now, batch| {
            let handle = outbox.lease(now.plus_ms(2_000), 1, batch)[0].handle;
            outbox.failed(&handle, now, batch);
        });
        assert!(!scene.outbox.reaches(&NOOR), "its provider says that it did not come");
        scene.act(|outbox, now, batch| {
            outbox.settle(&[(page(1), channel_id(&NOOR, &way))], Sent::Accepted, now, batch)
        });
        assert!(scene.outbox.reaches(&NOOR), "{way:?}");
    }
}

#[test]
fn a_receipt_of_somebody_else_takes_nothing_away() {
    let mut scene = Scene::with(&[push(1), voice()]);
    scene.ring(NOOR, 1);
    scene.send(Sent::Accepted);
    scene.act(|outbox, _, batch| outbox.arrived(&KARIM, page(1), batch));
    scene.at(VOICE_MS);
    assert_eq!(scene.send(Sent::Accepted), [voice()]);
}

#[test]
fn a_word_that_comes_late_takes_nothing_back() {
    // The gateway's words may overtake each other: what has been seen is not unseen, nor is what was delivered lost.
    for (word, is_known) in [("seen", true), ("delivered", false)] {
        let mut scene = Scene::with(&[text(), voice()]);
        scene.works(&text());
        scene.ring(NOOR, 1);
        let job = scene.lease().remove(0);
        scene.settle(&job, Sent::Accepted);
        scene.act(|outbox, now, batch| match word {
            "seen" => drop(outbox.received(&job.handle, now, batch)),
            _ => outbox.delivered(&job.handle, batch),
        });
        let before = scene.health(&text());
        scene.restart();
        scene.act(|outbox, now, batch| outbox.failed(&job.handle, now, batch));
        assert_eq!(scene.health(&text()), before, "failed, after {word}");
        assert_eq!(scene.send(Sent::Accepted), [], "nobody is called sooner for it");
        scene.at(VOICE_MS);
        assert_eq!(scene.send(Sent::Accepted), if is_known { vec![] } else { vec![voice()] }, "{word}");
    }
}

#[test]
fn what_has_arrived_while_it_was_being_sent_is_not_sent_again() {
    // Whoever sends it waits for the provider; meanwhile she has it, by this channel or at another device of hers.
    type Arrives = fn(&mut Outbox, &Job, Timestamp, &mut Batch);
    let by_itself: Arrives = |outbox, job, now, batch| drop(outbox.received(&job.handle, now, batch));
    let elsewhere: Arrives = |outbox, _, _, batch| outbox.arrived(&NOOR, page(1), batch);
    for arrives in [by_itself, elsewhere] {
        for ends in ["settled", "left open", "a new run"] {
            let mut scene = Scene::with(&[text()]);
            scene.ring(NOOR, 1);
            let job = scene.lease().remove(0);
            scene.act(|outbox, now, batch| arrives(outbox, &job, now, batch));
            match ends {
                "settled" => scene.settle(&job, Sent::Later(None)),
                "left open" => {}
                _ => scene.restart(),
            }
            for seconds in [0, 2, 20, 40, 600] {
                scene.at(seconds * 1000);
                assert_eq!(scene.send(Sent::Accepted), [], "{ends}, after {seconds} s");
            }
        }
    }
}

#[test]
fn what_did_not_arrive_anywhere_is_sent_again_after_its_lease() {
    let mut scene = Scene::with(&[text()]);
    scene.ring(NOOR, 1);
    scene.lease();
    scene.act(|outbox, _, batch| outbox.arrived(&KARIM, page(1), batch));
    scene.at(LEASE_MS);
    assert_eq!(scene.send(Sent::Accepted), [text()]);
}

#[test]
fn a_message_that_goes_out_again_is_the_same_message_whatever_else_is_due() {
    let mut scene = Scene::with(&[push(1)]);
    scene.ring(NOOR, 1);
    scene.ring(NOOR, 2);
    let first = scene.lease().remove(0);
    scene.settle(&first, Sent::Later(None));
    scene.at(1_500);
    scene.ring(NOOR, 3);
    let jobs = scene.lease();
    assert_eq!(jobs.len(), 2);
    let again = jobs.iter().find(|job| job.name == first.name).expect("the first once more");
    assert_eq!((again.handle, again.sendings.len()), (first.handle, 2));
    scene.settle(again, Sent::Accepted);
    let received = scene.act(|outbox, now, batch| outbox.received(&first.handle, now, batch));
    assert_eq!(received.len(), 2, "an answer to the first attempt is one to both");
}

#[test]
fn what_rings_anew_is_not_silenced_by_what_was_over_before() {
    let mut scene = Scene::with(&[push(1)]);
    scene.ring(NOOR, 1);
    scene.send(Sent::Accepted);
    scene.at(5_000);
    scene.call_off(NOOR, 1);
    let over = scene.lease().remove(0);
    scene.settle(&over, Sent::Later(None));
    scene.at(6_500);
    scene.ring(NOOR, 2);
    let jobs = scene.lease();
    assert_eq!(
        jobs.iter().map(|job| job.over).collect::<Vec<_>>(),
        [false],
        "nothing stops ringing there now"
    );
    // What left before is older: a device that hears it late goes by that.
    assert!(over.at < jobs[0].at);
}

#[test]
fn handles_are_known_without_looking_and_nobody_can_make_one() {
    let mut scene = Scene::with(&[push(1)]);
    scene.ring(NOOR, 1);
    let job = scene.lease().remove(0);
    assert!(is_handle(&SECRET, &job.handle));
    let mut forged = job.handle;
    forged.0[3] ^= 1;
    assert!(!is_handle(&SECRET, &forged));
    assert!(!is_handle(&[1; 32], &job.handle));
}

#[test]
fn nobody_can_say_that_something_arrived_which_was_not_sent() {
    let mut scene = Scene::with(&[text()]);
    let id = channel_id(&NOOR, &text());
    scene.act(|outbox, now, batch| outbox.confirm(NOOR, id, now, batch));
    assert!(!scene.outbox.reaches(&NOOR));
    scene.act(|outbox, now, batch| outbox.exercise(NOOR, page(1), now, batch)).unwrap();
    scene.act(|outbox, now, batch| outbox.confirm(NOOR, id, now, batch));
    assert!(!scene.outbox.reaches(&NOOR), "it has not left");
    scene.send(Sent::Accepted);
    scene.act(|outbox, now, batch| outbox.confirm(NOOR, id, now, batch));
    assert!(scene.outbox.reaches(&NOOR));
    let again = scene.act(|outbox, now, batch| outbox.exercise(NOOR, page(2), now, batch));
    assert!(matches!(again, Err(Refused::SlowDown { .. })), "it rings phones");
    scene.at(30_000);
    scene.act(|outbox, now, batch| outbox.exercise(NOOR, page(2), now, batch)).unwrap();
}

#[test]
fn a_page_at_an_open_desk_needs_no_phone_call() {
    let mut scene = Scene::with(&[push(1), voice()]);
    scene.ring(NOOR, 1);
    scene.send(Sent::Accepted);
    scene.act(|outbox, _, batch| outbox.arrived(&NOOR, page(1), batch));
    scene.at(VOICE_MS);
    assert_eq!(scene.send(Sent::Accepted), []);
}

#[test]
fn whatever_fails_brings_the_next_channel_forward_and_goes_on_trying() {
    for sent in [Sent::Later(None), Sent::Gone, Sent::Ours] {
        let mut scene = Scene::with(&[push(1), voice()]);
        scene.ring(NOOR, 1);
        assert_eq!(scene.send(sent), [push(1)]);
        assert_eq!(scene.send(Sent::Accepted), [voice()], "{sent:?}");
        scene.at(2_000);
        let again = scene.send(Sent::Accepted);
        assert_eq!(again, if sent == Sent::Later(None) { vec![push(1)] } else { vec![] });
    }
}

#[test]
fn a_provider_that_says_how_long_is_asked_then() {
    let mut scene = Scene::with(&[push(1)]);
    scene.ring(NOOR, 1);
    scene.send(Sent::Later(Some(30_000)));
    scene.at(29_999);
    assert_eq!(scene.send(Sent::Accepted), []);
    scene.at(30_000);
    assert_eq!(scene.send(Sent::Accepted), [push(1)]);
}

#[test]
fn waits_grow_and_never_run_past_the_end_of_a_page() {
    let mut scene = Scene::with(&[push(1)]);
    scene.ring(NOOR, 1);
    let mut waits = Vec::new();
    while let Some(due) = scene.outbox.poll_timeout() {
        waits.push(due.ms_since(scene.now));
        scene.now = due;
        scene.send(Sent::Later(None));
    }
    assert!((800..=1_200).contains(&waits[1]), "{waits:?}");
    assert!(waits[4..waits.len() - 1].iter().all(|wait| (6_400..=9_600).contains(wait)), "{waits:?}");
    assert!((380..600).contains(&waits.len()), "{waits:?}");
    assert_eq!(scene.now.ms_since(BEGIN), RING_MS);
}

#[test]
fn an_address_that_is_gone_is_not_used_until_its_owner_gives_it_again() {
    let mut scene = Scene::with(&[push(1)]);
    scene.ring(NOOR, 1);
    scene.send(Sent::Gone);
    assert!(matches!(scene.health(&push(1)), Health::Dead(_)));
    scene.ring(NOOR, 2);
    assert_eq!(scene.send(Sent::Accepted), []);
    scene.act(|outbox, _, batch| outbox.put_channel(NOOR, push(1), batch)).unwrap();
    scene.ring(NOOR, 3);
    assert_eq!(scene.send(Sent::Accepted), [push(1)]);
}

#[test]
fn several_pages_for_one_device_are_one_message() {
    let mut scene = Scene::with(&[push(1), voice()]);
    (1..=50).for_each(|number| scene.ring(NOOR, number));
    let jobs = scene.lease();
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].sendings.len(), 50);
    scene.settle(&jobs[0], Sent::Accepted);
    let received = scene.act(|outbox, now, batch| outbox.received(&jobs[0].handle, now, batch));
    assert_eq!(received.len(), 50, "all of them have arrived");
    scene.at(VOICE_MS);
    assert_eq!(scene.send(Sent::Accepted), []);
}

#[test]
fn what_rings_for_the_first_time_goes_before_repeats() {
    let mut scene = Scene::with(&[push(1)]);
    scene.act(|outbox, _, batch| outbox.put_channel(KARIM, push(2), batch)).unwrap();
    scene.ring(NOOR, 1);
    scene.send(Sent::Later(None));
    scene.at(1_500);
    scene.ring(KARIM, 2);
    let now = scene.now;
    let mut batch = Batch::default();
    let first = scene.outbox.lease(now, 1, &mut batch);
    assert_eq!(first[0].way, push(2));
}

#[test]
fn a_device_stops_ringing_when_nobody_need_come_unless_something_else_rings_there() {
    let mut scene = Scene::with(&[push(1), voice()]);
    scene.ring(NOOR, 1);
    scene.ring(NOOR, 2);
    scene.send(Sent::Accepted);
    scene.act(|outbox, now, batch| outbox.answered(&NOOR, &call(1), now, batch));
    assert!(scene.lease().is_empty(), "the other call still rings");
    scene.act(|outbox, now, batch| outbox.answered(&NOOR, &call(2), now, batch));
    let jobs = scene.lease();
    assert_eq!(jobs.len(), 1);
    assert!(jobs[0].over);
    scene.settle(&jobs[0], Sent::Accepted);
    assert!(scene.outbox.is_empty());
    scene.at(VOICE_MS);
    assert_eq!(scene.send(Sent::Accepted), [], "and nobody is phoned for it");
}

#[test]
fn a_page_that_has_not_left_is_taken_back_without_a_sound() {
    let mut scene = Scene::with(&[push(1)]);
    scene.ring(NOOR, 1);
    scene.call_off(NOOR, 1);
    assert!(scene.outbox.is_empty());
    assert!(scene.lease().is_empty());
}

#[test]
fn an_exercise_goes_over_every_channel_at_once_and_each_is_tried_for_itself() {
    let mut scene = Scene::with(&[push(1), text(), voice()]);
    scene.act(|outbox, now, batch| outbox.exercise(NOOR, page(1), now, batch)).unwrap();
    let jobs = scene.lease();
    assert_eq!(jobs.len(), 3);
    jobs.iter().for_each(|job| scene.settle(job, Sent::Accepted));
    for job in &jobs {
        let received = scene.act(|outbox, now, batch| outbox.received(&job.handle, now, batch));
        assert_eq!(received, [(NOOR, None, page(1))]);
    }
    for way in [push(1), text(), voice()] {
        assert!(matches!(scene.health(&way), Health::Works(_)), "{way:?}");
    }
}

#[test]
fn what_another_run_was_sending_is_sent_again_at_once() {
    let mut scene = Scene::with(&[push(1)]);
    scene.ring(NOOR, 1);
    let before = scene.lease();
    scene.restart();
    let after = scene.lease();
    assert_eq!(after.len(), 1);
    assert_eq!((after[0].name, after[0].handle), (before[0].name, before[0].handle), "the same page");
    // What the old run would have said of it comes to nobody; the lease of this one ends by itself.
    scene.at(LEASE_MS - 1);
    assert!(scene.lease().is_empty());
    scene.at(LEASE_MS);
    assert_eq!(scene.lease().len(), 1);
}

#[test]
fn a_clock_that_was_set_back_while_the_relay_was_down_holds_no_page_up() {
    let mut scene = Scene::with(&[push(1), voice()]);
    scene.ring(NOOR, 1);
    scene.send(Sent::Accepted);
    scene.now = Timestamp(scene.now.0 - 3_600_000);
    scene.restart();
    scene.act(|outbox, now, batch| outbox.clock_was_set_back(now, batch));
    scene.check();
    assert_eq!(scene.outbox.poll_timeout(), Some(scene.now.plus_ms(VOICE_MS)));
    scene.now = scene.now.plus_ms(VOICE_MS);
    assert_eq!(scene.send(Sent::Accepted), [voice()]);
    scene.now = scene.now.plus_ms(RING_MS - VOICE_MS);
    assert_eq!(scene.send(Sent::Accepted), []);
    assert!(scene.outbox.is_empty(), "and no page goes on for an hour longer");
}

#[test]
fn nobody_has_more_channels_than_may_be() {
    let mut scene = Scene::with(&[]);
    let mut add = |number| scene.act(|outbox, _, batch| outbox.put_channel(NOOR, push(number), batch));
    assert!((1..=8).all(|number| add(number).is_ok()));
    assert!(matches!(add(9), Err(Refused::TooLarge { .. })));
    assert!(add(8).is_ok(), "the same again is the same channel");
}

#[test]
fn a_channel_that_is_taken_away_carries_nothing_any_more() {
    let mut scene = Scene::with(&[push(1), voice()]);
    scene.ring(NOOR, 1);
    let voice_id = channel_id(&NOOR, &voice());
    scene.act(|outbox, _, batch| outbox.remove_channel(NOOR, voice_id, batch));
    scene.send(Sent::Accepted);
    scene.at(VOICE_MS);
    assert_eq!(scene.send(Sent::Accepted), []);
    scene.act(|outbox, _, batch| outbox.remove_channel(KARIM, voice_id, batch));
}

#[test]
fn ten_thousand_open_calls_make_none_of_them_slow() {
    let mut scene = Scene::with(&[push(1), text()]);
    let page_of = |number: u32| {
        let mut id = [7; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        id
    };
    // A thousand that ring, and are answered, beside so many that go on ringing. Nothing of it grows with them.
    let mut thousand = |from: u32| {
        let begun = std::time::Instant::now();
        for number in from..from + 1_000 {
            scene.ring_as(NOOR, CallId(page_of(number)), PageId(page_of(number)));
        }
        for number in from..from + 500 {
            scene.act(|outbox, now, batch| outbox.answered(&NOOR, &CallId(page_of(number)), now, batch));
        }
        begun.elapsed()
    };
    let first = (0..3).map(|round| thousand(round * 1_000)).min().expect("three");
    for round in 3..27 {
        thousand(round * 1_000);
    }
    let last = (27..30).map(|round| thousand(round * 1_000)).min().expect("three");
    assert!(scene.outbox.len() >= 20_000, "two for each of ten thousand: {}", scene.outbox.len());
    assert!(last < first * 5, "{first:?} beside few, {last:?} beside ten thousand");
}

#[derive(Clone, Debug)]
enum Step {
    Ring(bool, u8),
    CallOff(bool, u8),
    Send(u8),
    /// Leased, and whoever sent it is gone without a word: before or after the provider had it, the relay with it or not.
    Crash(bool, bool),
    Receive,
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (any::<bool>(), 0..6u8).prop_map(|(noor, number)| Step::Ring(noor, number)),
        1 => (any::<bool>(), 0..6u8).prop_map(|(noor, number)| Step::CallOff(noor, number)),
        4 => (0..5u8).prop_map(Step::Send),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(had, ends)| Step::Crash(had, ends)),
        1 => Just(Step::Receive),
        3 => (0..25_000u64).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever fails, hangs or dies: a page that was made, and that nobody has taken back, reaches a provider, or its
    /// time is over, or no channel of hers is left. And what is stored is what is known.
    #[test]
    fn no_page_is_lost(steps in steps()) {
        let mut scene = Scene::with(&[push(1), text()]);
        scene.act(|outbox, _, batch| outbox.put_channel(KARIM, push(2), batch)).unwrap();
        let mut rung: BTreeMap<PageId, (AccountKey, Timestamp)> = BTreeMap::new();
        let mut over: BTreeSet<PageId> = BTreeSet::new();
        let mut delivered: BTreeSet<PageId> = BTreeSet::new();
        let mut handles = Vec::new();
        for step in steps {
            match step {
                Step::Ring(noor, number) => {
                    let account = if noor { NOOR } else { KARIM };
                    let number = number + if noor { 0 } else { 100 };
                    if let Entry::Vacant(new) = rung.entry(page(number)) {
                        new.insert((account, scene.now));
                        scene.ring(account, number);
                    }
                }
                Step::CallOff(noor, number) => {
                    let account = if noor { NOOR } else { KARIM };
                    let number = number + if noor { 0 } else { 100 };
                    scene.call_off(account, number);
                    over.insert(page(number));
                }
                Step::Send(how) => {
                    for job in scene.lease() {
                        let sent = match how {
                            0 => Sent::Later(None),
                            1 => Sent::Later(Some(5_000)),
                            2 => Sent::Ours,
                            _ => Sent::Accepted,
                        };
                        if sent == Sent::Accepted && !job.over {
                            delivered.extend(job.sendings.iter().map(|(page, _)| *page));
                            handles.push(job.handle);
                        }
                        scene.settle(&job, sent);
                    }
                }
                Step::Crash(provider_had_it, ends) => {
                    for job in scene.lease() {
                        if provider_had_it && !job.over {
                            delivered.extend(job.sendings.iter().map(|(page, _)| *page));
                        }
                    }
                    if ends {
                        scene.restart();
                    }
                }
                Step::Receive => {
                    if let Some(handle) = handles.pop() {
                        scene.act(|outbox, now, batch| outbox.received(&handle, now, batch));
                    }
                }
                Step::Wait(ms) => scene.now = scene.now.plus_ms(ms),
            }
            scene.check();
        }
        // From now on nothing fails: everything that is left goes out, if there was time for it.
        let too_late = |at: Timestamp| at.plus_ms(RING_MS) <= scene.now.plus_ms(LEASE_MS);
        let excused: BTreeSet<PageId> = rung.iter().filter(|(_, (_, at))| too_late(*at)).map(|(page, _)| *page).collect();
        while let Some(due) = scene.outbox.poll_timeout() {
            scene.now = scene.now.max(due);
            for job in scene.lease() {
                if !job.over {
                    delivered.extend(job.sendings.iter().map(|(page, _)| *page));
                }
                scene.settle(&job, Sent::Accepted);
            }
            scene.check();
        }
        let end = scene.now;
        for (page, (account, at)) in rung {
            let refused = scene.refused.iter().filter(|(of, channel)| *of == page && channel_of(&account, channel));
            let channels = if account == NOOR { 2 } else { 1 };
            prop_assert!(
                delivered.contains(&page)
                    || over.contains(&page)
                    || refused.count() == channels
                    || excused.contains(&page),
                "{page:?}, made at {at:?}, was lost; now {end:?}"
            );
        }
    }
}

fn channel_of(account: &AccountKey, channel: &ChannelId) -> bool {
    [push(1), push(2), text()].iter().any(|way| channel_id(account, way) == *channel)
}

fn page(number: u8) -> PageId {
    PageId([number + 1; 16])
}

fn call(number: u8) -> CallId {
    CallId([number + 1; 16])
}

fn push(number: u8) -> Way {
    let endpoint = format!("https://updates.push.services.mozilla.com/{number}");
    Way::Push(PushSubscription { endpoint, key: Blob(vec![4; 65]), auth: Blob(vec![0; 16]) })
}

fn text() -> Way {
    Way::Text("+31612345678".to_owned())
}

fn voice() -> Way {
    Way::Voice("+31201234567".to_owned())
}

fn mail() -> Way {
    Way::Mail("noor@example.org".to_owned())
}

/// An outbox, and what of it is on disk.
struct Scene {
    outbox: Outbox,
    now: Timestamp,
    boot: u64,
    sendings: BTreeMap<SendingId, Vec<u8>>,
    channels: BTreeMap<AccountKey, Vec<u8>>,
    // Refused for good, over this channel.
    refused: BTreeSet<SendingId>,
}

impl Scene {
    fn with(noors: &[Way]) -> Self {
        let mut scene = Self {
            outbox: Outbox::new(0, SECRET),
            now: BEGIN,
            boot: 0,
            sendings: BTreeMap::new(),
            channels: BTreeMap::new(),
            refused: BTreeSet::new(),
        };
        for way in noors {
            scene.act(|outbox, _, batch| outbox.put_channel(NOOR, way.clone(), batch)).unwrap();
        }
        scene
    }

    fn act<T>(&mut self, act: impl FnOnce(&mut Outbox, Timestamp, &mut Batch) -> T) -> T {
        let mut batch = Batch::default();
        let done = act(&mut self.outbox, self.now, &mut batch);
        for op in batch.ops {
            match op {
                Op::PutSending { page, channel, record } => {
                    drop(self.sendings.insert((page, channel), record))
                }
                Op::RemoveSending { page, channel } => drop(self.sendings.remove(&(page, channel))),
                Op::PutChannels { account, record } => drop(self.channels.insert(account, record)),
                Op::Notify { .. } => {}
                other => panic!("an outbox does not do that: {other:?}"),
            }
        }
        done
    }

    // What the desk decides: a page for somebody.
    fn ring(&mut self, account: AccountKey, number: u8) {
        self.ring_page(account, number, number);
    }

    // A page of the call `number`.
    fn ring_page(&mut self, account: AccountKey, number: u8, of: u8) {
        self.ring_as(account, call(number), page(of));
    }

    fn ring_as(&mut self, account: AccountKey, call: CallId, page: PageId) {
        let of =
            Page { call, room: RoomId([3; 16]), page, page_epoch: 1, raised_at: self.now, why: Why::Call };
        self.notify(account, Notice::Page(of));
    }

    fn call_off(&mut self, account: AccountKey, number: u8) {
        self.notify(account, Notice::Taken { call: call(number), page: page(number) });
    }

    fn notify(&mut self, account: AccountKey, notice: Notice) {
        self.act(|outbox, now, batch| {
            batch.ops.push(Op::Notify { account, notice });
            outbox.follow(now, batch);
        });
    }

    fn lease(&mut self) -> Vec<Job> {
        self.act(|outbox, now, batch| outbox.lease(now, 256, batch))
    }

    fn settle(&mut self, job: &Job, sent: Sent) {
        if matches!(sent, Sent::Gone | Sent::Ours) {
            self.refused.extend(job.sendings.iter().copied());
        }
        self.act(|outbox, now, batch| outbox.settle(&job.sendings, sent, now, batch));
    }

    // Everything that is due, with one outcome for all.
    fn send(&mut self, sent: Sent) -> Vec<Way> {
        let jobs = self.lease();
        jobs.iter().for_each(|job| self.settle(job, sent));
        jobs.into_iter().map(|job| job.way).collect()
    }

    fn at(&mut self, ms: u64) {
        self.now = BEGIN.plus_ms(ms);
    }

    // Something has arrived over it before.
    fn works(&mut self, way: &Way) {
        let id = channel_id(&NOOR, way);
        self.act(|outbox, now, batch| outbox.exercise(NOOR, page(200), now, batch)).unwrap();
        for job in self.lease() {
            self.settle(&job, Sent::Accepted);
        }
        self.act(|outbox, now, batch| outbox.confirm(NOOR, id, now, batch));
        self.act(|outbox, _, batch| outbox.arrived(&NOOR, page(200), batch));
        assert!(matches!(self.health(way), Health::Works(_)));
        self.act(|outbox, now, batch| outbox.lease(now.plus_ms(RING_MS), 1, batch));
        assert!(self.outbox.is_empty());
        assert!(matches!(self.health(way), Health::Works(_)), "what she has confirmed is not missed");
    }

    fn health(&self, way: &Way) -> Health {
        let channels = self.outbox.channels(&NOOR);
        channels.iter().find(|channel| channel.way == *way).expect("hers").health
    }

    fn restart(&mut self) {
        self.boot += 1;
        self.outbox = self.stored();
    }

    fn stored(&self) -> Outbox {
        let mut outbox = Outbox::new(self.boot, SECRET);
        for (account, record) in &self.channels {
            outbox.restore_channels(*account, record).expect("a record");
        }
        self.sendings.values().for_each(|record| outbox.restore(record).expect("a record"));
        outbox
    }

    // What is on disk is what is in memory.
    fn check(&self) {
        let stored = self.stored();
        assert_eq!(stored.len(), self.outbox.len());
        assert_eq!(stored.poll_timeout(), self.outbox.poll_timeout());
        for account in [NOOR, KARIM] {
            assert_eq!(stored.channels(&account), self.outbox.channels(&account));
        }
    }
}
