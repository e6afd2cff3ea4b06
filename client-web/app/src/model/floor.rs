//! Who may speak, as each sees it: why she cannot say anything now, and what waits for a host.

use lotgenoot_messages::{HeldView, Kind, MemberId, Role, RoomId, SessionView};

use super::{Model, Room};

/// Why nothing can be said in a room now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shut {
    /// Something is wrong there.
    Alarm,
    /// The session is over; because no host came back, or because it ended.
    Over {
        /// No host came back.
        unattended: bool,
    },
    /// It is not open yet.
    Waiting,
    /// No host is there.
    Frozen,
    /// A host has muted her until then: milliseconds since 1970.
    Muted {
        /// When she may speak again.
        until: u64,
    },
    /// A host wants to talk with her alone.
    Aside,
}

/// Words that wait for a host, and where.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Waiting {
    /// The line they came by.
    pub line: RoomId,
    /// What their author is called in the group.
    pub name: String,
    /// The words.
    pub held: HeldView,
}

/// What hosts have ruled about one member.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Standing {
    /// She is muted until then: milliseconds since 1970.
    pub muted_until: Option<u64>,
    /// Her words go to the hosts first.
    pub held: bool,
    /// She talks with a host alone.
    pub aside: bool,
}

impl Room {
    /// Why this client cannot say anything here at this moment.
    #[must_use]
    pub fn shut(&self, now_ms: u64) -> Option<Shut> {
        if self.alarm {
            return Some(Shut::Alarm);
        }
        let own = self.view.members.iter().find(|member| member.you);
        let standing = own.map(|own| self.standing(&own.id, now_ms)).unwrap_or_default();
        let asked = own.is_some_and(|own| own.role == Role::Person);
        match self.view.floor.session {
            SessionView::Closed { unattended } => Some(Shut::Over { unattended }),
            SessionView::Frozen if asked => Some(Shut::Frozen),
            SessionView::Waiting if asked => Some(Shut::Waiting),
            _ if !asked => None,
            _ if standing.aside => Some(Shut::Aside),
            _ => standing.muted_until.map(|until| Shut::Muted { until }),
        }
    }

    /// What hosts have ruled about her, as far as it holds at this moment.
    #[must_use]
    pub fn standing(&self, member: &MemberId, now_ms: u64) -> Standing {
        let floor = &self.view.floor;
        let muted = floor.muted.iter().find(|(muted, until)| muted == member && *until > now_ms);
        Standing {
            muted_until: muted.map(|(_, until)| *until),
            held: floor.held.contains(member),
            aside: floor.aside.contains(member),
        }
    }

    /// Her own words go to the hosts first.
    #[must_use]
    pub fn is_held(&self) -> bool {
        let own = self.view.members.iter().find(|member| member.you);
        own.is_some_and(|own| self.view.floor.held.contains(&own.id))
    }
}

impl Model {
    /// What waits for a host in this group, in the order in which it came.
    #[must_use]
    pub fn waiting(&self, group: &RoomId) -> Vec<Waiting> {
        let Some(room) = self.room(group) else { return Vec::new() };
        let name = |member: &MemberId| {
            room.view.members.iter().find(|known| known.id == *member).map(|known| known.name.clone())
        };
        let lines = self.rooms_of(Kind::Line);
        let held = lines.flat_map(|line| line.view.held.iter().map(|held| (&line.view.room, held)));
        let here = held.filter(|(_, held)| held.room == *group);
        here.filter_map(|(line, held)| {
            Some(Waiting { line: line.clone(), name: name(&held.member)?, held: held.clone() })
        })
        .collect()
    }

    /// The line of somebody who was let in to this group.
    #[must_use]
    pub fn line_of(&self, group: &RoomId, member: &MemberId) -> Option<&RoomId> {
        let line = self.rooms_of(Kind::Line).find(|line| {
            line.view.admitted_to.as_ref() == Some(group) && line.view.admitted_as.as_ref() == Some(member)
        });
        line.map(|line| &line.view.room)
    }

    /// A person's own line or group, beside the one she is looking at.
    #[must_use]
    pub fn other(&self, kind: Kind) -> Option<&RoomId> {
        self.rooms_of(kind).next().map(|room| &room.view.room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotgenoot_messages::{Event, FloorView, MemberView, RoomView};

    fn member(id: &str, role: Role, you: bool) -> MemberView {
        MemberView { id: id.to_owned(), name: id.to_owned(), role, service: None, you }
    }

    fn group(as_host: bool, floor: FloorView) -> Room {
        let members = vec![member("Iris", Role::Person, !as_host), member("Roos", Role::Host, as_host)];
        let view = RoomView { members, floor, ..RoomView::new("g".to_owned(), Kind::Peer) };
        Room { view, entries: Vec::new(), alarm: false }
    }

    #[test]
    fn she_cannot_speak_while_she_is_muted_and_can_afterwards() {
        let floor = FloorView { muted: vec![("Iris".to_owned(), 5_000)], ..FloorView::default() };
        let room = group(false, floor.clone());
        assert_eq!(room.shut(4_999), Some(Shut::Muted { until: 5_000 }));
        assert_eq!(room.shut(5_000), None);
        assert_eq!(group(true, floor).shut(0), None, "it is not about the host");
    }

    #[test]
    fn before_it_opens_hosts_talk_among_themselves() {
        let waiting = FloorView { session: SessionView::Waiting, ..FloorView::default() };
        assert_eq!(group(false, waiting.clone()).shut(0), Some(Shut::Waiting));
        assert_eq!(group(true, waiting).shut(0), None);
    }

    #[test]
    fn a_frozen_room_is_shut_for_persons_and_a_closed_one_for_all() {
        let frozen = FloorView { session: SessionView::Frozen, ..FloorView::default() };
        assert_eq!(group(false, frozen.clone()).shut(0), Some(Shut::Frozen));
        assert_eq!(group(true, frozen).shut(0), None);
        let over = FloorView { session: SessionView::Closed { unattended: true }, ..FloorView::default() };
        assert_eq!(group(false, over.clone()).shut(0), Some(Shut::Over { unattended: true }));
        assert_eq!(group(true, over).shut(0), Some(Shut::Over { unattended: true }));
    }

    #[test]
    fn what_waits_is_shown_for_its_group_while_its_author_is_there() {
        let held = |room: &str, member: &str| HeldView {
            room: room.to_owned(),
            member: member.to_owned(),
            message: "m".to_owned(),
            text: "Mag ik dit zeggen?".to_owned(),
        };
        let mut model = Model::default();
        let line = RoomView {
            held: vec![held("g", "Iris"), held("g", "Beuk"), held("elders", "Iris")],
            admitted_to: Some("g".to_owned()),
            admitted_as: Some("Iris".to_owned()),
            ..RoomView::new("l".to_owned(), Kind::Line)
        };
        model.handle(Event::Room(line));
        model.handle(Event::Room(group(true, FloorView::default()).view));
        let waiting = model.waiting(&"g".to_owned());
        assert_eq!(waiting.len(), 1, "one has gone, one is of another group");
        assert_eq!((waiting[0].line.as_str(), waiting[0].name.as_str()), ("l", "Iris"));
        assert_eq!(model.line_of(&"g".to_owned(), &"Iris".to_owned()), Some(&"l".to_owned()));
        assert_eq!(model.line_of(&"g".to_owned(), &"Beuk".to_owned()), None);
    }
}
