//! A coordinator whose relay wants her signature under what nobody of her organisation made.

use lotgenoot_client::messages::{Command, Event, OfficeView};
use lotgenoot_client::{Identity, Member};
use lotgenoot_protocol::frame::{Answer, Request};
use lotgenoot_protocol::link::StaffSecret;
use lotgenoot_protocol::office::{Certified, PutStaff, Staff};
use lotgenoot_protocol::register::{Change, Register};
use lotgenoot_protocol::role::{Role, RoleCertificate};
use lotgenoot_protocol::{AccountKey, Blob, LeafKey, RootKey, Serial};

use crate::cast::{DAY, FAST, Organisation, register};
use crate::victim::{Victim, options};
use lotgenoot_tests::cast::Actor;

#[test]
fn she_sees_and_signs_only_whom_the_register_lists() {
    let organisation = Organisation::new();
    let (roos, ghost) = (organisation.staff(Role::Host), Actor::person());
    let mut shown = register(organisation.trust.organisation(), 1);
    let genuine = roos.certificate.clone().unwrap();
    shown.certified(serial(&genuine), &genuine);
    // The relay's own key under Roos's name: unsigned, signed by a stranger, or wearing her serial.
    let draft = organisation.draft(Role::Host, ghost.leaf());
    let unsigned = draft.to_bytes();
    let strange = Organisation::new().sign(draft.clone());
    let borrowed = RoleCertificate { serial: serial(&genuine), ..draft };
    let mut office = Office::new(&organisation, &shown, 1);
    let told = [&genuine, &unsigned, &strange, &borrowed.to_bytes()].map(|it| certified(it)).to_vec();
    office.is_told(Staff { number: 0, certified: told, proposed: Vec::new() });
    let view = office.view();
    assert_eq!(view.colleagues.len(), 1);
    let all = view.colleagues.iter().map(|it| it.id.clone()).collect();
    office.does(Command::Renew { colleagues: all });
    let put = office.put();
    let read = put.certified.iter().map(|it| RoleCertificate::from_bytes(&it.certificate).unwrap());
    assert_eq!(read.map(|it| it.leaf_key).collect::<Vec<_>>(), [roos.leaf()]);
}

#[test]
fn she_adds_her_name_only_to_what_another_has_signed() {
    let organisation = Organisation::new();
    let shown = register(organisation.trust.organisation(), 1);
    let mut office = Office::new(&organisation, &shown, 2);
    let (other, issuer) = organisation.coordinator(2);
    let draft = || organisation.draft(Role::Professional, Actor::person().leaf());
    let genuine = draft().signed_by(issuer, &other.issuer_key()).to_bytes();
    let nobodys = draft().to_bytes();
    let a_host = organisation.draft(Role::Host, Actor::person().leaf()).to_bytes();
    let (stranger, strange) = Organisation::new().coordinator(2);
    let strange = draft().signed_by(strange, &stranger.issuer_key()).to_bytes();
    let told = [&genuine, &nobodys, &a_host, &strange].map(|it| certified(it)).to_vec();
    office.is_told(Staff { number: 0, certified: Vec::new(), proposed: told });
    let proposals = office.view().proposals;
    assert_eq!(proposals.len(), 1);
    office.does(Command::CoSign { proposal: proposals[0].id.clone() });
    let put = office.put();
    assert_eq!((put.certified.len(), put.proposed.len()), (1, 0));
    let counts = organisation.trust.role(
        &put.certified[0].certificate,
        &RoleCertificate::from_bytes(&genuine).unwrap().leaf_key,
        organisation.now,
    );
    assert!(counts.is_ok());
}

#[test]
fn she_builds_nothing_on_a_register_that_lacks_what_she_has_seen() {
    let organisation = Organisation::new();
    let roos = organisation.staff(Role::Host).certificate.unwrap();
    let mut older = register(organisation.trust.organisation(), 1);
    older.certified(serial(&roos), &roos);
    let mut newer = older.clone();
    newer.add(Change::Revoked { serial: Serial([44; 16]) });
    let mut office = Office::new(&organisation, &newer, 1);
    office.is_told(Staff { number: 0, certified: vec![certified(&roos)], proposed: Vec::new() });
    let id = office.view().colleagues[0].id.clone();
    office.does(Command::Renew { colleagues: vec![id.clone()] });
    assert_eq!(office.put().certified.len(), 1);

    // The relay is restored from a copy of yesterday: what she makes now holds what that one has forgotten.
    office.victim.member.disconnected(office.victim.now);
    office.shown(&organisation, &older, &roos);
    office.does(Command::Renew { colleagues: vec![id.clone()] });
    let register = Register::from_bytes(&office.put().register).unwrap();
    assert!(register.revoked().contains(&Serial([44; 16])));

    // After a reload she knows only that there was more.
    let member = Member::new(office.identity(), options(FAST.into()), organisation.now);
    office.victim = office.victim.returns(member);
    office.shown(&organisation, &older, &roos);
    office.does(Command::Renew { colleagues: vec![id] });
    assert!(!office.victim.asked.iter().any(|frame| matches!(frame.request, Request::PutStaff(_))));
}

#[test]
fn a_certificate_of_another_role_or_name_is_not_put_on() {
    let organisation = Organisation::new();
    let head = organisation.head(3);
    let mut host = Victim::staff(&organisation, Role::Host, FAST.into(), &head);
    let draft = |role| RoleCertificate {
        not_before: organisation.now.seconds() - DAY,
        not_after: organisation.now.seconds() + 85 * DAY,
        ..organisation.draft(role, host.leaf)
    };
    let other_name = RoleCertificate { alias: "Truus".to_owned(), ..draft(Role::Host) };
    let other_key = organisation.draft(Role::Host, Actor::person().leaf());
    let strange = Organisation::new().sign(draft(Role::Host));
    let bad = [
        organisation.sign(draft(Role::Professional)),
        organisation.sign(other_name),
        organisation.sign(other_key),
        strange,
    ];
    let good = organisation.sign(draft(Role::Host));
    let before = host.until();
    for certificate in bad {
        comes_again(&mut host, &organisation, certificate);
        assert_eq!(host.until(), before);
    }
    comes_again(&mut host, &organisation, good);
    assert!(host.until() > before);
}

fn comes_again(host: &mut Victim, organisation: &Organisation, certificate: Vec<u8>) {
    host.member.disconnected(host.now);
    (host.certificate, host.key_packages) = (Some(Blob(certificate)), 25);
    host.signs_in(&organisation.head(3));
}

struct Office {
    victim: Victim,
    root: RootKey,
    secret: StaffSecret,
    issuer: Vec<u8>,
}

impl Office {
    fn new(organisation: &Organisation, register: &Register, professionals_need: u8) -> Self {
        let (secret, issuer) = organisation.coordinator(professionals_need);
        let (root, issuer) = (organisation.root(), issuer.to_bytes());
        let identity = Identity::coordinator(root, &secret, &issuer).unwrap();
        let member = Member::new(identity, options(FAST.into()), organisation.now);
        let mut victim = Victim::new(member, LeafKey([0; 32]), organisation.now);
        victim.is_welcomed(&organisation.signs(register));
        victim.learns(register);
        Self { victim, root, secret, issuer }
    }

    fn identity(&self) -> Identity {
        Identity::coordinator(self.root, &self.secret, &self.issuer).unwrap()
    }

    // Signs in at a relay with this register, and is told of one colleague.
    fn shown(&mut self, organisation: &Organisation, register: &Register, colleague: &[u8]) {
        self.victim.asked.clear();
        self.victim.is_welcomed(&organisation.signs(register));
        self.victim.learns(register);
        self.is_told(Staff { number: 0, certified: vec![certified(colleague)], proposed: Vec::new() });
    }

    fn is_told(&mut self, staff: Staff) {
        let (request, _) = self.victim.last_request(|request| matches!(request, Request::AskStaff(_)));
        self.victim.reply(request, Answer::Staff(staff));
    }

    fn does(&mut self, command: Command) {
        self.victim.member.command(command, self.victim.now);
        self.victim.take();
    }

    fn put(&self) -> PutStaff {
        let (_, request) = self.victim.last_request(|request| matches!(request, Request::PutStaff(_)));
        match request {
            Request::PutStaff(put) => put,
            _ => unreachable!("it was looked for"),
        }
    }

    fn view(&self) -> OfficeView {
        let shown = self.victim.events.iter().rev().find_map(|event| match event {
            Event::Office(view) => Some(view.clone()),
            _ => None,
        });
        shown.expect("she sees the office")
    }
}

fn certified(certificate: &[u8]) -> Certified {
    Certified { account: AccountKey([7; 32]), certificate: Blob(certificate.to_vec()), uncovered: None }
}

fn serial(certificate: &[u8]) -> Serial {
    RoleCertificate::from_bytes(certificate).unwrap().serial
}
