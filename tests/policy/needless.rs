//! Those who were let in to a call and were not needed are taken out half an hour after the lead's first words: by her own
//! client, or else by the lead's. Nobody is sooner, and nobody else does it.

use lotgenoot_client::messages::Command;
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::room::{Input, Room, entry};
use lotgenoot_protocol::call::{Acknowledgement, CallNotice, Part, Why};
use lotgenoot_protocol::frame::{
    Answer, Attached, CaughtUp, EntryKind, InboxEntry, KeyPackages, Notice, Page, Push, Request,
};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{
    AskId, Blob, CallId, LeafKey, PageId, RequestId, RoomId, Seq, Serial, Timestamp, codec,
};

use crate::calls::{calls, comes, finds, is_stored, tells, waits};
use crate::cast::{FAST, Organisation};
use crate::scene::{ROOM, Scene};
use crate::victim::Victim;
use lotgenoot_tests::cast::{Actor, key_package_bytes};

const CALL: CallId = CallId([1; 16]);
const MINUTE_MS: u64 = 60_000;

#[test]
fn the_leads_client_takes_out_who_was_not_needed_a_minute_after_hers_would_have() {
    let mut scene = led_by_the_victim();
    let third = comes(&mut scene);
    let before = commits(&scene.victim);
    waits(&mut scene, 31 * MINUTE_MS - 1_000);
    assert_eq!(commits(&scene.victim), before, "nobody before that");
    settles(&mut scene.victim);
    assert_eq!(commits(&scene.victim), before + 1, "all of them at once");
    let out = [scene.second.leaf(), third.leaf()];
    let left = passes_at_the_relay(&mut scene);
    assert!(left.contains(&scene.founder.leaf()) && left.contains(&scene.victim.leaf));
    assert!(!left.iter().any(|leaf| out.contains(leaf)), "{left:?}");
    waits(&mut scene, 120 * MINUTE_MS);
    settles(&mut scene.victim);
    assert_eq!(commits(&scene.victim), before + 1, "and that is that");
}

#[test]
fn whoever_helps_stays() {
    let mut scene = led_by_the_victim();
    let third = comes(&mut scene);
    let helps = acknowledgement(&scene.organisation, &scene.second, ROOM);
    tells(&mut scene, &CallNotice::Assists(helps));
    waits(&mut scene, 31 * MINUTE_MS);
    settles(&mut scene.victim);
    let left = passes_at_the_relay(&mut scene);
    assert!(left.contains(&scene.second.leaf()) && !left.contains(&third.leaf()));
}

#[test]
fn while_a_colleague_is_asked_for_or_nobody_leads_nobody_is_taken_out() {
    type Happens = fn(&mut Scene);
    let asks: Happens = |scene| {
        let (ask, part) = (AskId([7; 16]), Part::Assists);
        let asked = CallNotice::Asked { ask, part, service: "veilig-thuis".to_owned() };
        tells(scene, &asked);
    };
    let is_lost: Happens = |scene| tells(scene, &CallNotice::LeadLost);
    let is_closed: Happens = |scene| tells(scene, &CallNotice::Closed);
    for happens in [asks, is_lost, is_closed] {
        let mut scene = led_by_the_victim();
        waits(&mut scene, 10 * MINUTE_MS);
        happens(&mut scene);
        let before = commits(&scene.victim);
        waits(&mut scene, 120 * MINUTE_MS);
        settles(&mut scene.victim);
        assert_eq!(commits(&scene.victim), before);
    }
}

#[test]
fn whoever_neither_leads_nor_called_takes_nobody_out() {
    let mut scene = Scene::new(RoomKind::Help);
    is_paged(&mut scene);
    let ack = acknowledgement(&scene.organisation, &scene.second, ROOM);
    tells(&mut scene, &CallNotice::Acknowledged(ack));
    let words = scene.second.speaks("Ik ben er");
    scene.victim.entry(ROOM, EntryKind::Application, &words);
    comes(&mut scene);
    let before = commits(&scene.victim);
    waits(&mut scene, 240 * MINUTE_MS);
    settles(&mut scene.victim);
    assert_eq!(commits(&scene.victim), before);
}

#[test]
fn her_own_client_takes_them_out_after_half_an_hour_and_keeps_the_lead() {
    let organisation = Organisation::new();
    let mut noor = organisation.staff(Role::Professional);
    let sara = organisation.staff(Role::Professional);
    let mut person = calls(&organisation);
    let certificates = [&noor, &sara].map(|staff| staff.certificate.clone().expect("staff"));
    let packages = [&noor, &sara].map(|staff| Some(key_package_bytes(staff.key_package(FAST)))).to_vec();
    let raise = finds(&mut person, &certificates, Answer::KeyPackages(KeyPackages { packages }));
    let (id, now, trust) = (raise.room, organisation.now, &organisation.trust);
    let mut batch = Batch::default();
    let (mut room, _) =
        Room::open(id, &raise.opening, RequestId([1; 16]), trust, now, &mut batch).expect("it is opened");
    let hers = room.first_leaf().expect("she sits in it");
    let intake = Input::Send(raise.intake.clone());
    room.handle(hers, RequestId([2; 16]), &intake, None, trust, now, &mut batch).expect("it is said");
    is_stored(&mut person);
    let (head, epoch) = (room.head(), room.epoch());
    person.attaches(id, Attached { head, epoch, invitation: None, session: None });
    for op in &batch.ops {
        if let Op::Append(append) = op {
            person.push(Push::Entry(entry(append.clone())));
        }
    }
    person.push(Push::CaughtUp(CaughtUp { room: id, seq: head }));
    person.is_at(head);

    room.release(&noor.leaf(), &mut Batch::default());
    let invitation = room.attach(noor.leaf(), None).expect("she may read").attached.invitation;
    noor.joins(&invitation.expect("a Welcome waits"));
    let page = page(raise.call, id);
    let serial = Serial(noor.name.0);
    let ack = Acknowledgement::new(&noor.key, trust.organisation(), &page, serial);
    person.entry(id, EntryKind::Call, &Blob(codec::to_vec(&CallNotice::Acknowledged(ack))));
    let words = noor.speaks("Ik ben er");
    person.entry(id, EntryKind::Application, &words);

    let before = commits(&person);
    passes(&mut person, 30 * MINUTE_MS - 1_000);
    assert_eq!(commits(&person), before, "nobody before that");
    settles(&mut person);
    assert_eq!(commits(&person), before + 1);
    let commit = last_commit(&person);
    let (request, lead) = (RequestId([3; 16]), Some(noor.leaf()));
    let later = now.plus_ms(30 * MINUTE_MS);
    room.handle(hers, request, &commit, lead, trust, later, &mut Batch::default()).expect("she may");
    let left: Vec<LeafKey> = room.members();
    assert_eq!(left.len(), 2);
    assert!(left.contains(&hers) && left.contains(&noor.leaf()));
}

// The victim, a professional, has taken the call and said her first words; the second was called beside her.
fn led_by_the_victim() -> Scene {
    let mut scene = Scene::new(RoomKind::Help);
    is_paged(&mut scene);
    let call = CALL.0.iter().map(|byte| format!("{byte:02x}")).collect();
    let now = scene.victim.now;
    scene.victim.member.command(Command::Acknowledge { call }, now);
    scene.victim.take();
    let (_, request) = scene.victim.last_request(|request| matches!(request, Request::Acknowledge(_)));
    let Request::Acknowledge(ack) = request else { unreachable!("it was looked for") };
    tells(&mut scene, &CallNotice::Acknowledged(ack));
    let words = scene.victim.says(ROOM, "Ik ben er");
    scene.victim.entry(ROOM, EntryKind::Application, &words);
    scene.lead = Some(scene.victim.leaf);
    scene
}

fn is_paged(scene: &mut Scene) {
    let notice = Notice::Page(page(CALL, ROOM));
    scene.victim.push(Push::Inbox(InboxEntry { seq: Seq(100), notice }));
}

fn page(call: CallId, room: RoomId) -> Page {
    Page { call, room, page: PageId([2; 16]), page_epoch: 1, raised_at: Timestamp(0), why: Why::Call }
}

fn acknowledgement(organisation: &Organisation, by: &Actor, room: RoomId) -> Acknowledgement {
    let serial = Serial(by.name.0);
    Acknowledgement::new(&by.key, organisation.trust.organisation(), &page(CALL, room), serial)
}

fn passes(victim: &mut Victim, ms: u64) {
    victim.now = victim.now.plus_ms(ms);
    victim.member.handle_timeout(victim.now);
    victim.take();
}

// Some seconds, in which her vault learns what leaves.
fn settles(victim: &mut Victim) {
    for _ in 0..10 {
        passes(victim, 1_000);
    }
}

fn commits(victim: &Victim) -> usize {
    victim.asked.iter().filter(|frame| matches!(frame.request, Request::Commit(_))).count()
}

fn last_commit(victim: &Victim) -> Input {
    let (_, request) = victim.last_request(|request| matches!(request, Request::Commit(_)));
    let Request::Commit(commit) = request else { unreachable!("it was looked for") };
    Input::Commit(commit.bundle)
}

// What the relay makes of the victim's last commit: who is left.
fn passes_at_the_relay(scene: &mut Scene) -> Vec<LeafKey> {
    let commit = last_commit(&scene.victim);
    scene.handle(scene.victim.leaf, commit.clone()).expect("the lead may");
    if let Input::Commit(bundle) = &commit {
        scene.victim.entry(ROOM, EntryKind::Commit, &bundle.commit);
    }
    scene.relay.members()
}
