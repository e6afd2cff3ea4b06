//! Letters to coordinators and hosts: written, sealed for each of them, and read.
//!
//! ```text
//! command ─► writing ──(keys of the readers)──► posted ──(the relay has it)──► Written
//!               └─ nobody reads letters here, or there is no room ─► Failed
//! ```

use std::collections::BTreeMap;

use lotgenoot_messages as ui;
use lotgenoot_protocol::frame::Request;
use lotgenoot_protocol::letters::{
    AskLetterKeys, AskLetters, Letter as Sealed, LetterFor, LetterKey, Letters as Told, PostLetter,
    PutLetterAway, PutLetterKey, Reader,
};
use lotgenoot_protocol::limits::LETTER_BYTES_MAX;
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::policy::Standing;
use lotgenoot_protocol::role::{Role, serial_of_key};
use lotgenoot_protocol::{Blob, LeafKey, LetterId, MessageId, RoomId, Serial, Timestamp};

use super::{Member, room_id};
use crate::content::Content;
use crate::letter::{Letter, LetterBox, Report, Says};
use crate::requests::Purpose;
use crate::show;

// Whoever reads letters looks this often whether there are others.
const LOOK_EVERY_MS: u64 = 10_000;

/// Letters under way, and those that wait here.
#[derive(Default)]
pub(crate) struct Letters {
    // Until the keys of their readers are known.
    writing: Vec<Draft>,
    // Until the relay has them.
    posted: BTreeMap<LetterId, Option<ui::Writing>>,
    // The newest note to the next hosts that is on its way or there. A debrief that failed is written once more; the
    // note that came with it need not be.
    noted: Option<(LetterId, Note)>,
    own: Option<LetterBox>,
    looked_at: Option<Timestamp>,
    waiting: BTreeMap<LetterId, ui::LetterView>,
    coming: BTreeMap<LetterId, ui::LetterView>,
    shown: bool,
}

// After which evening, and what.
#[derive(Clone, PartialEq)]
struct Note {
    room: String,
    words: String,
}

struct Draft {
    says: Says,
    note: Option<Note>,
    // What she is told once it is posted; none: it goes along with another.
    writing: Option<ui::Writing>,
}

impl Member {
    /// A host says how a session was.
    pub(super) fn debrief(&mut self, room: &str, how: String, hand_over: String, call_me: bool) {
        let theme = self.theme_just_led();
        let writing = Some(ui::Writing::Debrief(room.to_owned()));
        let note = Note { room: room.to_owned(), words: hand_over.clone() };
        let is_noted = self.letters.noted.as_ref().is_some_and(|(_, noted)| *noted == note);
        if !hand_over.trim().is_empty() && !is_noted {
            let says = Says::HandOver { theme: theme.clone(), words: hand_over.clone() };
            self.letters.writing.push(Draft { says, note: Some(note), writing: None });
        }
        let says = Says::Debrief { theme, how, hand_over, call_me };
        self.letters.writing.push(Draft { says, note: None, writing });
        self.ask_for_readers();
    }

    /// Somebody has said or done what is not right: to the hosts in her line, or past them to the coordinators.
    pub(super) fn report(
        &mut self,
        room: &str,
        member: &str,
        message: Option<&str>,
        why: String,
        to_hosts: bool,
    ) {
        let ids = room_id(room).zip(show::unhex(member).map(LeafKey));
        let report = ids.and_then(|(room, leaf)| self.reported(room, leaf, message, why));
        let Some(report) = report else { return self.fail(ui::Failure::Letter) };
        let writing = ui::Writing::Report { room: room.to_owned(), member: member.to_owned() };
        if to_hosts {
            // It is said to be on its way when it is in the log of her line.
            self.tell_hosts(Content::Reported(Box::new(report)));
        } else {
            let says = Says::Report(Box::new(report));
            self.letters.writing.push(Draft { says, note: None, writing: Some(writing) });
            self.ask_for_readers();
        }
    }

    /// At a host: the person of this line reports somebody. That somebody has said it is proven where this client has met
    /// that leaf itself.
    pub(super) fn handle_reported(&mut self, line: RoomId, report: &Report) {
        if self.rooms.get(&line).and_then(|line| line.kind()) == Some(RoomKind::Line) {
            let room = self.rooms.get(&report.room);
            let met = room.and_then(|room| room.name_of(&report.leaf, self.trust(), self.judging()));
            let mut view = self.report_view(report);
            view.proven &= met.is_some() || view.role != ui::Role::Person;
            view.about = met.filter(|_| view.role == ui::Role::Person).unwrap_or(view.about);
            let now = self.now;
            self.in_room(line, |line, world| {
                line.note(ui::Note::Reported(Box::new(view)), now, world);
            });
        }
    }

    fn reported(&self, room: RoomId, leaf: LeafKey, message: Option<&str>, why: String) -> Option<Report> {
        let there = self.rooms.get(&room)?;
        let words = message.and_then(|id| there.words_of(MessageId(show::unhex(id)?), leaf));
        let read = message.and_then(|id| there.read_here(id));
        let said = read.filter(|_| words.is_none()).map(|read| read.text.clone()).unwrap_or_default();
        let member =
            there.members(self.trust(), self.judging()).into_iter().find(|member| member.key == leaf);
        let certificate = member.as_ref().and_then(|member| match &member.standing {
            Standing::Staff(certificate) => Some(Blob(certificate.to_bytes())),
            Standing::Person | Standing::Nobody => None,
        });
        // Who is not there any more is called as she was when she said it.
        let name = member.map(|member| there.member(&member).name).or_else(|| Some(read?.from.name.clone()));
        Some(Report { room, leaf, name: name.unwrap_or_default(), certificate, words, said, why })
    }

    fn report_view(&self, report: &Report) -> ui::ReportView {
        let staff = report.staff(self.trust(), self.judging());
        ui::ReportView {
            about: staff.as_ref().map_or_else(|| report.name.clone(), |staff| staff.alias.clone()),
            role: staff.map_or(ui::Role::Person, |staff| show::certified_role(staff.role)),
            said: report.said().map(|(said, _)| said.to_owned()),
            proven: report.said().is_some_and(|(_, proven)| proven),
            why: report.why.clone(),
        }
    }

    fn ask_for_readers(&mut self) {
        let hosts = self.letters.writing.iter().any(|it| matches!(it.says, Says::HandOver { .. }));
        self.requests.ask(Purpose::LetterKeys, Request::AskLetterKeys(AskLetterKeys { hosts }));
    }

    /// The keys of those who read letters: what was written is sealed for them and posted.
    pub(super) fn letter_keys_told(&mut self, keys: &[LetterKey]) {
        let readers: Vec<(Reader, &LetterKey)> = keys
            .iter()
            .filter_map(|key| Some((key.reader(self.trust(), self.judging()).ok()?, key)))
            .filter(|(reader, _)| Some(reader.serial()) != self.own_reader())
            .collect();
        for Draft { says, note, writing } in std::mem::take(&mut self.letters.writing) {
            let id = LetterId(self.requests.random());
            let for_hosts = matches!(says, Says::HandOver { .. });
            let letter = match (&says, &self.identity.staff) {
                (Says::Debrief { .. } | Says::HandOver { .. }, Some(staff)) => {
                    Letter::by(&says, id, &staff.certificate, &staff.leaf)
                }
                _ => Letter::anonymous(&says),
            };
            let wanted = readers.iter().filter(|(reader, _)| matches!(reader, Reader::Host(_)) == for_hosts);
            let seal = |letter: &Letter| -> Vec<LetterFor> {
                wanted.clone().filter_map(|(reader, key)| letter.seal(id, reader, key)).collect()
            };
            let too_long = |copies: &[LetterFor]| copies.iter().any(|it| it.sealed.len() > LETTER_BYTES_MAX);
            let mut copies = seal(&letter);
            if let (true, Says::Report(report)) = (too_long(&copies), &says) {
                // What is too long to be proven is told as it was read.
                copies = seal(&Letter::anonymous(&Says::Report(Box::new(report.shortened()))));
            }
            let too_long = too_long(&copies);
            // A note that no other host could read is with the coordinators all the same.
            if copies.is_empty() && writing.is_none() {
                continue;
            }
            if copies.is_empty() || too_long {
                self.fail(ui::Failure::Letter);
                continue;
            }
            if let Some(note) = note {
                self.letters.noted = Some((id, note));
            }
            self.letters.posted.insert(id, writing);
            self.requests.ask(Purpose::PostLetter(id), Request::PostLetter(PostLetter { id, copies }));
        }
    }

    /// There is no answer that says who reads letters.
    pub(super) fn no_letter_keys(&mut self) {
        self.letters.writing.clear();
        self.fail(ui::Failure::Letter);
    }

    /// The relay has a letter, or does not take it.
    pub(super) fn letter_posted(&mut self, id: LetterId, accepted: bool) {
        if !accepted && self.letters.noted.as_ref().is_some_and(|(noted, _)| *noted == id) {
            self.letters.noted = None;
        }
        match self.letters.posted.remove(&id).flatten() {
            Some(writing) if accepted => self.events.push_back(ui::Event::Written(writing)),
            Some(_) => self.fail(ui::Failure::Letter),
            None => {}
        }
    }

    // ---- whoever reads letters

    /// Publishes the key for letters to this coordinator or host, and looks whether any wait.
    pub(super) fn open_letter_box(&mut self) {
        if self.own_reader().is_none() {
            return;
        }
        if self.letters.own.is_none() {
            self.letters.own = LetterBox::of(&self.identity.secret);
        }
        let Some(public) = self.letters.own.as_ref().map(LetterBox::public) else { return };
        let key = match (&self.identity.coordinator, &self.identity.staff) {
            (Some(keys), _) => LetterKey::of_coordinator(&keys.issuer, &keys.key, public),
            (None, Some(staff)) => LetterKey::of_host(&staff.certificate, &staff.leaf, public),
            (None, None) => return,
        };
        self.requests.ask(Purpose::PutLetterKey, Request::PutLetterKey(PutLetterKey { key }));
        self.look_for_letters();
    }

    /// Looks whether letters wait, if that was some time ago.
    pub(super) fn look_for_letters_now_and_then(&mut self) {
        let long_ago = |at: Timestamp| self.now.ms_since(at) >= LOOK_EVERY_MS;
        // One look at a time.
        if self.letters.looked_at.is_some_and(long_ago) && !self.requests.is_looking_for_letters() {
            self.look_for_letters();
        }
    }

    fn look_for_letters(&mut self) {
        self.letters.looked_at = Some(self.now);
        self.letters.coming.clear();
        self.requests.ask(Purpose::Letters, Request::AskLetters(AskLetters { after: None }));
    }

    /// These wait.
    pub(super) fn letters_told(&mut self, told: Told) {
        let last = told.letters.last().map(|letter| letter.id);
        for letter in told.letters {
            let known = self.letters.waiting.get(&letter.id).cloned();
            let view = known.unwrap_or_else(|| self.read_letter(&letter));
            self.letters.coming.insert(letter.id, view);
        }
        match last.filter(|_| told.more) {
            Some(after) => {
                let ask = AskLetters { after: Some(after) };
                self.requests.ask(Purpose::Letters, Request::AskLetters(ask));
            }
            None => {
                let coming = std::mem::take(&mut self.letters.coming);
                let news = !self.letters.shown || coming != self.letters.waiting;
                self.letters.waiting = coming;
                if news {
                    self.show_letters();
                }
            }
        }
    }

    /// A letter is dealt with.
    pub(super) fn put_letter_away(&mut self, letter: &str) {
        let Some(id) = show::unhex(letter).map(LetterId) else { return };
        let waits = self.letters.waiting.remove(&id).is_some();
        if self.letters.coming.remove(&id).is_some() || waits {
            self.requests.ask(Purpose::PutLetterAway, Request::PutLetterAway(PutLetterAway { id }));
            self.show_letters();
        }
    }

    fn read_letter(&self, sealed: &Sealed) -> ui::LetterView {
        let own = self.letters.own.as_ref().zip(self.own_reader());
        let letter = own.and_then(|(own, reader)| own.open(sealed.id, reader, &sealed.sealed));
        let read = letter.and_then(|letter| letter.read(sealed.id, self.trust(), self.judging()));
        let says = read.and_then(|(says, by)| {
            let alias = by.map(|by| by.alias).unwrap_or_default();
            match says {
                // Reports are for coordinators: anybody could write to hosts otherwise.
                Says::Report(_) if self.identity.coordinator.is_none() => None,
                Says::Debrief { theme, how, hand_over, call_me } => {
                    Some(ui::LetterSays::Debrief { alias, theme, how, hand_over, call_me })
                }
                Says::HandOver { theme, words } => Some(ui::LetterSays::HandOver { alias, theme, words }),
                Says::Report(report) => {
                    // Of a person nothing but a key is known here, and anybody can make one.
                    let view = self.report_view(&report);
                    let proven = view.proven && view.role != ui::Role::Person;
                    Some(ui::LetterSays::Report(ui::ReportView { proven, ..view }))
                }
            }
        });
        ui::LetterView { id: show::hex(&sealed.id.0), at: sealed.at.0, says }
    }

    fn show_letters(&mut self) {
        self.letters.shown = true;
        let mut letters: Vec<ui::LetterView> = self.letters.waiting.values().cloned().collect();
        letters.sort_by_key(|letter| letter.at);
        self.events.push_back(ui::Event::Letters { letters });
    }

    // As what this client reads letters.
    fn own_reader(&self) -> Option<Serial> {
        match (&self.identity.coordinator, &self.identity.staff) {
            (Some(keys), _) => Some(keys.issuer.serial),
            (None, Some(staff)) if staff.read.role == Role::Host => Some(serial_of_key(&staff.read.leaf_key)),
            (None, _) => None,
        }
    }
}
