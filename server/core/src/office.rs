//! The staff as coordinators have changed it since the roster file was written: what is kept of it, and what may change.

use lotgenoot_protocol::limits::{CERTIFIED_AT_ONCE_MAX, PROPOSED_MAX, REGISTER_BYTES_MAX};
use lotgenoot_protocol::office::{Certified, PutStaff, Staff};
use lotgenoot_protocol::register::{Register, RegisterHead};
use lotgenoot_protocol::role::{RoleCertificate, RoleError, Trust};
use lotgenoot_protocol::{Blob, Refused, RootKey, Timestamp, codec};
use minicbor::{Decode, Encode};

use crate::duty::Roster;

/// The staff of an organisation.
#[derive(Clone)]
pub struct Office {
    root: RootKey,
    register: Register,
    head: RegisterHead,
    file: Roster,
    kept: Kept,
}

// What is stored beside register and head.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
struct Kept {
    #[n(0)]
    number: u64,
    #[n(1)]
    certified: Vec<Certified>,
    #[n(2)]
    proposed: Vec<Certified>,
    #[n(3)]
    register: Blob,
    #[n(4)]
    head: Blob,
}

/// What is stored and the roster file contradict each other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OfficeError {
    /// The record cannot be read.
    Malformed,
    /// Neither register grew out of the other.
    Apart,
}

impl std::fmt::Display for OfficeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Malformed => "what coordinators have changed cannot be read; restore the newest backup",
            Self::Apart => {
                "the register in the roster file did not grow out of the one that coordinators have changed in their \
                 browser, nor that one out of this; take the organisation's folder from before, and begin from there"
            }
        })
    }
}

impl std::error::Error for OfficeError {}

impl Office {
    /// The staff of a roster file, with what was stored since. Whichever register has grown out of the other counts.
    pub fn new(
        root: RootKey,
        (register, head): (Register, RegisterHead),
        file: Roster,
        record: Option<&[u8]>,
    ) -> Result<Self, OfficeError> {
        let mut office = Self { root, register, head, file, kept: Kept::default() };
        let Some(record) = record else { return Ok(office) };
        office.kept = codec::from_slice(record).ok_or(OfficeError::Malformed)?;
        let stored =
            Register::from_bytes(&office.kept.register).zip(RegisterHead::from_bytes(&office.kept.head));
        let (register, head) = stored.ok_or(OfficeError::Malformed)?;
        if register.verify(&head, Some(&office.head), &trust(root, &register)).is_ok() {
            (office.register, office.head) = (register, head);
        } else if office.register.verify(&office.head, Some(&head), &trust(root, &office.register)).is_err() {
            return Err(OfficeError::Apart);
        }
        Ok(office)
    }

    /// What is stored.
    pub fn record(&self) -> Vec<u8> {
        codec::to_vec(&self.kept)
    }

    /// The number of this state of the staff.
    pub fn number(&self) -> u64 {
        self.kept.number
    }

    /// The root, and everything that is revoked.
    pub fn trust(&self) -> Trust {
        trust(self.root, &self.register)
    }

    /// The register's head, signed, and the register.
    pub fn register(&self) -> (Blob, Blob) {
        (Blob(self.head.to_bytes()), Blob(self.register.to_bytes()))
    }

    /// Who is on duty, with the newest certificates.
    pub fn roster(&self) -> Roster {
        let mut roster = self.file.clone();
        for colleague in &self.kept.certified {
            if let Some(read) = RoleCertificate::from_bytes(&colleague.certificate)
                && self.register.lists(read.serial, &colleague.certificate)
            {
                roster.certify(colleague.account, colleague.certificate.clone());
            }
        }
        roster
    }

    /// What a coordinator is told.
    pub fn staff(&self) -> Staff {
        let roster = self.roster();
        let certified = roster.colleagues().map(|colleague| {
            let end = RoleCertificate::from_bytes(&colleague.certificate).map_or(0, |read| read.not_after);
            let uncovered = roster.stands_after(&colleague.serial, Timestamp(end.saturating_mul(1000)));
            let (account, certificate) = (colleague.account, colleague.certificate.clone());
            Certified { account, certificate, uncovered: Some(uncovered) }
        });
        let proposed = self.kept.proposed.clone();
        Staff { number: self.kept.number, certified: certified.collect(), proposed }
    }

    /// The staff after a change; refused if it was made of an older state, or holds anything that no issuer signed.
    pub fn put(&self, put: &PutStaff, now: Timestamp) -> Result<Self, Refused> {
        if put.number != self.kept.number {
            return Err(Refused::Exists);
        }
        Refused::unless_within(put.certified.len(), CERTIFIED_AT_ONCE_MAX, "CERTIFIED_AT_ONCE_MAX")?;
        Refused::unless_within(put.proposed.len(), PROPOSED_MAX, "PROPOSED_MAX")?;
        Refused::unless_within(put.register.len(), REGISTER_BYTES_MAX, "REGISTER_BYTES_MAX")?;
        let register = Register::from_bytes(&put.register).ok_or_else(|| Refused::invalid("a register"))?;
        // For each certificate its own line, and two to revoke one.
        let changes = register.version().saturating_sub(self.register.version());
        Refused::unless_within(changes as usize, 2 * CERTIFIED_AT_ONCE_MAX, "CERTIFIED_AT_ONCE_MAX")?;
        let head = RegisterHead::from_bytes(&put.head).ok_or_else(|| Refused::invalid("a register head"))?;
        let trust = trust(self.root, &register);
        register
            .verify(&head, Some(&self.head), &trust)
            .map_err(|error| Refused::invalid(error.to_string()))?;
        let mut roster = self.roster();
        for colleague in &put.certified {
            check_certified(colleague, &roster, &register, &trust, now)?;
            roster.certify(colleague.account, colleague.certificate.clone());
        }
        for proposal in &put.proposed {
            check_proposed(proposal, &trust, now)?;
        }
        let mut next = self.clone();
        (next.register, next.head) = (register, head);
        let replaced = |known: &Certified| put.certified.iter().any(|it| it.account == known.account);
        next.kept.certified.retain(|known| !replaced(known));
        next.kept.certified.extend(put.certified.iter().map(plain));
        next.kept.proposed = put.proposed.iter().map(plain).collect();
        next.kept.number += 1;
        (next.kept.register, next.kept.head) = (put.register.clone(), put.head.clone());
        Ok(next)
    }
}

fn trust(root: RootKey, register: &Register) -> Trust {
    let mut trust = Trust::new(root);
    register.revoked().into_iter().for_each(|serial| trust.revoke(serial));
    trust
}

fn plain(colleague: &Certified) -> Certified {
    Certified { uncovered: None, ..colleague.clone() }
}

fn check_certified(
    colleague: &Certified,
    roster: &Roster,
    register: &Register,
    trust: &Trust,
    now: Timestamp,
) -> Result<(), Refused> {
    let read = RoleCertificate::from_bytes(&colleague.certificate)
        .ok_or_else(|| Refused::invalid("a certificate that cannot be read"))?;
    trust
        .role(&colleague.certificate, &read.leaf_key, now)
        .map_err(|error| Refused::invalid(error.to_string()))?;
    if !register.lists(read.serial, &colleague.certificate) {
        return Err(Refused::invalid("a certificate that is not in the register"));
    }
    let same_serial = roster.colleagues().any(|known| known.serial == read.serial);
    // Renewed, she is who she was; and nobody takes a colleague's key for another account.
    let same_account = roster.colleague(&colleague.account);
    let same_key = roster.colleagues().find(|known| known.leaf_key == read.leaf_key);
    if same_serial
        || same_account.map(|known| known.leaf_key).is_some_and(|key| key != read.leaf_key)
        || same_key.is_some_and(|known| known.account != colleague.account)
    {
        return Err(Refused::invalid("a certificate that is not hers, or is known already"));
    }
    Ok(())
}

fn check_proposed(proposal: &Certified, trust: &Trust, now: Timestamp) -> Result<(), Refused> {
    let read = RoleCertificate::from_bytes(&proposal.certificate)
        .filter(|read| !read.issuers.is_empty())
        .ok_or_else(|| Refused::invalid("a proposal that nobody signed"))?;
    match trust.role(&proposal.certificate, &read.leaf_key, now) {
        Err(RoleError::TooFewIssuers) => Ok(()),
        Err(error) => Err(Refused::invalid(error.to_string())),
        Ok(_) => Err(Refused::invalid("a proposal that enough have signed: it belongs into the register")),
    }
}
