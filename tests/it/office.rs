//! A coordinator at work in her browser: what she signs counts for everybody, and nobody else signs anything.

use lotgenoot_client::Identity;
use lotgenoot_client::messages::{CallState, CallView, Command, Failure, Role as Shown};
use lotgenoot_protocol::frame::{Answer, Request};
use lotgenoot_protocol::link::Link;
use lotgenoot_protocol::office::{AskStaff, PutStaff};
use lotgenoot_protocol::register::Register;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::sign::Purpose;
use lotgenoot_protocol::{Blob, Refused};
use lotgenoot_tests::organisation::{Coordinator, DAY_SECONDS, Organisation, SERVICE, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::Robot;

use crate::vaults::{Client, key};

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_ends_soon_is_renewed_and_its_holder_puts_it_on() {
    let organisation = Organisation::new(now());
    let truus = organisation.coordinator(1);
    let roos = organisation.certify_for("Roos", Role::Host, 10);
    let iris = organisation.certify("Iris", Role::Host);
    let mut relay = TestRelay::start(&organisation.roster_file(&[&roos, &iris], &[])).await;
    let mut host = Robot::start(roos.identity(), relay.address());
    host.online().await;
    host.act(Command::OpenPeerRoom { at_once: true });
    let room = host.room(lotgenoot_client::messages::Kind::Peer, 1).await;
    let before = host.screen.you.clone().expect("she is somebody").until.expect("it ends");

    let mut coordinator = Robot::start(truus.identity(), relay.address());
    let due = coordinator
        .sees("who is due", |screen| {
            let due: Vec<_> =
                screen.office.as_ref()?.colleagues.iter().filter(|it| it.due).cloned().collect();
            (!due.is_empty()).then_some(due)
        })
        .await;
    assert_eq!(due.iter().map(|it| it.alias.as_str()).collect::<Vec<_>>(), ["Roos"]);
    assert!(due[0].uncovered, "she stands on the roster without an end");
    coordinator.act(Command::Renew { colleagues: vec![due[0].id.clone()] });
    coordinator
        .sees("nobody is due", |screen| {
            let office = screen.office.as_ref()?;
            (!office.saving && office.colleagues.len() == 2 && office.colleagues.iter().all(|it| !it.due))
                .then_some(())
        })
        .await;

    // She learns it with her next connection, also of a relay that was started again.
    relay.restart().await;
    let until = host
        .sees("her new certificate", |screen| screen.you.as_ref()?.until.filter(|until| *until > before))
        .await;
    assert!(until - before > 70 * DAY_SECONDS * 1000);
    let mut guest = Robot::person(organisation.root(), relay.address());
    let line = guest.enters("Merel").await;
    host.sees("her line", |screen| {
        screen.rooms.get(&line)?.members.iter().find(|member| member.name == "Merel").map(|_| ())
    })
    .await;
    host.act(Command::Admit { line, room: room.clone() });
    guest.sees("the group", |screen| screen.rooms.get(&room).filter(|room| room.caught_up).map(|_| ())).await;
    host.says(&room, "Welkom").await;
    assert_eq!(guest.reads(&room, "Welkom").await.from.role, Shown::Host);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_renewed_while_she_is_on_duty_takes_calls_before_and_after_she_learns_of_it() {
    let organisation = Organisation::new(now());
    let truus = organisation.coordinator(1);
    let noor = organisation.certify_for("Noor", Role::Professional, 10);
    let mut relay = TestRelay::start(&organisation.roster_file(&[&noor], &[])).await;
    let mut professional = Robot::start(noor.identity(), relay.address());
    professional.online().await;
    let mut first = Robot::person(organisation.root(), relay.address());
    first.sees("somebody on duty", |screen| (!screen.services.is_empty()).then_some(())).await;
    first.raises(SERVICE, "Ik wil iets vragen");
    taken(&mut professional, 1).await;

    let mut coordinator = Robot::start(truus.identity(), relay.address());
    let due = coordinator
        .sees("who is due", |screen| screen.office.as_ref()?.colleagues.first().map(|it| it.id.clone()))
        .await;
    coordinator.act(Command::Renew { colleagues: vec![due] });
    coordinator
        .sees("nobody is due", |screen| {
            let office = screen.office.as_ref()?;
            office.colleagues.first().is_some_and(|it| !it.due && !office.saving).then_some(())
        })
        .await;
    let mut second = Robot::person(organisation.root(), relay.address());
    second.sees("somebody on duty", |screen| (!screen.services.is_empty()).then_some(())).await;
    second.raises(SERVICE, "Ik ook");
    taken(&mut professional, 2).await;
    second.call("it is taken", |call| matches!(call.state, CallState::Taken(_))).await;

    let before = professional.screen.you.clone().and_then(|you| you.until);
    relay.restart().await;
    professional
        .sees("her new certificate", |screen| (screen.you.as_ref()?.until > before).then_some(()))
        .await;
    let mut third = Robot::person(organisation.root(), relay.address());
    third.sees("somebody on duty", |screen| (!screen.services.is_empty()).then_some(())).await;
    third.raises(SERVICE, "En ik");
    taken(&mut professional, 3).await;
    third.call("it is taken", |call| matches!(call.state, CallState::Taken(_))).await;
}

// She takes the next call that wants her, and has so many then.
async fn taken(professional: &mut Robot, count: usize) {
    let wants = |call: &&CallView| matches!(call.state, CallState::WantsYou { key_on_its_way: false, .. });
    let call = professional
        .sees("a call", |screen| screen.calls.values().find(wants).map(|call| call.call.clone()))
        .await;
    professional.act(Command::Acknowledge { call });
    professional
        .sees("it is hers", |screen| {
            let mine =
                screen.calls.values().filter(|call| matches!(&call.state, CallState::Taken(by) if by.you));
            (mine.count() == count).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_professional_needs_as_many_coordinators_as_the_root_has_said() {
    let organisation = Organisation::new(now());
    let (truus, bea) = (organisation.coordinator(2), organisation.coordinator(2));
    let relay = TestRelay::start(&organisation.roster_file(&[], &[])).await;
    let mut first = Robot::start(truus.identity(), relay.address());
    first.sees("the office", |screen| screen.office.clone()).await;
    let (role, alias, service) = (Shown::Professional, "Noor".to_owned(), "wijkteam".to_owned());
    first.act(Command::Certify { role, alias, service });
    let proposal =
        first.sees("her proposal", |screen| screen.office.as_ref()?.proposals.first().cloned()).await;
    assert_eq!((proposal.signed, proposal.needed, proposal.by_you), (1, 2, true));
    let link = first.sees("her link", |screen| screen.links.first().cloned()).await;
    // Signing twice is signing once.
    first.act(Command::CoSign { proposal: proposal.id.clone() });
    first.sees("it is refused", |screen| screen.failures.contains(&Failure::Office).then_some(())).await;

    let mut second = Robot::start(bea.identity(), relay.address());
    let theirs =
        second.sees("what was proposed", |screen| screen.office.as_ref()?.proposals.first().cloned()).await;
    assert!(!theirs.by_you);
    second.act(Command::CoSign { proposal: theirs.id });
    second
        .sees("she is certified", |screen| {
            let office = screen.office.as_ref()?;
            (office.proposals.is_empty() && office.colleagues.iter().any(|it| it.alias == "Noor"))
                .then_some(())
        })
        .await;
    let link = Link::parse(&link).expect("a link");
    let (secret, certificate) = link.staff.expect("of staff");
    let identity = Identity::staff(link.root, &secret, certificate).expect("hers");
    let mut noor = Robot::start(identity, relay.address());
    noor.online().await;
    noor.sees("who she is", |screen| {
        screen.you.as_ref().filter(|you| you.role == Shown::Professional).map(|_| ())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_revoked_is_nobody_at_once() {
    let organisation = Organisation::new(now());
    let truus = organisation.coordinator(1);
    let roos = organisation.certify("Roos", Role::Host);
    let mut relay = TestRelay::start(&organisation.roster_file(&[&roos], &[])).await;
    let mut host = Robot::start(roos.identity(), relay.address());
    host.online().await;
    let mut guest = Robot::person(organisation.root(), relay.address());
    guest.sees("hosts are open", |screen| screen.hosts.then_some(())).await;
    let mut coordinator = Robot::start(truus.identity(), relay.address());
    let roos = coordinator
        .sees("Roos", |screen| screen.office.as_ref()?.colleagues.first().map(|it| it.id.clone()))
        .await;
    coordinator.act(Command::Revoke { colleague: roos });
    guest.sees("nobody is open", |screen| (!screen.hosts).then_some(())).await;
    coordinator
        .sees("an empty office", |screen| screen.office.as_ref()?.colleagues.is_empty().then_some(()))
        .await;
    relay.restart().await;
    let mut late = Robot::person(organisation.root(), relay.address());
    late.online().await;
    late.act(Command::OpenLine { nickname: "Merel".to_owned() });
    late.sees("there is no host", |screen| screen.failures.contains(&Failure::NoHosts).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_an_issuer_of_the_root_sees_or_changes_the_staff() {
    let (organisation, elsewhere) = (Organisation::new(now()), Organisation::new(now()));
    let (truus, stranger) = (organisation.coordinator(1), elsewhere.coordinator(1));
    let roos = organisation.certify("Roos", Role::Host);
    let relay = TestRelay::start(&organisation.roster_file(&[&roos], &[])).await;
    let mut client = Client::signed_in(relay.address(), &key(1)).await;
    let invalid = |answer: &Answer| matches!(answer, Answer::Refused(Refused::Invalid { .. }));

    let blind = PutStaff {
        number: 0,
        register: Blob(Register::new(organisation.id()).to_bytes()),
        head: Blob(vec![1]),
        certified: Vec::new(),
        proposed: Vec::new(),
    };
    assert!(invalid(&client.ask(Request::PutStaff(blind.clone())).await), "who has not asked");
    let asks = |client: &Client, who: &Coordinator, signs: &Coordinator| {
        let issuer = Blob(who.issuer.clone());
        let signature = client.signature(&signs.secret.issuer_key(), Purpose::Office, &[&issuer.0]);
        Request::AskStaff(AskStaff { issuer, signature })
    };
    let strange = asks(&client, &stranger, &stranger);
    assert!(invalid(&client.ask(strange).await), "another organisation's");
    let borrowed = asks(&client, &truus, &stranger);
    assert!(invalid(&client.ask(borrowed).await), "an issuer without her key");
    assert!(invalid(&client.ask(Request::PutStaff(blind.clone())).await), "still nobody");

    let genuine = asks(&client, &truus, &truus);
    let Answer::Staff(staff) = client.ask(genuine).await else { panic!("she is told") };
    assert_eq!(staff.certified.len(), 1);
    // A register that was shortened, and one whose head a stranger signed.
    let shortened = Register::new(organisation.id());
    for who in [&truus, &stranger] {
        let head = shortened.sign(now().seconds(), who.read(), &who.secret.issuer_key());
        let put = PutStaff {
            number: staff.number,
            register: Blob(shortened.to_bytes()),
            head: Blob(head.to_bytes()),
            ..blind.clone()
        };
        assert!(invalid(&client.ask(Request::PutStaff(put)).await));
    }
    // A state that is not the newest.
    let late = PutStaff { number: staff.number + 1, ..blind };
    assert_eq!(client.ask(Request::PutStaff(late)).await, Answer::Refused(Refused::Exists));
}
