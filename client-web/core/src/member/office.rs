//! What a coordinator does: renew, certify, revoke and invite, with a key that never leaves her device.

use lotgenoot_messages as ui;
use lotgenoot_protocol::frame::Request;
use lotgenoot_protocol::invitation::{Invitation, InvitationSecret};
use lotgenoot_protocol::limits::{
    INVITATION_LIFETIME_SECONDS_MAX, NAME_BYTES_MAX, ROLE_LIFETIME_SECONDS_MAX,
};
use lotgenoot_protocol::link::{Link, StaffSecret};
use lotgenoot_protocol::office::{AskStaff, Certified, PutStaff, Staff};
use lotgenoot_protocol::register::{Change, Register};
use lotgenoot_protocol::role::{Role, RoleCertificate, RoleError, serial_of_key};
use lotgenoot_protocol::sign::{Purpose as SignFor, sign};
use lotgenoot_protocol::{AccountKey, Blob, LeafKey, Serial};
use zeroize::Zeroizing;

use super::Member;
use crate::requests::Purpose;
use crate::show;

const DAY_SECONDS: u64 = 24 * 3600;
// A certificate that ends sooner is shown as one to renew.
const DUE_SECONDS: u64 = 30 * DAY_SECONDS;
// Clocks differ: what is made now counts from an hour ago.
const EARLIER_SECONDS: u64 = 3600;

/// What a coordinator knows of the staff, and what she is changing.
#[derive(Default)]
pub(crate) struct Office {
    staff: Option<Staff>,
    saving: bool,
    // Shown once the relay has the certificate: nobody is given a link that opens nothing.
    links: Vec<(Serial, ui::Event)>,
}

/// A change that is being made.
struct Draft {
    register: Register,
    certified: Vec<Certified>,
    proposed: Vec<Certified>,
    links: Vec<(Serial, ui::Event)>,
}

impl Member {
    /// Asks who is certified, once this connection may.
    pub(super) fn ask_staff(&mut self) {
        let (Some(keys), Some(nonce)) = (&self.identity.coordinator, &self.nonce) else { return };
        let issuer = Blob(keys.issuer.to_bytes());
        let parts: [&[u8]; 3] = [nonce, self.host.as_bytes(), &issuer.0];
        let signature = Blob(sign(&keys.key, SignFor::Office, &parts).to_vec());
        self.requests.ask(Purpose::AskStaff, Request::AskStaff(AskStaff { issuer, signature }));
    }

    /// Only what the organisation has signed is shown, and can be signed again: the relay's word is worth nothing.
    pub(super) fn staff_told(&mut self, mut staff: Staff) {
        staff.certified.retain(|it| {
            let read = RoleCertificate::from_bytes(&it.certificate);
            let lists = |read: RoleCertificate| {
                self.register.as_ref().is_some_and(|register| register.lists(read.serial, &it.certificate))
            };
            read.is_some_and(lists)
        });
        staff.proposed.retain(|it| {
            RoleCertificate::from_bytes(&it.certificate).is_some_and(|read| {
                let lacks = self.trust().role(&it.certificate, &read.leaf_key, self.judging());
                !read.issuers.is_empty() && lacks == Err(RoleError::TooFewIssuers)
            })
        });
        // Of a change whose answer was lost it is seen now whether it was made.
        let made = |serial: &Serial| {
            let serial = show::hex(&serial.0);
            staff.certified.iter().chain(&staff.proposed).any(|it| is(it, &serial))
        };
        let links = std::mem::take(&mut self.office.links);
        let made = links.into_iter().filter(|(serial, _)| made(serial)).map(|(_, link)| link);
        self.events.extend(made);
        self.office.staff = Some(staff);
        self.show_office();
        self.duty_connected();
    }

    /// The connection is gone: whether a change was made is seen on the next one.
    pub(super) fn office_disconnected(&mut self) {
        if std::mem::take(&mut self.office.saving) {
            self.show_office();
        }
    }

    /// The relay has taken a change, or not: what is there now is asked for again.
    pub(super) fn staff_put(&mut self, accepted: bool) {
        self.office.saving = false;
        let links = std::mem::take(&mut self.office.links);
        if accepted {
            self.events.extend(links.into_iter().map(|(_, link)| link));
        } else {
            self.fail(ui::Failure::Office);
        }
        // The register has changed: it is read anew, and the staff with it.
        self.hang_up = true;
    }

    /// Renews these, each for as long as certificates live. Whoever needs more signatures is proposed.
    pub(super) fn renew(&mut self, colleagues: &[String]) {
        let now = self.now.seconds();
        self.change_staff(|draft, member| {
            for serial in colleagues {
                let (account, before) = member.certified(serial)?;
                let renewed = RoleCertificate {
                    serial: Serial(member.requests.random()),
                    not_before: now - EARLIER_SECONDS,
                    not_after: now - EARLIER_SECONDS + ROLE_LIFETIME_SECONDS_MAX,
                    issuers: Vec::new(),
                    ..before
                };
                member.sign_and_file(draft, account, renewed)?;
            }
            Some(())
        });
    }

    /// Certifies somebody new; her link is shown once the relay has her certificate.
    pub(super) fn certify(&mut self, role: ui::Role, alias: String, service: String) {
        let Some(role) = show::role_of(role) else { return self.fail(ui::Failure::Office) };
        let now = self.now.seconds();
        let fits = |name: &str| name.len() <= NAME_BYTES_MAX;
        let named = !alias.trim().is_empty() && (role != Role::Professional || !service.trim().is_empty());
        if !named || !fits(&alias) || !fits(&service) {
            return self.fail(ui::Failure::Office);
        }
        self.change_staff(|draft, member| {
            let secret = StaffSecret(Zeroizing::new(member.requests.random_seed()));
            let certificate = RoleCertificate {
                organisation: member.trust().organisation(),
                serial: Serial(member.requests.random()),
                role,
                service: if role == Role::Professional { service.trim().to_owned() } else { String::new() },
                alias: alias.trim().to_owned(),
                leaf_key: LeafKey(secret.leaf_key().verifying_key().to_bytes()),
                not_before: now - EARLIER_SECONDS,
                not_after: now - EARLIER_SECONDS + ROLE_LIFETIME_SECONDS_MAX,
                issuers: Vec::new(),
            };
            let account = AccountKey(secret.account_key().verifying_key().to_bytes());
            let serial = certificate.serial;
            let bytes = member.sign_and_file(draft, account, certificate)?;
            let link = Link::of_staff(member.root(), secret, bytes);
            let (fragment, about) = (link.to_fragment(), alias.trim().to_owned());
            draft.links.push((serial, ui::Event::Link { fragment, about, invitation: false }));
            Some(())
        });
    }

    /// Adds her signature to what another has proposed.
    pub(super) fn co_sign(&mut self, proposal: &str) {
        self.change_staff(|draft, member| {
            let at = draft.proposed.iter().position(|it| is(it, proposal))?;
            let proposed = draft.proposed.remove(at);
            let certificate = RoleCertificate::from_bytes(&proposed.certificate)?;
            member.sign_and_file(draft, proposed.account, certificate).map(drop)
        });
    }

    /// Revokes a certificate.
    pub(super) fn revoke(&mut self, colleague: &str) {
        self.change_staff(|draft, member| {
            let (_, certificate) = member.certified(colleague)?;
            // The certificate, and every other one of hers, older or to come.
            for serial in [certificate.serial, serial_of_key(&certificate.leaf_key)] {
                draft.register.add(Change::Revoked { serial });
            }
            // What would make her staff again goes with it.
            draft.proposed.retain(|it| {
                RoleCertificate::from_bytes(&it.certificate)
                    .is_some_and(|proposed| proposed.leaf_key != certificate.leaf_key)
            });
            Some(())
        });
    }

    /// Makes an invitation. The relay need not know.
    pub(super) fn invite(&mut self, partner: &str) {
        let partner = partner.trim().to_owned();
        let fits = !partner.is_empty() && partner.len() <= NAME_BYTES_MAX;
        let Some(keys) = self.identity.coordinator.clone().filter(|_| fits) else {
            return self.fail(ui::Failure::Office);
        };
        let secret = InvitationSecret(Zeroizing::new(self.requests.random_seed()));
        let now = self.now.seconds();
        let invitation = Invitation {
            organisation: self.trust().organisation(),
            serial: Serial(self.requests.random()),
            key: secret.public(),
            partner: partner.clone(),
            not_before: now,
            not_after: now + INVITATION_LIFETIME_SECONDS_MAX,
            issuers: Vec::new(),
        };
        let invitation = invitation.signed_by(keys.issuer.clone(), &keys.key).to_bytes();
        let fragment = Link::of_invited(self.root(), secret, invitation).to_fragment();
        self.events.push_back(ui::Event::Link { fragment, about: partner, invitation: true });
    }

    // Signs a certificate, and puts it where it belongs: into the register, or among the proposals. Returns its bytes.
    fn sign_and_file(
        &self,
        draft: &mut Draft,
        account: AccountKey,
        certificate: RoleCertificate,
    ) -> Option<Vec<u8>> {
        let keys = self.identity.coordinator.as_ref()?;
        let (serial, leaf_key) = (certificate.serial, certificate.leaf_key);
        let certificate = certificate.signed_by(keys.issuer.clone(), &keys.key).to_bytes();
        let filed = Certified { account, certificate: Blob(certificate.clone()), uncovered: None };
        match self.trust().role(&certificate, &leaf_key, self.judging()) {
            Ok(_) => {
                draft.register.certified(serial, &certificate);
                draft.certified.push(filed);
            }
            Err(RoleError::TooFewIssuers) => draft.proposed.push(filed),
            Err(_) => return None,
        }
        Some(certificate)
    }

    // One change at a time, made of what the relay has said last.
    fn change_staff(&mut self, make: impl FnOnce(&mut Draft, &mut Self) -> Option<()>) {
        let known = self.office.staff.as_ref().filter(|_| !self.office.saving);
        let (Some(staff), Some(register)) = (known, self.register.clone()) else {
            return self.fail(ui::Failure::Office);
        };
        // What is built on an older register would lack what was revoked since, and be believed by newcomers.
        let newest = self
            .register_head
            .as_ref()
            .is_some_and(|head| (head.version, head.hash) == (register.version(), register.hash()));
        if !newest {
            return self.fail(ui::Failure::Office);
        }
        let number = staff.number;
        let proposed = staff.proposed.clone();
        let mut draft = Draft { register, certified: Vec::new(), proposed, links: Vec::new() };
        let made = make(&mut draft, self);
        let Some(keys) = self.identity.coordinator.clone().filter(|_| made.is_some()) else {
            return self.fail(ui::Failure::Office);
        };
        let head = draft.register.sign(self.now.seconds(), keys.issuer.clone(), &keys.key);
        self.office.saving = true;
        self.office.links = draft.links;
        let put = PutStaff {
            number,
            register: Blob(draft.register.to_bytes()),
            head: Blob(head.to_bytes()),
            certified: draft.certified,
            proposed: draft.proposed,
        };
        self.requests.ask(Purpose::PutStaff, Request::PutStaff(put));
        self.show_office();
    }

    /// Whether the relay has told who is certified.
    pub(super) fn knows_staff(&self) -> bool {
        self.office.staff.is_some()
    }

    /// Everybody who is certified, and not revoked.
    pub(super) fn staff_read(&self) -> impl Iterator<Item = (AccountKey, RoleCertificate)> {
        let revoked: Vec<Serial> = self.trust().revoked().collect();
        let certified = self.office.staff.iter().flat_map(|staff| &staff.certified);
        let read =
            certified.filter_map(|it| Some((it.account, RoleCertificate::from_bytes(&it.certificate)?)));
        read.filter(move |(_, read)| !revoked.contains(&read.serial))
    }

    fn certified(&self, serial: &str) -> Option<(AccountKey, RoleCertificate)> {
        let staff = self.office.staff.as_ref()?;
        let found = staff.certified.iter().find(|it| is(it, serial))?;
        Some((found.account, RoleCertificate::from_bytes(&found.certificate)?))
    }

    pub(super) fn show_office(&mut self) {
        let (Some(staff), Some(keys)) = (&self.office.staff, &self.identity.coordinator) else { return };
        let revoked: Vec<Serial> = self.trust().revoked().collect();
        let mut colleagues: Vec<ui::ColleagueView> = staff
            .certified
            .iter()
            .filter_map(|it| self.colleague(it))
            .filter(|view| !revoked.iter().any(|serial| show::hex(&serial.0) == view.id))
            .collect();
        colleagues.sort_by(|one, other| one.alias.cmp(&other.alias));
        let may = [Role::Host, Role::Professional, Role::Presenter].into_iter();
        let view = ui::OfficeView {
            colleagues,
            proposals: staff.proposed.iter().filter_map(|it| self.colleague(it)).collect(),
            may_certify: may.filter(|role| role.is_for(&keys.issuer)).map(show::certified_role).collect(),
            saving: self.office.saving,
        };
        self.events.push_back(ui::Event::Office(view));
        // Whom a plan of duty can name has changed with it.
        self.show_duty();
    }

    fn colleague(&self, certified: &Certified) -> Option<ui::ColleagueView> {
        let read = RoleCertificate::from_bytes(&certified.certificate)?;
        let own = self.identity.coordinator.as_ref()?;
        let now = self.now.seconds();
        let threshold = read.issuers.iter().map(|(issuer, _)| issuer.professional_threshold).max();
        Some(ui::ColleagueView {
            id: show::hex(&read.serial.0),
            alias: read.alias.clone(),
            role: show::certified_role(read.role),
            service: Some(read.service.clone()).filter(|service| !service.is_empty()),
            until: read.not_after.saturating_mul(1000),
            due: read.not_after < now + DUE_SECONDS,
            ended: read.not_after <= now,
            uncovered: certified.uncovered == Some(true),
            signed: read.issuers.len() as u32,
            needed: if read.role == Role::Professional { u32::from(threshold.unwrap_or(1)) } else { 1 },
            by_you: read.issuers.iter().any(|(issuer, _)| issuer.key == own.issuer.key),
        })
    }

    /// Staff: the relay has a newer certificate of hers. It is put on if it is what it claims to be.
    pub(super) fn newer_certificate(&mut self, bytes: Option<Blob>) {
        let (Some(bytes), Some(known)) = (bytes, &self.identity.staff) else { return };
        let leaf = LeafKey(known.leaf.verifying_key().to_bytes());
        let Ok(read) = self.trust().role(&bytes.0, &leaf, self.judging()) else { return };
        let same = (read.role, &read.service, &read.alias)
            == (known.read.role, &known.read.service, &known.read.alias);
        let counts = self.trust().role(&known.certificate, &leaf, self.judging()).is_ok();
        if !same || counts && read.not_after <= known.read.not_after {
            return;
        }
        let staff = crate::identity::Staff { leaf: known.leaf.clone(), certificate: bytes.0.clone(), read };
        self.identity.staff = Some(staff);
        // KeyPackages with the old one are replaced.
        self.published = None;
        self.due.core(self.now);
        self.events.push_back(ui::Event::You(self.you()));
        let rooms: Vec<_> = self.rooms.keys().copied().collect();
        for room in rooms {
            self.in_room(room, |room, world| room.certified_anew(&bytes.0, world));
        }
    }
}

fn is(certified: &Certified, serial: &str) -> bool {
    RoleCertificate::from_bytes(&certified.certificate)
        .is_some_and(|read| show::hex(&read.serial.0) == serial)
}
