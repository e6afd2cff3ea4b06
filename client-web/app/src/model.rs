//! What is known, from what the worker said. An event goes in, and that is all that ever changes it; nothing here
//! knows of a browser.

mod aftercare;
mod calendar;
mod duty;
mod duty_file;
pub mod figures;
mod floor;
pub mod own_lines;
pub mod stage;

pub use duty::{DutyKnown, DutyRefused, DutyTaken, new_layer, new_plan};
pub use duty_file::{DutyFile, SKIPPED, known_attendees, put_in, stretch};
pub use floor::{Shut, Standing, Waiting};

use std::collections::BTreeMap;

use lotgenoot_messages::{
    Asked, CallAlarm, CallId, CallView, ChannelsView, CodeWordsView, Connection, ContactsView, Delivery,
    Event, Failure, Gone, Kind, LetterView, MemberId, MemberView, MessageId, MessageView, MonthView, Note,
    OfficeView, OwnLinesView, OwnTimesView, PlannedView, QuarterView, Return, Role, RoomId, RoomView,
    SessionView, StageView, TypedWord, Writing, You,
};

/// A call that needs a coordinator.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    /// Which.
    pub call: CallId,
    /// Why.
    pub why: CallAlarm,
    /// When it was raised, milliseconds since 1970.
    pub since: u64,
}

/// Everything the interface knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// The link with the relay; absent until the worker speaks of it.
    pub connection: Option<Connection>,
    /// Who this client is.
    pub you: Option<You>,
    /// What is open now; absent: not known yet.
    pub open: Option<Open>,
    /// The rooms this client is in, in the order in which they came.
    pub rooms: Vec<Room>,
    /// Help calls, in the order in which they came.
    pub calls: Vec<CallView>,
    /// The last thing that did not go as somebody wanted, until she has put it away.
    pub notice: Option<Notice>,
    /// The way back, and the phrase that leads there.
    pub way_back: WayBack,
    /// She came by a partner's link: who gave it, if it counts.
    pub invited: Option<Invitation>,
    /// A coordinator's organisation; absent: not known yet, or not hers to see.
    pub office: Option<OfficeView>,
    /// Links that were made, until they are put away: each is shown once.
    pub links: Vec<NewLink>,
    /// What is planned; absent: not known yet.
    pub planned: Option<Vec<PlannedView>>,
    /// Staff: since when a session has had no host, until she has put it away; milliseconds since 1970.
    pub unattended: Option<u64>,
    /// Coordinators: calls that need one of them, the newest last.
    pub alarms: Vec<Alarm>,
    /// Letters that wait for this coordinator or host; absent: not known yet, or not hers to read.
    pub letters: Option<Vec<LetterView>>,
    /// What is on stages, by room.
    pub stages: BTreeMap<RoomId, StageView>,
    /// What became of the last question she has asked on a stage, by room, until the page has taken note.
    pub asked: BTreeMap<RoomId, (String, Asked)>,
    /// Coordinators: how sessions were, the newest month first.
    pub surveys: Vec<MonthView>,
    /// How help calls went, the newest quarter first.
    pub quarters: Vec<QuarterView>,
    /// How this member of staff is called when her desk is closed.
    pub channels: Option<ChannelsView>,
    /// Whom she wants to be called first.
    pub contacts: ContactsView,
    /// What is kept of her code words.
    pub code_words: CodeWordsView,
    /// How duty is planned, and what came of changing it.
    pub duty: DutyKnown,
    /// Numbers that the organisation lists itself, and which of those everybody has were looked at again.
    own_lines: OwnLinesView,
    /// A professional's own times, once she has answered a call.
    pub own_times: Option<OwnTimesView>,
    /// What was written in this life and will be read.
    pub written: Vec<Writing>,
    /// So many devices find the way back with a PIN.
    pub devices: u32,
    /// This device kept something, and her PIN is asked for.
    pub pin_asked: bool,
    /// The PIN she sent opened nothing.
    pub pin_wrong: bool,
    /// Makes each note distinct.
    notes: u64,
}

/// The way back to a mailbox.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WayBack {
    /// Where it stands; absent: nobody looks for it.
    pub stands: Option<Return>,
    /// How far a phrase has become keys, in thousandths; absent: none is on its way.
    pub permille: Option<u32>,
    /// What was typed, word by word.
    pub typed: Vec<TypedWord>,
    /// A phrase that was drawn: its words, and the same as phone numbers.
    pub phrase: Option<(Vec<String>, Vec<String>)>,
    /// That phrase leads back.
    pub kept: bool,
}

/// A link of a partner.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Invitation {
    /// It is shown to the hosts.
    From(String),
    /// It has ended, or is none of this organisation.
    Nothing,
}

/// A link that was made.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct NewLink {
    /// For whom.
    pub about: String,
    /// What stands behind the `#`.
    pub fragment: String,
    /// It is an invitation, not a link of a member of staff.
    pub invitation: bool,
}

/// Who can be reached now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Open {
    /// A host.
    pub hosts: bool,
    /// Services with a professional.
    pub services: Vec<String>,
    /// All services, those among them.
    pub all: Vec<String>,
}

impl Open {
    /// What she can ask for, those with somebody reachable first; and whether each has.
    pub fn choices(&self) -> Vec<(String, bool)> {
        let closed = self.all.iter().filter(|service| !self.services.contains(service));
        let open = self.services.iter().map(|service| (service.clone(), true));
        open.chain(closed.map(|service| (service.clone(), false))).collect()
    }
}

/// A room and what was said in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Room {
    /// Who is in it.
    pub view: RoomView,
    /// Said and noted, in the order in which it came.
    pub entries: Vec<Entry>,
    /// Something is wrong: nothing is sent here any more.
    pub alarm: bool,
}

/// How it stands with the person of a line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LineState<'a> {
    /// She waits to be let in.
    Waits,
    /// She was let in to this room.
    Admitted(&'a RoomId),
    /// She has gone.
    Left,
}

/// One entry of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Somebody said it.
    Said(MessageView),
    /// Nobody said it.
    Noted {
        /// Its number among all notes.
        number: u64,
        /// When, milliseconds since 1970: to order and to reckon with, never shown.
        at: u64,
        /// What happened.
        note: Note,
    },
}

/// Something to say once.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Notice {
    /// What was asked for did not happen.
    Failed(Failure),
    /// A room is gone.
    Gone(Gone),
    /// She went out of a group because somebody may know her.
    WentAway,
}

impl Model {
    /// Takes in what happened.
    pub fn handle(&mut self, event: Event) {
        match event {
            Event::Ready | Event::Tab { .. } | Event::Screen { .. } | Event::ScreenKept { .. } => {}
            Event::Connection(connection) => self.put_connection(connection),
            Event::You(you) => self.you = Some(you),
            Event::Open { hosts, services, all } => self.open = Some(Open { hosts, services, all }),
            Event::Invited { partner, counts } => {
                self.invited = Some(if counts { Invitation::From(partner) } else { Invitation::Nothing });
            }
            Event::Room(view) => self.put_room(view),
            Event::RoomGone { room, why } => self.room_gone(&room, why),
            Event::Message { room, message } => self.put_message(&room, message),
            Event::MessageGone { room, message } => self.message_gone(&room, &message),
            Event::Note { room, note, at } => self.put_note(&room, note, at),
            Event::Call(view) => self.put_call(view),
            Event::Calendar { sessions } => self.planned = Some(sessions),
            Event::Letters { letters } => self.letters = Some(letters),
            Event::Stage { room, stage } => drop(self.stages.insert(room, stage)),
            Event::Asked { room, text, what } => drop(self.asked.insert(room, (text, what))),
            Event::Channels(channels) => self.channels = Some(channels),
            Event::Contacts(contacts) => self.contacts = contacts,
            Event::CodeWords(code_words) => self.code_words = code_words,
            Event::Surveys { months, quarters } => (self.surveys, self.quarters) = (months, quarters),
            Event::Duty(view) => self.duty.view = Some(view),
            Event::OwnLines(lines) => self.own_lines = lines,
            Event::OwnTimes(times) => self.own_times = Some(times),
            Event::DutyKept => self.duty.was_kept(),
            Event::DutyRefused { service, layer, fault } => {
                self.duty.refused = Some(DutyRefused { service, layer, fault });
            }
            Event::DutyFile(view) => self.duty.file = Some(DutyFile::Read(view)),
            Event::DutyFileRefused { line, fault } => self.duty.file = Some(DutyFile::Refused(line, fault)),
            Event::DutyFileWritten { service, file } => {
                self.duty.file = Some(DutyFile::Written { service, text: file });
            }
            Event::DutyTaken { service, by, until, .. } => self.duty.was_taken(service, by, until),
            Event::Written(writing) => self.written.push(writing),
            Event::Unattended { since } => self.unattended = since,
            Event::CallAlarm { call, why, since } => {
                self.alarms.retain(|alarm| alarm.call != call);
                if why != CallAlarm::Over {
                    self.alarms.push(Alarm { call, why, since });
                }
            }
            Event::Alarm { room } => {
                if let Some(room) = self.room_mut(&room) {
                    room.alarm = true;
                }
            }
            Event::CallGone { call } => self.calls.retain(|known| known.call != call),
            Event::Phrase { words, digits } => {
                self.way_back = WayBack { phrase: Some((words, digits)), ..WayBack::default() };
            }
            Event::PhraseKept => {
                self.way_back.kept = true;
                self.way_back.permille = None;
            }
            Event::Typed { words } => self.way_back.typed = words,
            Event::Stretching { permille } => self.way_back.permille = Some(permille),
            Event::Return(stands) => self.put_return(stands),
            Event::Office(view) => self.office = Some(view),
            Event::Link { about, fragment, invitation } => {
                self.links.push(NewLink { about, fragment, invitation });
            }
            // Keeping it is up to the page.
            Event::Device { .. } => self.way_back.permille = None,
            Event::Devices { count } => self.devices = count,
            Event::Failed { what } => {
                // Staff have no phrase: what was on its way was a PIN.
                self.way_back.permille = self.way_back.permille.filter(|_| !self.is_staff());
                self.notice = Some(Notice::Failed(what));
            }
        }
    }

    /// Her role; until it is known she is treated as a person.
    #[must_use]
    pub fn role(&self) -> Role {
        self.you.as_ref().map_or(Role::Person, |you| you.role)
    }

    /// She works here, and may have a device find the way back.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        matches!(self.role(), Role::Host | Role::Professional | Role::Presenter | Role::Coordinator)
    }

    /// Whether this is staff, once it is known: somebody who may still come back as staff is not known yet.
    #[must_use]
    pub fn whose(&self) -> Option<bool> {
        self.you.as_ref()?;
        let is_coming_back = matches!(self.way_back.stands, Some(Return::Looking | Return::Found));
        match self.is_staff() {
            false if is_coming_back || !self.is_online() => None,
            staff => Some(staff),
        }
    }

    /// Commands can reach the relay now.
    #[must_use]
    pub fn is_online(&self) -> bool {
        self.connection == Some(Connection::Online)
    }

    /// Whether the relay is there and can store nothing.
    #[must_use]
    pub fn is_degraded(&self) -> bool {
        self.connection == Some(Connection::Degraded)
    }

    /// What was on the screen is being fetched.
    #[must_use]
    pub fn is_returning(&self) -> bool {
        match self.way_back.stands {
            Some(Return::Found) => !self.is_online(),
            // By a phrase or a PIN she waits where she typed it.
            Some(Return::Looking) => self.you.is_none() && !self.pin_asked,
            _ => false,
        }
    }

    /// There is something to come back to.
    #[must_use]
    pub fn has_something(&self) -> bool {
        !self.rooms.is_empty() || !self.calls.is_empty()
    }

    /// A room by its id.
    #[must_use]
    pub fn room(&self, id: &str) -> Option<&Room> {
        self.rooms.iter().find(|room| room.view.room == id)
    }

    /// Rooms of one kind.
    pub fn rooms_of(&self, kind: Kind) -> impl Iterator<Item = &Room> {
        self.rooms.iter().filter(move |room| room.view.kind == kind)
    }

    /// A call by its id.
    #[must_use]
    pub fn call(&self, id: &str) -> Option<&CallView> {
        self.calls.iter().find(|call| call.call == id)
    }

    /// Who else is in a room, or has said something there.
    #[must_use]
    pub fn others_in(&self, id: &str) -> Vec<MemberView> {
        let members = self.room(id).map(|room| room.view.members.as_slice()).unwrap_or_default();
        let mut others: Vec<MemberView> = members.iter().filter(|member| !member.you).cloned().collect();
        // Who has gone may have said something all the same.
        for entry in self.room(id).map(|room| room.entries.as_slice()).unwrap_or_default() {
            if let Entry::Said(said) = entry
                && !said.from.you
                && others.iter().all(|it| it.id != said.from.id)
            {
                others.push(said.from.clone());
            }
        }
        others
    }

    /// The last messages of somebody in a room, the newest first.
    #[must_use]
    pub fn last_words_of(&self, id: &str, member: &MemberId, most: usize) -> Vec<(MessageId, String)> {
        let entries = self.room(id).map(|room| room.entries.as_slice()).unwrap_or_default();
        let said = entries.iter().rev().filter_map(|entry| match entry {
            Entry::Said(said) if said.from.id == *member => Some((said.id.clone(), said.text.clone())),
            Entry::Said(_) | Entry::Noted { .. } => None,
        });
        said.take(most).collect()
    }

    /// The number under which a group is shown: the first is 1.
    #[must_use]
    pub fn group_number(&self, id: &RoomId) -> Option<u64> {
        self.rooms_of(Kind::Peer).zip(1..).find(|(room, _)| room.view.room == *id).map(|(_, number)| number)
    }

    /// The call whose conversation this room is.
    #[must_use]
    pub fn call_of(&self, room: &RoomId) -> Option<&CallId> {
        self.calls.iter().find(|call| call.room.as_ref() == Some(room)).map(|call| &call.call)
    }

    /// Forgets a link that she has handed on.
    pub fn put_link_away(&mut self, fragment: &str) {
        self.links.retain(|link| link.fragment != fragment);
    }

    fn room_mut(&mut self, id: &str) -> Option<&mut Room> {
        self.rooms.iter_mut().find(|room| room.view.room == id)
    }

    // What is open elsewhere is not here any more: nothing of it stays in memory.
    fn put_connection(&mut self, connection: Connection) {
        if connection == Connection::Elsewhere {
            *self = Self { you: self.you.take(), notes: self.notes, ..Self::default() };
        }
        self.connection = Some(connection);
        if connection == Connection::Online && self.way_back.stands == Some(Return::Found) {
            self.way_back = WayBack::default();
        }
    }

    fn put_return(&mut self, stands: Return) {
        match stands {
            // The first time it is only asked for. Before that, another way back may have been looked for.
            Return::Pin => {
                self.pin_wrong = self.pin_asked && self.way_back.stands == Some(Return::Looking);
                self.pin_asked = true;
            }
            Return::Found => (self.pin_asked, self.pin_wrong) = (false, false),
            _ => {}
        }
        self.way_back.permille = self.way_back.permille.filter(|_| stands == Return::Looking);
        self.way_back.stands = Some(stands);
    }

    fn put_room(&mut self, view: RoomView) {
        match self.room_mut(&view.room) {
            Some(room) => room.view = view,
            None => self.rooms.push(Room { view, entries: Vec::new(), alarm: false }),
        }
    }

    /// What was said in a room goes with it: nothing of it stays in memory.
    fn room_gone(&mut self, id: &str, why: Gone) {
        let known = self.rooms.len();
        self.rooms.retain(|room| room.view.room != id);
        self.stages.remove(id);
        self.asked.remove(id);
        let was_there = self.rooms.len() < known;
        // Staff have many rooms: what is over, or needs them no more, goes by itself.
        let is_hers = self.role() == Role::Person;
        let of_call = self.calls.iter().find(|call| call.room.as_deref() == Some(id));
        // Nothing says that there was a call which her code word has raised.
        if of_call.is_some_and(|call| call.silent || !is_hers) {
            return;
        }
        if why == Gone::NotJoined || (was_there && (why == Gone::Removed || why == Gone::Over && is_hers)) {
            self.notice = Some(Notice::Gone(why));
        }
    }

    fn put_message(&mut self, id: &str, message: MessageView) {
        let Some(room) = self.room_mut(id) else { return };
        let known = room.entries.iter_mut().find_map(|entry| match entry {
            Entry::Said(said) if said.id == message.id => Some(said),
            Entry::Said(_) | Entry::Noted { .. } => None,
        });
        match known {
            Some(said) => *said = message,
            None => room.entries.push(Entry::Said(message)),
        }
    }

    fn message_gone(&mut self, id: &str, message: &MessageId) {
        if let Some(room) = self.room_mut(id) {
            room.entries.retain(|entry| !matches!(entry, Entry::Said(said) if said.id == *message));
        }
    }

    fn put_note(&mut self, id: &str, note: Note, at: u64) {
        self.notes += 1;
        let number = self.notes;
        if let Some(room) = self.room_mut(id) {
            room.entries.push(Entry::Noted { number, at, note });
        }
    }

    fn put_call(&mut self, view: CallView) {
        match self.calls.iter_mut().find(|call| call.call == view.call) {
            Some(call) => *call = view,
            None => self.calls.push(view),
        }
    }
}

impl Room {
    /// A message by its id.
    #[must_use]
    pub fn message(&self, id: &MessageId) -> Option<&MessageView> {
        self.entries.iter().find_map(|entry| match entry {
            Entry::Said(said) if said.id == *id => Some(said),
            Entry::Said(_) | Entry::Noted { .. } => None,
        })
    }

    /// What the person of a line is called, also after she has left; the first who is not this client and no staff.
    #[must_use]
    pub fn person_name(&self) -> Option<&str> {
        let person = self.person().or_else(|| self.entries.iter().rev().find_map(who_left));
        person.map(|person| person.name.as_str()).filter(|name| !name.is_empty())
    }

    /// How it stands with the person of a line.
    #[must_use]
    pub fn line_state(&self) -> LineState<'_> {
        match (self.person(), &self.view.admitted_to) {
            (None, _) if self.view.caught_up => LineState::Left,
            (_, Some(room)) => LineState::Admitted(room),
            (_, None) => LineState::Waits,
        }
    }

    fn person(&self) -> Option<&MemberView> {
        self.view.members.iter().find(|member| !member.you && member.role == Role::Person)
    }

    /// The session is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.view.floor.session, SessionView::Closed { .. })
    }

    /// Somebody else of this role has said something here.
    #[must_use]
    pub fn has_spoken(&self, role: Role) -> bool {
        self.entries.iter().any(|entry| match entry {
            Entry::Said(said) => !said.from.you && said.from.role == role,
            Entry::Noted { .. } => false,
        })
    }

    /// When the first entry came, milliseconds since 1970.
    #[must_use]
    pub fn since(&self) -> Option<u64> {
        self.entries.first().map(|entry| match entry {
            Entry::Said(said) => said.at,
            Entry::Noted { at, .. } => *at,
        })
    }
}

// The person whom this entry says to have gone.
fn who_left(entry: &Entry) -> Option<&MemberView> {
    match entry {
        Entry::Noted { note: Note::Left(member) | Note::Removed(member), .. } => {
            Some(member).filter(|member| member.role == Role::Person)
        }
        Entry::Said(_) | Entry::Noted { .. } => None,
    }
}

/// Whether a message may be tried again.
#[must_use]
pub fn can_retry(state: Delivery) -> bool {
    state == Delivery::NotSent
}

/// Fewer are too easily guessed, even with ten attempts.
pub const PIN_DIGITS_MIN: usize = 6;

/// Whether this can be a PIN.
#[must_use]
pub fn is_pin(typed: &str) -> bool {
    typed.len() >= PIN_DIGITS_MIN && typed.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether this can be the code of a screen: four to eight digits. Whoever guesses is made to wait, and the page closes.
#[must_use]
pub fn is_screen_code(typed: &str) -> bool {
    (4..=8).contains(&typed.len()) && typed.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
