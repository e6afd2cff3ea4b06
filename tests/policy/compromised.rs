//! A relay in other hands: what it can try, and what the client makes of it.
//!
//! | what it tries | where |
//! |---|---|
//! | lets a ghost in, by an external commit or an Add of somebody who may not | `ghost`, `members`, `line` |
//! | lets forbidden commits and proposals pass, calls them words | `context`, `proposals`, `leaves`, `disguise` |
//! | hands out other KeyPackages than were asked for, invents a professional | here, `standing` |
//! | replays, drops, reorders, goes back, jumps ahead | here, `epochs` |
//! | shows two histories | here |
//! | leads into another room, or into an older one | `welcome`, `resync` |
//! | rolls back the register, rolls back a vault, swaps the organisation | `register`, `mailbox`, here |
//! | sends what breaks parsers | here, `bundle` |
//! | lets an invitation count that does not | `invitation` |
//! | asks for endless work | `work` |
//!
//! The simulator does the rolling back of vaults at every step (`tests/src/sim/tabs.rs`).

use lotgenoot_client::messages::{Command, Intake};
use lotgenoot_client::{Identity, Member};
use lotgenoot_core::key_package;
use lotgenoot_core::room::Input;
use lotgenoot_protocol::frame::{
    Answer, Attached, Bundle, Duty, Entry, EntryKind, KeyPackages, OnDuty, Push, Raise, Request,
};
use lotgenoot_protocol::mls::{CREDENTIAL_TYPE, RoomKind, epoch_code};
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{AccountKey, Blob, LeafKey, Refused, Seq};
use openmls::prelude::tls_codec::Deserialize as _;
use openmls::prelude::{MlsMessageBodyIn, RatchetTreeIn};

use crate::cast::{FAST, Organisation};
use crate::forge::opaque;
use crate::scene::{ROOM, Scene};
use crate::victim::{Reaction, Victim, options};
use lotgenoot_tests::cast::{Actor, key_package_bytes, read};
use lotgenoot_tests::organisation::now;

#[test]
fn a_key_package_that_the_relay_made_itself_brings_nobody_into_a_call() {
    let organisation = Organisation::new();
    let professional = organisation.staff(Role::Professional);
    let honest = key_package_bytes(professional.key_package(FAST));
    // Its own leaf, with the genuine certificate of somebody else; and the same without one.
    let borrowed = Actor::person().certified(professional.certificate.clone().unwrap());
    let borrowed = key_package_bytes(borrowed.key_package(FAST));
    let own = key_package_bytes(Actor::person().key_package(FAST));
    for (package, members) in [(honest, 2), (borrowed, 1), (own, 1), (Blob(vec![7; 300]), 1)] {
        let mut person = person(&organisation);
        let raise = calls(&mut person, &professional, Some(package)).expect("the call goes out all the same");
        assert_eq!(members_of(&raise), members);
    }
}

#[test]
fn a_professional_whom_the_relay_invented_is_not_even_asked() {
    let organisation = Organisation::new();
    let invented = Actor::person();
    let draft = organisation.draft(Role::Professional, invented.leaf());
    let invented = invented.certified(Organisation::new().sign(draft));
    let host = organisation.staff(Role::Host);
    let expired = organisation.expired(Role::Professional);
    let elsewhere = Organisation::new().staff(Role::Professional);
    for (who, somebody) in
        [("invented", invented), ("a host", host), ("expired", expired), ("elsewhere", elsewhere)]
    {
        let mut person = person(&organisation);
        let raise = calls(&mut person, &somebody, None).expect(who);
        assert_eq!(members_of(&raise), 1);
        assert!(!person.asked.iter().any(|frame| matches!(frame.request, Request::ClaimKeyPackages(_))));
    }
}

#[test]
fn words_that_are_replayed_are_shown_once() {
    let mut scene = Scene::new(RoomKind::Peer);
    let words = scene.second.speaks("Ik ben er nog");
    for _ in 0..3 {
        assert_eq!(scene.victim.hears(ROOM, EntryKind::Application, &words), Reaction::GoesOn);
    }
    assert_eq!(scene.victim.read(ROOM), ["Ik ben er nog"]);
    // In the same place once more: as if nothing had been said.
    let asked = scene.victim.asked.len();
    scene.victim.is_at(Seq(1));
    scene.victim.entry(ROOM, EntryKind::Application, &words);
    assert_eq!(scene.victim.read(ROOM), ["Ik ben er nog"]);
    assert_eq!(scene.victim.asked.len(), asked);
}

#[test]
fn a_commit_that_is_replayed_stops_the_client() {
    let mut scene = Scene::new(RoomKind::Peer);
    let bundle = scene.founder.commits(|builder| builder.force_self_update(true));
    scene.passes(scene.founder.leaf(), &bundle);
    assert_eq!(scene.victim.hears(ROOM, EntryKind::Commit, &bundle.commit), Reaction::Stops);
}

#[test]
fn commits_in_another_order_stop_the_client() {
    let mut scene = Scene::new(RoomKind::Peer);
    let first = scene.founder.commits(|builder| builder.force_self_update(true));
    scene.founder.hears(&first.commit);
    let second = scene.founder.commits(|builder| builder.force_self_update(true));
    assert_eq!(scene.victim.hears(ROOM, EntryKind::Commit, &second.commit), Reaction::Stops);
}

#[test]
fn what_the_relay_leaves_out_is_asked_for_again_and_nothing_after_it_is_believed() {
    let mut scene = Scene::new(RoomKind::Peer);
    let (missing, after) = (scene.second.speaks("een"), scene.second.speaks("twee"));
    let at = scene.victim.seq();
    let entry = |seq: u64, body: &Blob| {
        let (room, kind) = (ROOM, EntryKind::Application);
        Push::Entry(Entry { room, seq: Seq(seq), kind, at: now(), body: body.clone() })
    };
    let attaches = |victim: &Victim| {
        victim.asked.iter().filter(|frame| matches!(frame.request, Request::Attach(_))).count()
    };
    let before = attaches(&scene.victim);
    scene.victim.push(entry(at.0 + 2, &after));
    assert!(scene.victim.read(ROOM).is_empty());
    assert_eq!(attaches(&scene.victim), before + 1, "she asks from where she is");
    let (_, request) = scene.victim.last_request(|request| matches!(request, Request::Attach(_)));
    assert!(matches!(request, Request::Attach(attach) if attach.after == Some(at)));
    scene.victim.push(entry(at.0 + 1, &missing));
    scene.victim.push(entry(at.0 + 2, &after));
    assert_eq!(scene.victim.read(ROOM), ["een", "twee"]);
}

/// A member gone bad, with the relay's help: the keys of a thousand messages would have to be made and kept.
#[test]
fn a_message_from_far_ahead_costs_the_others_nothing() {
    for ahead in [900, 1_100] {
        let mut scene = Scene::new(RoomKind::Peer);
        for _ in 0..ahead {
            scene.second.speaks("niet verstuurd");
        }
        let far = scene.second.speaks("van ver");
        assert_eq!(scene.victim.hears(ROOM, EntryKind::Application, &far), Reaction::GoesOn);
        let expected: &[&str] = if ahead < 1_000 { &["van ver"] } else { &[] };
        assert_eq!(scene.victim.read(ROOM), expected, "{ahead} ahead");
        let words = scene.founder.speaks("Wij gaan door");
        assert_eq!(scene.victim.hears(ROOM, EntryKind::Application, &words), Reaction::GoesOn);
        assert_eq!(scene.victim.read(ROOM).last().map(String::as_str), Some("Wij gaan door"));
    }
}

/// Whom the relay divides cannot see it in the log. Read aloud, ten digits tell.
#[test]
fn of_two_histories_the_codes_differ_and_neither_side_reads_the_other() {
    let mut scene = Scene::new(RoomKind::Peer);
    let code = |actor: &Actor| epoch_code(actor.group().epoch_authenticator().as_slice());
    assert_eq!(scene.victim.view(ROOM).epoch_code, code(&scene.founder), "one history, one code");
    let to_her = scene.second.commits(|builder| builder.force_self_update(true));
    let to_them = scene.founder.commits(|builder| builder.force_self_update(true));
    assert_eq!(scene.victim.hears(ROOM, EntryKind::Commit, &to_her.commit), Reaction::GoesOn);
    scene.founder.hears(&to_them.commit);
    assert_ne!(scene.victim.view(ROOM).epoch_code, code(&scene.founder));
    let words = scene.founder.speaks("Hoor je mij?");
    assert_eq!(scene.victim.hears(ROOM, EntryKind::Application, &words), Reaction::GoesOn);
    assert!(scene.victim.read(ROOM).is_empty());
}

/// What was said after the older vault was written used keys that this client believes to be new.
#[test]
fn who_is_shown_an_older_vault_says_nothing_before_a_commit_of_her_own() {
    let mut scene = Scene::of_silence(RoomKind::Peer);
    let older = scene.victim.vault();
    let mut log = Vec::new();
    for words in ["een", "twee"] {
        let message = scene.victim.says(ROOM, words);
        scene.victim.entry(ROOM, EntryKind::Application, &message);
        log.push(message);
    }
    let (before, head) = (Seq(scene.victim.seq().0 - log.len() as u64), scene.victim.seq());
    scene.victim = scene.victim.after_a_reload(older);
    scene.victim.signs_in(&scene.organisation.head(3));
    let epoch = scene.relay.epoch();
    scene.victim.attaches(ROOM, Attached { head, epoch, invitation: None, session: None });
    assert!(!scene.victim.speaks(ROOM), "she has not read to the end");
    scene.victim.is_at(before);
    for message in &log {
        scene.victim.entry(ROOM, EntryKind::Application, message);
    }
    assert!(!scene.victim.asked.iter().any(|frame| matches!(frame.request, Request::Send(_))));
    let (_, request) = scene.victim.last_request(|request| matches!(request, Request::Commit(_)));
    let Request::Commit(commit) = request else { unreachable!("it was looked for") };
    scene.handle(scene.victim.leaf, Input::Commit(commit.bundle.clone())).expect("a commit of her own");
    scene.founder.hears(&commit.bundle.commit);
    scene.victim.entry(ROOM, EntryKind::Commit, &commit.bundle.commit);
    let (_, request) = scene.victim.last_request(|request| matches!(request, Request::Send(_)));
    let Request::Send(send) = request else { unreachable!("it was looked for") };
    assert!(scene.founder.hears(&send.message).is_some(), "with keys that nobody has used");
}

/// GHSA-gc79-23g3-8g52: a ratchet tree is an extension of a leaf, which is a node of a tree.
#[test]
fn a_leaf_in_a_leaf_in_a_leaf_breaks_nothing() {
    for depth in [2, 40, 400, 4_000] {
        let leaf = nested(depth);
        let package = key_package_around(&leaf);
        assert!(key_package::check(&message(5, &package), now()).is_err(), "{depth} deep");

        let mut scene = Scene::new(RoomKind::Peer);
        let bomb = commit_that_adds(&package);
        let bundle = Bundle { commit: bomb.clone(), group_info: Blob(leaf.clone()), welcome: None };
        let answer = scene.handle(scene.second.leaf(), Input::Commit(bundle));
        let refused = matches!(answer, Err(Refused::Invalid { .. } | Refused::TooLarge { .. }));
        assert!(refused, "{depth} deep: {answer:?}");
        assert_eq!(scene.victim.hears(ROOM, EntryKind::Commit, &bomb), Reaction::Stops);

        // In a state for a resync, in a Welcome's tree, and where a line carries a KeyPackage.
        let mut tree = Vec::new();
        opaque(&mut tree, &[&[1, 1], leaf.as_slice()].concat());
        assert!(RatchetTreeIn::tls_deserialize_exact(&tree).is_err() || depth < 40, "{depth} deep");
    }
}

fn person(organisation: &Organisation) -> Victim {
    let identity = Identity::person(organisation.root(), rand::random());
    let member = Member::new(identity, options(FAST.into()), organisation.now);
    let mut person = Victim::new(member, LeafKey([0; 32]), organisation.now);
    person.signs_in(&organisation.head(3));
    person
}

// She calls for help, and the relay says that this one is on duty and that this is her KeyPackage.
fn calls(person: &mut Victim, on_duty: &Actor, package: Option<Blob>) -> Option<Raise> {
    let intake = Box::new(Intake { nickname: "Iris".to_owned(), ..Intake::default() });
    person.member.command(Command::Raise { service: "wijkteam".to_owned(), intake }, person.now);
    person.take();
    let (request, _) = person.last_request(|request| matches!(request, Request::AskDuty(_)));
    let certificate = Blob(on_duty.certificate.clone().unwrap());
    let people = vec![OnDuty { account: AccountKey([1; 32]), certificate, level: 1, reachable: true }];
    person.reply(request, Answer::Duty(Duty { people }));
    if let Some(package) = package {
        let (request, _) = person.last_request(|request| matches!(request, Request::ClaimKeyPackages(_)));
        person.reply(request, Answer::KeyPackages(KeyPackages { packages: vec![Some(package)] }));
    }
    person.asked.iter().find_map(|frame| match &frame.request {
        Request::Raise(raise) => Some(raise.clone()),
        _ => None,
    })
}

// She herself, and those for whom there is a Welcome.
fn members_of(raise: &Raise) -> usize {
    let welcome = raise.opening.bundle.as_ref().and_then(|bundle| bundle.welcome.as_ref());
    let added = welcome.map_or(0, |welcome| match read(welcome).extract() {
        MlsMessageBodyIn::Welcome(welcome) => welcome.secrets().len(),
        _ => panic!("no Welcome"),
    });
    1 + added
}

// A leaf (RFC 9420 §7.2) that is in a tree that is an extension of a leaf, and so on.
fn nested(depth: usize) -> Vec<u8> {
    let mut leaf = leaf_with(&[]);
    for _ in 0..depth {
        let mut tree = Vec::new();
        opaque(&mut tree, &[&[1, 1], leaf.as_slice()].concat());
        let mut extension = vec![0, 2];
        opaque(&mut extension, &tree);
        leaf = leaf_with(&extension);
    }
    leaf
}

fn leaf_with(extensions: &[u8]) -> Vec<u8> {
    let mut leaf = Vec::new();
    opaque(&mut leaf, &[9; 32]);
    opaque(&mut leaf, &[8; 32]);
    leaf.extend(CREDENTIAL_TYPE.to_be_bytes());
    opaque(&mut leaf, &[7; 16]);
    // Versions, suites, extensions, proposals, credentials: nothing.
    leaf.extend([0; 5]);
    // It comes from an update.
    leaf.push(2);
    opaque(&mut leaf, extensions);
    opaque(&mut leaf, &[6; 64]);
    leaf
}

fn key_package_around(leaf: &[u8]) -> Vec<u8> {
    let mut package = vec![0, 1, 0, 3];
    opaque(&mut package, &[5; 32]);
    package.extend(leaf);
    opaque(&mut package, &[]);
    opaque(&mut package, &[4; 64]);
    package
}

fn message(wire_format: u8, body: &[u8]) -> Blob {
    Blob([&[0, 1, 0, wire_format], body].concat())
}

// A PublicMessage of member 2 with a commit that adds this KeyPackage (RFC 9420 §6, §12.4).
fn commit_that_adds(package: &[u8]) -> Blob {
    let mut content = Vec::new();
    opaque(&mut content, &ROOM.0);
    content.extend(1u64.to_be_bytes());
    content.push(1);
    content.extend(2u32.to_be_bytes());
    opaque(&mut content, &[]);
    content.push(3);
    opaque(&mut content, &[&[1, 0, 1], package].concat());
    // No path; then signature, confirmation and membership tag.
    content.push(0);
    opaque(&mut content, &[3; 64]);
    opaque(&mut content, &[2; 32]);
    opaque(&mut content, &[1; 32]);
    message(1, &content)
}
