//! The proof of work, as a client does it: a call for help leaves before it, whatever is stored waits for it.

use lotgenoot_client::messages::{Command, Connection, Intake};
use lotgenoot_client::{Identity, Member};
use lotgenoot_protocol::frame::{Answer, ClientFrame, Duty, Request};
use lotgenoot_protocol::limits::WORK_BITS_MAX;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::work::is_solved;
use lotgenoot_protocol::{LeafKey, Refused};

use crate::cast::{FAST, Organisation};
use crate::victim::{Victim, options};

const BITS: u8 = 6;

#[test]
fn what_is_stored_waits_for_the_work_and_leaves_after_it() {
    let organisation = Organisation::new();
    let mut person = asked_for(&organisation, BITS);
    assert_eq!(person.connection, Some(Connection::Online), "she need not wait to read");
    person.member.command(Command::Screen { state: vec![1], number: 1 }, person.now);
    person.member.command(Command::OpenLine { nickname: "Merel".to_owned() }, person.now);
    person.take();
    assert!(!person.stored(), "nothing is put into her vault");
    while person.member.has_work() {
        assert!(!person.stored());
        person.member.work(10);
        person.take();
    }
    let Some(Request::Prove(proof)) = person.asked.last().map(|frame| frame.request.clone()) else {
        panic!("the work is shown")
    };
    assert!(is_solved(&[5; 32], BITS, &proof.counters));
    person.now = person.now.plus_ms(5_000);
    person.member.handle_timeout(person.now);
    person.take();
    assert!(person.stored());
}

#[test]
fn staff_publish_and_write_their_way_back_after_the_work_and_not_before() {
    let organisation = Organisation::new();
    let mut host = Victim::staff(&organisation, Role::Host, FAST.into(), &organisation.head(3));
    host.opens();
    let vault = host.vault();
    host.asked.clear();
    let mut host = host.after_a_reload(vault);
    (host.work, host.key_packages, host.answers_slots) = (Some(BITS), 0, false);
    host.signs_in(&organisation.head(3));
    let stores = |victim: &Victim| {
        let stored = |frame: &&ClientFrame| {
            matches!(
                frame.request,
                Request::PublishKeyPackages(_)
                    | Request::WriteSlot(_)
                    | Request::OpenRoom(_)
                    | Request::Ack(_)
            )
        };
        victim.asked.iter().filter(stored).count()
    };
    host.member.command(Command::OpenPeerRoom { at_once: true }, host.now);
    host.take();
    assert_eq!(stores(&host), 0);
    host.member.work(u32::MAX);
    host.take();
    assert!(stores(&host) >= 3, "KeyPackages, the tab's slot, the room");
}

#[test]
fn a_call_for_help_leaves_before_the_work_is_done() {
    let organisation = Organisation::new();
    let mut person = asked_for(&organisation, WORK_BITS_MAX);
    let intake = Box::new(Intake { nickname: "Iris".to_owned(), ..Intake::default() });
    person.member.command(Command::Raise { service: "hulp".to_owned(), intake }, person.now);
    person.take();
    let (request, _) = person.last_request(|request| matches!(request, Request::AskDuty(_)));
    person.reply(request, Answer::Duty(Duty { people: Vec::new() }));
    assert!(person.member.has_work());
    person.last_request(|request| matches!(request, Request::Raise(_)));
}

#[test]
fn who_is_told_that_the_work_is_missing_begins_anew_and_loses_nothing() {
    let organisation = Organisation::new();
    let mut person = asked_for(&organisation, BITS);
    while person.member.has_work() {
        person.member.work(1_000);
    }
    person.take();
    person.member.command(Command::OpenLine { nickname: "Merel".to_owned() }, person.now);
    person.take();
    let (request, _) = person.last_request(|request| matches!(request, Request::AskDuty(_)));
    person.reply(request, Answer::Refused(Refused::Unproven));
    assert!(person.member.wants_to_hang_up());
    person.member.disconnected(person.now);
    person.asked.clear();
    person.signs_in(&organisation.head(3));
    let (again, _) = person.last_request(|request| matches!(request, Request::AskDuty(_)));
    assert_eq!(again, request);
}

#[test]
fn nobody_works_for_ever_because_a_relay_says_so() {
    let organisation = Organisation::new();
    let person = asked_for(&organisation, WORK_BITS_MAX + 1);
    assert!(!person.member.has_work());
}

// A person whose relay asks for this much.
fn asked_for(organisation: &Organisation, bits: u8) -> Victim {
    let member =
        Member::new(Identity::person(organisation.root(), [3; 32]), options(FAST.into()), organisation.now);
    let mut person = Victim::new(member, LeafKey([0; 32]), organisation.now);
    person.work = Some(bits);
    person.signs_in(&organisation.head(3));
    person
}
