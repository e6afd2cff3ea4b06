//! Who does what by when, as the lead has written it down and signed it for the room of the call: hers, whoever tells it.
//!
//! There is one list, written anew as a whole with every change. The lead's own word counts in the order of the log; what
//! somebody else tells of it counts for those who know less, and only if a professional has signed it.

use ed25519_dalek::SigningKey;
use lotgenoot_messages as ui;
use lotgenoot_protocol::limits::{AGREEMENT_BYTES_MAX, AGREEMENTS_MAX, NAME_BYTES_MAX};
use lotgenoot_protocol::role::{Role, Trust};
use lotgenoot_protocol::sign::{Purpose, sign, verify};
use lotgenoot_protocol::{Blob, LeafKey, RoomId, Timestamp, codec};
use minicbor::{Decode, Encode};

use super::{Aftercare, Call, Phase};
use crate::room::Room;

// `2026-12-03`.
const DAY_BYTES_MAX: usize = 10;

/// The list as it was signed.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub(crate) struct SignedAgreements {
    /// Whoever led the call then.
    #[n(0)]
    pub(crate) by: LeafKey,
    // What makes her a professional: whoever is told later may come when she has gone.
    #[n(1)]
    certificate: Blob,
    // As it was signed: another version may read less of it.
    #[n(2)]
    agreed: Blob,
    #[n(3)]
    signature: Blob,
}

/// The list.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(crate) struct Agreed {
    // Rises with every change.
    #[n(0)]
    number: u64,
    #[n(1)]
    pub(crate) list: Vec<ui::Agreement>,
}

impl Agreed {
    /// The list after this change; `new` is the id of what has none yet.
    pub(crate) fn changed(self, change: ui::AgreementChange, new: &str) -> Result<Self, ui::Failure> {
        let Self { number, mut list } = self;
        match change {
            ui::AgreementChange::Drop(id) => list.retain(|it| it.id != id),
            ui::AgreementChange::Put(it) => {
                let [who, what, by] = [&it.who, &it.what, &it.by].map(|text| text.trim().to_owned());
                let it = ui::Agreement { who, what, by, ..it };
                if it.what.is_empty() {
                    return Err(ui::Failure::AgreementEmpty);
                }
                if !fits(&it) {
                    return Err(ui::Failure::AgreementLong);
                }
                let full = list.len() >= AGREEMENTS_MAX;
                match list.iter_mut().find(|known| known.id == it.id) {
                    Some(known) => *known = it,
                    None if full => return Err(ui::Failure::AgreementsFull),
                    None => list.push(ui::Agreement { id: new.to_owned(), ..it }),
                }
            }
        }
        Ok(Self { number: number + 1, list })
    }
}

impl SignedAgreements {
    /// Signed with the key of the lead's leaf in that room, which carries this certificate.
    pub(crate) fn new(key: &SigningKey, certificate: Vec<u8>, room: RoomId, agreed: &Agreed) -> Self {
        let agreed = Blob(codec::to_vec(agreed));
        let signature = Blob(sign(key, Purpose::Agreements, &[&room.0, &agreed]).to_vec());
        let by = LeafKey(key.verifying_key().to_bytes());
        Self { by, certificate: Blob(certificate), agreed, signature }
    }

    /// What it says, if a professional has signed it for this room and it is within its bounds.
    pub(crate) fn read(&self, room: RoomId, trust: &Trust, now: Timestamp) -> Option<Agreed> {
        let certificate = trust.role(&self.certificate, &self.by, now).ok()?;
        let signed = verify(&self.by.0, Purpose::Agreements, &[&room.0, &self.agreed], &self.signature);
        let agreed = self.agreed();
        let fit = agreed.list.len() <= AGREEMENTS_MAX && agreed.list.iter().all(fits);
        (signed && fit && certificate.role == Role::Professional).then_some(agreed)
    }

    /// What it says, once it was read.
    pub(crate) fn agreed(&self) -> Agreed {
        codec::from_slice(&self.agreed).unwrap_or_default()
    }
}

impl Call {
    /// What was agreed, as far as this client knows.
    pub(crate) fn agreed(&self) -> Agreed {
        self.agreements.as_ref().map(SignedAgreements::agreed).unwrap_or_default()
    }

    /// Whether there is something in it that she may want to look up when its room is gone.
    pub(crate) fn is_to_look_up(&self) -> bool {
        let asks = self.aftercare.as_ref().is_some_and(Aftercare::is_open);
        matches!(self.phase, Phase::Closed | Phase::Rests) && (asks || !self.agreed().list.is_empty())
    }

    /// The lead's own word, or somebody tells what she has signed. Returns whether it counts.
    pub(crate) fn handle_agreements(
        &mut self,
        from: LeafKey,
        signed: SignedAgreements,
        room: RoomId,
        trust: &Trust,
        now: Timestamp,
    ) -> bool {
        let Some(agreed) = signed.read(room, trust, now) else { return false };
        let leads = self.lead == Some(signed.by);
        // Who came later may not have read who leads. The person has.
        let may_lead = leads || (self.lead.is_none() && !self.own);
        let knows_none = self.agreements.is_none() && !self.own;
        let counts = if from == signed.by {
            may_lead
        } else {
            (may_lead || knows_none) && agreed.number > self.agreed().number
        };
        if counts {
            self.agreements = Some(signed);
        }
        counts
    }

    /// The list, if this leaf leads now and somebody else had signed it: from here it is hers to answer for.
    pub(crate) fn agreed_before(&self, own: &LeafKey) -> Option<Agreed> {
        let takes_over = self.phase == Phase::Active && self.lead.as_ref() == Some(own);
        let signed = self.agreements.as_ref().filter(|signed| takes_over && signed.by != *own)?;
        let Agreed { number, list } = signed.agreed();
        Some(Agreed { number: number + 1, list })
    }

    /// Whether this leaf may write down what was agreed: she leads, or led until it was closed.
    pub(crate) fn may_agree(&self, room: &Room) -> bool {
        let leads = self.lead == Some(room.leaf.public()) && room.group.is_some();
        !self.own && leads && matches!(self.phase, Phase::Active | Phase::Closed)
    }
}

fn fits(it: &ui::Agreement) -> bool {
    it.who.len() <= NAME_BYTES_MAX && it.what.len() <= AGREEMENT_BYTES_MAX && it.by.len() <= DAY_BYTES_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(id: &str, what: &str) -> ui::AgreementChange {
        let (id, what) = (id.to_owned(), what.to_owned());
        ui::AgreementChange::Put(ui::Agreement { id, what, ..ui::Agreement::default() })
    }

    fn agreed(changes: impl IntoIterator<Item = ui::AgreementChange>) -> Result<Agreed, ui::Failure> {
        changes.into_iter().enumerate().try_fold(Agreed::default(), |agreed, (number, change)| {
            agreed.changed(change, &format!("n{number}"))
        })
    }

    #[test]
    fn an_agreement_is_added_changed_and_taken_away_and_each_is_a_change() {
        let two = [put("", "  bellen "), put("", "mailen")];
        let [changed, dropped] = [put("n0", "morgen bellen"), ui::AgreementChange::Drop("n1".to_owned())];
        let all = agreed(two.into_iter().chain([changed, dropped])).unwrap();
        let what: Vec<(&str, &str)> = all.list.iter().map(|it| (&it.id[..], &it.what[..])).collect();
        assert_eq!((what, all.number), (vec![("n0", "morgen bellen")], 4));
    }

    #[test]
    fn what_is_too_much_too_long_or_nothing_is_refused_and_says_which() {
        let full = || (0..AGREEMENTS_MAX).map(|_| put("", "bellen"));
        assert_eq!(agreed(full().chain([put("", "mailen")])), Err(ui::Failure::AgreementsFull));
        assert!(agreed(full().chain([put("n0", "mailen")])).is_ok(), "one of them can be changed");
        let long = "e".repeat(AGREEMENT_BYTES_MAX + 1);
        assert_eq!(agreed([put("", &long)]), Err(ui::Failure::AgreementLong));
        assert_eq!(agreed([put("", " ")]), Err(ui::Failure::AgreementEmpty));
    }
}
