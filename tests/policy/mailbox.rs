//! What a client's own vault says against a relay.

use lotgenoot_client::messages::{Command, Connection};
use lotgenoot_client::{Identity, Member};
use lotgenoot_protocol::register::Change;
use lotgenoot_protocol::{LeafKey, RootKey, Serial};

use crate::cast::{FAST, Organisation, register};
use crate::victim::{Victim, options};

const SECRET: [u8; 32] = [3; 32];

#[test]
fn a_mailbox_opens_for_the_organisation_it_was_made_for_and_for_no_other() {
    let (organisation, other) = (Organisation::new(), Organisation::new());
    let mut back = kept(&organisation).returns(member(&organisation, organisation.root()));
    back.signs_in(&organisation.head(3));
    assert_eq!(back.connection, Some(Connection::Online));

    let mut led_astray = kept(&organisation).returns(member(&other, other.root()));
    led_astray.signs_in(&other.head(3));
    assert_eq!(led_astray.connection, Some(Connection::Refused));
    led_astray.member.disconnected(led_astray.now);
    led_astray.signs_in(&other.head(3));
    assert_eq!(led_astray.connection, Some(Connection::Refused), "nor the second time");
}

#[test]
fn a_register_that_the_vault_remembers_cannot_be_rewritten_while_she_is_away() {
    let organisation = Organisation::new();
    let mut rewritten = register(organisation.trust.organisation(), 2);
    rewritten.add(Change::Revoked { serial: Serial([99; 16]) });
    let head =
        rewritten.sign(organisation.now.seconds(), organisation.issuer.0.clone(), &organisation.issuer.1);
    let mut back = kept(&organisation).returns(member(&organisation, organisation.root()));
    back.is_welcomed(&head);
    back.learns(&rewritten);
    assert_eq!(back.connection, Some(Connection::Refused));
}

// A person who was here, and has something in her vault.
fn kept(organisation: &Organisation) -> Victim {
    let mut person =
        Victim::new(member(organisation, organisation.root()), LeafKey([0; 32]), organisation.now);
    person.signs_in(&organisation.head(3));
    person.member.command(Command::OpenLine { nickname: "Merel".to_owned() }, person.now);
    person.take();
    person
}

fn member(organisation: &Organisation, root: RootKey) -> Member {
    Member::new(Identity::person(root, SECRET), options(FAST.into()), organisation.now)
}
