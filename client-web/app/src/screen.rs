//! Which screen is shown: from what is known and what she chose. Pure, so that no screen is a matter of luck.

use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

use lotgenoot_messages::{
    CallId, CallState, Connection, Event, Gone, Intake, Kind, MemberId, Return, Role, RoomId,
};

use crate::model::Model;

/// How far she has come by herself.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Step {
    /// 1: can she read and type safely?
    #[default]
    #[n(0)]
    Safe,
    /// She is not sure.
    #[n(1)]
    Unsure,
    /// She cannot.
    #[n(2)]
    NotSafe,
    /// 2: what she is called here.
    #[n(3)]
    Nickname,
    /// 3: what she wants.
    #[n(4)]
    Choose,
    /// How it is done here, before the hosts.
    #[n(5)]
    Rules,
    /// What a professional may know.
    #[n(6)]
    Intake,
    /// Coming back by a phrase.
    #[n(7)]
    Return,
    /// A phrase to come back by.
    #[n(8)]
    Phrase,
    /// Her PIN: this device kept something. What is known leads there, never a choice.
    #[n(9)]
    Pin,
    /// A code for this screen.
    #[n(10)]
    Code,
}

/// A conversation somebody has opened.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Opened {
    /// A line, a group or a help room.
    #[n(0)]
    Room(#[n(0)] RoomId),
    /// A help call, before or with its room.
    #[n(1)]
    Call(#[n(0)] CallId),
}

/// Something she asked for that has not happened yet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Asked {
    /// A line to the hosts.
    Line,
    /// A group (hosts).
    Group,
    /// A workshop.
    Stage,
    /// A help call.
    Call,
    /// To have this call (professionals).
    Take(CallId),
}

/// What she chose.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Chosen {
    /// How far she has come.
    pub step: Step,
    /// What she looks at; none: the steps, or the desk.
    pub opened: Option<Opened>,
    /// What she waits for.
    pub asked: Option<Asked>,
    /// She goes on without what this device kept.
    pub without_pin: bool,
}

/// What is on the screen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Screen {
    /// On the way in.
    Entry(Step),
    /// With the hosts.
    Line(RoomId),
    /// In a group.
    Group(RoomId),
    /// At a workshop.
    Stage(RoomId),
    /// Her own help call.
    Call(CallId),
    /// A host's evening.
    Host,
    /// A professional's duty.
    Duty,
    /// A coordinator's organisation.
    Office,
    /// A presenter's workshops.
    Presenter,
    /// What was on the screen is on its way back.
    Returning,
    /// It is on another screen now.
    Elsewhere,
}

/// The screen for what is known and chosen.
#[must_use]
pub fn screen(model: &Model, chosen: &Chosen) -> Screen {
    if model.connection == Some(Connection::Elsewhere) {
        return Screen::Elsewhere;
    }
    if model.is_returning() {
        return Screen::Returning;
    }
    match model.role() {
        Role::Host => return Screen::Host,
        Role::Professional => return Screen::Duty,
        Role::Coordinator => return Screen::Office,
        Role::Presenter => return Screen::Presenter,
        Role::Person | Role::Unproven => {}
    }
    match &chosen.opened {
        Some(Opened::Call(id)) if model.call(id).is_some() => Screen::Call(id.clone()),
        Some(Opened::Room(id)) => match model.room(id).map(|room| room.view.kind) {
            Some(Kind::Line) => Screen::Line(id.clone()),
            Some(Kind::Peer) => Screen::Group(id.clone()),
            Some(Kind::Stage) => Screen::Stage(id.clone()),
            Some(Kind::Help) | None => entry(model, chosen),
        },
        Some(Opened::Call(_)) | None => entry(model, chosen),
    }
}

/// On the way in, her PIN comes first where this device kept something.
fn entry(model: &Model, chosen: &Chosen) -> Screen {
    let pin = model.pin_asked && !chosen.without_pin;
    Screen::Entry(if pin { Step::Pin } else { chosen.step })
}

impl Chosen {
    /// Goes along with what happened: into what she asked for, out of what is no more. `before` is what was known
    /// until then.
    pub fn follow(&mut self, before: &Model, event: &Event) {
        let answered = if answers(event, self.asked.as_ref()) { self.asked.take() } else { None };
        match event {
            // What she waited for. Staff choose for themselves.
            Event::Room(view) if before.role() == Role::Person && before.room(&view.room).is_none() => {
                // A line that was opened for what she said in her group does not take her out of it.
                let in_group = before.rooms_of(Kind::Peer).next().is_some();
                let wanted = match view.kind {
                    Kind::Peer => true,
                    Kind::Line => !in_group || answered == Some(Asked::Line),
                    Kind::Stage => answered == Some(Asked::Stage),
                    Kind::Help => false,
                };
                if wanted {
                    self.open(Opened::Room(view.room.clone()));
                }
            }
            // A group or stage that this host or presenter has made.
            Event::Room(view) if matches!(answered, Some(Asked::Group | Asked::Stage)) => {
                self.opened = Some(Opened::Room(view.room.clone()));
            }
            // What her code word raised does not show itself.
            Event::Call(view) if view.own && !view.silent && before.call(&view.call).is_none() => {
                self.open(Opened::Call(view.call.clone()));
            }
            Event::Call(view) => {
                // A professional who has taken a call is in its conversation.
                let taken = matches!(&view.state, CallState::Taken(by) | CallState::Active(by) if by.you);
                let known = before.call(&view.call).is_some_and(|call| call.state == view.state);
                if taken && !known {
                    self.opened = Some(Opened::Call(view.call.clone()));
                }
            }
            Event::RoomGone { room, why } if self.opened == Some(Opened::Room(room.clone())) => {
                self.opened = None;
                // Nobody is sent back to the rules because she was let in, or left.
                if *why != Gone::NotJoined {
                    self.step = Step::Choose;
                }
                let other = before.rooms_of(Kind::Peer).find(|other| other.view.room != *room);
                // Whoever was taken out reads why in her line.
                let line = before.rooms_of(Kind::Line).find(|line| line.view.room != *room);
                let other = other.or(line.filter(|_| *why == Gone::Removed));
                if before.role() == Role::Person {
                    self.opened = other.map(|other| Opened::Room(other.view.room.clone()));
                }
            }
            Event::CallGone { call } if self.opened == Some(Opened::Call(call.clone())) => self.opened = None,
            // Where it is open now, she chooses anew; here nothing is chosen any more.
            Event::Connection(Connection::Elsewhere) => *self = Self::default(),
            // Back by her phrase: to the choice, until what she looked at is there too.
            Event::Return(Return::Found) => *self = Self { step: Step::Choose, ..Self::default() },
            _ => {}
        }
    }

    /// Goes back to where she was. Into what came after that was written down, she has gone already.
    pub fn go_back_to(&mut self, kept: &Kept, model: &Model) {
        if known(model).iter().all(|id| kept.known.contains(id)) {
            self.step = kept.step;
            self.opened = kept.opened.clone();
            self.asked = None;
        }
    }

    /// What lies behind an opened conversation is the choice, not the form that led to it.
    fn open(&mut self, what: Opened) {
        self.opened = Some(what);
        self.step = Step::Choose;
    }
}

fn answers(event: &Event, asked: Option<&Asked>) -> bool {
    match (event, asked) {
        (Event::Failed { .. }, _) => true,
        (Event::Room(view), Some(Asked::Line)) => view.kind == Kind::Line,
        (Event::Room(view), Some(Asked::Group)) => view.kind == Kind::Peer,
        (Event::Room(view), Some(Asked::Stage)) => view.kind == Kind::Stage,
        (Event::Call(view), Some(Asked::Call)) => view.own,
        (Event::Call(view), Some(Asked::Take(call))) => {
            view.call == *call && !matches!(view.state, CallState::WantsYou { .. })
        }
        _ => false,
    }
}

/// Whose messages she does not want to read, by room.
pub type Hidden = Vec<(RoomId, MemberId)>;

/// What is found again after a reload, beside what the worker knows. It lies in the vault, never on the device.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Kept {
    /// How far she had come.
    #[n(0)]
    pub step: Step,
    /// What she looked at.
    #[n(1)]
    pub opened: Option<Opened>,
    /// What she wants to be called.
    #[n(2)]
    pub nickname: String,
    /// What was typed and not sent, by room.
    #[n(3)]
    pub drafts: BTreeMap<RoomId, String>,
    /// What she wanted a professional to know.
    #[n(4)]
    pub intake: Intake,
    /// The service she picked.
    #[n(5)]
    pub service: Option<String>,
    /// The conversations and calls that were there.
    #[n(6)]
    pub known: Vec<String>,
    /// Whose messages she does not want to read, by room.
    #[n(7)]
    pub hidden: Hidden,
    /// The code of the screen, if she chose one.
    #[n(8)]
    pub code: Option<String>,
    /// Her phrase leads back here.
    #[n(9)]
    #[cbor(default)]
    pub has_phrase: bool,
}

/// Her conversations and calls that are there: what is new since something was kept is what she looks at.
#[must_use]
pub fn known(model: &Model) -> Vec<String> {
    let rooms = model.rooms.iter().map(|room| room.view.room.clone());
    rooms.chain(model.calls.iter().filter(|call| call.own).map(|call| call.call.clone())).collect()
}

/// Reading counts in a conversation: there, the screen is covered later.
#[must_use]
pub fn is_live(screen: &Screen) -> bool {
    !matches!(screen, Screen::Entry(_) | Screen::Elsewhere)
}

/// A call of hers is not over: she waits for somebody, or somebody for her.
#[must_use]
pub fn is_called(model: &Model) -> bool {
    model.calls.iter().any(|call| call.own && call.state != CallState::Closed)
}

/// A help call can be made: while the connection is away too, for it goes out by itself once it is back, and the
/// page says until then that it is not sent. Not where trying again cannot help.
#[must_use]
pub fn can_raise(model: &Model) -> bool {
    matches!(model.connection, Some(Connection::Online | Connection::Lost))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotgenoot_messages::{CallView, RoomView, You};

    struct Story {
        model: Model,
        chosen: Chosen,
    }

    impl Story {
        fn of(events: impl IntoIterator<Item = Event>) -> Self {
            let chosen = Chosen { step: Step::Rules, ..Chosen::default() };
            let mut story = Self { model: Model::default(), chosen };
            for event in events {
                story.chosen.follow(&story.model, &event);
                story.model.handle(event);
            }
            story
        }

        fn screen(&self) -> Screen {
            screen(&self.model, &self.chosen)
        }
    }

    fn room(id: &str, kind: Kind) -> Event {
        Event::Room(RoomView::new(id.to_owned(), kind))
    }

    fn gone(id: &str, why: Gone) -> Event {
        Event::RoomGone { room: id.to_owned(), why }
    }

    fn call(own: bool) -> Event {
        let (call, state) = ("c".to_owned(), CallState::NotSent);
        Event::Call(CallView { own, ..CallView::new(call, state) })
    }

    fn staff(role: Role) -> Event {
        Event::You(You { role, alias: None, service: None, until: None })
    }

    #[test]
    fn she_goes_from_the_line_into_the_group_she_is_let_into() {
        let waiting = Story::of([room("l", Kind::Line)]);
        assert_eq!(waiting.screen(), Screen::Line("l".to_owned()));
        let inside = Story::of([room("l", Kind::Line), room("p", Kind::Peer), gone("l", Gone::Left)]);
        assert_eq!(inside.screen(), Screen::Group("p".to_owned()));
    }

    #[test]
    fn a_line_that_opens_by_itself_leaves_her_in_the_group_and_one_she_asked_for_does_not() {
        let mut by_itself = Story::of([room("p", Kind::Peer), room("l", Kind::Line)]);
        assert_eq!(by_itself.screen(), Screen::Group("p".to_owned()));
        by_itself.chosen.asked = Some(Asked::Line);
        let Event::Room(line) = room("m", Kind::Line) else { unreachable!() };
        by_itself.chosen.follow(&by_itself.model, &Event::Room(line.clone()));
        by_itself.model.handle(Event::Room(line));
        assert_eq!(by_itself.screen(), Screen::Line("m".to_owned()));
    }

    #[test]
    fn a_host_is_in_the_group_she_has_made_and_not_in_one_she_was_asked_into() {
        let mut host = Story::of([staff(Role::Host), room("p", Kind::Peer)]);
        assert_eq!(host.chosen.opened, None);
        host.chosen.asked = Some(Asked::Group);
        host.chosen.follow(&host.model, &room("q", Kind::Peer));
        assert_eq!(host.chosen.opened, Some(Opened::Room("q".to_owned())));
    }

    #[test]
    fn she_goes_back_to_where_she_was_unless_something_came_after_it() {
        let mut story = Story::of([room("p", Kind::Peer), room("l", Kind::Line)]);
        let kept = Kept { known: known(&story.model), step: Step::Intake, ..Kept::default() };
        story.chosen.go_back_to(&kept, &story.model);
        assert_eq!(story.screen(), Screen::Entry(Step::Intake));
        let mut story = Story::of([room("p", Kind::Peer), room("l", Kind::Line), call(true)]);
        story.chosen.go_back_to(&kept, &story.model);
        assert_eq!(story.screen(), Screen::Call("c".to_owned()));
    }

    #[test]
    fn a_tab_that_was_opened_elsewhere_shows_nothing_of_it() {
        let elsewhere = Event::Connection(Connection::Elsewhere);
        let story = Story::of([room("p", Kind::Peer), call(true), elsewhere]);
        assert_eq!(story.screen(), Screen::Elsewhere);
        assert!(story.model.rooms.is_empty() && story.model.calls.is_empty());
    }

    #[test]
    fn until_the_screen_is_back_no_other_is_shown() {
        let returning = [Event::Return(Return::Looking), Event::Return(Return::Found), staff(Role::Person)];
        assert_eq!(Story::of(returning.clone()).screen(), Screen::Returning);
        let back =
            returning.into_iter().chain([room("p", Kind::Peer), Event::Connection(Connection::Online)]);
        assert_eq!(Story::of(back).screen(), Screen::Group("p".to_owned()));
        let nothing = Story::of([Event::Return(Return::Looking), Event::Return(Return::Nothing)]);
        assert_eq!(nothing.screen(), Screen::Entry(Step::Rules));
    }

    #[test]
    fn a_group_that_is_gone_leads_back_to_the_choice() {
        let story = Story::of([room("p", Kind::Peer), gone("p", Gone::Removed)]);
        assert_eq!(story.screen(), Screen::Entry(Step::Choose));
    }

    #[test]
    fn who_is_taken_out_of_a_group_is_in_her_line_where_the_reason_stands() {
        let story = Story::of([room("l", Kind::Line), room("p", Kind::Peer), gone("p", Gone::Removed)]);
        assert_eq!(story.screen(), Screen::Line("l".to_owned()));
    }

    #[test]
    fn her_call_is_shown_at_once_even_when_it_is_not_sent() {
        assert_eq!(Story::of([room("p", Kind::Peer), call(true)]).screen(), Screen::Call("c".to_owned()));
    }

    #[test]
    fn staff_are_not_taken_anywhere_by_what_others_do() {
        let host = Story::of([staff(Role::Host), room("l", Kind::Line)]);
        assert_eq!((host.screen(), host.chosen.opened), (Screen::Host, None));
        let duty = Story::of([staff(Role::Professional), call(false)]);
        assert_eq!((duty.screen(), duty.chosen.opened), (Screen::Duty, None));
        let office = Story::of([staff(Role::Coordinator), call(false)]);
        assert_eq!((office.screen(), office.chosen.opened), (Screen::Office, None));
    }

    #[test]
    fn her_pin_is_asked_for_until_she_is_known_or_goes_on_without() {
        let mut asked = Story::of([Event::Return(Return::Pin)]);
        assert_eq!(asked.screen(), Screen::Entry(Step::Pin));
        asked.chosen.without_pin = true;
        assert_eq!(asked.screen(), Screen::Entry(Step::Rules));
        let looking = Story::of([Event::Return(Return::Pin), Event::Return(Return::Looking)]);
        assert_eq!(looking.screen(), Screen::Entry(Step::Pin));
        let known = Story::of([Event::Return(Return::Pin), staff(Role::Host)]);
        assert_eq!(known.screen(), Screen::Host);
    }
}
