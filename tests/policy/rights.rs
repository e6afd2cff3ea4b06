//! Who may add and remove whom, by kind of room: the whole table, judged as relay and clients judge it.
//!
//! In every room sit the same six: the person at leaf 0, another person, a host, a professional, a presenter, and
//! somebody whose certificate has ended. Rules that would keep some of them out are tested elsewhere.

use lotgenoot_protocol::frame::{Bundle, Invitation};
use lotgenoot_protocol::mls::{RoomKind, RoomRules};
use lotgenoot_protocol::policy::{Bench, CommitSummary, Rule};
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{Blob, LeafKey, Seq};
use openmls::prelude::tls_codec::Serialize as _;
use openmls::prelude::{KeyPackage, LeafNodeIndex, OpenMlsProvider, ProcessedMessageContent};

use crate::cast::{FAST, Organisation};
use crate::scene::ROOM;
use lotgenoot_tests::cast::Actor;

const KINDS: [RoomKind; 4] = [RoomKind::Peer, RoomKind::Line, RoomKind::Help, RoomKind::Stage];

/// Rows: committer. Columns: a person, host, professional, presenter, somebody unproven is added.
/// `+` allowed, `-` may not add anybody, `o` this room does not admit her.
const ADDS: [(RoomKind, [&str; 6]); 4] = [
    (RoomKind::Peer, ["-----", "-----", "++ooo", "-----", "-----", "-----"]),
    (RoomKind::Line, ["o+ooo", "-----", "o+ooo", "-----", "-----", "-----"]),
    (RoomKind::Help, ["oo+oo", "-----", "-----", "oo+oo", "-----", "-----"]),
    (RoomKind::Stage, ["-----", "-----", "++o+o", "-----", "++o+o", "-----"]),
];

/// Rows: committer. Columns: whom; `.` is herself. `+` allowed, `-` may not remove that one, `p` her call is hers.
const REMOVES: [(RoomKind, [&str; 6]); 4] = [
    (RoomKind::Peer, [".-----", "-.----", "++.+++", "---.--", "----.-", "-----."]),
    (RoomKind::Line, [".+++++", "-.----", "++.+++", "---.--", "----.-", "-----."]),
    (RoomKind::Help, [".+++++", "p.----", "p-.---", "p--.--", "p---.-", "p----."]),
    (RoomKind::Stage, [".-----", "-.----", "++.+++", "---.--", "++++.+", "-----."]),
];

#[test]
fn each_kind_of_room_knows_who_adds_whom() {
    for (kind, rows) in ADDS {
        let mut hall = Hall::new(kind, false);
        for (committer, row) in rows.iter().enumerate() {
            for (column, cell) in row.chars().enumerate() {
                let expected = match cell {
                    '+' => Ok(()),
                    '-' => Err(Rule::AddByOutsider),
                    _ => Err(Rule::AddOfOutsider),
                };
                let judged = hall.judges_add(committer, column);
                assert_eq!(judged, expected, "{kind:?}: {committer} adds {column}");
            }
        }
    }
}

#[test]
fn hosts_come_to_help_only_if_she_agreed() {
    const HOST: usize = 1;
    for (agreed, expected) in [(false, Err(Rule::AddOfOutsider)), (true, Ok(()))] {
        let mut hall = Hall::new(RoomKind::Help, agreed);
        assert_eq!(hall.judges_add(0, HOST), expected);
        assert_eq!(hall.judges_add(3, HOST), expected);
    }
    assert_eq!(Hall::new(RoomKind::Help, true).judges_add(2, HOST), Err(Rule::AddByOutsider));
}

#[test]
fn each_kind_of_room_knows_who_removes_whom() {
    for (kind, rows) in REMOVES {
        let mut hall = Hall::new(kind, false);
        for (committer, row) in rows.iter().enumerate() {
            for (target, cell) in row.chars().enumerate().filter(|(target, _)| *target != committer) {
                let expected = match cell {
                    '+' => Ok(()),
                    '-' => Err(Rule::RemoveByOutsider),
                    _ => Err(Rule::RemoveOfPerson),
                };
                let judged = hall.judges_remove(committer, target, None);
                assert_eq!(judged, expected, "{kind:?}: {committer} removes {target}");
            }
        }
    }
}

#[test]
fn the_lead_of_a_help_call_removes_anybody_but_the_person() {
    const PROFESSIONAL: usize = 3;
    let mut hall = Hall::new(RoomKind::Help, false);
    let lead = Some(hall.actors[PROFESSIONAL].leaf());
    for target in [1, 2, 4, 5] {
        assert_eq!(hall.judges_remove(PROFESSIONAL, target, lead), Ok(()));
    }
    assert_eq!(hall.judges_remove(PROFESSIONAL, 0, lead), Err(Rule::RemoveOfPerson));
    assert_eq!(hall.judges_remove(2, 1, lead), Err(Rule::RemoveByOutsider), "she is not the lead");
}

#[test]
fn a_lead_without_a_valid_certificate_removes_nobody() {
    const UNPROVEN: usize = 5;
    let mut hall = Hall::new(RoomKind::Help, false);
    let lead = Some(hall.actors[UNPROVEN].leaf());
    assert_eq!(hall.judges_remove(UNPROVEN, 1, lead), Err(Rule::RemoveByOutsider));
}

#[test]
fn a_lead_is_nothing_outside_help() {
    for kind in [RoomKind::Peer, RoomKind::Line, RoomKind::Stage] {
        let mut hall = Hall::new(kind, false);
        let lead = Some(hall.actors[3].leaf());
        assert_eq!(hall.judges_remove(3, 1, lead), Err(Rule::RemoveByOutsider));
    }
}

#[test]
fn a_summary_says_who_came_and_who_went() {
    let mut hall = Hall::new(KINDS[0], false);
    let newcomer = Actor::person();
    let package = newcomer.key_package(FAST);
    let bundle = hall.actors[2]
        .commits(|builder| builder.propose_adds([package]).propose_removals([LeafNodeIndex::new(1)]));
    let summary = hall.judges(2, &bundle, None).unwrap();
    assert_eq!(summary.committer, hall.actors[2].leaf());
    assert_eq!(summary.added[0].leaf_key, newcomer.leaf());
    assert_eq!(summary.added[0].name, newcomer.name);
    assert_eq!(summary.removed, [hall.actors[1].leaf()]);
    assert!(summary.left.is_empty() && !summary.resync && !summary.keeps_members());
}

#[test]
fn no_more_than_five_hundred_are_on_a_stage() {
    let mut hall = Hall::new(RoomKind::Stage, false);
    let [presenter, present] = [4, hall.actors.len()];
    // Several hundred at once: no relay lets that pass, and only how full it is matters here.
    let bundle = hall.actors[presenter].commits(|builder| builder.propose_adds(persons(499 - present)));
    for actor in &mut hall.actors {
        actor.hears(&bundle.commit);
    }
    assert_eq!(hall.actors[0].group().members().count(), 499);
    let two = hall.actors[presenter].commits(|builder| builder.propose_adds(persons(2)));
    assert_eq!(hall.judges(presenter, &two, None), Err(Rule::RoomFull));
    let one = hall.actors[presenter].commits(|builder| builder.propose_adds(persons(1)));
    assert_eq!(hall.judges(presenter, &one, None).map(|summary| summary.added.len()), Ok(1));
    for actor in &mut hall.actors {
        actor.hears(&one.commit);
    }
    let full = hall.actors[presenter].commits(|builder| builder.propose_adds(persons(1)));
    assert_eq!(hall.judges(presenter, &full, None), Err(Rule::RoomFull));
    let for_another = hall.actors[presenter]
        .commits(|builder| builder.propose_adds(persons(1)).propose_removals([LeafNodeIndex::new(9)]));
    assert!(hall.judges(presenter, &for_another, None).is_ok());
}

fn persons(count: usize) -> Vec<KeyPackage> {
    (0..count).map(|_| Actor::person().key_package(FAST)).collect()
}

struct Hall {
    organisation: Organisation,
    actors: Vec<Actor>,
}

impl Hall {
    fn new(kind: RoomKind, hosts_in_help: bool) -> Self {
        let organisation = Organisation::new();
        let mut actors = vec![
            Actor::person(),
            Actor::person(),
            organisation.staff(Role::Host),
            organisation.staff(Role::Professional),
            organisation.staff(Role::Presenter),
            organisation.expired(Role::Host),
        ];
        let rules = RoomRules { kind, organisation: organisation.trust.organisation(), hosts_in_help };
        let (founder, others) = actors.split_first_mut().unwrap();
        founder.opens(ROOM, FAST, rules, &organisation.head(1));
        let packages: Vec<_> = others.iter().map(|other| other.key_package(FAST)).collect();
        let bundle = founder.commits(|builder| builder.propose_adds(packages));
        founder.hears(&bundle.commit);
        let tree = founder.group().export_ratchet_tree().tls_serialize_detached().unwrap();
        for other in others {
            let welcome = bundle.welcome.clone().unwrap();
            other.joins(&Invitation { welcome, tree: Blob(tree.clone()), seq: Seq(1) });
        }
        Self { organisation, actors }
    }

    fn judges_add(&mut self, committer: usize, column: usize) -> Result<(), Rule> {
        let newcomer = match column {
            0 => Actor::person(),
            1 => self.organisation.staff(Role::Host),
            2 => self.organisation.staff(Role::Professional),
            3 => self.organisation.staff(Role::Presenter),
            _ => self.organisation.impostor(Role::Host),
        };
        let package = newcomer.key_package(FAST);
        let bundle = self.actors[committer].commits(|builder| builder.propose_adds([package]));
        self.judges(committer, &bundle, None).map(drop)
    }

    fn judges_remove(&mut self, committer: usize, target: usize, lead: Option<LeafKey>) -> Result<(), Rule> {
        let target = LeafNodeIndex::new(u32::try_from(target).unwrap());
        let bundle = self.actors[committer].commits(|builder| builder.propose_removals([target]));
        self.judges(committer, &bundle, lead).map(drop)
    }

    fn judges(
        &self,
        committer: usize,
        bundle: &Bundle,
        lead: Option<LeafKey>,
    ) -> Result<CommitSummary, Rule> {
        let judge = if committer == 0 { &self.actors[1] } else { &self.actors[0] };
        let processed = judge.would_process(&bundle.commit).expect("the library has nothing against it");
        let sender = processed.sender().clone();
        let ProcessedMessageContent::StagedCommitMessage(staged) = processed.into_content() else {
            panic!("not a commit")
        };
        let group = judge.group().public_group();
        let (trust, now) = (&self.organisation.trust, self.organisation.now);
        Bench { group, trust, lead, leaving: &[], now }.judge_commit(
            judge.provider.crypto(),
            &sender,
            &staged,
        )
    }
}
