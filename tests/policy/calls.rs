//! A help call at both of its ends, whatever the relay's answers and pages do on their way.

use lotgenoot_client::messages::{CallState, Command, Event, Intake, Reason, Wants};
use lotgenoot_client::{Identity, Member};
use lotgenoot_protocol::call::{Acknowledgement, CallNotice, Part, Why, verify_reply};
use lotgenoot_protocol::frame::{
    Accepted, Answer, AskDuty, Attached, ClaimKeyPackages, Duty, EntryKind, InboxEntry, KeyPackages, Notice,
    OnDuty, Page, Pong, Push, Raise, Request,
};
use lotgenoot_protocol::mls::{CREDENTIAL_TYPE, ROLE_EXTENSION, RoomKind};
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::sign::{Purpose, sign};
use lotgenoot_protocol::{
    AccountKey, AskId, Blob, CallId, Epoch, LeafKey, PageId, Refused, RequestId, RoomId, Seq, Serial,
    Timestamp, codec, pad,
};

use ed25519_dalek::SigningKey;
use lotgenoot_core::effect::Batch;
use lotgenoot_core::room::Room;
use openmls::prelude::{Capabilities, CredentialType, ExtensionType};

use crate::cast::{FAST, Organisation};
use crate::scene::{ROOM, Scene};
use crate::victim::{Victim, options};
use lotgenoot_tests::cast::{Actor, key_package_bytes};

#[test]
fn a_refusal_from_before_her_call_was_stored_does_not_take_the_call_away() {
    let organisation = Organisation::new();
    let (mut person, room) = has_called(&organisation);
    // Her connection is lost before the relay says anything, so that on the next one both are asked at once: the
    // call, and to read its room. The relay looks for the room first, and says so last.
    person.member.disconnected(person.now);
    person.asked.clear();
    person.signs_in(&organisation.head(3));
    let too_early = wish_to_read(&person, room);
    is_stored(&mut person);
    let (after, _) = person.last_request(|request| matches!(request, Request::Attach(_)));
    assert_ne!(after, too_early, "she asks again now that it is stored");
    person.reply(too_early, Answer::Refused(Refused::UnknownRoom));
    assert!(person.gone.is_empty());
    person.reply(
        after,
        Answer::Attached(Attached { head: Seq(0), epoch: Epoch(0), invitation: None, session: None }),
    );
    assert_eq!(person.view(room).members.len(), 1);
    assert_eq!(state(&person), CallState::Stored);
}

#[test]
fn a_call_that_the_relay_does_not_know_any_more_is_raised_anew_and_not_shown_as_stored() {
    let organisation = Organisation::new();
    let (mut person, room) = has_called(&organisation);
    is_stored(&mut person);
    let asked = wish_to_read(&person, room);
    person.reply(asked, Answer::Refused(Refused::UnknownRoom));
    assert_eq!(state(&person), CallState::NotSent);
    person.asked.clear();
    person.now = person.now.plus_ms(10_000);
    person.member.handle_timeout(person.now);
    person.take();
    let again = raise(&mut person);
    assert_ne!(again, room, "in a room of its own: the old one may come back");
    is_stored(&mut person);
    assert_eq!(state(&person), CallState::Stored);
}

#[test]
fn what_she_said_just_before_she_closed_arrives_before_it_is_closed() {
    let organisation = Organisation::new();
    let (mut person, room) = has_called(&organisation);
    is_stored(&mut person);
    let wish = wish_to_read(&person, room);
    let attached = Attached { head: Seq(0), epoch: Epoch(0), invitation: None, session: None };
    person.reply(wish, Answer::Attached(attached));
    let intake = last_raise(&person).intake;
    person.entry(room, EntryKind::Application, &intake);
    let said = person.says(room, "Hij komt thuis. Ik moet weg.");
    let (call, _) = seen_calls(&person).pop().expect("her call");
    person.member.command(Command::CloseCall { call: call.clone() }, person.now);
    person.take();
    assert!(!wants_to_close(&person), "her words are still on their way, and nobody reads what comes later");
    person.entry(room, EntryKind::Application, &said);
    assert!(wants_to_close(&person), "they have arrived");

    // With nothing on its way it is closed at once.
    person.asked.clear();
    person.member.command(Command::CloseCall { call }, person.now);
    person.take();
    assert!(wants_to_close(&person));
}

fn wants_to_close(person: &Victim) -> bool {
    person.asked.iter().any(|frame| matches!(frame.request, Request::CloseCall(_)))
}

#[test]
fn a_page_of_a_new_round_is_not_answered_by_what_belongs_to_the_round_before() {
    let mut scene = Scene::new(RoomKind::Help);
    let paged = |page: u8, page_epoch: u32| {
        let (call, page) = (CallId([1; 16]), PageId([page; 16]));
        Page { call, room: ROOM, page, page_epoch, raised_at: scene.now, why: Why::Call }
    };
    let organisation = scene.organisation.trust.organisation();
    let acknowledges = |page: &Page| {
        let second = &scene.second;
        Acknowledgement::new(&second.key, organisation, page, Serial(second.name.0))
    };
    let (ack, again) = (acknowledges(&paged(2, 1)), acknowledges(&paged(4, 2)));
    // The inbox is read before the room's log: the page of the second round is there first.
    let paged = paged(3, 2);
    scene.victim.push(Push::Inbox(InboxEntry { seq: Seq(100), notice: Notice::Page(paged) }));
    let wanted = CallState::WantsYou { key_on_its_way: false, what: Wants::Call };
    assert_eq!(state(&scene.victim), wanted);
    for notice in [CallNotice::Acknowledged(ack), CallNotice::LeadLost] {
        scene.victim.entry(ROOM, EntryKind::Call, &Blob(codec::to_vec(&notice)));
        assert_eq!(state(&scene.victim), wanted, "{notice:?}");
    }
    scene.victim.entry(ROOM, EntryKind::Call, &Blob(codec::to_vec(&CallNotice::Acknowledged(again))));
    assert_eq!(state(&scene.victim), CallState::NotYours);
}

#[test]
fn a_page_for_a_call_that_goes_on_is_not_taken_away_by_what_began_it() {
    let mut scene = Scene::new(RoomKind::Help);
    let page = |page: u8, page_epoch: u32| {
        let (call, page) = (CallId([1; 16]), PageId([page; 16]));
        Page { call, room: ROOM, page, page_epoch, raised_at: Timestamp(0), why: Why::Call }
    };
    let paged = |seq: u64, page: Page| Push::Inbox(InboxEntry { seq: Seq(seq), notice: Notice::Page(page) });
    scene.victim.push(paged(100, page(2, 1)));
    let (organisation, serial) = (scene.organisation.trust.organisation(), Serial(scene.second.name.0));
    let ack = Acknowledgement::new(&scene.second.key, organisation, &page(2, 1), serial);
    tells(&mut scene, &CallNotice::Acknowledged(ack));
    scene.victim.push(paged(101, page(3, 2)));
    tells(&mut scene, &CallNotice::Closed);
    tells(&mut scene, &CallNotice::Reopened);
    let wanted = CallState::WantsYou { key_on_its_way: false, what: Wants::Call };
    assert_eq!(state(&scene.victim), wanted);
}

#[test]
fn two_requests_to_one_colleague_are_both_there_and_afterwards_she_is_what_she_was() {
    let mut scene = Scene::new(RoomKind::Help);
    let page = |page: u8, why: Why| {
        let (call, page) = (CallId([1; 16]), PageId([page; 16]));
        Page { call, room: ROOM, page, page_epoch: 1, raised_at: Timestamp(0), why }
    };
    let mut seq = 100;
    let mut inbox = |scene: &mut Scene, notice: Notice| {
        seq += 1;
        scene.victim.push(Push::Inbox(InboxEntry { seq: Seq(seq), notice }));
    };
    let taken = |number: u8| Notice::Taken { call: CallId([1; 16]), page: PageId([number; 16]) };
    let wanted = |what: Wants| CallState::WantsYou { key_on_its_way: false, what };
    inbox(&mut scene, Notice::Page(page(2, Why::Call)));
    let (organisation, serial) = (scene.organisation.trust.organisation(), Serial(scene.second.name.0));
    let ack = Acknowledgement::new(&scene.second.key, organisation, &page(2, Why::Call), serial);
    tells(&mut scene, &CallNotice::Acknowledged(ack));
    let before = state(&scene.victim);
    assert_eq!(before, CallState::NotYours);

    inbox(&mut scene, Notice::Page(page(3, Why::TakeOver(AskId([1; 16])))));
    inbox(&mut scene, Notice::Page(page(4, Why::Assist(AskId([2; 16])))));
    assert_eq!(state(&scene.victim), wanted(Wants::Assist));
    inbox(&mut scene, taken(4));
    assert_eq!(state(&scene.victim), wanted(Wants::TakeOver), "the other request still stands");
    // Asked once more, it is the same request.
    inbox(&mut scene, Notice::Page(page(5, Why::TakeOver(AskId([1; 16])))));
    inbox(&mut scene, taken(3));
    assert_eq!(state(&scene.victim), wanted(Wants::TakeOver));
    inbox(&mut scene, Notice::Page(page(6, Why::Assist(AskId([3; 16])))));
    // The older of both is over first.
    inbox(&mut scene, taken(5));
    assert_eq!(state(&scene.victim), wanted(Wants::Assist));
    let call = hex_of(&[1; 16]);
    scene.victim.member.command(Command::Decline { call, reason: Reason::Busy }, scene.now);
    scene.victim.take();
    assert_eq!(state(&scene.victim), before);
}

#[test]
fn whoever_helped_before_and_takes_over_later_is_shown_as_lead() {
    let mut scene = Scene::new(RoomKind::Help);
    let mut third = comes(&mut scene);
    let page = |page: u8, why: Why| {
        let (call, page) = (CallId([1; 16]), PageId([page; 16]));
        Page { call, room: ROOM, page, page_epoch: 1, raised_at: Timestamp(0), why }
    };
    let notice = Notice::Page(page(2, Why::Call));
    scene.victim.push(Push::Inbox(InboxEntry { seq: Seq(100), notice }));
    let organisation = scene.organisation.trust.organisation();
    let serial = Serial(scene.second.name.0);
    let ack = Acknowledgement::new(&scene.second.key, organisation, &page(2, Why::Call), serial);
    tells(&mut scene, &CallNotice::Acknowledged(ack));
    let (help, over) = (AskId([7; 16]), AskId([8; 16]));
    for (ask, part, why) in
        [(help, Part::Assists, Why::Assist(help)), (over, Part::TakesOver, Why::TakeOver(over))]
    {
        asks(&mut scene, ask, part);
        tells(&mut scene, &CallNotice::Asked { ask, part, service: "veilig-thuis".to_owned() });
        let serial = Serial(third.name.0);
        let ack = Acknowledgement::new(&third.key, organisation, &page(3, why), serial);
        tells(&mut scene, &CallNotice::Accepted(ack));
    }
    let words = third.speaks("Ik neem het over");
    scene.victim.entry(ROOM, EntryKind::Application, &words);
    tells(&mut scene, &CallNotice::HandedOver { ask: over });
    assert_eq!(lead(&scene.victim), Some(hex_of(&third.leaf().0)));
}

#[test]
fn a_call_that_goes_on_with_nobody_there_has_no_lead() {
    let mut scene = Scene::new(RoomKind::Help);
    let (call, page) = (CallId([1; 16]), PageId([2; 16]));
    let page = Page { call, room: ROOM, page, page_epoch: 1, raised_at: Timestamp(0), why: Why::Call };
    scene.victim.push(Push::Inbox(InboxEntry { seq: Seq(100), notice: Notice::Page(page.clone()) }));
    let (organisation, serial) = (scene.organisation.trust.organisation(), Serial(scene.second.name.0));
    let ack = Acknowledgement::new(&scene.second.key, organisation, &page, serial);
    for notice in
        [CallNotice::Acknowledged(ack), CallNotice::Closed, CallNotice::Reopened, CallNotice::Unstaffed]
    {
        tells(&mut scene, &notice);
    }
    assert_eq!(lead(&scene.victim), None);
}

#[test]
fn words_she_writes_before_she_reads_that_she_leads_are_her_first_words() {
    let mut scene = Scene::new(RoomKind::Help);
    let call = CallId([1; 16]);
    let page = PageId([2; 16]);
    let paged = Page { call, room: ROOM, page, page_epoch: 1, raised_at: scene.now, why: Why::Call };
    scene.victim.push(Push::Inbox(InboxEntry { seq: Seq(100), notice: Notice::Page(paged) }));
    let now = scene.victim.now;
    scene.victim.member.command(Command::Acknowledge { call: hex_of(&call.0) }, now);
    scene.victim.says(ROOM, "Ik ben er");
    let (_, request) = scene.victim.last_request(|request| matches!(request, Request::Send(_)));
    let Request::Send(send) = request else { unreachable!("it was looked for") };
    let signature = send.lead_signature.expect("they prove that they are hers");
    assert!(verify_reply(&scene.victim.leaf, call, &send.message, &signature));
}

#[test]
fn nobody_is_shown_as_lead_whom_the_lead_has_not_asked_whatever_the_relay_says() {
    let ask = AskId([7; 16]);
    let taken_over = |lead_says_so: bool, writes: bool| {
        let mut scene = Scene::new(RoomKind::Help);
        let call = CallId([1; 16]);
        let mut third = comes(&mut scene);
        let organisation = scene.organisation.trust.organisation();
        let page = |why: Why| Page {
            call,
            room: ROOM,
            page: PageId([2; 16]),
            page_epoch: 1,
            raised_at: Timestamp(0),
            why,
        };
        scene.victim.push(Push::Inbox(InboxEntry { seq: Seq(100), notice: Notice::Page(page(Why::Call)) }));
        // The victim is a colleague who reads along: the second leads.
        let serial = Serial(scene.second.name.0);
        let ack = Acknowledgement::new(&scene.second.key, organisation, &page(Why::Call), serial);
        tells(&mut scene, &CallNotice::Acknowledged(ack));
        if lead_says_so {
            asks(&mut scene, ask, Part::TakesOver);
        }
        tells(
            &mut scene,
            &CallNotice::Asked { ask, part: Part::TakesOver, service: "veilig-thuis".to_owned() },
        );
        let serial = Serial(third.name.0);
        let ack = Acknowledgement::new(&third.key, organisation, &page(Why::TakeOver(ask)), serial);
        tells(&mut scene, &CallNotice::Accepted(ack));
        if writes {
            let words = third.speaks("Ik neem het over");
            scene.victim.entry(ROOM, EntryKind::Application, &words);
        }
        tells(&mut scene, &CallNotice::HandedOver { ask });
        let lead = lead(&scene.victim).expect("somebody leads");
        if lead == hex_of(&third.leaf().0) { "the third" } else { "the second" }
    };
    assert_eq!(taken_over(true, true), "the third");
    assert_eq!(taken_over(false, true), "the second", "the relay alone says that she was asked");
    assert_eq!(taken_over(true, false), "the second", "nobody has read a word of hers");
}

#[test]
fn that_nobody_has_answered_and_that_nobody_can_be_reached_are_said_beside_each_other() {
    let organisation = Organisation::new();
    let (mut person, room) = has_called(&organisation);
    is_stored(&mut person);
    person.attaches(room, Attached { head: Seq(0), epoch: Epoch(0), invitation: None, session: None });
    let paging = |cycle| CallNotice::Paging { page_epoch: 1, level: 1, cycle };
    let (stored, waiting, nobody) = (CallState::Stored, CallState::StillWaiting, CallState::Unstaffed);
    for (notice, state, unstaffed) in [
        (CallNotice::Raised, &stored, false),
        (CallNotice::Unstaffed, &nobody, true),
        (CallNotice::StillWaiting, &waiting, true),
        (paging(2), &waiting, false),
        (CallNotice::Unstaffed, &waiting, true),
    ] {
        person.entry(room, EntryKind::Call, &Blob(codec::to_vec(&notice)));
        let shown = person.events.iter().rev().find_map(|event| match event {
            Event::Call(call) => Some((&call.state, call.unstaffed)),
            _ => None,
        });
        assert_eq!(shown, Some((state, unstaffed)), "{notice:?}");
    }
}

#[test]
fn a_call_for_a_service_that_is_not_there_asks_for_one_that_is() {
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    for (open, expected) in [(vec!["begeleider", "wijkteam"], "wijkteam"), (vec!["begeleider"], "arosa")] {
        let organisation = Organisation::new();
        let (mut person, _) = has_called(&organisation);
        let (request, _) = person.last_request(|request| matches!(request, Request::Raise(_)));
        let refused = Refused::invalid("no such service");
        person.reply(request, Answer::Refused(refused));
        // She asks which there are.
        let (request, _) = person.last_request(|request| matches!(request, Request::Ping(_)));
        let (open, services) = (named(&open), named(&["arosa", "begeleider", "wijkteam"]));
        let pong = Pong { now: person.now, open, calendar: 0, sessions: Vec::new(), services };
        person.reply(request, Answer::Pong(pong));
        person.now = person.now.plus_ms(10_000);
        person.member.handle_timeout(person.now);
        person.take();
        let (_, request) = person.last_request(|request| matches!(request, Request::AskDuty(_)));
        assert_eq!(request, Request::AskDuty(AskDuty { service: expected.to_owned() }));
    }
}

#[test]
fn somebody_whom_the_relay_would_refuse_keeps_nobody_else_out_of_a_call() {
    let organisation = Organisation::new();
    let good = organisation.staff(Role::Professional);
    // Her certificate was renewed, and she has not signed in since: what she published carries the old one.
    let old = organisation.expired(Role::Professional);
    let renewed = organisation.sign(organisation.draft(Role::Professional, old.leaf()));
    // And one who, on purpose or not, cannot do what every member must.
    let unable = organisation.staff(Role::Professional);
    let mut shape = unable.shape(FAST);
    shape.capabilities = Capabilities::builder()
        .ciphersuites(vec![FAST])
        .credentials(vec![CredentialType::Other(CREDENTIAL_TYPE)])
        .extensions(vec![ExtensionType::Unknown(ROLE_EXTENSION)])
        .build();
    let packages = vec![
        Some(key_package_bytes(unable.key_package_shaped(FAST, shape))),
        Some(key_package_bytes(old.key_package(FAST))),
        None,
        Some(key_package_bytes(good.key_package(FAST))),
        Some(key_package_bytes(good.key_package(FAST))),
    ];
    let certificate = |actor: &Actor| actor.certificate.clone().expect("staff");
    let people = [certificate(&unable), renewed, certificate(&good), certificate(&good), certificate(&good)];
    let raise = raised_with(&organisation, &people, Answer::KeyPackages(KeyPackages { packages }));
    let (request, now) = (RequestId([1; 16]), organisation.now);
    let opened =
        Room::open(raise.room, &raise.opening, request, &organisation.trust, now, &mut Batch::default());
    let (room, _) = opened.expect("the relay takes it");
    assert_eq!(room.members().len(), 2, "she and the one who may come in, once");
    assert!(room.members().contains(&good.leaf()));
}

#[test]
fn a_call_is_raised_also_when_nobodys_keys_can_be_had() {
    let organisation = Organisation::new();
    let noor = organisation.staff(Role::Professional).certificate.expect("staff");
    let refused = Answer::Refused(Refused::TooLarge { limit: "RESPONDERS".to_owned(), max: 1 });
    assert_eq!(raised_with(&organisation, &[noor], refused).opening.bundle, None);
}

#[test]
fn a_call_that_the_relay_refuses_for_whoever_is_in_it_is_raised_with_nobody_at_once() {
    let organisation = Organisation::new();
    let noor = organisation.staff(Role::Professional);
    let mut person = calls(&organisation);
    let packages = vec![Some(key_package_bytes(noor.key_package(FAST)))];
    let keys = Answer::KeyPackages(KeyPackages { packages });
    let first = finds(&mut person, &[noor.certificate.clone().expect("staff")], keys);
    assert!(first.opening.bundle.is_some());
    let (request, _) = person.last_request(|request| matches!(request, Request::Raise(_)));
    let refused = Refused::NotAllowed { rule: Rule::AddOfOutsider };
    person.reply(request, Answer::Refused(refused));
    let second = last_raise(&person);
    assert_ne!(second.room, first.room);
    assert_eq!((second.call, second.opening.bundle), (first.call, None));
    is_stored(&mut person);
    assert_eq!(state(&person), CallState::Stored);
}

#[test]
fn an_intake_is_hers_only_if_she_has_signed_it_for_this_room_whoever_tells_it() {
    let shown = |key: fn(&Scene) -> SigningKey, room: RoomId| {
        let mut scene = Scene::new(RoomKind::Help);
        is_paged(&mut scene);
        let intake =
            Intake { wants: "Ik wil weg".to_owned(), nickname: "Iris".to_owned(), ..Intake::default() };
        let intake = Blob(codec::to_vec(&intake));
        let signature = sign(&key(&scene), Purpose::Intake, &[&room.0, &intake.0]);
        // `[30, [[intake, signature]]]`, from the second professional.
        let mut says = vec![0x82, 0x18, 0x1e, 0x81, 0x82];
        says.extend(codec::to_vec(&intake));
        says.extend(codec::to_vec(&Blob(signature.to_vec())));
        let said = scene.second.says(&pad::pad(&says));
        scene.victim.entry(ROOM, EntryKind::Application, &said);
        let calls = scene.victim.events.iter().rev();
        let call = calls.filter_map(|event| if let Event::Call(call) = event { Some(call) } else { None });
        call.map(|call| call.intake.as_ref().map(|intake| intake.wants.clone())).next().expect("a call")
    };
    assert_eq!(shown(|scene| scene.founder.key.clone(), ROOM).as_deref(), Some("Ik wil weg"));
    assert_eq!(shown(|scene| scene.second.key.clone(), ROOM), None, "a professional's own words");
    assert_eq!(shown(|scene| scene.founder.key.clone(), RoomId([9; 16])), None, "of another room");
}

#[test]
fn a_professional_lets_in_whoever_is_wanted_when_nobody_else_does() {
    for others in [false, true] {
        let mut scene = Scene::new(RoomKind::Help);
        is_paged(&mut scene);
        let mut third = scene.organisation.staff(Role::Professional);
        let account = AccountKey([9; 32]);
        let certificate = Blob(third.certificate.clone().expect("staff"));
        tells(&mut scene, &CallNotice::Wanted { account, certificate });
        let claims = |scene: &Scene| {
            let claim = ClaimKeyPackages { accounts: vec![account] };
            scene
                .victim
                .asked
                .iter()
                .filter(|it| it.request == Request::ClaimKeyPackages(claim.clone()))
                .count()
        };
        waits(&mut scene, 4_900);
        assert_eq!(claims(&scene), 0, "the person's own client has a moment");
        if others {
            let package = third.key_package(FAST);
            let add = scene.founder.commits(|builder| builder.propose_adds([package]));
            scene.passes(scene.founder.leaf(), &add);
            third.joins(&scene.invitation(third.leaf()));
        }
        waits(&mut scene, 30_000);
        assert_eq!(claims(&scene), usize::from(!others));
        if others {
            continue;
        }
        let (request, _) = scene.victim.last_request(|it| matches!(it, Request::ClaimKeyPackages(_)));
        let packages = vec![Some(key_package_bytes(third.key_package(FAST)))];
        scene.victim.reply(request, Answer::KeyPackages(KeyPackages { packages }));
        assert_eq!(scene.victim.added(ROOM), 1);
    }
}

#[test]
fn keys_that_could_not_be_had_are_asked_for_again_until_she_is_in() {
    let mut scene = Scene::new(RoomKind::Help);
    is_paged(&mut scene);
    let certificate = Blob(scene.organisation.staff(Role::Professional).certificate.expect("staff"));
    tells(&mut scene, &CallNotice::Wanted { account: AccountKey([9; 32]), certificate });
    waits(&mut scene, 5_000);
    let claim = |request: &Request| matches!(request, Request::ClaimKeyPackages(_));
    let (first, _) = scene.victim.last_request(claim);
    scene.victim.reply(first, Answer::Refused(Refused::Degraded));
    waits(&mut scene, 6_000);
    assert_ne!(scene.victim.last_request(claim).0, first);
}

/// A phone whose clock is hours wrong: its room is dated by the relay's clock, and whoever can help is not taken for one
/// whose time is over or has not begun.
#[test]
fn a_call_does_not_depend_on_her_phones_clock() {
    const HOUR_MS: i64 = 3_600_000;
    for hours in [-30, -3, 0, 3, 30] {
        let organisation = Organisation::new();
        let right = organisation.now;
        let noor = organisation.staff(Role::Professional);
        let wrong = Timestamp(right.0.saturating_add_signed(hours * HOUR_MS));
        let identity = Identity::person(organisation.root(), [3; 32]);
        let mut person =
            Victim::new(Member::new(identity, options(FAST.into()), wrong), LeafKey([0; 32]), wrong);
        person.relays_clock = Some(right);
        person.signs_in(&organisation.head(3));
        let intake = Box::new(Intake { nickname: "Iris".to_owned(), ..Intake::default() });
        person.member.command(Command::Raise { service: "hulp".to_owned(), intake }, wrong);
        person.take();
        let packages = vec![Some(key_package_bytes(noor.key_package(FAST)))];
        let certificate = noor.certificate.clone().expect("staff");
        let raise = finds(&mut person, &[certificate], Answer::KeyPackages(KeyPackages { packages }));
        let request = RequestId([1; 16]);
        let opened = Room::open(
            raise.room,
            &raise.opening,
            request,
            &organisation.trust,
            right,
            &mut Batch::default(),
        );
        let (room, _) = opened.unwrap_or_else(|refused| panic!("{hours} hours: {refused}"));
        assert_eq!(room.members().len(), 2, "{hours} hours");
    }
}

// The victim, a professional, is called to the call of this room.
fn is_paged(scene: &mut Scene) {
    let (call, page) = (CallId([1; 16]), PageId([2; 16]));
    let page = Page { call, room: ROOM, page, page_epoch: 1, raised_at: Timestamp(0), why: Why::Call };
    scene.victim.push(Push::Inbox(InboxEntry { seq: Seq(100), notice: Notice::Page(page) }));
}

pub(crate) fn waits(scene: &mut Scene, ms: u64) {
    let victim = &mut scene.victim;
    victim.now = victim.now.plus_ms(ms);
    victim.member.handle_timeout(victim.now);
    victim.take();
}

// Her call, when those with these certificates are on duty and the relay says this about their KeyPackages.
fn raised_with(organisation: &Organisation, people: &[Vec<u8>], keys: Answer) -> Raise {
    finds(&mut calls(organisation), people, keys)
}

pub(crate) fn finds(person: &mut Victim, people: &[Vec<u8>], keys: Answer) -> Raise {
    let on_duty = |(at, certificate): (usize, &Vec<u8>)| OnDuty {
        account: AccountKey([at as u8 + 1; 32]),
        certificate: Blob(certificate.clone()),
        level: 1,
        reachable: true,
    };
    let people = people.iter().enumerate().map(on_duty).collect();
    let (request, _) = person.last_request(|request| matches!(request, Request::AskDuty(_)));
    person.reply(request, Answer::Duty(Duty { people }));
    let (request, _) = person.last_request(|request| matches!(request, Request::ClaimKeyPackages(_)));
    person.reply(request, keys);
    last_raise(person)
}

fn last_raise(person: &Victim) -> Raise {
    let (_, request) = person.last_request(|request| matches!(request, Request::Raise(_)));
    let Request::Raise(raise) = request else { unreachable!("it was looked for") };
    raise
}

// A third professional is added.
pub(crate) fn comes(scene: &mut Scene) -> Actor {
    let mut third = scene.organisation.staff(Role::Professional);
    let package = third.key_package(FAST);
    let add = scene.founder.commits(|builder| builder.propose_adds([package]));
    scene.passes(scene.founder.leaf(), &add);
    third.joins(&scene.invitation(third.leaf()));
    third
}

// The second, who leads, says in the room that she asks for somebody: `[17, [ask, part, service]]`.
fn asks(scene: &mut Scene, ask: AskId, part: Part) {
    let mut says = vec![0x82, 0x11, 0x83];
    says.extend(codec::to_vec(&ask));
    says.extend(codec::to_vec(&part));
    says.extend(codec::to_vec(&"veilig-thuis".to_owned()));
    let said = scene.second.says(&pad::pad(&says));
    scene.victim.entry(ROOM, EntryKind::Application, &said);
}

pub(crate) fn tells(scene: &mut Scene, notice: &CallNotice) {
    scene.victim.entry(ROOM, EntryKind::Call, &Blob(codec::to_vec(notice)));
}

// Who leads her only call, as she sees it now.
fn lead(person: &Victim) -> Option<String> {
    let calls = person.events.iter().rev().find_map(|event| match event {
        Event::Call(call) => Some(call.lead.as_ref().map(|lead| lead.id.clone())),
        _ => None,
    });
    calls.flatten()
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

// A person who has raised a call that the relay has said nothing of yet; and its room.
pub(crate) fn has_called(organisation: &Organisation) -> (Victim, RoomId) {
    let mut person = calls(organisation);
    let room = raise(&mut person);
    (person, room)
}

// A person who calls, and whose client looks for people now.
pub(crate) fn calls(organisation: &Organisation) -> Victim {
    let member =
        Member::new(Identity::person(organisation.root(), [3; 32]), options(FAST.into()), organisation.now);
    let mut person = Victim::new(member, LeafKey([0; 32]), organisation.now);
    person.signs_in(&organisation.head(3));
    let intake = Box::new(Intake { nickname: "Iris".to_owned(), ..Intake::default() });
    person.member.command(Command::Raise { service: "hulp".to_owned(), intake }, person.now);
    person.take();
    person
}

// Nobody is on duty: she raises it all the same.
fn raise(person: &mut Victim) -> RoomId {
    let (request, _) = person.last_request(|request| matches!(request, Request::AskDuty(_)));
    person.reply(request, Answer::Duty(Duty { people: Vec::new() }));
    let (_, request) = person.last_request(|request| matches!(request, Request::Raise(_)));
    let Request::Raise(raise) = request else { unreachable!("it was looked for") };
    raise.room
}

pub(crate) fn is_stored(person: &mut Victim) {
    let (request, _) = person.last_request(|request| matches!(request, Request::Raise(_)));
    person.reply(request, Answer::Accepted(Accepted { seq: Seq(0) }));
}

pub(crate) fn wish_to_read(person: &Victim, room: RoomId) -> RequestId {
    person.last_request(|request| matches!(request, Request::Attach(attach) if attach.room == room)).0
}

// Of her only call, as she sees it now.
pub(crate) fn state(person: &Victim) -> CallState {
    let mut calls = seen_calls(person);
    assert_eq!(calls.len(), 1);
    calls.remove(0).1
}

fn seen_calls(person: &Victim) -> Vec<(String, CallState)> {
    let mut calls: Vec<_> = Vec::new();
    for event in &person.events {
        match event {
            Event::Call(call) => {
                calls.retain(|(id, _)| *id != call.call);
                calls.push((call.call.clone(), call.state.clone()));
            }
            Event::CallGone { call } => calls.retain(|(id, _)| id != call),
            _ => {}
        }
    }
    calls
}
