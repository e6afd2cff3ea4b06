//! Letters: a host's debrief, a note for the next hosts, and what somebody reports to the hosts or past them.

use lotgenoot_client::messages::{
    Command, Degree, Failure, LetterSays, LetterView, Measure, Note, ReportView, Role as Shown, SessionView,
    Writing,
};
use lotgenoot_tests::robot::{Robot, Screen};

use crate::evening::Evening;

#[tokio::test(flavor = "multi_thread")]
async fn a_debrief_is_read_by_the_coordinators_and_the_note_in_it_by_the_other_hosts_too() {
    let mut evening = Evening::begin(0).await;
    let mut office = Robot::start(evening.organisation.coordinator(1).identity(), evening.relay.address());
    office.sees("an empty letter box", |screen| screen.letters.clone().filter(Vec::is_empty)).await;
    let Evening { host, colleague, group, relay, organisation, staff, .. } = &mut evening;
    host.act(Command::Debrief {
        room: group.clone(),
        how: "Het was een zware avond".to_owned(),
        hand_over: "Merel zoekt een slaapplek".to_owned(),
        call_me: true,
    });
    let written = Writing::Debrief(group.clone());
    host.sees("that it is on its way", |screen| screen.written.contains(&written).then_some(())).await;
    let debrief = office.sees("the debrief", only).await;
    let expected = LetterSays::Debrief {
        alias: "Roos".to_owned(),
        theme: String::new(),
        how: "Het was een zware avond".to_owned(),
        hand_over: "Merel zoekt een slaapplek".to_owned(),
        call_me: true,
    };
    assert_eq!(debrief.says, Some(expected));
    let note = colleague.sees("the note", only).await;
    let expected = LetterSays::HandOver {
        alias: "Roos".to_owned(),
        theme: String::new(),
        words: "Merel zoekt een slaapplek".to_owned(),
    };
    assert_eq!(note.says, Some(expected));
    assert_eq!(host.screen.letters, Some(Vec::new()), "not to herself");

    // Dealt with by one coordinator, for all of them; read by one host, for her.
    let roster = organisation.roster_file(&[&staff[0], &staff[1]], &[]);
    office.act(Command::PutLetterAway { letter: debrief.id });
    relay.restart_with(&roster).await;
    let mut again = Robot::start(organisation.coordinator(1).identity(), relay.address());
    again.sees("nothing any more", |screen| screen.letters.clone().filter(Vec::is_empty)).await;
    let mut host_again = Robot::start(staff[1].identity(), relay.address());
    host_again.sees("the note", only).await;
}

/// No coordinator has ever been here: the note is with the other hosts, the debrief with nobody. Written once more, the
/// note is not.
#[tokio::test(flavor = "multi_thread")]
async fn a_debrief_that_is_written_once_more_brings_no_second_note() {
    let mut evening = Evening::begin(0).await;
    let Evening { host, colleague, group, relay, organisation, staff, .. } = &mut evening;
    let debrief = |hand_over: &str| Command::Debrief {
        room: group.clone(),
        how: "Het was een zware avond".to_owned(),
        hand_over: hand_over.to_owned(),
        call_me: false,
    };
    host.act(debrief("Merel zoekt een slaapplek"));
    host.sees("that it was not sent", |screen| screen.failures.contains(&Failure::Letter).then_some(()))
        .await;
    colleague.sees("the note", only).await;
    let mut office = Robot::start(organisation.coordinator(1).identity(), relay.address());
    office.sees("an empty letter box", |screen| screen.letters.clone().filter(Vec::is_empty)).await;
    host.act(debrief("Merel zoekt een slaapplek"));
    let written = Writing::Debrief(group.clone());
    host.sees("that it is on its way", |screen| screen.written.contains(&written).then_some(())).await;
    office.sees("the debrief", only).await;
    let mut again = Robot::start(staff[1].identity(), relay.address());
    let notes = again.sees("her letters", |screen| screen.letters.clone()).await;
    assert_eq!(notes.len(), 1);
    // Other words are another note.
    host.act(debrief("Merel heeft een slaapplek"));
    again.sees("both", |screen| screen.letters.clone().filter(|letters| letters.len() == 2)).await;
}

/// What a host has said is shown to the coordinator, proven, and to no host.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_past_the_hosts_is_proven_and_no_host_reads_it() {
    let mut evening = Evening::begin(0).await;
    let mut office = Robot::start(evening.organisation.coordinator(1).identity(), evening.relay.address());
    office.sees("an empty letter box", |screen| screen.letters.clone()).await;
    let Evening { host, colleague, person, group, relay, staff, .. } = &mut evening;
    host.says(group, "Dat is je eigen schuld").await;
    let said = person.reads(group, "Dat is je eigen schuld").await;
    let (member, message) = (said.from.id.clone(), Some(said.id.clone()));
    person.act(Command::Report {
        room: group.clone(),
        member: member.clone(),
        message,
        why: "Zo voel ik mij niet veilig".to_owned(),
        to_hosts: false,
    });
    let written = Writing::Report { room: group.clone(), member };
    person.sees("that it is on its way", |screen| screen.written.contains(&written).then_some(())).await;
    let letter = office.sees("the report", only).await;
    let expected = ReportView {
        about: "Roos".to_owned(),
        role: Shown::Host,
        said: Some("Dat is je eigen schuld".to_owned()),
        proven: true,
        why: "Zo voel ik mij niet veilig".to_owned(),
    };
    assert_eq!(letter.says, Some(LetterSays::Report(expected)));
    for robot in [&mut *host, &mut *colleague] {
        let reported = |(_, note): &(String, Note)| matches!(note, Note::Reported(_));
        assert!(!robot.look().notes.iter().any(reported));
    }
    let mut again = Robot::start(staff[0].identity(), relay.address());
    again.sees("no letter", |screen| screen.letters.clone().filter(Vec::is_empty)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_to_the_hosts_comes_in_her_line_or_a_new_one_with_what_proves_it() {
    for leaves_line in [false, true] {
        let mut evening = Evening::begin(0).await;
        let Evening { host, colleague, person, group, line, .. } = &mut evening;
        if leaves_line {
            person.act(Command::Leave { room: line.clone() });
            person.sees("the line is gone", |screen| (!screen.rooms.contains_key(line)).then_some(())).await;
        }
        colleague.says(group, "Ga toch weg").await;
        let said = person.reads(group, "Ga toch weg").await;
        person.act(Command::Report {
            room: group.clone(),
            member: said.from.id,
            message: Some(said.id),
            why: "Dit is niet aardig".to_owned(),
            to_hosts: true,
        });
        let (room, report) = host.sees("the report", reported).await;
        assert_eq!(room == *line, !leaves_line, "in her line, if she has one");
        assert_eq!((report.about.as_str(), report.said.as_deref()), ("Iris", Some("Ga toch weg")));
        assert!(report.proven);
        assert_eq!(report.why, "Dit is niet aardig");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_reads_letters_she_hears_that_it_was_not_sent() {
    let mut evening = Evening::begin(0).await;
    let Evening { person, group, .. } = &mut evening;
    let member =
        person.screen.rooms[group].members.iter().find(|it| it.role == Shown::Host).unwrap().id.clone();
    let why = "Zo voel ik mij niet veilig".to_owned();
    person.act(Command::Report { room: group.clone(), member, message: None, why, to_hosts: false });
    person
        .sees("that it was not sent", |screen| screen.failures.contains(&Failure::Letter).then_some(()))
        .await;
    assert!(person.screen.written.is_empty());
}

/// Counted once for each leaf, when it is over; hosts are not asked, and few are not told.
#[tokio::test(flavor = "multi_thread")]
async fn how_a_session_was_is_counted_and_told_to_coordinators_alone() {
    let mut evening = Evening::begin(0).await;
    let Evening { host, person, group, relay, organisation, .. } = &mut evening;
    let answers = [Some(Degree::Yes), Some(Degree::Partly), None, Some(Degree::Yes)];
    let survey = Command::Survey { room: group.clone(), answers };
    let written = Writing::Survey(group.clone());
    person.act(survey.clone());
    person
        .sees("that it is not over", |screen| screen.failures.contains(&Failure::Other).then_some(()))
        .await;
    host.act(Command::Rule { room: group.clone(), measure: Measure::End });
    let over = SessionView::Closed { unattended: false };
    person.sees("it is over", |screen| (screen.rooms[group].floor.session == over).then_some(())).await;
    for times in 1..=2 {
        person.act(survey.clone());
        let said = |screen: &Screen| screen.written.iter().filter(|it| **it == written).count() == times;
        person.sees("that it is counted", |screen| said(screen).then_some(())).await;
    }
    host.act(survey);
    host.sees("that she is not asked", |screen| screen.failures.contains(&Failure::Other).then_some(()))
        .await;
    let mut office = Robot::start(organisation.coordinator(1).identity(), relay.address());
    let months = office
        .sees("how it was", |screen| Some(screen.surveys.clone()).filter(|months| !months.is_empty()))
        .await;
    let (none, few) = (Some(0), None);
    let counts = vec![vec![none, none, few], vec![none, few, none], vec![none; 3], vec![none, none, few]];
    assert_eq!(months.iter().map(|month| &month.counts).collect::<Vec<_>>(), [&counts]);
}

fn only(screen: &Screen) -> Option<LetterView> {
    screen.letters.as_ref().filter(|letters| letters.len() == 1)?.first().cloned()
}

fn reported(screen: &Screen) -> Option<(String, ReportView)> {
    screen.notes.iter().find_map(|(room, note)| match note {
        Note::Reported(report) => Some((room.clone(), (**report).clone())),
        _ => None,
    })
}
