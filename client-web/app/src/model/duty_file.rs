//! A calendar of another program on its way into the plan: who is meant in it, and what comes of it.

use lotgenoot_messages::{
    AccountId, DutyFileView, DutyPerson, DutyServiceView, DutyTemporaryView, FileFault,
};

/// What is chosen for somebody in a calendar who is nobody of the staff.
pub const SKIPPED: &str = "-";

/// How far a calendar is.
#[derive(Clone, Debug, PartialEq)]
pub enum DutyFile {
    /// On its way.
    Asked,
    /// What it says.
    Read(DutyFileView),
    /// It was not read: because of this line, and why.
    Refused(u32, FileFault),
    /// Duty of a service, as another program can follow it.
    Written {
        /// Of which.
        service: String,
        /// The file.
        text: String,
    },
}

/// Who is meant by each, as far as that is known; empty: she has to say so.
#[must_use]
pub fn known_attendees(view: &DutyFileView, people: &[DutyPerson]) -> Vec<AccountId> {
    let known = |who: &AccountId| people.iter().any(|person| person.account == *who);
    let attendees = view.attendees.iter();
    attendees.map(|it| it.who.clone().filter(known).unwrap_or_default()).collect()
}

/// The stretch of duty that comes of it, read at this moment; none as long as somebody in it is not known.
#[must_use]
pub fn stretch(view: &DutyFileView, chosen: &[AccountId], read_at: u64) -> Option<DutyTemporaryView> {
    if chosen.len() != view.attendees.len() || chosen.iter().any(String::is_empty) {
        return None;
    }
    let mut shifts: Vec<(AccountId, u32, String, String)> = Vec::new();
    for (attendee, level, from, until) in &view.shifts {
        let who = chosen.get(usize::try_from(*attendee).ok()?)?;
        if who != SKIPPED {
            shifts.push((who.clone(), *level, from.clone(), until.clone()));
        }
    }
    let from = shifts.iter().map(|(_, _, from, _)| from).min()?.clone();
    let until = shifts.iter().map(|(.., until)| until).max()?.clone();
    Some(DutyTemporaryView { from, until, shifts, read_at: Some(read_at) })
}

/// Puts it into the plan of a service. What was there for the same time gives way.
pub fn put_in(service: &mut DutyServiceView, new: DutyTemporaryView) {
    let mut others = Vec::new();
    for known in service.temporaries.drain(..) {
        let before = DutyTemporaryView { until: known.until.clone().min(new.from.clone()), ..known.clone() };
        let after = DutyTemporaryView { from: known.from.clone().max(new.until.clone()), ..known };
        let parts = [before, after].into_iter().filter(|it| it.from < it.until);
        // What lies outside of it counts for nothing, and would be carried along for ever.
        others.extend(parts.map(|mut it| {
            it.shifts.retain(|(_, _, from, until)| *from < it.until && *until > it.from);
            it
        }));
    }
    service.temporaries = others;
    service.temporaries.push(new);
    service.temporaries.sort_by(|one, other| one.from.cmp(&other.from));
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotgenoot_messages::AttendeeView;

    fn day(day: u32) -> String {
        format!("2026-12-{day:02}T08:00:00")
    }

    fn view() -> DutyFileView {
        let attendee = |address: &str, who: Option<&str>| AttendeeView {
            address: address.to_owned(),
            name: None,
            line: 1,
            who: who.map(str::to_owned),
        };
        DutyFileView {
            service: "wijkteam".to_owned(),
            attendees: vec![attendee("esra@example.org", Some("esra")), attendee("chef@example.org", None)],
            shifts: vec![(0, 1, day(2), day(3)), (1, 1, day(1), day(2)), (0, 2, day(4), day(5))],
        }
    }

    // With a shift for each of its days.
    fn temporary(from: u32, until: u32) -> DutyTemporaryView {
        let shifts = (from..until).map(|at| ("esra".to_owned(), 1, day(at), day(at + 1))).collect();
        DutyTemporaryView { from: day(from), until: day(until), shifts, read_at: None }
    }

    #[test]
    fn whom_nobody_knows_has_to_be_said_first_and_may_be_left_out() {
        let esra = DutyPerson { account: "esra".to_owned(), alias: "Esra".to_owned(), service: None };
        let mut chosen = known_attendees(&view(), &[esra]);
        assert_eq!(chosen, ["esra", ""]);
        assert_eq!(known_attendees(&view(), &[]), ["", ""]);
        assert_eq!(stretch(&view(), &chosen, 7), None);
        chosen[1] = SKIPPED.to_owned();
        let found = stretch(&view(), &chosen, 7).unwrap();
        assert_eq!((found.from, found.until, found.read_at), (day(2), day(5), Some(7)));
        assert_eq!(found.shifts.len(), 2);
        assert_eq!(stretch(&view(), &[SKIPPED.to_owned(), SKIPPED.to_owned()], 7), None);
    }

    #[test]
    fn what_is_read_takes_the_place_of_what_was_there_for_the_same_time_and_of_nothing_else() {
        let mut service = DutyServiceView {
            temporaries: vec![temporary(1, 4), temporary(10, 12)],
            ..DutyServiceView::default()
        };
        put_in(&mut service, temporary(3, 11));
        assert_eq!(service.temporaries, [temporary(1, 3), temporary(3, 11), temporary(11, 12)]);
        put_in(&mut service, temporary(1, 30));
        assert_eq!(service.temporaries, [temporary(1, 30)]);
        put_in(&mut service, temporary(5, 6));
        assert_eq!(service.temporaries, [temporary(1, 5), temporary(5, 6), temporary(6, 30)]);
    }
}
