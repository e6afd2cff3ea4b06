//! Who may speak in a peer room: what hosts rule, at the relay and at a client whose relay passes everything on.

use lotgenoot_client::messages::{self as ui, Command};
use lotgenoot_core::effect::Batch;
use lotgenoot_core::life::Presence;
use lotgenoot_core::room::{Input, Room, Tail};
use lotgenoot_protocol::floor::{Floor, Measure, Ruling, Silence};
use lotgenoot_protocol::frame::{Answer, EntryKind, Pong, Push, Request};
use lotgenoot_protocol::limits::{CLOSED_KEPT_MS, WITHOUT_HOST_MS};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::session::{Closed, SessionNotice};
use lotgenoot_protocol::words::Words;
use lotgenoot_protocol::{Blob, LeafKey, Refused, RoomId, codec};

use lotgenoot_tests::cast::Actor;

use crate::scene::{ROOM, Scene, not_allowed};
use crate::victim::hex;

#[test]
fn nobody_hears_who_is_muted_even_if_the_relay_lets_her() {
    let mut scene = Scene::new(RoomKind::Peer);
    let muted = scene.second.leaf();
    rules(&mut scene, 1, Measure::Mute { leaf: muted });
    let words = scene.second.speaks("Nu jij");
    let refused = scene.handle(muted, Input::Send(words.clone()));
    assert!(matches!(refused, Err(Refused::Silenced { why: Silence::Muted { .. } })));
    scene.victim.entry(ROOM, EntryKind::Application, &words);
    assert!(scene.victim.read(ROOM).is_empty());
    rules(&mut scene, 2, Measure::Unmute { leaf: muted });
    let words = scene.second.speaks("Dank je");
    scene.handle(muted, Input::Send(words.clone())).expect("she may");
    scene.victim.entry(ROOM, EntryKind::Application, &words);
    assert_eq!(scene.victim.read(ROOM), ["Dank je"]);
}

#[test]
fn who_is_muted_can_still_leave_and_renew_her_leaf() {
    let mut scene = Scene::new(RoomKind::Peer);
    let muted = scene.second.leaf();
    rules(&mut scene, 1, Measure::Mute { leaf: muted });
    let update = scene.second.commits(|builder| builder.force_self_update(true));
    scene.passes(muted, &update);
    let leave = scene.second.leaves();
    scene.handle(muted, Input::Propose(leave)).expect("she may always go");
}

#[test]
fn words_that_do_not_say_so_are_shown_to_nobody() {
    let mut scene = Scene::new(RoomKind::Peer);
    let muted = scene.second.leaf();
    // Whoever came in later does not know of it.
    let ruling = Ruling::new(&scene.founder.key, ROOM, 1, Measure::Mute { leaf: muted });
    scene.handle(scene.founder.leaf(), Input::Rule(ruling)).expect("a host rules");
    // In disguise they pass the relay, which cannot look into them.
    let words = scene.second.words("Toch");
    let disguised = scene.second.speaks_as(&words, &[]);
    scene.handle(muted, Input::Send(disguised.clone())).expect("the relay sees no words");
    scene.victim.entry(ROOM, EntryKind::Application, &disguised);
    let borrowed = scene.second.speaks_as(&words, &[8; 16]);
    scene.victim.entry(ROOM, EntryKind::Application, &borrowed);
    assert!(scene.victim.read(ROOM).is_empty());
    let odd = scene.second.speaks_as(&words, &[8; 15]);
    let answer = scene.handle(muted, Input::Send(odd));
    assert!(matches!(answer, Err(Refused::Invalid { .. })), "the relay takes no other authenticated data");
}

#[test]
fn who_is_held_says_what_a_host_let_through_and_only_that() {
    let mut scene = Scene::new(RoomKind::Peer);
    let held = scene.second.leaf();
    rules(&mut scene, 1, Measure::Hold { leaf: held });
    let other = scene.second.speaks("Iets anders");
    let refused = scene.handle(held, Input::Send(other.clone()));
    assert_eq!(refused, Err(Refused::Silenced { why: Silence::Held }));
    let hello = scene.second.words("Hallo allemaal");
    rules(&mut scene, 2, Measure::LetThrough { leaf: held, message: hello.id() });
    scene.victim.entry(ROOM, EntryKind::Application, &other);
    let words = scene.second.speaks_as(&hello, &hello.id().0);
    scene.handle(held, Input::Send(words.clone())).expect("it was let through");
    scene.victim.entry(ROOM, EntryKind::Application, &words);
    assert_eq!(scene.victim.read(ROOM), ["Hallo allemaal"]);
    let again = scene.second.speaks_as(&hello, &hello.id().0);
    assert_eq!(scene.handle(held, Input::Send(again)), Err(Refused::Silenced { why: Silence::Held }));
}

/// What was let through is these words of hers: under their id nothing else is heard, and from nobody else.
#[test]
fn nothing_else_is_heard_in_place_of_what_was_let_through() {
    let mut scene = Scene::new(RoomKind::Peer);
    let held = scene.second.leaf();
    rules(&mut scene, 1, Measure::Hold { leaf: held });
    let seen = scene.second.words("Ik ben blij dat ik hier ben");
    rules(&mut scene, 2, Measure::LetThrough { leaf: held, message: seen.id() });
    let instead = scene.second.words("Ik weet waar je woont");
    let instead = scene.second.speaks_as(&instead, &seen.id().0);
    scene.handle(held, Input::Send(instead.clone())).expect("the relay sees the id alone");
    scene.victim.entry(ROOM, EntryKind::Application, &instead);
    assert!(scene.victim.read(ROOM).is_empty());
    rules(&mut scene, 3, Measure::Release { leaf: held });
    // Words that somebody else has signed, or hers for another room: nobody could hold her to them.
    let anothers = scene.founder.words("Dit zei ik niet");
    let elsewhere = Words::new(&scene.second.key, RoomId([9; 16]), [1; 16], "Elders".to_owned());
    for words in [anothers, elsewhere] {
        let message = scene.second.speaks_as(&words, &words.id().0);
        scene.victim.entry(ROOM, EntryKind::Application, &message);
    }
    assert!(scene.victim.read(ROOM).is_empty());
    let message = scene.second.speaks_as(&seen, &seen.id().0);
    scene.victim.entry(ROOM, EntryKind::Application, &message);
    assert_eq!(scene.victim.read(ROOM), ["Ik ben blij dat ik hier ben"]);
}

#[test]
fn a_newcomer_is_held_from_her_first_word_if_the_hosts_want_to_see_it_first() {
    let mut scene = Scene::new(RoomKind::Peer);
    rules(&mut scene, 1, Measure::Newcomers { words: 1 });
    let mut newcomer = Actor::person();
    let package = newcomer.key_package(crate::cast::FAST);
    let add = scene.founder.commits(|builder| builder.propose_adds([package]));
    scene.passes(scene.founder.leaf(), &add);
    newcomer.joins(&scene.invitation(newcomer.leaf()));
    let words = newcomer.speaks("Dag");
    let answer = scene.handle(newcomer.leaf(), Input::Send(words.clone()));
    assert_eq!(answer, Err(Refused::Silenced { why: Silence::Held }));
    scene.victim.entry(ROOM, EntryKind::Application, &words);
    assert!(scene.victim.read(ROOM).is_empty());
}

#[test]
fn a_slow_room_asks_participants_to_wait_and_not_hosts() {
    let mut scene = Scene::new(RoomKind::Peer);
    rules(&mut scene, 1, Measure::Slow { seconds: 30 });
    let person = scene.second.leaf();
    let first = scene.second.speaks("Eén");
    scene.handle(person, Input::Send(first)).expect("the first");
    let second = scene.second.speaks("Twee");
    let until = scene.now.plus_ms(30_000);
    let refused = scene.handle(person, Input::Send(second.clone()));
    assert_eq!(refused, Err(Refused::Silenced { why: Silence::Slow { until } }));
    for words in ["Neem de tijd.", "Ik lees mee."] {
        let words = scene.founder.speaks(words);
        scene.handle(scene.founder.leaf(), Input::Send(words)).expect("a host");
    }
    scene.now = until;
    scene.relay.attended(Presence::FULL, scene.now, &mut Batch::default());
    scene.handle(person, Input::Send(second)).expect("half a minute later");
}

/// A refused batch is forgotten by taking the room from its record again. The hosts have not gone for that.
#[test]
fn a_room_taken_from_its_record_while_a_host_is_here_stays_open() {
    let mut scene = Scene::new(RoomKind::Peer);
    let tail = Tail { head: scene.relay.head(), ..Tail::default() };
    let mut again = Room::from_record(ROOM, &scene.relay.to_record(), tail.clone()).unwrap();
    again.restarted(scene.now);
    again.here_as(&scene.relay);
    let mut later = Batch::default();
    again.handle_timeout(scene.now.plus_ms(WITHOUT_HOST_MS), &mut later);
    assert!(later.is_empty());
    // And who had gone before has gone still.
    scene.relay.attended(Presence::NONE, scene.now, &mut Batch::default());
    let mut again = Room::from_record(ROOM, &scene.relay.to_record(), tail).unwrap();
    again.restarted(scene.now.plus_ms(30_000));
    again.here_as(&scene.relay);
    again.handle_timeout(scene.now.plus_ms(WITHOUT_HOST_MS), &mut later);
    assert!(!later.is_empty());
}

#[test]
fn only_a_host_who_is_in_the_room_rules_and_each_number_once() {
    let mut scene = Scene::new(RoomKind::Peer);
    let (leaf, number) = (scene.victim.leaf, 1);
    let measure = Measure::Mute { leaf };
    let by_a_person = Ruling::new(&scene.second.key, ROOM, number, measure.clone());
    let answer = scene.handle(scene.second.leaf(), Input::Rule(by_a_person.clone()));
    assert_eq!(answer, not_allowed(Rule::Stranger));
    let anothers = Ruling::new(&scene.founder.key, ROOM, number, measure.clone());
    let answer = scene.handle(scene.second.leaf(), Input::Rule(anothers.clone()));
    assert_eq!(answer, not_allowed(Rule::Stranger));
    let forged = Ruling { measure: Measure::Mute { leaf: LeafKey([1; 32]) }, ..anothers.clone() };
    let answer = scene.handle(scene.founder.leaf(), Input::Rule(forged.clone()));
    assert!(matches!(answer, Err(Refused::Invalid { .. })));
    // A relay that passes them on convinces nobody.
    for ruling in [by_a_person, forged] {
        scene.victim.entry(ROOM, EntryKind::Ruling, &Blob(codec::to_vec(&ruling)));
    }
    let muted = Measure::Mute { leaf: scene.second.leaf() };
    let elsewhere = Ruling::new(&scene.founder.key, RoomId([9; 16]), 1, muted);
    scene.victim.entry(ROOM, EntryKind::Ruling, &Blob(codec::to_vec(&elsewhere)));
    let words = scene.second.speaks("Hier ben ik");
    scene.victim.entry(ROOM, EntryKind::Application, &words);
    assert_eq!(scene.victim.read(ROOM), ["Hier ben ik"]);

    rules(&mut scene, 1, Measure::Slow { seconds: 20 });
    let again = Ruling::new(&scene.founder.key, ROOM, 1, Measure::Slow { seconds: 60 });
    let answer = scene.handle(scene.founder.leaf(), Input::Rule(again));
    assert_eq!(answer, Err(Refused::Exists), "of two who rule at once one looks again");
}

#[test]
fn without_a_host_for_a_minute_nobody_speaks_and_with_her_they_do() {
    let mut scene = Scene::new(RoomKind::Peer);
    scene.relay.attended(Presence::NONE, scene.now, &mut Batch::default());
    // Whatever is handed in takes eleven seconds here.
    scene.now = scene.now.plus_ms(59_999 - 11_000);
    let words = scene.second.speaks("Is er nog iemand?");
    scene.handle(scene.second.leaf(), Input::Send(words)).expect("within the minute");
    scene.now = scene.now.plus_ms(1);
    scene.now = lotgenoot_protocol::Timestamp(scene.now.0 - 11_000);
    let words = scene.second.speaks("Hallo?");
    let refused = scene.handle(scene.second.leaf(), Input::Send(words.clone()));
    assert_eq!(refused, Err(Refused::Silenced { why: Silence::NotOpen }));
    let update = scene.second.commits(|builder| builder.force_self_update(true));
    scene.passes(scene.second.leaf(), &update);
    let mut batch = Batch::default();
    scene.relay.attended(Presence::FULL, scene.now, &mut batch);
    assert_eq!(batch.ops.len(), 3, "frozen, going on, and the record");
    let words = scene.second.speaks("Hallo!");
    let answer = scene.handle(scene.second.leaf(), Input::Send(words));
    assert!(matches!(answer, Ok(Answer::Accepted(_))));
}

// The founder, a host, rules; everybody hears it.
fn rules(scene: &mut Scene, number: u64, measure: Measure) {
    let ruling = Ruling::new(&scene.founder.key, ROOM, number, measure);
    scene.handle(scene.founder.leaf(), Input::Rule(ruling.clone())).expect("a host rules");
    scene.victim.entry(ROOM, EntryKind::Ruling, &Blob(codec::to_vec(&ruling)));
}

#[test]
fn a_host_rules_and_where_another_was_first_hers_comes_after() {
    let mut scene = Scene::new(RoomKind::Peer);
    let muted = scene.second.leaf();
    let begin = scene.victim.asked.len();
    let measure = ui::Measure::Mute { member: hex_of(&muted) };
    scene.victim.member.command(Command::Rule { room: hex(ROOM), measure }, scene.victim.now);
    scene.victim.take();
    let first = asked(&scene, begin);
    // The other host's ruling has the place: she hears of the refusal before she reads the ruling.
    let (request, _) = scene.victim.last_request(|request| matches!(request, Request::PutRuling(_)));
    rules(&mut scene, 1, Measure::Slow { seconds: 20 });
    assert_eq!(scene.handle(scene.victim.leaf, Input::Rule(first)), Err(Refused::Exists));
    scene.victim.reply(request, Answer::Refused(Refused::Exists));
    let second = asked(&scene, begin + 1);
    assert_eq!(second.number, 2);
    scene.handle(scene.victim.leaf, Input::Rule(second.clone())).expect("a host rules");
    scene.victim.entry(ROOM, EntryKind::Ruling, &Blob(codec::to_vec(&second)));
    let floor = &scene.victim.view(ROOM).floor;
    assert_eq!((floor.slow_seconds, floor.muted.len()), (20, 1));
    assert_eq!(scene.victim.asked.iter().filter(|it| matches!(it.request, Request::PutRuling(_))).count(), 2);
}

#[test]
fn a_refusal_that_comes_first_does_not_ask_again_before_the_others_ruling_is_read() {
    let mut scene = Scene::new(RoomKind::Peer);
    let measure = ui::Measure::Slow { seconds: 60 };
    scene.victim.member.command(Command::Rule { room: hex(ROOM), measure }, scene.victim.now);
    scene.victim.take();
    let (request, _) = scene.victim.last_request(|request| matches!(request, Request::PutRuling(_)));
    let before = scene.victim.asked.len();
    scene.victim.reply(request, Answer::Refused(Refused::Exists));
    assert_eq!(scene.victim.asked.len(), before, "nothing to ask yet");
    rules(&mut scene, 1, Measure::Newcomers { words: 3 });
    assert_eq!(asked(&scene, before).number, 2);
}

#[test]
fn in_a_slow_room_her_words_wait_and_go_by_themselves_whatever_her_clock_says() {
    for ahead in [0, 10_000, 7_200_000] {
        let mut scene = Scene::new(RoomKind::Peer);
        scene.victim.says(ROOM, "Eén");
        let sends = |request: &Request| matches!(request, Request::Send(_));
        let (request, first) = scene.victim.last_request(sends);
        let until = scene.victim.now.plus_ms(ahead);
        scene.victim.reply(request, Answer::Refused(Refused::Silenced { why: Silence::Slow { until } }));
        let before = scene.victim.asked.len();
        scene.victim.now = scene.victim.now.plus_ms(999);
        scene.victim.member.handle_timeout(scene.victim.now);
        scene.victim.take();
        assert!(!scene.victim.asked[before..].iter().any(|frame| sends(&frame.request)), "{ahead}");
        scene.victim.now = scene.victim.now.plus_ms(60_000);
        scene.victim.member.handle_timeout(scene.victim.now);
        scene.victim.take();
        assert_eq!(scene.victim.last_request(sends), (request, first), "{ahead}: the same request again");
        assert!(scene.victim.asked[before..].iter().any(|frame| sends(&frame.request)), "{ahead}");
    }
}

#[test]
fn what_a_host_ruled_is_asked_again_after_a_reload() {
    let mut scene = Scene::new(RoomKind::Peer);
    let measure = ui::Measure::Slow { seconds: 30 };
    scene
        .victim
        .member
        .command(Command::Rule { room: hex(ROOM), measure: measure.clone() }, scene.victim.now);
    scene.victim.take();
    let vault = scene.victim.vault();
    let mut victim = scene.victim.after_a_reload(vault);
    victim.signs_in(&scene.organisation.head(3));
    let view = victim.view(ROOM).clone();
    assert_eq!(view.floor.slow_seconds, 0, "it is not in the log yet");
    let epoch = scene.relay.epoch();
    let head = scene.relay.head();
    victim
        .attaches(ROOM, lotgenoot_protocol::frame::Attached { head, epoch, invitation: None, session: None });
    let ruled = |victim: &crate::victim::Victim| {
        victim.asked.iter().any(|frame| match &frame.request {
            Request::PutRuling(put) => put.ruling.measure == Measure::Slow { seconds: 30 },
            _ => false,
        })
    };
    assert!(ruled(&victim));
}

fn asked(scene: &Scene, from: usize) -> Ruling {
    let ruling = scene.victim.asked[from..].iter().rev().find_map(|frame| match &frame.request {
        Request::PutRuling(put) => Some(put.ruling.clone()),
        _ => None,
    });
    ruling.expect("she asks for it")
}

fn hex_of(leaf: &LeafKey) -> String {
    leaf.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The co-hosts press "open" at once: one of them finds it open, and both go on ruling.
#[test]
fn two_hosts_who_open_at_once_both_rule_on() {
    let mut scene = Scene::new(RoomKind::Peer);
    let open = Measure::Open { alone: false, unstaffed: false, session: None };
    rules(&mut scene, 1, open.clone());
    rules(&mut scene, 2, open);
    let measure = ui::Measure::Slow { seconds: 60 };
    let before = scene.victim.asked.len();
    scene.victim.member.command(Command::Rule { room: hex(ROOM), measure }, scene.victim.now);
    scene.victim.take();
    let ruling = asked(&scene, before);
    assert_eq!(ruling.number, 3);
    scene.handle(scene.victim.leaf, Input::Rule(ruling)).expect("a host rules");
}

/// A host gone bad says a floor that nobody has ruled: nobody is silenced by it, and hosts go on ruling.
#[test]
fn a_floor_that_nobody_ruled_is_nobodys() {
    let mut scene = Scene::new(RoomKind::Peer);
    let person = scene.second.leaf();
    rules(&mut scene, 1, Measure::Slow { seconds: 20 });
    let mut made_up = Floor::default();
    let far = Ruling::new(&scene.founder.key, ROOM, u64::MAX, Measure::Hold { leaf: person });
    made_up.apply(&far, scene.now);
    // `[9, [floor]]`.
    let bytes = [&[0x82, 0x09, 0x81][..], &codec::to_vec(&made_up)].concat();
    let said = scene.founder.says(&lotgenoot_protocol::pad::pad(&bytes));
    scene.handle(scene.founder.leaf(), Input::Send(said.clone())).expect("the relay cannot read it");
    scene.victim.entry(ROOM, EntryKind::Application, &said);
    let words = scene.second.speaks("Ik ben er nog");
    scene.victim.entry(ROOM, EntryKind::Application, &words);
    assert_eq!(scene.victim.read(ROOM), ["Ik ben er nog"]);
    let before = scene.victim.asked.len();
    let measure = ui::Measure::Slow { seconds: 0 };
    scene.victim.member.command(Command::Rule { room: hex(ROOM), measure }, scene.victim.now);
    scene.victim.take();
    assert_eq!(asked(&scene, before).number, 2);
}

#[test]
fn nothing_is_ruled_about_somebody_who_is_not_here() {
    let mut scene = Scene::new(RoomKind::Peer);
    let measure = Measure::Mute { leaf: LeafKey([7; 32]) };
    let ruling = Ruling::new(&scene.founder.key, ROOM, 1, measure);
    let refused = scene.handle(scene.founder.leaf(), Input::Rule(ruling));
    assert_eq!(refused, Err(Refused::UnknownRoom));
}

/// A phone whose clock is half an hour slow: she is silent for ten minutes of it, and not for forty.
#[test]
fn how_long_she_is_silent_does_not_depend_on_her_own_clock() {
    let mut scene = Scene::new(RoomKind::Peer);
    let ahead = 1_800_000;
    let now = scene.victim.now.plus_ms(ahead);
    let pong = Pong { now, open: Vec::new(), calendar: 0, sessions: Vec::new(), services: Vec::new() };
    scene.victim.push(Push::Open(pong));
    let measure = Measure::Mute { leaf: scene.second.leaf() };
    let ruling = Ruling::new(&scene.founder.key, ROOM, 1, measure);
    let here = scene.victim.now;
    scene.victim.now = now;
    scene.victim.entry(ROOM, EntryKind::Ruling, &Blob(codec::to_vec(&ruling)));
    scene.victim.now = here;
    assert_eq!(
        scene.victim.view(ROOM).floor.muted,
        [(hex_of(&scene.second.leaf()), here.plus_ms(600_000).0)]
    );
    // And what she rules is meant as her clock shows it.
    let before = scene.victim.asked.len();
    let measure = ui::Measure::Until { at: here.plus_ms(3_600_000).0 };
    scene.victim.member.command(Command::Rule { room: hex(ROOM), measure }, here);
    scene.victim.take();
    assert_eq!(asked(&scene, before).measure, Measure::Until { at: now.plus_ms(3_600_000) });
}

#[test]
fn an_hour_after_a_session_is_over_she_leaves_by_herself_with_all_she_has_of_it() {
    let mut scene = Scene::new(RoomKind::Peer);
    let leaves =
        |scene: &Scene| scene.victim.asked.iter().any(|frame| matches!(frame.request, Request::Propose(_)));
    let closed = SessionNotice::Closed { why: Closed::Ended };
    scene.victim.entry(ROOM, EntryKind::Session, &Blob(codec::to_vec(&closed)));
    let over = scene.victim.now;
    assert_eq!(scene.victim.member.poll_timeout().map(|at| at <= over.plus_ms(CLOSED_KEPT_MS)), Some(true));
    for (ms, gone) in [(CLOSED_KEPT_MS - 1, false), (CLOSED_KEPT_MS, true)] {
        scene.victim.now = over.plus_ms(ms);
        scene.victim.member.handle_timeout(scene.victim.now);
        scene.victim.take();
        assert_eq!(leaves(&scene), gone, "{ms}");
    }
}

/// What stands in the calendar is a moment, and not what her clock makes of it.
#[test]
fn a_session_ends_as_planned_whatever_the_hosts_clock_says() {
    let mut scene = Scene::new(RoomKind::Peer);
    let now = scene.victim.now.plus_ms(1_800_000);
    let pong = Pong { now, open: Vec::new(), calendar: 0, sessions: Vec::new(), services: Vec::new() };
    scene.victim.push(Push::Open(pong));
    let before = scene.victim.asked.len();
    let at = now.plus_ms(3_600_000);
    let measure = ui::Measure::UntilPlanned { at: at.0 };
    scene.victim.member.command(Command::Rule { room: hex(ROOM), measure }, scene.victim.now);
    scene.victim.take();
    assert_eq!(asked(&scene, before).measure, Measure::Until { at });
}
