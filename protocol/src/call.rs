//! What is signed and written about a help call: acknowledgement, first reply, and the notices in its log.
//!
//! A help call's log is read by the person whose call it is: whoever takes it must prove it to *her*, so the
//! acknowledgement is signed with the leaf key its holder was certified for and delivered to her unchanged.

use ed25519_dalek::SigningKey;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::bytes::Blob;
use crate::ids::{AccountKey, AskId, CallId, LeafKey, PageId, RoomId, Serial};
use crate::outcome::Outcome;
use crate::role::OrganisationId;
use crate::sign::{Purpose, sign, verify};
use crate::time::Timestamp;

/// How soon somebody is wanted.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(index_only)]
pub enum Urgency {
    /// P1: somebody, now.
    #[n(1)]
    Now,
    /// P2: today.
    #[n(2)]
    Today,
    /// P3: her contact person.
    #[n(3)]
    ContactPerson,
}

/// What a lead wants of a colleague.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Part {
    /// That she leads from her first words on.
    #[n(0)]
    TakesOver,
    /// That she helps while the lead stays the same.
    #[n(1)]
    Assists,
}

/// A lead asks for a colleague: on duty for a service, or one by name.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct AskColleague {
    /// For which call.
    #[n(0)]
    pub call: CallId,
    /// Drawn by her client; the same id again is the same request.
    #[n(1)]
    pub ask: AskId,
    /// What for.
    #[n(2)]
    pub part: Part,
    /// Whose ladder is called.
    #[n(3)]
    pub service: String,
    /// Only her.
    #[n(4)]
    pub account: Option<AccountKey>,
}

/// Why somebody who was paged does not come: for the lead who asked, and counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Reason {
    /// She is busy with somebody else.
    #[n(0)]
    Busy,
    /// It is not what she is trained for.
    #[n(1)]
    NotMyField,
    /// Her duty is over.
    #[n(2)]
    OffDuty,
    /// She knows somebody who is in it.
    #[n(3)]
    KnowsSomebody,
    /// Something else.
    #[n(4)]
    Other,
}

/// "I do not come."
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Decline {
    /// Which call.
    #[n(0)]
    pub call: CallId,
    /// Which page.
    #[n(1)]
    pub page: PageId,
    /// Why.
    #[n(2)]
    pub reason: Reason,
}

/// Why nothing came of a lead's request.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Ended {
    /// Everybody who could be reached declined; the last one for this reason.
    #[n(0)]
    Declined(#[n(0)] Reason),
    /// Everybody was called, and nobody answered in time.
    #[n(1)]
    NobodyCame,
    /// Somebody accepted and did not write in time.
    #[n(2)]
    NoWords,
    /// The lead wants it no more, or leads no more.
    #[n(3)]
    Withdrawn,
}

/// What the person or the lead does with a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Step {
    /// The person: nobody answers me; call again.
    #[n(0)]
    Nudge,
    /// The person: I closed it by mistake, or I want to go on.
    #[n(1)]
    Reopen,
    /// The lead: as far as I know we are done.
    #[n(2)]
    ProposeDone,
    /// The lead: I cannot go on; call somebody else.
    #[n(3)]
    GiveBack,
    /// The lead: that colleague is not needed any more.
    #[n(4)]
    EndAsk(#[n(0)] AskId),
    /// Whoever led it last: so it ended.
    #[n(15)]
    Outcome(#[n(0)] Outcome),
}

/// A step in a call.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct StepCall {
    /// Which call.
    #[n(0)]
    pub call: CallId,
    /// Which step.
    #[n(1)]
    pub step: Step,
}

/// Why somebody is paged.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Why {
    /// A call has no lead.
    #[n(0)]
    Call,
    /// A lead asks her to take over.
    #[n(1)]
    TakeOver(#[n(0)] AskId),
    /// A lead asks her to help.
    #[n(2)]
    Assist(#[n(0)] AskId),
    /// She leads, and the person waits for her.
    #[n(3)]
    Attention,
}

impl Why {
    /// The lead's request it belongs to.
    pub fn ask(self) -> Option<AskId> {
        match self {
            Self::TakeOver(ask) | Self::Assist(ask) => Some(ask),
            Self::Call | Self::Attention => None,
        }
    }
}

/// A page: a call wants somebody.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Page {
    /// Which call.
    #[n(0)]
    pub call: CallId,
    /// Its room.
    #[n(1)]
    pub room: RoomId,
    /// This page; stays equal over retries.
    #[n(2)]
    pub page: PageId,
    /// The round of paging.
    #[n(3)]
    pub page_epoch: u32,
    /// When the call was raised.
    #[n(4)]
    pub raised_at: Timestamp,
    /// Why.
    #[n(5)]
    pub why: Why,
}

/// What coordinators are told of a call. Nothing of what it is about, and not whose it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Alarm {
    /// Nobody has taken it for two minutes, or nobody can be reached.
    #[n(0)]
    Unanswered,
    /// It was handed over more than twice.
    #[n(1)]
    HandedOverOften,
    /// An alarm of this call is over: somebody has taken it, or she closed it.
    #[n(2)]
    Over,
}

/// "I take this call", signed by the certified leaf key.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Acknowledgement {
    /// Which call.
    #[n(0)]
    pub call: CallId,
    /// The call's page epoch: an acknowledgement of an earlier round of paging is worth nothing.
    #[n(1)]
    pub page_epoch: u32,
    /// The page that is answered.
    #[n(2)]
    pub page: PageId,
    /// The serial of the signer's certificate.
    #[n(3)]
    pub serial: Serial,
    /// The signer's leaf key.
    #[n(4)]
    pub leaf_key: LeafKey,
    /// Ed25519 over `"Lotgenoot ack 1" ‖ organisation ‖ room ‖ call ‖ page epoch ‖ page ‖ serial ‖ ask`, the last
    /// only if there is one.
    #[n(5)]
    pub signature: Blob,
    /// The lead's request that is accepted; absent: the call itself is taken, or joined as an assistant.
    #[n(6)]
    pub ask: Option<AskId>,
}

impl Acknowledgement {
    /// Signs that the holder of `key`, certified under `serial`, answers `page`.
    pub fn new(key: &SigningKey, organisation: OrganisationId, page: &Page, serial: Serial) -> Self {
        let (room, ask) = (page.room, page.why.ask());
        let mut ack = Self {
            call: page.call,
            page_epoch: page.page_epoch,
            page: page.page,
            serial,
            leaf_key: LeafKey(key.verifying_key().to_bytes()),
            signature: Blob::default(),
            ask,
        };
        ack.signature =
            Blob(ack.with_parts(organisation, room, |parts| sign(key, Purpose::Acknowledge, parts).to_vec()));
        ack
    }

    /// Whether the holder of the leaf key signed exactly this, for this room.
    pub fn verify(&self, organisation: OrganisationId, room: RoomId) -> bool {
        self.with_parts(organisation, room, |parts| {
            verify(&self.leaf_key.0, Purpose::Acknowledge, parts, &self.signature)
        })
    }

    fn with_parts<T>(&self, organisation: OrganisationId, room: RoomId, f: impl FnOnce(&[&[u8]]) -> T) -> T {
        let epoch = self.page_epoch.to_be_bytes();
        let mut parts: Vec<&[u8]> =
            vec![&organisation.0, &room.0, &self.call.0, &epoch, &self.page.0, &self.serial.0];
        parts.extend(self.ask.as_ref().map(|ask| &ask.0[..]));
        f(&parts)
    }
}

/// The lead's proof that these bytes are hers: `"Lotgenoot reply 1" ‖ call ‖ SHA-256(ciphertext)`.
pub fn sign_reply(key: &SigningKey, call: CallId, ciphertext: &[u8]) -> Blob {
    Blob(sign(key, Purpose::Reply, &[&call.0, &Sha256::digest(ciphertext)]).to_vec())
}

/// Whether `lead` signed that `ciphertext` is hers in `call`.
pub fn verify_reply(lead: &LeafKey, call: CallId, ciphertext: &[u8], signature: &[u8]) -> bool {
    verify(&lead.0, Purpose::Reply, &[&call.0, &Sha256::digest(ciphertext)], signature)
}

/// What happened to a help call: an entry of its room's log, so it has a place, survives and is caught up with.
///
/// The relay's word, except what carries an [`Acknowledgement`], which the person's client verifies.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum CallNotice {
    /// The call is stored. Nobody has seen it yet.
    #[n(0)]
    Raised,
    /// Nobody is on duty anywhere now. It is looked up again every 30 seconds.
    #[n(1)]
    Unstaffed,
    /// People of this ladder level are being called.
    #[n(2)]
    Paging {
        /// Counts up when paging starts anew because a lead was lost.
        #[n(0)]
        page_epoch: u32,
        /// From 1.
        #[n(1)]
        level: u32,
        /// From 1; a new cycle starts when all levels were called in vain.
        #[n(2)]
        cycle: u32,
    },
    /// Somebody on duty is not in the room yet: whoever may add, adds (KeyPackage claimed by account).
    #[n(3)]
    Wanted {
        /// Whose KeyPackage to claim.
        #[n(0)]
        account: AccountKey,
        /// Her role certificate, to be verified before adding.
        #[n(1)]
        certificate: Blob,
    },
    /// Somebody took the call.
    #[n(4)]
    Acknowledged(#[n(0)] Acknowledgement),
    /// The lead's first words are in the room.
    #[n(5)]
    Active,
    /// The lead did not write in time; somebody else is looked for.
    #[n(6)]
    LeadLost,
    /// Three minutes, and nobody has answered.
    #[n(7)]
    StillWaiting,
    /// The person closed the call.
    #[n(8)]
    Closed,
    /// The lead asked for a colleague, or her duty ends soon.
    #[n(9)]
    Asked {
        /// The request.
        #[n(0)]
        ask: AskId,
        /// What for.
        #[n(1)]
        part: Part,
        /// Of which service.
        #[n(2)]
        service: String,
    },
    /// A colleague accepted: her signed acknowledgement names the request.
    #[n(10)]
    Accepted(#[n(0)] Acknowledgement),
    /// Nothing came of a request; the lead is the same.
    #[n(11)]
    AskEnded {
        /// The request.
        #[n(0)]
        ask: AskId,
        /// Why.
        #[n(1)]
        why: Ended,
    },
    /// Whoever accepted a request to take over has written: she leads from here.
    #[n(12)]
    HandedOver {
        /// The request.
        #[n(0)]
        ask: AskId,
    },
    /// Somebody who was paged too late to lead helps: her signed acknowledgement.
    #[n(13)]
    Assists(#[n(0)] Acknowledgement),
    /// The person waits for the lead, who is called again.
    #[n(14)]
    Attention,
    /// The lead thinks they are done. The person decides.
    #[n(15)]
    DoneProposed,
    /// The person goes on with a call that was closed or at rest.
    #[n(16)]
    Reopened,
    /// Nobody wrote for thirty days. It is not closed.
    #[n(17)]
    Rests,
    /// Whether anybody whom the lead asks for can be reached; said when it is not so, and when it is so again.
    #[n(30)]
    AskReach {
        /// The request.
        #[n(0)]
        ask: AskId,
        /// Somebody can.
        #[n(1)]
        reached: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acknowledgement_holds_for_one_room_call_page_round_and_request() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let organisation = OrganisationId([1; 16]);
        let (room, call, ask) = (RoomId([2; 16]), CallId([3; 16]), AskId([6; 16]));
        let page = PageId([4; 16]);
        let why = Why::TakeOver(ask);
        let page = Page { call, room, page, page_epoch: 1, raised_at: Timestamp(0), why };
        let ack = Acknowledgement::new(&key, organisation, &page, Serial([5; 16]));

        assert!(ack.verify(organisation, room));
        assert!(!ack.verify(organisation, RoomId([9; 16])));
        for forged in [
            Acknowledgement { call: CallId([9; 16]), ..ack.clone() },
            Acknowledgement { page_epoch: 2, ..ack.clone() },
            Acknowledgement { page: PageId([9; 16]), ..ack.clone() },
            Acknowledgement { serial: Serial([9; 16]), ..ack.clone() },
            Acknowledgement { leaf_key: LeafKey([9; 32]), ..ack.clone() },
            Acknowledgement { ask: Some(AskId([9; 16])), ..ack.clone() },
            Acknowledgement { ask: None, ..ack.clone() },
        ] {
            assert!(!forged.verify(organisation, room));
        }
    }

    #[test]
    fn a_reply_is_proven_for_its_own_bytes_only() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let lead = LeafKey(key.verifying_key().to_bytes());
        let proof = sign_reply(&key, CallId([1; 16]), b"ciphertext");
        assert!(verify_reply(&lead, CallId([1; 16]), b"ciphertext", &proof));
        assert!(!verify_reply(&lead, CallId([1; 16]), b"other", &proof));
        assert!(!verify_reply(&lead, CallId([2; 16]), b"ciphertext", &proof));
    }
}
