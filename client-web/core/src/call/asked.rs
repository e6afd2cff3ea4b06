//! What a lead asked of colleagues, as a client knows it.
//!
//! The relay says that somebody was asked; that the lead asked is known from her own encrypted words. So nobody takes
//! over whom the lead did not ask, whatever the relay says.

use lotgenoot_messages as ui;
use lotgenoot_protocol::call::{Ended, Part, Reason};
use lotgenoot_protocol::{AskId, LeafKey};
use minicbor::{Decode, Encode};

use crate::room::{Room, World};
use crate::show;

/// A lead's request for a colleague.
#[derive(Clone, Encode, Decode)]
pub(crate) struct Asked {
    #[n(0)]
    pub(crate) id: AskId,
    #[n(1)]
    pub(crate) part: Part,
    #[n(2)]
    pub(crate) service: String,
    /// The lead herself said so in the room.
    #[n(3)]
    pub(crate) said: bool,
    /// Who proved that she accepts.
    #[n(4)]
    pub(crate) accepted: Option<LeafKey>,
    /// Her words were read.
    #[n(5)]
    pub(crate) spoke: bool,
    /// The relay says that she leads.
    #[n(6)]
    pub(crate) handed: bool,
    #[n(7)]
    pub(crate) ended: Option<Ended>,
    /// The relay has taken it up: only then is anybody asked, and only then is it shown.
    #[n(8)]
    pub(crate) told: bool,
    /// The relay says that nobody who is asked can be reached now.
    #[cbor(n(9), default)]
    pub(crate) unreached: bool,
}

impl Asked {
    pub(crate) fn new(id: AskId, part: Part, service: String) -> Self {
        let (said, accepted, spoke, handed, ended, told) = (false, None, false, false, None, false);
        Self { id, part, service, said, accepted, spoke, handed, ended, told, unreached: false }
    }

    /// Whoever takes over, once everything is there that proves it: the lead asked, she accepted, she wrote.
    pub(crate) fn new_lead(&self) -> Option<LeafKey> {
        let proven = self.said && self.part == Part::TakesOver && self.spoke && self.handed;
        self.accepted.filter(|_| proven)
    }

    pub(crate) fn view(&self, room: &Room, world: &World<'_>) -> ui::AskView {
        let accepted = self.accepted.and_then(|leaf| room.find(&leaf, world));
        ui::AskView {
            ask: show::hex(&self.id.0),
            takes_over: self.part == Part::TakesOver,
            service: self.service.clone(),
            unreached: self.unreached && accepted.is_none() && self.ended.is_none(),
            accepted: accepted.map(|member| room.member(&member)),
            ended: self.ended.map(ended),
        }
    }
}

fn ended(why: Ended) -> ui::AskEnded {
    match why {
        Ended::Declined(reason) => ui::AskEnded::Declined(reason_shown(reason)),
        Ended::NobodyCame => ui::AskEnded::NobodyCame,
        Ended::NoWords => ui::AskEnded::NoWords,
        Ended::Withdrawn => ui::AskEnded::Withdrawn,
    }
}

fn reason_shown(reason: Reason) -> ui::Reason {
    match reason {
        Reason::Busy => ui::Reason::Busy,
        Reason::NotMyField => ui::Reason::NotMyField,
        Reason::OffDuty => ui::Reason::OffDuty,
        Reason::KnowsSomebody => ui::Reason::KnowsSomebody,
        Reason::Other => ui::Reason::Other,
    }
}

/// The reason that the interface means.
pub(crate) fn reason_meant(reason: ui::Reason) -> Reason {
    match reason {
        ui::Reason::Busy => Reason::Busy,
        ui::Reason::NotMyField => Reason::NotMyField,
        ui::Reason::OffDuty => Reason::OffDuty,
        ui::Reason::KnowsSomebody => Reason::KnowsSomebody,
        ui::Reason::Other => Reason::Other,
    }
}
