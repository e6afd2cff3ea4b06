//! Who is on duty when, as an organisation plans it.
//!
//! Days and times are the wall clock's, as ISO 8601 writes them: `2026-12-01`, `08:00`, `2026-12-01T08:00`. Moments that
//! have come out of a plan are milliseconds since 1970.

use minicbor::{Decode, Encode};

/// An account, as the interface knows it.
pub type AccountId = String;

/// What is planned, and what wants looking at.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct DutyView {
    /// The plan, if there is one.
    #[n(0)]
    pub plan: Option<DutyPlanView>,
    /// Coordinators: what is wrong with it in the next two weeks.
    #[n(1)]
    pub coverage: Vec<UncoveredView>,
    /// When she is on duty herself in the next week.
    #[n(2)]
    pub own: Vec<OwnDutyView>,
    /// All services there are, planned or not.
    #[n(3)]
    pub services: Vec<String>,
    /// Coordinators: whom a plan can name.
    #[n(4)]
    pub people: Vec<DutyPerson>,
    /// A change is on its way.
    #[n(5)]
    pub saving: bool,
    /// The path under which a calendar of hers finds her duty.
    #[n(6)]
    pub calendar: Option<String>,
    /// Since when she has been asked whether she is there for her duty, and has not said so; milliseconds since 1970.
    #[n(7)]
    pub asked_since: Option<u64>,
    /// Coordinators: those on duty who have not said so in time.
    #[n(8)]
    pub unverified: Vec<String>,
    /// Of `own`, when that is at the first level.
    #[n(9)]
    pub first: Vec<OwnDutyView>,
    /// Who is on duty when a stretch of hers ends that ends soon, or has ended a moment ago.
    #[n(10)]
    pub next: Vec<NextOnDutyView>,
}

/// Whoever is on duty when her own duty ends.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct NextOnDutyView {
    /// For which service.
    #[n(0)]
    pub service: String,
    /// When hers ends.
    #[n(1)]
    pub at: u64,
    /// Who.
    #[n(2)]
    pub account: AccountId,
    /// What she is called.
    #[n(3)]
    pub alias: String,
}

/// Somebody a plan can name.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct DutyPerson {
    /// Her account.
    #[n(0)]
    pub account: AccountId,
    /// What she is called.
    #[n(1)]
    pub alias: String,
    /// Professionals: her service.
    #[n(2)]
    pub service: Option<String>,
}

/// A plan.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct DutyPlanView {
    /// Rises with every change.
    #[n(0)]
    pub number: u64,
    /// The time zone, by its name in the IANA database.
    #[n(1)]
    pub zone: String,
    /// Holidays: the day, and what it is called.
    #[n(2)]
    pub holidays: Vec<(String, String)>,
    /// The services.
    #[n(3)]
    pub services: Vec<DutyServiceView>,
}

/// Who answers for one service.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct DutyServiceView {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// Whose people come after its own.
    #[n(1)]
    pub fallback: Option<String>,
    /// With fewer people than this it is understaffed.
    #[n(2)]
    pub min_staff: u32,
    /// Who is on duty as a rule.
    #[n(3)]
    pub layers: Vec<DutyLayerView>,
    /// Whole stretches for which the layers do not count.
    #[n(4)]
    pub temporaries: Vec<DutyTemporaryView>,
    /// What is different for once.
    #[n(5)]
    pub overrides: Vec<DutyOverrideView>,
}

/// People who take turns.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct DutyLayerView {
    /// At this level, from 1.
    #[n(0)]
    pub level: u32,
    /// In this order.
    #[n(1)]
    pub who: Vec<AccountId>,
    /// When the first turn begins.
    #[n(2)]
    pub anchor: String,
    /// How many days, weeks or months a turn has.
    #[n(3)]
    pub turn: u32,
    /// Which of them.
    #[n(4)]
    pub unit: TurnUnit,
    /// At these times only; none: always. Days (bit 0 is Monday), from, until.
    #[n(5)]
    pub windows: Vec<(u8, String, String)>,
    /// On holidays.
    #[n(6)]
    pub holidays: OnHolidays,
}

/// What turns are counted in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum TurnUnit {
    /// Days.
    #[n(0)]
    Days,
    /// Weeks.
    #[n(1)]
    Weeks,
    /// Months.
    #[n(2)]
    Months,
}

/// What a layer does on holidays.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum OnHolidays {
    /// As on any other day.
    #[n(0)]
    Same,
    /// Nothing begins on them.
    #[n(1)]
    Not,
    /// It works on them, whatever day of the week it is.
    #[n(2)]
    Also,
}

/// A stretch for which only this counts.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct DutyTemporaryView {
    /// From.
    #[n(0)]
    pub from: String,
    /// Until.
    #[n(1)]
    pub until: String,
    /// Who, at which level, from, until.
    #[n(2)]
    pub shifts: Vec<(AccountId, u32, String, String)>,
    /// When it was read from a calendar of another program, if it was: milliseconds since 1970.
    #[n(3)]
    pub read_at: Option<u64>,
}

/// Something that is different for once.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct DutyOverrideView {
    /// From.
    #[n(0)]
    pub from: String,
    /// Until.
    #[n(1)]
    pub until: String,
    /// What.
    #[n(2)]
    pub change: DutyChange,
    /// A colleague has taken it herself: the mark of that.
    #[n(3)]
    pub taken: Option<String>,
}

/// What is different.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum DutyChange {
    /// She is on duty too, at this level.
    #[n(0)]
    Add(#[n(0)] AccountId, #[n(1)] u32),
    /// She is not on duty.
    #[n(1)]
    Remove(#[n(0)] AccountId),
    /// In the place of the first comes the second.
    #[n(2)]
    Replace(#[n(0)] AccountId, #[n(1)] AccountId),
}

/// A stretch of her own duty.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Encode, Decode)]
pub struct OwnDutyView {
    /// For which service.
    #[n(0)]
    pub service: String,
    /// From.
    #[n(1)]
    pub from: u64,
    /// Until.
    #[n(2)]
    pub until: u64,
}

/// A stretch that wants looking at.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Encode, Decode)]
pub struct UncoveredView {
    /// Of which service.
    #[n(0)]
    pub service: String,
    /// From.
    #[n(1)]
    pub from: u64,
    /// Until.
    #[n(2)]
    pub until: u64,
    /// What is wrong.
    #[n(3)]
    pub wrong: Wrong,
}

/// What is wrong with a stretch; people by their alias.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Encode, Decode)]
pub enum Wrong {
    /// Nobody is on duty.
    #[n(0)]
    Hole,
    /// Fewer than there should be.
    #[n(1)]
    TooFew,
    /// She stands at two levels.
    #[n(2)]
    TwoLevels(#[n(0)] String),
    /// She is on duty for another service at the same time.
    #[n(3)]
    TwoServices(#[n(0)] String, #[n(1)] String),
    /// Her certificate does not count then.
    #[n(4)]
    Ended(#[n(0)] String),
    /// Nobody of them is known to be reached.
    #[n(5)]
    NotReached,
    /// Somebody who is not on the staff.
    #[n(6)]
    Unknown,
}

/// Why duty was not changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum DutyFault {
    /// No such time zone.
    #[n(0)]
    Zone,
    /// Levels count from 1.
    #[n(1)]
    Level,
    /// A layer without people, or a turn of no length.
    #[n(2)]
    Turn,
    /// Something ends before it begins.
    #[n(3)]
    Backwards,
    /// A fallback that is no service, or leads back.
    #[n(4)]
    Fallback,
    /// Something temporary of a service that falls back to none.
    #[n(5)]
    NoFallback,
    /// A day or time that cannot be read.
    #[n(6)]
    Time,
    /// Somebody who is not on the staff.
    #[n(7)]
    Nobody,
    /// A service without a name, or with the name of another.
    #[n(8)]
    Name,
    /// This service has no plan.
    #[n(9)]
    NoPlan,
    /// She is not certified for it.
    #[n(10)]
    NotHers,
    /// Soon nobody would be on duty, between these moments. It can be saved all the same.
    #[n(11)]
    Hole(#[n(0)] u64, #[n(1)] u64),
    /// Somebody else has changed it meanwhile: it is shown as it is now.
    #[n(12)]
    Changed,
    /// More than a plan can hold.
    #[n(13)]
    TooLarge,
    /// It could not be done; trying again may help.
    #[n(14)]
    Other,
}

/// What a calendar of another program says of duty.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct DutyFileView {
    /// For which service it was read.
    #[n(0)]
    pub service: String,
    /// Who stands in it.
    #[n(1)]
    pub attendees: Vec<AttendeeView>,
    /// Their duties: whose (her place in the list), at which level, from, until.
    #[n(2)]
    pub shifts: Vec<(u32, u32, String, String)>,
}

/// Somebody who stands in a calendar.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct AttendeeView {
    /// Her address there.
    #[n(0)]
    pub address: String,
    /// What she is called there.
    #[n(1)]
    pub name: Option<String>,
    /// The line of the file at which she stands first.
    #[n(2)]
    pub line: u32,
    /// Who that is, if the relay knows.
    #[n(3)]
    pub who: Option<AccountId>,
}

/// Why a calendar was not read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum FileFault {
    /// It is no calendar, or it is cut off.
    #[n(0)]
    NotACalendar,
    /// A line that cannot be read.
    #[n(1)]
    Line,
    /// A time that cannot be read.
    #[n(2)]
    Time,
    /// A time zone that is not known.
    #[n(3)]
    Zone,
    /// Something ends before it begins.
    #[n(4)]
    Backwards,
    /// A rule that is not followed here.
    #[n(5)]
    Rule,
    /// A duty without anybody.
    #[n(6)]
    Attendee,
    /// An event without a beginning, an end or a name.
    #[n(7)]
    Missing,
    /// No duty from now on.
    #[n(8)]
    Empty,
    /// More than can be read.
    #[n(9)]
    TooLarge,
    /// It could not be done; trying again may help.
    #[n(10)]
    Other,
}
