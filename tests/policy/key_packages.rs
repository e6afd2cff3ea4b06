//! What the relay keeps of published KeyPackages, and when staff publish more.

use lotgenoot_core::key_package::check;
use lotgenoot_protocol::frame::{Accepted, Answer, ClientFrame, Pong, Push, Request};
use lotgenoot_protocol::limits::KEY_PACKAGE_BYTES_MAX;
use lotgenoot_protocol::mls::{CREDENTIAL_TYPE, leaf_extensions};
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{Blob, Refused, Seq};
use openmls::prelude::{Ciphersuite, Credential, CredentialType, OpenMlsProvider};

use crate::cast::{FAST, Organisation};
use crate::scene::not_allowed;
use crate::victim::Victim;
use lotgenoot_tests::cast::{Actor, key_package_bytes};
use lotgenoot_tests::organisation::now;

#[test]
fn staff_publish_new_ones_when_a_connection_begins_and_few_are_left() {
    let organisation = Organisation::new();
    let head = organisation.head(1);
    let mut victim = Victim::staff(&organisation, Role::Host, FAST.into(), &head);
    for (left, publishes) in [(25, false), (10, false), (9, true), (0, true)] {
        victim.member.disconnected(victim.now);
        victim.key_packages = left;
        let before = victim.asked.len();
        victim.signs_in(&head);
        let asked = &victim.asked[before..];
        let published = asked.iter().any(|frame| matches!(frame.request, Request::PublishKeyPackages(_)));
        let at_the_desk = asked.iter().any(|frame| matches!(frame.request, Request::OpenDesk(_)));
        assert_eq!((published, at_the_desk), (publishes, !publishes), "{left} left");
        if publishes {
            let publish = |request: &Request| matches!(request, Request::PublishKeyPackages(_));
            let (request, _) = victim.last_request(publish);
            victim.reply(request, Answer::Accepted(Accepted { seq: Seq(0) }));
            let last = victim.asked.last().map(|frame| &frame.request);
            assert!(matches!(last, Some(Request::OpenDesk(_))), "she can be called once they are there");
        }
    }
}

#[test]
fn staff_publish_new_ones_when_those_they_have_are_a_week_old() {
    const DAY_MS: u64 = 24 * 3600 * 1000;
    let organisation = Organisation::new();
    let head = organisation.head(1);
    let mut victim = Victim::staff(&organisation, Role::Professional, FAST.into(), &head);
    victim.key_packages = 25;
    let begun = victim.now;
    let published = |victim: &Victim, before: usize| {
        let publish = |frame: &ClientFrame| matches!(frame.request, Request::PublishKeyPackages(_));
        victim.asked[before..].iter().any(publish)
    };
    // A quiet service: nobody uses any, and she signs in every day.
    for (days, publishes) in [(1, false), (6, false), (7, true), (8, false)] {
        victim.member.disconnected(victim.now);
        victim.now = begun.plus_ms(days * DAY_MS);
        let before = victim.asked.len();
        victim.signs_in(&head);
        assert_eq!(published(&victim, before), publishes, "day {days}");
        if publishes {
            let publish = |request: &Request| matches!(request, Request::PublishKeyPackages(_));
            let (request, _) = victim.last_request(publish);
            victim.reply(request, Answer::Accepted(Accepted { seq: Seq(0) }));
        }
    }
    // After a reload she knows it still; and a desk that stays open renews them too.
    let vault = victim.vault();
    let mut again = victim.after_a_reload(vault);
    again.signs_in(&head);
    assert!(!published(&again, 0));
    again.now = begun.plus_ms(14 * DAY_MS);
    let pong = Pong { now: again.now, open: vec![], calendar: 0, sessions: vec![], services: vec![] };
    again.push(Push::Open(pong));
    assert!(published(&again, 0));
}

#[test]
fn an_honest_key_package_is_kept_under_its_own_reference() {
    for suite in [FAST, Ciphersuite::try_from(0x004F).unwrap()] {
        let actor = Actor::person();
        let package = actor.key_package(suite);
        let reference = package.hash_ref(actor.provider.crypto()).unwrap().as_slice().to_vec();
        assert_eq!(check(&key_package_bytes(package), now()), Ok(reference));
    }
}

#[test]
fn a_key_package_of_another_protocol_is_not_kept() {
    let actor = Actor::person();
    let mut shape = actor.shape(FAST);
    shape.credential = Credential::new(CredentialType::Other(CREDENTIAL_TYPE), vec![1; 4]);
    let package = key_package_bytes(actor.key_package_shaped(FAST, shape));
    assert_eq!(check(&package, now()), not_allowed(Rule::Credential));

    let package = key_package_bytes(actor.key_package(Ciphersuite::try_from(0x004E).unwrap()));
    assert_eq!(check(&package, now()), not_allowed(Rule::Credential));
}

#[test]
fn a_key_package_that_is_too_large_names_the_limit() {
    let actor = Actor::person();
    let mut shape = actor.shape(FAST);
    shape.extensions = leaf_extensions(Some(&vec![1; KEY_PACKAGE_BYTES_MAX]));
    let package = key_package_bytes(actor.key_package_shaped(FAST, shape));
    let limit = "KEY_PACKAGE_BYTES_MAX".to_owned();
    let expected = Refused::TooLarge { limit, max: KEY_PACKAGE_BYTES_MAX as u64 };
    assert_eq!(check(&package, now()), Err(expected));
}

#[test]
fn a_key_package_changed_anywhere_is_not_kept() {
    let package = key_package_bytes(Actor::person().key_package(FAST));
    for at in 0..package.len() {
        let mut bytes = package.0.clone();
        bytes[at] ^= 1;
        assert!(check(&Blob(bytes), now()).is_err(), "byte {at} may be changed unseen");
    }
    assert!(check(&Blob(Vec::new()), now()).is_err());
}
