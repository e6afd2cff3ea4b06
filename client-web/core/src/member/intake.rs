//! What a person tells her helpers, and changes or takes back while the call goes on.
//!
//! Each time it is told as a whole, signed, with a higher edition: whoever joins later is told the newest, and an older one
//! that arrives late counts for nothing.

use lotgenoot_messages as ui;
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::{CallId, Pseudonym, RoomId};

use super::Member;
use crate::call::SignedIntake;
use crate::content::Content;
use crate::room::Room;
use crate::show;

// Her last words are a few, and short enough to be read at a glance.
const LAST_MESSAGES_MAX: usize = 10;
const LAST_MESSAGES_BYTES_MAX: usize = 4_000;

impl Member {
    /// From her interface: what she may be asked, and what she agrees to.
    pub(super) fn intake_changed(&mut self, call: &str, intake: Box<ui::Intake>) {
        if let Some(call) = show::unhex(call).map(CallId) {
            self.change_intake(call, intake);
        }
    }

    /// The intake of a call of hers is this one from now on.
    pub(super) fn change_intake(&mut self, id: CallId, mut intake: Box<ui::Intake>) {
        self.add_what_is_kept(&mut intake);
        let Some(call) = self.calls.get_mut(&id).filter(|call| call.own && call.is_open()) else { return };
        let before = call.intake.as_ref();
        intake.edition = before.map_or(0, |before| before.edition) + 1;
        // What was so when it was raised stays so.
        intake.silent = before.is_some_and(|before| before.silent);
        intake.urgency = before.map_or(intake.urgency, |before| before.urgency);
        let room = call.room;
        call.intake = Some(intake.clone());
        self.in_room(room, |room, world| {
            let signed = SignedIntake::new(&room.leaf.key, room.id, &intake);
            room.say(Content::SignedIntake(signed), world);
        });
        self.call_changed(id);
    }

    /// What goes with it by itself: her code words, and her own last words if she agreed to that.
    pub(crate) fn add_what_is_kept(&self, intake: &mut ui::Intake) {
        intake.code_words = self.code_words.words().to_vec();
        let agreed = intake.consents.contains(&ui::Consent::LastMessages);
        intake.last_messages = if agreed { self.last_messages() } else { Vec::new() };
    }

    fn last_messages(&self) -> Vec<String> {
        let rooms = self.rooms.values().filter(|room| room.kind() == Some(RoomKind::Peer));
        let mut said: Vec<(u64, String)> = rooms.flat_map(Room::own_words).collect();
        said.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let mut bytes = 0;
        let fits = |text: &String| {
            bytes += text.len();
            bytes <= LAST_MESSAGES_BYTES_MAX
        };
        let mut last: Vec<String> =
            said.into_iter().map(|(_, text)| text).take(LAST_MESSAGES_MAX).take_while(fits).collect();
        last.reverse();
        last
    }

    pub(super) fn intake_read(
        &mut self,
        id: RoomId,
        name: Pseudonym,
        intake: Box<ui::Intake>,
        signed: Option<SignedIntake>,
    ) {
        self.in_room(id, |room, world| {
            room.names.insert(name, intake.nickname.clone());
            room.show(world);
        });
        let Some(call_id) = self.rooms.get(&id).and_then(|room| room.call) else { return };
        if let Some(call) = self.calls.get_mut(&call_id).filter(|call| !call.own) {
            call.intake_read(intake, signed);
        }
        self.show_call(call_id);
    }
}
