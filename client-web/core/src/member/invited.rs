//! An invitation: proven by a person in her line, looked at by the hosts there.
//!
//! That it is used once only the relay can tell, who does not know what it is about: the first line in which it is
//! shown takes a slot that follows from its number.

use lotgenoot_messages as ui;
use lotgenoot_protocol::frame::{Answer, Request};
use lotgenoot_protocol::invitation::{Invitation, InvitationSecret};
use lotgenoot_protocol::limits::SLOT_BYTES;
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::sign::{Purpose as SignFor, sign};
use lotgenoot_protocol::vault::WriteSlot;
use lotgenoot_protocol::{Blob, Refused, RoomId, SlotKey};
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use super::Member;
use crate::content::Content;
use crate::group::MemberLeaf;
use crate::requests::Purpose;
use crate::room::Room;

/// An invitation that somebody came with and has not shown yet.
#[derive(Clone, Encode, Decode)]
pub(crate) struct Carried {
    #[cbor(n(0), with = "minicbor::bytes")]
    secret: [u8; 32],
    #[n(1)]
    invitation: Blob,
}

/// An invitation that was shown in a line, at a host.
#[derive(Clone, Encode, Decode)]
pub(crate) struct Shown {
    #[n(0)]
    invitation: Blob,
    #[n(1)]
    pub(crate) view: ui::InvitationView,
}

impl Member {
    /// She came by a partner's link. It is shown to the hosts when she opens a line.
    pub fn carry_invitation(&mut self, secret: &InvitationSecret, invitation: Vec<u8>) {
        let read = Invitation::from_bytes(&invitation).filter(|read| read.key == secret.public());
        let counts = read.as_ref().is_some_and(|read| read.verify(self.trust(), self.judging()).is_ok());
        let partner = read.map(|read| read.partner).unwrap_or_default();
        if counts {
            self.carried = Some(Carried { secret: *secret.0, invitation: Blob(invitation) });
        }
        self.events.push_back(ui::Event::Invited { partner, counts });
    }

    /// What she says of it in the line that she opens.
    pub(crate) fn show_invitation(&mut self, line: RoomId) {
        let leaf = self.rooms.get(&line).map(|room| room.leaf.public());
        let (Some(carried), Some(leaf)) = (self.carried.take(), leaf) else { return };
        let secret = InvitationSecret(Zeroizing::new(carried.secret));
        let proof = Blob(secret.prove(&line, &leaf).to_vec());
        self.due.core(self.now);
        self.in_room(line, |room, world| {
            room.showed = Some((carried.invitation.clone(), proof.clone()));
            room.unsaved.room_by(world.now);
            room.say(Content::Invited { invitation: carried.invitation, proof }, world);
        });
    }

    /// A host hears it. What was shown first counts.
    pub(super) fn invitation_shown(
        &mut self,
        line: RoomId,
        from: &MemberLeaf,
        invitation: Blob,
        proof: &Blob,
    ) {
        let is_host = self.identity.staff.is_some();
        let new = self
            .rooms
            .get(&line)
            .is_some_and(|room| room.kind() == Some(RoomKind::Line) && room.invited.is_none());
        let Some(read) = Invitation::from_bytes(&invitation.0).filter(|_| is_host && new) else { return };
        let proven = read.is_proven(&line, &from.key, &proof.0);
        let counts = proven && read.verify(self.trust(), self.judging()).is_ok();
        let state = if counts { ui::Invited::Checking } else { ui::Invited::Wrong };
        let view = ui::InvitationView { partner: read.partner, state };
        self.in_room(line, |room, world| {
            room.invited = Some(Shown { invitation, view });
            room.unsaved.room_by(world.now);
            room.show(world);
        });
        self.spend(line);
    }

    /// Asks again about all that the relay has not answered on.
    pub(super) fn spend_all(&mut self) {
        let lines: Vec<RoomId> = self.rooms.keys().copied().collect();
        lines.into_iter().for_each(|line| self.spend(line));
    }

    fn spend(&mut self, line: RoomId) {
        let checking = |room: &&Room| {
            room.invited.as_ref().is_some_and(|shown| shown.view.state == ui::Invited::Checking)
        };
        let shown = self.rooms.get(&line).filter(checking).and_then(|room| room.invited.as_ref());
        let read = shown.and_then(|shown| Invitation::from_bytes(&shown.invitation.0));
        let (Some(read), Some(nonce)) = (read, self.nonce.clone()) else { return };
        let owner = read.slot_owner(&line);
        // As full of nothing as every other slot looks to whoever cannot open it.
        let random: Vec<u8> = (0..SLOT_BYTES / 32).flat_map(|_| self.requests.random_seed()).collect();
        let sealed = Blob(random);
        let slot = read.slot();
        let parts: [&[u8]; 4] = [&nonce, self.host.as_bytes(), &slot.0, &sealed.0];
        let signature = Blob(sign(&owner, SignFor::WriteSlot, &parts).to_vec());
        let owner = SlotKey(owner.verifying_key().to_bytes());
        let write = WriteSlot { slot, owner, signature, sealed: Some(sealed) };
        self.requests.ask(Purpose::Spend(line), Request::WriteSlot(write));
    }

    pub(super) fn spent(&mut self, line: RoomId, answer: &Answer) {
        let state = match answer {
            Answer::Accepted(_) => ui::Invited::Counts,
            Answer::Refused(Refused::Exists) => ui::Invited::Used,
            // Not known: asked again on the next connection.
            _ => return,
        };
        self.in_room(line, |room, world| {
            if let Some(shown) = &mut room.invited {
                shown.view.state = state;
            }
            room.unsaved.room_by(world.now);
            room.show(world);
        });
    }
}
