//! A robot: the real client core on a real socket. It keeps what a person would see, and tests assert on that.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use lotgenoot_client::messages::{
    Asked, CallAlarm, CallId, CallState, CallView, ChannelsView, CodeWordsView, Command, Connection,
    ContactsView, Delivery, DutyFault, DutyFileView, DutyView, Event, Failure, FileFault, Gone, Intake, Kind,
    LetterView, MessageView, MonthView, Note, OfficeView, OwnLinesView, OwnTimesView, PlannedView,
    QuarterView, Return, Role, RoomId, RoomView, StageView, Writing, You,
};
use lotgenoot_client::{Identity, Link, Mailboxes, Options};
use lotgenoot_protocol::RootKey;
use lotgenoot_protocol::mls::SUITE_POST_QUANTUM;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use crate::drive::drive;
use crate::organisation::now;
pub use crate::tap::Tap;

const PATIENCE: Duration = Duration::from_secs(30);

/// What a person at this client sees.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    /// The link with the relay.
    pub connection: Option<Connection>,
    /// A host can be reached.
    pub hosts: bool,
    /// Services with somebody reachable.
    pub services: Vec<String>,
    /// All services there are.
    pub all_services: Vec<String>,
    /// Rooms.
    pub rooms: BTreeMap<RoomId, RoomView>,
    /// What is said, by room, in order of appearance; a message that changes stays in its place.
    pub said: BTreeMap<RoomId, Vec<MessageView>>,
    /// Help calls.
    pub calls: BTreeMap<CallId, CallView>,
    /// Rooms that are gone, and why.
    pub gone: Vec<(RoomId, Gone)>,
    /// Rooms with an alarm.
    pub alarms: Vec<RoomId>,
    /// What failed.
    pub failures: Vec<Failure>,
    /// The way back, once there is something to come back to.
    pub tab: Option<String>,
    /// What the interface wanted to find again.
    pub kept: Option<Vec<u8>>,
    /// The phrase that was drawn.
    pub phrase: String,
    /// It leads back.
    pub phrase_kept: bool,
    /// Where the way back by a phrase stands.
    pub returned: Option<Return>,
    /// Who she is.
    pub you: Option<You>,
    /// What a coordinator sees.
    pub office: Option<OfficeView>,
    /// A session without a host, of which she was told: since when.
    pub unattended: Option<u64>,
    /// What a coordinator was told of calls.
    pub call_alarms: Vec<(CallId, CallAlarm)>,
    /// What is planned.
    pub calendar: Option<Vec<PlannedView>>,
    /// The letters that wait; none: it reads none, or has not looked yet.
    pub letters: Option<Vec<LetterView>>,
    /// What is on stages.
    pub stages: BTreeMap<RoomId, StageView>,
    /// What became of questions it has asked on stages.
    pub asked: Vec<(String, Asked)>,
    /// How this member of staff is called.
    pub channels: Option<ChannelsView>,
    /// Whom she wants to be called first.
    pub contacts: ContactsView,
    /// What is kept of her code words.
    pub code_words: CodeWordsView,
    /// How duty is planned.
    pub duty: Option<DutyView>,
    /// How often what she changed about duty was kept.
    pub duty_kept: usize,
    /// Why duty was not changed: service, layer, reason.
    pub duty_refused: Vec<(String, Option<u32>, DutyFault)>,
    /// What a calendar of another program says.
    pub duty_file: Option<DutyFileView>,
    /// Because of which line such a calendar was not read, and why.
    pub duty_file_refused: Option<(u32, FileFault)>,
    /// Duty as a calendar.
    pub duty_file_written: Option<String>,
    /// Who has taken duty over, of which service.
    pub duty_taken: Vec<(Option<String>, String)>,
    /// A professional's own times.
    pub own_times: Option<OwnTimesView>,
    /// Numbers that the organisation lists itself.
    pub own_lines: OwnLinesView,
    /// What was said of sessions.
    pub surveys: Vec<MonthView>,
    /// How help calls went.
    pub quarters: Vec<QuarterView>,
    /// What was to be written and is on its way.
    pub written: Vec<Writing>,
    /// Links that were made.
    pub links: Vec<String>,
    /// Who gave her an invitation, and whether it counts.
    pub invited: Option<(String, bool)>,
    /// Lines in rooms that nobody said.
    pub notes: Vec<(RoomId, Note)>,
    /// Every event, in order, for messages that must not be shown twice.
    pub shown: Vec<(RoomId, String)>,
}

/// A robot.
pub struct Robot {
    commands: mpsc::UnboundedSender<Command>,
    screens: mpsc::UnboundedReceiver<Event>,
    /// What it sees.
    pub screen: Screen,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Robot {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Robot {
    /// A person.
    pub fn person(root: RootKey, relay: SocketAddr) -> Self {
        Self::start(Identity::person(root, rand::random()), relay)
    }

    /// Somebody who came by this link.
    pub fn invited(link: &Link, relay: SocketAddr) -> Self {
        let identity = Identity::person(link.root, rand::random());
        let mut both = Mailboxes::new(identity, options(relay, SUITE_POST_QUANTUM), now());
        if let Some((secret, invitation)) = &link.invitation {
            both.own().carry_invitation(secret, invitation.clone());
        }
        Self::driven(both, relay, [None, None])
    }

    /// Anybody.
    pub fn start(identity: Identity, relay: SocketAddr) -> Self {
        Self::with_suite(identity, relay, SUITE_POST_QUANTUM)
    }

    /// Anybody, opening rooms in a suite of choice.
    pub fn with_suite(identity: Identity, relay: SocketAddr, suite: u16) -> Self {
        Self::driven(Mailboxes::new(identity, options(relay, suite), now()), relay, [None, None])
    }

    /// Anybody, with everything that crosses her sockets written down.
    pub fn tapped(identity: Identity, relay: SocketAddr, tap: Tap) -> Self {
        Self::tapped_apart(identity, relay, [tap.clone(), tap])
    }

    /// The same, for her own mailbox and for the one for workshops.
    pub fn tapped_apart(identity: Identity, relay: SocketAddr, taps: [Tap; 2]) -> Self {
        let both = Mailboxes::new(identity, options(relay, SUITE_POST_QUANTUM), now());
        Self::driven(both, relay, taps.map(Some))
    }

    fn driven(both: Mailboxes, relay: SocketAddr, taps: [Option<Tap>; 2]) -> Self {
        let (commands, inbox) = mpsc::unbounded_channel();
        let (outbox, screens) = mpsc::unbounded_channel();
        let task = tokio::spawn(drive(both, relay, inbox, outbox, taps));
        Self { commands, screens, screen: Screen::default(), task }
    }

    /// Does something.
    pub fn act(&self, command: Command) {
        self.commands.send(command).expect("the robot lives");
    }

    /// Waits until the screen shows what `wanted` looks for; `what` says it in words.
    ///
    /// # Panics
    /// If it does not within half a minute, with the screen as it is.
    pub async fn sees<T>(&mut self, what: &str, wanted: impl FnMut(&Screen) -> Option<T>) -> T {
        self.waits(PATIENCE, what, wanted).await
    }

    /// The same for what takes its time by design: three times as long.
    pub async fn patiently<T>(&mut self, what: &str, wanted: impl FnMut(&Screen) -> Option<T>) -> T {
        self.waits(PATIENCE * 3, what, wanted).await
    }

    async fn waits<T>(
        &mut self,
        patience: Duration,
        what: &str,
        mut wanted: impl FnMut(&Screen) -> Option<T>,
    ) -> T {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(found) = wanted(&self.screen) {
                return found;
            }
            match timeout(deadline - Instant::now(), self.screens.recv()).await {
                Ok(Some(event)) => self.screen.take(event),
                Ok(None) => panic!("the robot is gone while waiting for: {what}"),
                Err(_) => panic!("not seen within {patience:?}: {what}\n{:#?}", self.screen),
            }
        }
    }

    /// The next thing that happens on its screen; `None` when it is gone.
    pub async fn notices(&mut self) -> Option<Event> {
        let event = self.screens.recv().await?;
        self.screen.take(event.clone());
        Some(event)
    }

    /// Another way to make it do something, for those who do not watch it.
    pub fn commands(&self) -> mpsc::UnboundedSender<Command> {
        self.commands.clone()
    }

    /// Takes in everything that has happened until now.
    pub fn look(&mut self) -> &Screen {
        while let Ok(event) = self.screens.try_recv() {
            self.screen.take(event);
        }
        &self.screen
    }

    /// Waits until signed in.
    pub async fn online(&mut self) {
        self.sees("signed in", |screen| (screen.connection == Some(Connection::Online)).then_some(())).await;
    }

    /// Waits for a room of this kind with at least `members` members, read up to its end.
    pub async fn room(&mut self, kind: Kind, members: usize) -> RoomId {
        let found = |screen: &Screen| {
            let rooms = screen.rooms.values();
            let mut fit =
                rooms.filter(|room| room.kind == kind && room.members.len() >= members && room.caught_up);
            fit.next().map(|room| room.room.clone())
        };
        self.sees(&format!("a {kind:?} room with {members} members"), found).await
    }

    /// Says something in a room and waits until it is sent.
    pub async fn says(&mut self, room: &RoomId, text: &str) {
        self.act(Command::Say { room: room.clone(), text: text.to_owned() });
        self.sees(&format!("own words sent: {text}"), |screen| {
            screen.find(room, text).filter(|message| message.state == Delivery::Sent).map(|_| ())
        })
        .await;
    }

    /// Waits until somebody's words are there.
    pub async fn reads(&mut self, room: &RoomId, text: &str) -> MessageView {
        self.sees(&format!("the words: {text}"), |screen| screen.find(room, text).cloned()).await
    }

    /// Waits for a call in a state that `wanted` accepts.
    pub async fn call(&mut self, what: &str, wanted: impl Fn(&CallView) -> bool) -> CallView {
        self.sees(what, |screen| screen.calls.values().find(|call| wanted(call)).cloned()).await
    }

    /// A person's whole way in: opens a line and waits for it.
    pub async fn enters(&mut self, nickname: &str) -> RoomId {
        self.sees("hosts are open", |screen| screen.hosts.then_some(())).await;
        self.act(Command::OpenLine { nickname: nickname.to_owned() });
        self.room(Kind::Line, 2).await
    }

    /// Raises a help call.
    pub fn raises(&self, service: &str, wants: &str) {
        let intake = Intake { nickname: "Iris".to_owned(), wants: wants.to_owned(), ..Intake::default() };
        self.act(Command::Raise { service: service.to_owned(), intake: Box::new(intake) });
    }
}

impl Screen {
    /// A message with these words.
    pub fn find(&self, room: &RoomId, text: &str) -> Option<&MessageView> {
        self.said.get(room)?.iter().find(|message| message.text == text)
    }

    /// Whether a call is shown as active, and by whom.
    pub fn active_lead(&self) -> Option<&str> {
        self.calls.values().find_map(|call| match &call.state {
            CallState::Active(lead) if lead.role == Role::Professional => Some(lead.name.as_str()),
            _ => None,
        })
    }

    /// Takes in one event.
    pub fn take(&mut self, event: Event) {
        match event {
            Event::Ready => {}
            Event::You(you) => self.you = Some(you),
            Event::Office(office) => self.office = Some(office),
            Event::Link { fragment, .. } => self.links.push(fragment),
            Event::Device { .. } | Event::Devices { .. } => {}
            Event::Calendar { sessions } => self.calendar = Some(sessions),
            Event::Letters { letters } => self.letters = Some(letters),
            Event::Stage { room, stage } => drop(self.stages.insert(room, stage)),
            Event::Asked { text, what, .. } => self.asked.push((text, what)),
            Event::Channels(channels) => self.channels = Some(channels),
            Event::Contacts(contacts) => self.contacts = contacts,
            Event::CodeWords(code_words) => self.code_words = code_words,
            Event::Surveys { months, quarters } => (self.surveys, self.quarters) = (months, quarters),
            Event::Duty(duty) => self.duty = Some(duty),
            Event::OwnLines(lines) => self.own_lines = lines,
            Event::OwnTimes(times) => self.own_times = Some(times),
            Event::DutyFile(file) => self.duty_file = Some(file),
            Event::DutyFileRefused { line, fault } => self.duty_file_refused = Some((line, fault)),
            Event::DutyFileWritten { file, .. } => self.duty_file_written = Some(file),
            Event::DutyKept => self.duty_kept += 1,
            Event::DutyRefused { service, layer, fault } => self.duty_refused.push((service, layer, fault)),
            Event::DutyTaken { service, by, .. } => self.duty_taken.push((by, service)),
            Event::Written(writing) => self.written.push(writing),
            Event::Unattended { since } => self.unattended = since,
            Event::CallAlarm { call, why, .. } => self.call_alarms.push((call, why)),
            Event::Invited { partner, counts } => self.invited = Some((partner, counts)),
            Event::MessageGone { room, message } => {
                self.said.entry(room).or_default().retain(|said| said.id != message);
            }
            Event::Note { room, note, .. } => self.notes.push((room, note)),
            Event::Phrase { words, .. } => self.phrase = words.join(" "),
            Event::PhraseKept => self.phrase_kept = true,
            Event::Return(found) => self.returned = Some(found),
            Event::Typed { .. } | Event::Stretching { .. } | Event::ScreenKept { .. } => {}
            Event::Tab { secret } => self.tab = Some(secret),
            Event::Screen { state } => self.kept = Some(state),
            Event::Connection(connection) => self.connection = Some(connection),
            Event::Open { hosts, services, all } => {
                self.hosts = hosts;
                (self.services, self.all_services) = (services, all);
            }
            Event::Room(room) => {
                self.rooms.insert(room.room.clone(), room);
            }
            Event::RoomGone { room, why } => {
                self.rooms.remove(&room);
                self.gone.push((room, why));
            }
            Event::Message { room, message } => {
                if message.state == Delivery::Sent && !message.from.you {
                    self.shown.push((room.clone(), message.id.clone()));
                }
                let said = self.said.entry(room).or_default();
                match said.iter_mut().find(|other| other.id == message.id) {
                    Some(known) => *known = message,
                    None => said.push(message),
                }
            }
            Event::Call(call) => {
                self.calls.insert(call.call.clone(), call);
            }
            Event::CallGone { call } => drop(self.calls.remove(&call)),
            Event::Alarm { room } => self.alarms.push(room),
            Event::Failed { what } => self.failures.push(what),
        }
    }
}

fn options(relay: SocketAddr, suite: u16) -> Options {
    Options { host: relay.to_string(), suite, tab_has_slot: false, ids: None }
}
