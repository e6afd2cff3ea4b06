//! A person's two mailboxes: her own, and one for workshops.
//!
//! A stage is public and a peer room is not. Under one account the relay could tell that whoever asks questions at a
//! workshop sits in a group as well. So what a person does at workshops is done under another account, with a vault and a
//! connection of its own. Its secret follows from the secret of her own mailbox: what leads back to the one leads back to
//! both. It is there only as long as there is a workshop she goes to.

use lotgenoot_messages as ui;
use lotgenoot_protocol::Timestamp;

use crate::identity::Identity;
use crate::member::{Member, Options};

/// Which of the two.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Mailbox {
    /// Everything but workshops; staff have only this one.
    Own,
    /// A person's workshops.
    Workshops,
}

impl Mailbox {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Own, Self::Workshops];
}

/// Both of them, as one client: what the user does goes to the one it is about, and what she sees comes from both.
pub struct Mailboxes {
    own: Member,
    workshops: Option<Box<Member>>,
    options: Options,
}

impl Mailboxes {
    /// Whoever this is, not connected yet.
    pub fn new(identity: Identity, options: Options, now: Timestamp) -> Self {
        Self { own: Member::new(identity, options.clone(), now), workshops: None, options }
    }

    /// Her own mailbox.
    pub fn own(&mut self) -> &mut Member {
        &mut self.own
    }

    /// One of them, if it is there.
    pub fn get(&self, which: Mailbox) -> Option<&Member> {
        match which {
            Mailbox::Own => Some(&self.own),
            Mailbox::Workshops => self.workshops.as_deref(),
        }
    }

    /// One of them, if it is there.
    pub fn get_mut(&mut self, which: Mailbox) -> Option<&mut Member> {
        match which {
            Mailbox::Own => Some(&mut self.own),
            Mailbox::Workshops => self.workshops.as_deref_mut(),
        }
    }

    /// Those that are there.
    pub fn each(&mut self) -> impl Iterator<Item = &mut Member> {
        std::iter::once(&mut self.own).chain(self.workshops.as_deref_mut())
    }

    /// What the user did.
    pub fn command(&mut self, command: ui::Command, now: Timestamp) {
        if matches!(command, ui::Command::JoinStage { .. }) && self.own.goes_to_workshops(now) {
            self.begin_workshops(now);
        }
        let Some(workshops) = self.workshops.as_mut() else { return self.own.command(command, now) };
        match &command {
            ui::Command::JoinStage { .. } => workshops.command(command, now),
            ui::Command::TakeOver | ui::Command::Retry { .. } | ui::Command::Discard { .. } => {
                workshops.command(command.clone(), now);
                self.own.command(command, now);
            }
            other => match other.room() {
                Some(room) if workshops.is_in(room) => {
                    // Whatever she types at a workshop is listened to by her own mailbox: a call is never raised from there.
                    let typed = typed(&command).map(str::to_owned);
                    workshops.command(command, now);
                    typed.iter().for_each(|text| self.own.listen(text, now));
                }
                _ => self.own.command(command, now),
            },
        }
    }

    /// Begins with workshops if her own mailbox says that there are some, and ends with them when there are none: to be
    /// called whenever something has happened.
    pub fn settle(&mut self, now: Timestamp) {
        if self.workshops.as_ref().is_some_and(|workshops| workshops.rests()) {
            self.workshops = None;
            self.own.no_workshops(now);
        }
        if self.own.has_workshops() {
            self.begin_workshops(now);
        }
    }

    /// The next thing for the user to see. Of the mailbox for workshops that is what happens in its rooms: who she is,
    /// what is open and whether she is connected is said by her own.
    pub fn poll_event(&mut self) -> Option<ui::Event> {
        self.own.poll_event().or_else(|| {
            let workshops = self.workshops.as_mut()?;
            std::iter::from_fn(|| workshops.poll_event()).find(is_of_a_room)
        })
    }

    /// Does what is due.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        self.each().for_each(|member| member.handle_timeout(now));
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let both = Mailbox::ALL.into_iter().filter_map(|which| self.get(which));
        both.filter_map(Member::poll_timeout).min()
    }

    fn begin_workshops(&mut self, now: Timestamp) {
        if self.workshops.is_none() {
            // The secret of its tab is that of her own.
            let options = Options { tab_has_slot: true, ..self.options.clone() };
            let identity = self.own.identity_for_workshops();
            self.workshops = Some(Box::new(Member::new(identity, options, now)));
        }
    }
}

fn typed(command: &ui::Command) -> Option<&str> {
    match command {
        ui::Command::Say { text, .. } | ui::Command::Act { act: ui::Act::Ask(text), .. } => Some(text),
        _ => None,
    }
}

fn is_of_a_room(event: &ui::Event) -> bool {
    matches!(
        event,
        ui::Event::Room(_)
            | ui::Event::RoomGone { .. }
            | ui::Event::Message { .. }
            | ui::Event::MessageGone { .. }
            | ui::Event::Note { .. }
            | ui::Event::Alarm { .. }
            | ui::Event::Stage { .. }
            | ui::Event::Asked { .. }
            | ui::Event::Written(_)
            | ui::Event::Failed { .. }
    )
}
