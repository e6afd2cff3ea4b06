//! A partner's invitation: shown to the hosts in the line, once, and never to the relay.

use lotgenoot_client::Link;
use lotgenoot_client::messages::{Command, Invited};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::Robot;

const HOURS: u64 = 3600;

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_good_for_one_line_and_every_host_in_it_sees_so() {
    let organisation = Organisation::new(now());
    let (roos, iris) = (organisation.certify("Roos", Role::Host), organisation.certify("Iris", Role::Host));
    let mila = organisation.certify("Mila", Role::Host);
    let relay = TestRelay::start(&organisation.roster_file(&[&roos, &iris, &mila], &[])).await;
    let mut hosts =
        [Robot::start(roos.identity(), relay.address()), Robot::start(iris.identity(), relay.address())];
    for host in &mut hosts {
        host.online().await;
    }
    let link = organisation.invites("Slachtofferhulp", 48 * HOURS);
    let mut first = Robot::invited(&link, relay.address());
    let line = first.enters("Merel").await;
    for host in &mut hosts {
        assert_eq!(invited(host, &line).await, (Invited::Counts, "Slachtofferhulp".to_owned()));
    }
    // Somebody else has got hold of the same link.
    let mut second = Robot::invited(&link, relay.address());
    let other = second.enters("Beuk").await;
    for host in &mut hosts {
        assert_eq!(invited(host, &other).await.0, Invited::Used);
        assert_eq!(invited(host, &line).await.0, Invited::Counts, "the first one's stays good");
    }
    assert!(first.screen.rooms[&line].invitation.is_none(), "what is shown to hosts is for hosts");
    // A host who comes later was not there when it was said.
    let mut late = Robot::start(mila.identity(), relay.address());
    assert_eq!(invited(&mut late, &line).await, (Invited::Counts, "Slachtofferhulp".to_owned()));
    // Without one, nothing is said of it.
    let mut third = Robot::person(organisation.root(), relay.address());
    let plain = third.enters("Linde").await;
    hosts[0].sees("her line", |screen| screen.rooms.get(&plain).map(|_| ())).await;
    assert!(hosts[0].screen.rooms[&plain].invitation.is_none());
    assert!(hosts[0].screen.rooms[&line].invitation.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_has_ended_or_is_anothers_is_not_shown_at_all() {
    let (organisation, elsewhere) = (Organisation::new(now()), Organisation::new(now()));
    let roos = organisation.certify("Roos", Role::Host);
    let relay = TestRelay::start(&organisation.roster_file(&[&roos], &[])).await;
    let mut host = Robot::start(roos.identity(), relay.address());
    host.online().await;
    let ended = organisation.invites("Slachtofferhulp", HOURS / 2);
    let foreign = Link { root: organisation.root(), ..elsewhere.invites("Slachtofferhulp", 48 * HOURS) };
    let too_long = organisation.invites("Slachtofferhulp", 96 * HOURS);
    for link in [ended, foreign, too_long] {
        let mut person = Robot::invited(&link, relay.address());
        let (_, counts) = person.sees("what her link is worth", |screen| screen.invited.clone()).await;
        assert!(!counts);
        let line = person.enters("Merel").await;
        person.says(&line, "Ik had een link").await;
        host.reads(&line, "Ik had een link").await;
        assert!(host.screen.rooms[&line].invitation.is_none());
        person.act(Command::Leave { room: line });
    }
}

async fn invited(host: &mut Robot, line: &str) -> (Invited, String) {
    host.sees("what the invitation is worth", |screen| {
        let shown = screen.rooms.get(line)?.invitation.clone()?;
        (shown.state != Invited::Checking).then_some((shown.state, shown.partner))
    })
    .await
}
