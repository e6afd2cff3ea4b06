//! What a relay says of the staff register is believed with its signed head only, and never backwards.

use lotgenoot_client::messages::Connection;
use lotgenoot_client::{Identity, Member};
use lotgenoot_protocol::frame::{Accepted, Answer, Invitation, Request};
use lotgenoot_protocol::mls::{RoomKind, RoomRules, SUITE_AES, SUITE_CHACHA, group_extensions};
use lotgenoot_protocol::register::{Change, Register, RegisterHead};
use lotgenoot_protocol::role::{Role, RoleCertificate};
use lotgenoot_protocol::{Blob, Epoch, LeafKey, Seq, Serial};
use openmls::prelude::tls_codec::Serialize as _;

use crate::cast::{FAST, Organisation, register};
use crate::scene::{ROOM, validated};
use crate::victim::{Victim, hex, options};

#[test]
fn nothing_is_asked_before_the_register_is_there_and_believed() {
    let organisation = Organisation::new();
    let mut person = person(&organisation);
    person.is_welcomed(&organisation.head(3));
    assert!(matches!(person.asked.last().map(|frame| &frame.request), Some(Request::AskRegister(_))));
    assert_ne!(person.connection, Some(Connection::Online));
    person.learns(&grown(&organisation, 3));
    assert_eq!(person.connection, Some(Connection::Online));
}

#[test]
fn a_relay_that_shows_another_register_than_the_heads_is_not_used() {
    let organisation = Organisation::new();
    let other = Organisation::new();
    let mut swapped = Register::new(organisation.trust.organisation());
    (0..3).for_each(|at| swapped.add(Change::Revoked { serial: Serial([at + 9; 16]) }));
    let wrong = [
        ("a shorter one", grown(&organisation, 2)),
        ("a longer one", grown(&organisation, 4)),
        ("one with other changes", swapped),
        ("another organisation's", grown(&other, 3)),
    ];
    for (what, wrong) in wrong {
        let mut person = person(&organisation);
        person.is_welcomed(&organisation.head(3));
        person.learns(&wrong);
        assert_eq!(person.connection, Some(Connection::Refused), "{what}");
        let last = person.asked.last().map(|frame| &frame.request);
        assert!(matches!(last, Some(Request::AskRegister(_))), "{what}: she goes on");
    }
    let mut person = person(&organisation);
    person.is_welcomed(&other.head(3));
    assert_eq!(person.connection, Some(Connection::Refused), "another organisation's head");
}

#[test]
fn a_register_that_is_known_may_grow_and_is_not_asked_for_twice() {
    let organisation = Organisation::new();
    let mut person = person(&organisation);
    person.signs_in(&organisation.head(3));
    let asked = |person: &Victim| {
        person.asked.iter().filter(|frame| matches!(frame.request, Request::AskRegister(_))).count()
    };
    for (version, times) in [(3, 1), (2, 1), (5, 2), (5, 2), (3, 2)] {
        person.member.disconnected(person.now);
        person.signs_in(&organisation.head(version));
        assert_eq!(person.connection, Some(Connection::Online), "version {version}");
        assert_eq!(asked(&person), times, "version {version}");
    }
}

#[test]
fn a_register_that_was_rewritten_is_refused_although_an_issuer_signed_it() {
    let organisation = Organisation::new();
    let mut rewritten = grown(&organisation, 2);
    rewritten.add(Change::Revoked { serial: Serial([99; 16]) });
    let same_version = organisation.signs(&rewritten);
    rewritten.add(Change::Revoked { serial: Serial([98; 16]) });
    let longer = organisation.signs(&rewritten);
    for head in [same_version, longer] {
        let mut person = person(&organisation);
        person.signs_in(&organisation.head(3));
        person.member.disconnected(person.now);
        person.is_welcomed(&head);
        let mut shown = rewritten.clone();
        if head.version == 3 {
            shown = grown(&organisation, 2);
            shown.add(Change::Revoked { serial: Serial([99; 16]) });
        }
        person.learns(&shown);
        assert_eq!(person.connection, Some(Connection::Refused), "version {}", head.version);
    }
}

#[test]
fn nobody_follows_a_host_who_was_revoked() {
    let organisation = Organisation::new();
    for revoked in [false, true] {
        let mut host = organisation.staff(Role::Host);
        let certificate = host.certificate.as_deref().and_then(RoleCertificate::from_bytes).unwrap();
        let mut register = grown(&organisation, 1);
        if revoked {
            register.add(Change::Revoked { serial: certificate.serial });
        }
        let head = organisation.signs(&register);
        let mut victim = Victim::staff_who_learns(&organisation, Role::Host, FAST.into(), &head, &register);
        let rules = RoomRules {
            kind: RoomKind::Peer,
            organisation: organisation.trust.organisation(),
            hosts_in_help: false,
        };
        let context = group_extensions(rules, &organisation.head(1));
        host.opens_shaped(ROOM, FAST, context, host.shape(FAST));
        let package = validated(&victim.packages[0]);
        let bundle = host.commits(|builder| builder.propose_adds([package]));
        host.hears(&bundle.commit);
        let tree = host.group().export_ratchet_tree().tls_serialize_detached().unwrap();
        let invitation = Invitation { welcome: bundle.welcome.unwrap(), tree: Blob(tree), seq: Seq(1) };
        victim.is_invited(ROOM, invitation, Epoch(1));
        assert_eq!(victim.views.contains_key(&hex(ROOM)), !revoked);
    }
}

fn person(organisation: &Organisation) -> Victim {
    let identity = Identity::person(organisation.root(), rand::random());
    let member = Member::new(identity, options(FAST.into()), organisation.now);
    Victim::new(member, LeafKey([0; 32]), organisation.now)
}

fn grown(organisation: &Organisation, version: u64) -> Register {
    register(organisation.trust.organisation(), version)
}

impl Organisation {
    pub(crate) fn signs(&self, register: &Register) -> RegisterHead {
        RegisterHead::new(
            register.version(),
            register.hash(),
            self.now.seconds(),
            self.issuer.0.clone(),
            &self.issuer.1,
        )
    }
}

#[test]
fn rooms_are_opened_in_the_suite_the_register_says_and_no_older_register_takes_it_back() {
    let organisation = Organisation::new();
    let mut register = grown(&organisation, 2);
    register.add(Change::Suite { suite: SUITE_CHACHA });
    let before = (register.clone(), organisation.signs(&register));
    register.add(Change::Suite { suite: SUITE_AES });
    let after = (register.clone(), organisation.signs(&register));

    let mut host = Victim::staff_who_learns(&organisation, Role::Host, SUITE_CHACHA, &before.1, &before.0);
    assert_eq!(host.opens(), SUITE_CHACHA);
    host.key_packages = 25;
    for (register, head) in [&after, &before, &after] {
        host.member.disconnected(host.now);
        host.asked.clear();
        host.is_welcomed(head);
        host.learns(register);
        assert_eq!(host.opens(), SUITE_AES, "version {}", head.version);
    }
    // Nor after a reload, from which only the vault knows what was shown before.
    let vault = host.vault();
    let mut host = host.after_a_reload(vault);
    host.is_welcomed(&before.1);
    host.learns(&before.0);
    assert_eq!(host.opens(), SUITE_AES);
}

#[test]
fn staff_publish_anew_when_the_suite_changes() {
    let organisation = Organisation::new();
    let mut register = grown(&organisation, 2);
    let before = (register.clone(), organisation.signs(&register));
    register.add(Change::Suite { suite: SUITE_AES });
    let after = (register.clone(), organisation.signs(&register));
    let mut host = Victim::staff_who_learns(&organisation, Role::Host, SUITE_CHACHA, &before.1, &before.0);
    host.key_packages = 25;
    for ((register, head), publishes) in [(&before, false), (&after, true), (&after, false)] {
        host.member.disconnected(host.now);
        host.asked.clear();
        host.is_welcomed(head);
        host.learns(register);
        let publication = host.asked.iter().find_map(|frame| match &frame.request {
            Request::PublishKeyPackages(publish) => Some((frame.request_id, publish.packages.clone())),
            _ => None,
        });
        assert_eq!(publication.is_some(), publishes, "version {}", head.version);
        if let Some((request, packages)) = publication {
            assert_eq!(u16::from(validated(&packages[0]).ciphersuite()), SUITE_AES);
            host.reply(request, Answer::Accepted(Accepted { seq: Seq(0) }));
        }
    }
}
