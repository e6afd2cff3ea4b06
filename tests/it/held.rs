//! A newcomer's first words: to the hosts first, back with a reason, or let through and said by her own client.

use lotgenoot_client::messages::{
    Command, Delivery, Failure, HeldView, Kind, Measure, MessageView, Note, SessionView,
};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Screen};

use crate::evening::Evening;

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomers_words_come_back_with_a_reason_or_are_let_through_by_either_host() {
    let mut evening = Evening::begin(1).await;
    let Evening { host, colleague, person, group, line, .. } = &mut evening;
    say(person, group, "Ik woon in de Lindestraat 4");
    person.sees("her words wait", shows(group, "Ik woon in de Lindestraat 4", Delivery::Held)).await;
    let held = host.sees("what she wants to say", held_in(line, "Lindestraat")).await;
    colleague.sees("the same", held_in(line, "Lindestraat")).await;
    assert_eq!(&held.room, group);
    let member = host.screen.rooms[group].members.iter().find(|it| it.id == held.member);
    assert_eq!(member.map(|it| it.name.as_str()), Some("Merel"));
    assert!(!heard(host, group, "Lindestraat"), "in the group nobody has heard it");

    let reason = "Zet je adres er niet bij".to_owned();
    let message = held.message.clone();
    host.act(Command::ReturnWords { line: line.clone(), message: message.clone(), reason: reason.clone() });
    let back =
        person.sees("they are back", shows(group, "Ik woon in de Lindestraat 4", Delivery::Returned)).await;
    assert_eq!(back.returned, Some(reason));
    for robot in [&mut *host, &mut *colleague] {
        robot.sees("nothing waits", |screen| screen.rooms[line].held.is_empty().then_some(())).await;
    }
    person.act(Command::Discard { message: message.clone() });
    person
        .sees("they are gone", |screen| {
            (!screen.said[group].iter().any(|said| said.id == message)).then_some(())
        })
        .await;

    say(person, group, "Ik ben nieuw hier");
    let held = colleague.sees("what she says now", held_in(line, "Ik ben nieuw hier")).await;
    let measure = Measure::LetThrough { member: held.member, message: held.message };
    colleague.act(Command::Rule { room: group.clone(), measure });
    let said = host.reads(group, "Ik ben nieuw hier").await;
    assert_eq!(said.from.name, "Merel");
    person.sees("they are said", shows(group, "Ik ben nieuw hier", Delivery::Sent)).await;
    for robot in [&mut *host, &mut *colleague] {
        robot.sees("nothing waits", |screen| screen.rooms[line].held.is_empty().then_some(())).await;
    }
    person.says(group, "Fijn dat ik er mag zijn").await;
    host.reads(group, "Fijn dat ik er mag zijn").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_released_says_what_waited_in_its_order() {
    let mut evening = Evening::begin(0).await;
    let Evening { host, person, group, line, .. } = &mut evening;
    let member = host.screen.rooms[group].members.iter().find(|it| it.name == "Merel").unwrap().id.clone();
    host.act(Command::Rule { room: group.clone(), measure: Measure::Hold { member: member.clone() } });
    person.sees("she is held", |screen| (!screen.rooms[group].floor.held.is_empty()).then_some(())).await;
    for words in ["Eén", "Twee", "Drie"] {
        say(person, group, words);
    }
    host.sees("all three wait", |screen| (screen.rooms[line].held.len() == 3).then_some(())).await;
    host.act(Command::Rule { room: group.clone(), measure: Measure::Release { member } });
    host.reads(group, "Drie").await;
    let said: Vec<&str> = host.screen.said[group].iter().map(|said| said.text.as_str()).collect();
    assert_eq!(said, ["Eén", "Twee", "Drie"]);
}

/// A line is opened again if she has left hers; where no host can be reached she reads that it was not sent.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_line_what_waits_opens_one_and_without_a_host_it_is_not_sent() {
    let mut evening = Evening::begin(2).await;
    let Evening { relay, host, colleague, person, group, line, organisation, staff } = &mut evening;
    person.act(Command::Leave { room: line.clone() });
    person.sees("the line is gone", |screen| (!screen.rooms.contains_key(line)).then_some(())).await;
    say(person, group, "Is hier iemand?");
    let anew = |screen: &Screen| {
        let mut lines = screen.rooms.values().filter(|room| room.kind == Kind::Line && !room.held.is_empty());
        lines.next().map(|room| (room.room.clone(), room.held[0].clone()))
    };
    let (line, held) = host.sees("them in a new line", anew).await;
    assert_eq!(held.text, "Is hier iemand?");
    // She sits in the group already: nobody is asked to let her in once more.
    let sits = |screen: &Screen| {
        let room = &screen.rooms[&line];
        (room.admitted_to.as_ref() == Some(group) && room.admitted_as.as_ref() == Some(&held.member))
            .then_some(())
    };
    host.sees("that she sits in the group", sits).await;
    // She goes out of this one too while they wait.
    person.act(Command::Leave { room: line });
    person.sees("they are not sent", shows(group, "Is hier iemand?", Delivery::NotSent)).await;
    // With nobody on shift any more there is no line to be had.
    relay.restart_with(&organisation.roster_file(&[], &[])).await;
    let _still_there = (&host, &colleague, &staff);
    person.sees("nobody is on shift", |screen| (!screen.hosts).then_some(())).await;
    let message = person.screen.find(group, "Is hier iemand?").unwrap().id.clone();
    person.act(Command::Retry { message });
    person.sees("no host", |screen| screen.failures.contains(&Failure::NoHosts).then_some(())).await;
    person.sees("they are not sent", shows(group, "Is hier iemand?", Delivery::NotSent)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_muted_or_taken_aside_reads_so_and_says_nothing_until_a_host_ends_it() {
    let mut evening = Evening::begin(0).await;
    let Evening { host, person, group, .. } = &mut evening;
    let member = host.screen.rooms[group].members.iter().find(|it| it.name == "Merel").unwrap().id.clone();
    let measures = [
        (Measure::Mute { member: member.clone() }, Measure::Unmute { member: member.clone() }),
        (Measure::Aside { member: member.clone() }, Measure::Back { member: member.clone() }),
    ];
    for (begins, ends) in measures {
        let shut = |screen: &Screen| {
            let floor = &screen.rooms[group].floor;
            floor.aside.contains(&member) || floor.muted.iter().any(|(muted, _)| *muted == member)
        };
        host.act(Command::Rule { room: group.clone(), measure: begins });
        person.sees("that she is shut out", |screen| shut(screen).then_some(())).await;
        let text = format!("Hoort iemand mij, {ends:?}?");
        say(person, group, &text);
        let refused = person.sees("it is not sent", shows(group, &text, Delivery::NotSent)).await;
        host.act(Command::Rule { room: group.clone(), measure: ends });
        person.sees("that she is back", |screen| (!shut(screen)).then_some(())).await;
        person.act(Command::Retry { message: refused.id });
        host.reads(group, &text).await;
    }
}

/// She has not read what was ruled: it is told her, and what she rules takes the next number.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_who_comes_later_knows_the_floor_and_rules_on() {
    let organisation = Organisation::new(now());
    let staff = [organisation.certify("Roos", Role::Host), organisation.certify("Iris", Role::Host)];
    let relay = TestRelay::start(&organisation.roster_file(&[&staff[0], &staff[1]], &[])).await;
    let mut host = Robot::start(staff[0].identity(), relay.address());
    host.online().await;
    host.act(Command::OpenPeerRoom { at_once: true });
    let group = host.room(Kind::Peer, 1).await;
    let ends_at = now().plus_ms(5_400_000).0;
    for measure in
        [Measure::Slow { seconds: 30 }, Measure::Newcomers { words: 2 }, Measure::Until { at: ends_at }]
    {
        host.act(Command::Rule { room: group.clone(), measure });
    }
    let slow = |screen: &Screen| {
        let floor = &screen.rooms.get(&group)?.floor;
        (floor.slow_seconds == 30 && floor.newcomers == 2 && floor.ends_at == Some(ends_at)).then_some(())
    };
    host.sees("her rulings", slow).await;
    let mut colleague = Robot::start(staff[1].identity(), relay.address());
    colleague.sees("the room, and how it stands there", slow).await;
    colleague.act(Command::Rule { room: group.clone(), measure: Measure::Slow { seconds: 0 } });
    let fast = |screen: &Screen| (screen.rooms[&group].floor.slow_seconds == 0).then_some(());
    host.sees("the colleague's ruling", fast).await;
    colleague.act(Command::Rule { room: group.clone(), measure: Measure::End });
    let over = SessionView::Closed { unattended: false };
    host.sees("it is over", |screen| (screen.rooms[&group].floor.session == over).then_some(())).await;
}

fn say(person: &Robot, group: &str, text: &str) {
    person.act(Command::Say { room: group.to_owned(), text: text.to_owned() });
}

fn shows(group: &str, text: &str, state: Delivery) -> impl FnMut(&Screen) -> Option<MessageView> {
    move |screen| {
        let said = screen.said.get(group)?.iter().find(|said| said.text == text)?;
        (said.state == state).then(|| said.clone())
    }
}

fn held_in(line: &str, text: &str) -> impl FnMut(&Screen) -> Option<HeldView> {
    move |screen| screen.rooms.get(line)?.held.iter().find(|held| held.text.contains(text)).cloned()
}

fn heard(robot: &Robot, group: &str, text: &str) -> bool {
    robot.screen.said.get(group).is_some_and(|said| said.iter().any(|it| it.text.contains(text)))
}

/// Those in the group read that she is gone, the hosts that she would rather not be there, and nobody why.
#[tokio::test(flavor = "multi_thread")]
async fn who_recognises_somebody_is_out_at_once_and_the_hosts_are_told_in_her_line_or_a_new_one() {
    for leaves_line in [false, true] {
        let mut evening = Evening::begin(0).await;
        let Evening { host, colleague, person, group, line, .. } = &mut evening;
        if leaves_line {
            person.act(Command::Leave { room: line.clone() });
            person.sees("the line is gone", |screen| (!screen.rooms.contains_key(line)).then_some(())).await;
        }
        person.act(Command::GoAway { room: group.clone() });
        person.sees("she is out", |screen| (!screen.rooms.contains_key(group)).then_some(())).await;
        for robot in [&mut *host, &mut *colleague] {
            let told = robot
                .sees("that she went away", |screen| {
                    let mut notes = screen.notes.iter();
                    notes.find(|(_, note)| matches!(note, Note::WentAway(_))).map(|(room, _)| room.clone())
                })
                .await;
            assert_eq!(told == *line, !leaves_line, "in her line, if she has one");
            assert_eq!(robot.screen.rooms[&told].kind, Kind::Line);
            robot
                .sees("that she is gone", |screen| {
                    let left = |note: &Note| matches!(note, Note::Left(member) if member.name == "Merel");
                    screen.notes.iter().any(|(room, note)| room == group && left(note)).then_some(())
                })
                .await;
        }
    }
}

/// Two are read first and let through; the third waits no longer than they do, and nothing overtakes it.
#[tokio::test(flavor = "multi_thread")]
async fn what_still_waits_when_a_newcomer_is_free_goes_by_itself_and_a_host_of_a_later_shift_sees_what_waits()
{
    let organisation = Organisation::new(now());
    let staff = [organisation.certify("Roos", Role::Host), organisation.certify("Iris", Role::Host)];
    let relay = TestRelay::start(&organisation.roster_file(&[&staff[0], &staff[1]], &[])).await;
    let mut host = Robot::start(staff[0].identity(), relay.address());
    host.online().await;
    host.act(Command::OpenPeerRoom { at_once: true });
    let group = host.room(Kind::Peer, 1).await;
    host.act(Command::Rule { room: group.clone(), measure: Measure::Newcomers { words: 1 } });
    let mut person = Robot::person(organisation.root(), relay.address());
    let line = person.enters("Merel").await;
    let offered = |screen: &Screen| {
        let here = screen.rooms[&group].floor.newcomers == 1;
        let mut members = screen.rooms.get(&line)?.members.iter();
        (here && members.any(|member| member.name == "Merel")).then_some(())
    };
    host.sees("her line", offered).await;
    host.act(Command::Admit { line: line.clone(), room: group.clone() });
    person.sees("the group", |screen| screen.rooms.get(&group).filter(|it| it.caught_up).map(|_| ())).await;
    for words in ["Eén", "Twee"] {
        say(&person, &group, words);
    }
    host.sees("both wait", |screen| (screen.rooms[&line].held.len() == 2).then_some(())).await;
    // Somebody who comes on shift only now, and into the line after that, sees them as well.
    let mut colleague = Robot::start(staff[1].identity(), relay.address());
    let held = colleague
        .sees("what waits", |screen| {
            let held = &screen.rooms.get(&line)?.held;
            (held.len() == 2).then(|| held[0].clone())
        })
        .await;
    assert_eq!(held.text, "Eén");
    let measure = Measure::LetThrough { member: held.member, message: held.message };
    host.act(Command::Rule { room: group.clone(), measure });
    host.reads(&group, "Twee").await;
    let said: Vec<&str> = host.screen.said[&group].iter().map(|said| said.text.as_str()).collect();
    assert_eq!(said, ["Eén", "Twee"]);
}

/// Of all hosts in her line none lets her in again by mistake; to another group she may go.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_is_let_in_there_by_no_host_and_reads_until_when() {
    let mut evening = Evening::begin(0).await;
    let Evening { host, colleague, person, group, line, .. } = &mut evening;
    let member = host.screen.rooms[group].members.iter().find(|it| it.name == "Merel").unwrap().id.clone();
    host.act(Command::Block { line: line.clone(), room: group.clone() });
    host.act(Command::Remove { room: group.clone(), member });
    person.sees("she is out", |screen| (!screen.rooms.contains_key(group)).then_some(())).await;
    let blocked = |screen: &Screen| {
        let blocked = &screen.rooms.get(line)?.blocked;
        blocked
            .iter()
            .any(|(room, until)| room == group && *until > now().plus_ms(86_000_000).0)
            .then_some(())
    };
    for robot in [&mut *person, &mut *host, &mut *colleague] {
        robot.sees("until when she is blocked", blocked).await;
    }
    // She waits again, with another KeyPackage.
    for robot in [&mut *host, &mut *colleague] {
        robot.sees("that she waits", |screen| screen.rooms[line].admitted_to.is_none().then_some(())).await;
        robot.act(Command::Admit { line: line.clone(), room: group.clone() });
        robot.sees("that she cannot", |screen| screen.failures.contains(&Failure::Admit).then_some(())).await;
    }
    colleague.act(Command::OpenPeerRoom { at_once: true });
    let other = colleague
        .sees("another group", |screen| {
            let mut peers = screen.rooms.values().filter(|room| room.kind == Kind::Peer);
            peers.find(|room| room.room != *group && room.members.len() == 2).map(|room| room.room.clone())
        })
        .await;
    colleague.act(Command::Admit { line: line.clone(), room: other.clone() });
    person.sees("the other group", |screen| screen.rooms.get(&other).map(|_| ())).await;
}
