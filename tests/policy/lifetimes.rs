//! A leaf lives 31 days at most: openmls accepts a century.

use lotgenoot_core::group::TrackedGroup;
use lotgenoot_core::key_package::check;
use lotgenoot_protocol::limits::{CLOCK_SKEW_SECONDS_MAX, LEAF_LIFETIME_SECONDS_MAX};
use lotgenoot_protocol::mls::{RoomKind, RoomRules, group_extensions};
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::role::Role;
use openmls::prelude::Lifetime;

use crate::cast::{FAST, Organisation, century};
use crate::scene::{ROOM, Scene, Verdict, not_allowed};
use lotgenoot_tests::cast::{Actor, key_package_bytes};
use lotgenoot_tests::organisation::now;

const HOUR_MS: u64 = 3600 * 1000;

#[test]
fn nobody_is_added_for_a_century() {
    assert_eq!(added_with(century(), |_| {}), Verdict::refused(Rule::Lifetime));
}

#[test]
fn nobody_is_added_for_longer_than_31_days_and_the_hour_for_wrong_clocks() {
    let begin = now().seconds() - 3600;
    let longest = LEAF_LIFETIME_SECONDS_MAX + CLOCK_SKEW_SECONDS_MAX;
    assert_eq!(added_with(Lifetime::init(begin, begin + longest), |_| {}), Verdict::accepted());
    let longer = Lifetime::init(begin, begin + longest + 1);
    assert_eq!(added_with(longer, |_| {}), Verdict::refused(Rule::Lifetime));
}

#[test]
fn nobody_is_added_after_her_time() {
    let begin = now().seconds() - 60;
    let verdict = added_with(Lifetime::init(begin, begin + 3600), |scene| {
        scene.now = scene.now.plus_ms(2 * HOUR_MS);
        scene.victim.now = scene.victim.now.plus_ms(2 * HOUR_MS);
    });
    assert_eq!(verdict, Verdict::refused(Rule::Lifetime));
}

#[test]
fn nobody_is_added_before_her_time() {
    let begin = now().seconds() - 60;
    let verdict = added_with(Lifetime::init(begin, begin + 3600), |scene| {
        scene.now.0 -= 2 * HOUR_MS;
        scene.victim.now.0 -= 2 * HOUR_MS;
    });
    assert_eq!(verdict, Verdict::refused(Rule::Lifetime));
}

#[test]
fn no_room_is_opened_for_a_century() {
    let organisation = Organisation::new();
    let mut host = organisation.staff(Role::Host);
    let rules = RoomRules {
        kind: RoomKind::Peer,
        organisation: organisation.trust.organisation(),
        hosts_in_help: false,
    };
    let mut shape = host.shape(FAST);
    shape.lifetime = century();
    let context = group_extensions(rules, &organisation.head(1));
    let opening = host.opens_shaped(ROOM, FAST, context, shape);
    let opened = TrackedGroup::open(ROOM, &opening, &organisation.trust, organisation.now).map(drop);
    assert_eq!(opened, not_allowed(Rule::Lifetime));
}

#[test]
fn no_key_package_is_kept_for_a_century() {
    let actor = Actor::person();
    let mut shape = actor.shape(FAST);
    assert!(check(&key_package_bytes(actor.key_package(FAST)), now()).is_ok());
    shape.lifetime = century();
    let package = key_package_bytes(actor.key_package_shaped(FAST, shape));
    assert_eq!(check(&package, now()), not_allowed(Rule::Lifetime));
}

#[test]
fn no_key_package_is_kept_after_its_time() {
    let package = key_package_bytes(Actor::person().key_package(FAST));
    assert_eq!(check(&package, now().plus_ms(31 * 24 * HOUR_MS)), not_allowed(Rule::Lifetime));
}

fn added_with(lifetime: Lifetime, before: impl FnOnce(&mut Scene)) -> Verdict {
    let mut scene = Scene::new(RoomKind::Peer);
    let newcomer = Actor::person();
    let mut shape = newcomer.shape(FAST);
    shape.lifetime = lifetime;
    let package = newcomer.key_package_shaped(FAST, shape);
    let commit = scene.founder.commits(|builder| builder.propose_adds([package]));
    before(&mut scene);
    scene.tries(scene.founder.leaf(), &commit)
}

#[test]
fn the_relay_keeps_no_key_package_whose_time_has_not_begun() {
    let actor = Actor::person();
    let begin = now().seconds() - 60;
    let mut shape = actor.shape(FAST);
    shape.lifetime = Lifetime::init(begin, begin + 3600);
    let package = key_package_bytes(actor.key_package_shaped(FAST, shape));
    let before = |ms| lotgenoot_protocol::Timestamp(now().0 - ms);
    assert!(check(&package, before(HOUR_MS / 2)).is_ok(), "within the hour for wrong clocks");
    assert_eq!(check(&package, before(2 * HOUR_MS)), not_allowed(Rule::Lifetime));
}
