//! Duty as an organisation plans it: who takes turns for which service, and what is different for once.
//!
//! Times are the wall clock's, as ISO 8601 writes them and without an offset (`2026-12-01T08:00`), in one time zone of the
//! IANA database: who is on duty from eight is so in summer and in winter. People are named by their account, which stays
//! the same when a certificate is renewed.

use std::fmt;

use minicbor::{Decode, Encode};

use crate::bytes::Blob;
use crate::ids::{AccountKey, RequestId};
use crate::time::Timestamp;

/// A plan for all services that have one. Services without are answered by the roster file.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct DutyPlan {
    /// Rises with every change, from 1.
    #[n(0)]
    pub number: u64,
    /// The time zone, by its name in the IANA database.
    #[n(1)]
    pub zone: String,
    /// Days on which layers may do otherwise.
    #[n(2)]
    pub holidays: Vec<Holiday>,
    /// The services.
    #[n(3)]
    pub services: Vec<DutyService>,
}

/// A day on which layers may do otherwise.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Holiday {
    /// Which day: `2026-12-25`.
    #[n(0)]
    pub date: String,
    /// What it is called.
    #[n(1)]
    pub name: String,
}

/// Who answers for one service.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct DutyService {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// The service whose people come after its own last level.
    #[n(1)]
    pub fallback: Option<String>,
    /// With fewer people than this it is understaffed.
    #[n(2)]
    pub min_staff: u32,
    /// Who is on duty as a rule.
    #[n(3)]
    pub layers: Vec<DutyLayer>,
    /// Whole stretches for which the layers do not count.
    #[n(4)]
    pub temporaries: Vec<DutyTemporary>,
    /// What is different for once, in the order in which it was decided.
    #[n(5)]
    pub overrides: Vec<DutyOverride>,
}

/// People who take turns at one level of the ladder.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct DutyLayer {
    /// The level, from 1.
    #[n(0)]
    pub level: u32,
    /// In the order of their turns.
    #[n(1)]
    pub who: Vec<AccountKey>,
    /// When the first turn begins.
    #[n(2)]
    pub anchor: String,
    /// How long a turn is.
    #[n(3)]
    pub turn: DutyTurn,
    /// On duty at these times only; none: always.
    #[n(4)]
    pub windows: Vec<DutyWindow>,
    /// On holidays.
    #[n(5)]
    pub holidays: OnHolidays,
}

/// How long a turn is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub struct DutyTurn {
    /// So many.
    #[n(0)]
    pub count: u32,
    /// Of these.
    #[n(1)]
    pub unit: TurnUnit,
}

/// What turns are counted in.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum TurnUnit {
    /// Days.
    #[n(0)]
    Days,
    /// Weeks.
    #[n(1)]
    Weeks,
    /// Months; from the 31st to the last day of a shorter one.
    #[n(2)]
    Months,
}

/// A stretch of some days of the week.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct DutyWindow {
    /// On which days it begins: bit 0 is Monday.
    #[n(0)]
    pub days: u8,
    /// From this time: `08:00`.
    #[n(1)]
    pub from: String,
    /// Until just before this time; if that is not later, of the next day.
    #[n(2)]
    pub until: String,
}

/// What a layer does on holidays.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum OnHolidays {
    /// As on any other day.
    #[default]
    #[n(0)]
    Same,
    /// Nothing begins on them.
    #[n(1)]
    Not,
    /// Its windows begin on them too, whatever day of the week it is.
    #[n(2)]
    Also,
}

/// A stretch for which only this counts.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct DutyTemporary {
    /// From this time.
    #[n(0)]
    pub from: String,
    /// Until just before this time.
    #[n(1)]
    pub until: String,
    /// Who is on duty in it.
    #[n(2)]
    pub shifts: Vec<DutyShift>,
    /// When it was read from a calendar of another program, if it was.
    #[n(3)]
    pub read_at: Option<Timestamp>,
}

/// Somebody's duty within a temporary stretch.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct DutyShift {
    /// Who.
    #[n(0)]
    pub who: AccountKey,
    /// At which level, from 1.
    #[n(1)]
    pub level: u32,
    /// From this time.
    #[n(2)]
    pub from: String,
    /// Until just before this time.
    #[n(3)]
    pub until: String,
}

/// Something that is different for once.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct DutyOverride {
    /// From this time.
    #[n(0)]
    pub from: String,
    /// Until just before this time.
    #[n(1)]
    pub until: String,
    /// What.
    #[n(2)]
    pub change: DutyChange,
    /// Somebody has taken the duty herself: her request, so that a repeat of it changes nothing.
    #[n(3)]
    pub taken: Option<RequestId>,
}

/// What is different.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum DutyChange {
    /// She is on duty too.
    #[n(0)]
    Add {
        /// Who.
        #[n(0)]
        who: AccountKey,
        /// At this level.
        #[n(1)]
        level: u32,
    },
    /// She is not on duty.
    #[n(1)]
    Remove {
        /// Who.
        #[n(0)]
        who: AccountKey,
    },
    /// Somebody is on duty in her place.
    #[n(2)]
    Replace {
        /// Whose place.
        #[n(0)]
        who: AccountKey,
        /// Who comes.
        #[n(1)]
        by: AccountKey,
    },
}

/// Why a plan cannot be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum PlanFault {
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
    /// A temporary stretch of a service that falls back to none: where it has a hole, nobody would be called.
    #[n(5)]
    NoFallback,
    /// A day or time that cannot be read.
    #[n(6)]
    Time,
    /// It names an account that is nobody's on the staff.
    #[n(7)]
    Nobody,
    /// A service without a name, or with the name of another.
    #[n(8)]
    Name,
    /// This service has no plan.
    #[n(9)]
    NoPlan,
    /// She is not certified for this service.
    #[n(10)]
    NotHers,
    /// Within 72 hours nobody would be on duty where somebody is now. It is taken if that is confirmed.
    #[n(11)]
    Hole {
        /// From this moment.
        #[n(0)]
        from: Timestamp,
        /// Until this one.
        #[n(1)]
        until: Timestamp,
    },
}

impl fmt::Display for PlanFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Zone => "there is no such time zone; name one of the IANA database, like Europe/Amsterdam",
            Self::Level => "levels count from 1",
            Self::Turn => "a layer needs somebody, and turns of at least a day",
            Self::Backwards => "something ends before it begins",
            Self::Fallback => "it falls back to a service that is not there, or in a circle",
            Self::NoFallback => "what is temporary needs a service to fall back to",
            Self::Time => "a day or time cannot be read; write 2026-12-01, 08:00 or 2026-12-01T08:00",
            Self::Nobody => "it names an account that is nobody's on the staff",
            Self::Name => "a service needs a name of its own",
            Self::NoPlan => "this service has no plan",
            Self::NotHers => "she is not certified for this service",
            Self::Hole { from, until } => {
                return write!(
                    f,
                    "nobody would be on duty from {} to {} (ms); confirm it, or plan somebody",
                    from.0, until.0
                );
            }
        })
    }
}

/// A stretch in which duty wants looking at.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Uncovered {
    /// Which service.
    #[n(0)]
    pub service: String,
    /// From this moment.
    #[n(1)]
    pub from: Timestamp,
    /// Until just before this one.
    #[n(2)]
    pub until: Timestamp,
    /// What is wrong.
    #[n(3)]
    pub wrong: Wrong,
}

/// What is wrong with a stretch of duty.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Encode, Decode)]
pub enum Wrong {
    /// Nobody is on duty, nor in a service it falls back to.
    #[n(0)]
    Hole,
    /// Fewer than there should be.
    #[n(1)]
    TooFew,
    /// Somebody stands at two levels: when she does not answer, the second level does not either.
    #[n(2)]
    TwoLevels(#[n(0)] AccountKey),
    /// Somebody is on duty for another service at the same time.
    #[n(3)]
    TwoServices {
        /// Who.
        #[n(0)]
        who: AccountKey,
        /// The other one.
        #[n(1)]
        other: String,
    },
    /// Her certificate does not count then: she is not called.
    #[n(4)]
    Ended(#[n(0)] AccountKey),
    /// Of those on duty nobody is known to be reached: no channel of theirs works, and none has come to a desk.
    #[n(5)]
    NotReached,
    /// This account is nobody's on the staff.
    #[n(6)]
    Unknown(#[n(0)] AccountKey),
}

/// Which plan is in force? For staff, and for coordinators.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct AskDutyPlan {}

/// A plan that takes the place of the one before it. For coordinators.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct PutDutyPlan {
    /// With the next number.
    #[n(0)]
    pub plan: DutyPlan,
    /// It may open a hole within 72 hours.
    #[n(1)]
    pub confirmed: bool,
}

/// What would duty for this service be by a calendar of another program (RFC 5545)? Nothing changes. For coordinators.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct ReadDutyCalendar {
    /// For which service.
    #[n(0)]
    pub service: String,
    /// The time zone of the plan, by its name in the IANA database.
    #[n(1)]
    pub zone: String,
    /// The file.
    #[n(2)]
    pub file: Blob,
}

/// Somebody who stands in a calendar.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct ReadAttendee {
    /// Her address there, in small letters and without `mailto:`.
    #[n(0)]
    pub address: String,
    /// What she is called there.
    #[n(1)]
    pub name: Option<String>,
    /// The line of the file at which she stands first.
    #[n(2)]
    pub line: u32,
    /// Who that is, if it is known by the address or by the name.
    #[n(3)]
    pub who: Option<AccountKey>,
}

/// A duty that stands in a calendar.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct ReadShift {
    /// Whose, by her place in the list.
    #[n(0)]
    pub attendee: u32,
    /// At which level, from 1.
    #[n(1)]
    pub level: u32,
    /// From this time of the plan's wall clock.
    #[n(2)]
    pub from: String,
    /// Until just before this time.
    #[n(3)]
    pub until: String,
}

/// What a calendar says of duty, from now on.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct DutyCalendarRead {
    /// Who stands in it.
    #[n(0)]
    pub attendees: Vec<ReadAttendee>,
    /// Their duties, in the order in which they begin.
    #[n(1)]
    pub shifts: Vec<ReadShift>,
}

/// Duty of this service as a calendar for other programs (RFC 5545). For coordinators.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct WriteDutyCalendar {
    /// Of which service.
    #[n(0)]
    pub service: String,
}

/// Duty of a service as a calendar.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct DutyCalendarWritten {
    /// Of which service.
    #[n(0)]
    pub service: String,
    /// The file.
    #[n(1)]
    pub file: Blob,
}

/// Why a calendar cannot be read as duty.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum CalendarFault {
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
    /// A rule of what comes again that is not followed here: more often than daily, several at once, or for all that follows.
    #[n(5)]
    Rule,
    /// A duty without anybody.
    #[n(6)]
    Attendee,
    /// An event without a beginning, an end or a name.
    #[n(7)]
    Missing,
    /// From now on there is no duty in it.
    #[n(8)]
    Empty,
}

impl fmt::Display for CalendarFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotACalendar => "it is no calendar, or it is cut off; export it again as iCalendar",
            Self::Line => "this line cannot be read",
            Self::Time => "this time cannot be read",
            Self::Zone => "this time zone is not known; use one of the IANA database, like Europe/Amsterdam",
            Self::Backwards => "it ends before it begins",
            Self::Rule => {
                "this rule is not followed here; let it come again daily, weekly, monthly or yearly"
            }
            Self::Attendee => "nobody is invited to it; invite whoever is on duty",
            Self::Missing => "it has no beginning, no end or no UID",
            Self::Empty => "there is no duty in it from now on",
        })
    }
}

/// This professional takes the duty of her service over, until the stretch that has begun ends.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct TakeDuty {
    /// Which service.
    #[n(0)]
    pub service: String,
}

/// She is there for the duty that has begun.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct CheckIn {}

/// A stretch of duty of whoever asks.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct OwnDuty {
    /// For which service.
    #[n(0)]
    pub service: String,
    /// From this moment.
    #[n(1)]
    pub from: Timestamp,
    /// Until just before this one.
    #[n(2)]
    pub until: Timestamp,
}

/// The plan in force, and what wants looking at.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct DutyPlanTold {
    /// The plan, if there is one.
    #[n(0)]
    pub plan: Option<DutyPlan>,
    /// What is wrong with it in the next 14 days.
    #[n(1)]
    pub coverage: Vec<Uncovered>,
    /// When whoever asks is on duty in the next 7 days, by the plan.
    #[n(2)]
    pub own: Vec<OwnDuty>,
    /// All services there are, planned or not.
    #[n(3)]
    pub services: Vec<String>,
    /// Staff: the path under which a calendar of hers finds her duty. Whoever knows it can read it.
    #[n(4)]
    pub calendar: Option<String>,
    /// Since when whoever asks has been asked to say that she is there, and has not.
    #[n(5)]
    pub asked_since: Option<Timestamp>,
    /// Coordinators: those on duty who have not said so in time.
    #[n(6)]
    pub unverified: Vec<AccountKey>,
    /// Of `own`, when that is at the first level: nobody takes over from herself.
    #[n(7)]
    pub first: Vec<OwnDuty>,
    /// Who is on duty when a stretch of hers ends that ends soon, or has ended a moment ago.
    #[n(8)]
    pub next: Vec<NextOnDuty>,
}

/// Whoever is on duty when the duty of somebody else ends.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct NextOnDuty {
    /// For which service.
    #[n(0)]
    pub service: String,
    /// When the other's ends.
    #[n(1)]
    pub at: Timestamp,
    /// Who.
    #[n(2)]
    pub account: AccountKey,
    /// Her role certificate.
    #[n(3)]
    pub certificate: Blob,
}
