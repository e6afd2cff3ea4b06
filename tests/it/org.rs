//! An organisation made with the commands an operator has, from an empty folder to a room.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use lotgenoot_client::messages::{Command as Do, Invited, Kind, Role};
use lotgenoot_client::{Identity, Link};
use lotgenoot_protocol::mls::SUITE_CHACHA;
use lotgenoot_protocol::register::Register;
use lotgenoot_tests::process::relay_binary;
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::Robot;

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_is_made_offline_and_its_staff_open_a_room() {
    let folder = tempfile::tempdir().unwrap();
    let org = folder.path().join("org");
    let person = link(&done(&org, "init", &[]));
    done(&org, "issuer", &["--name", "truus", "--professionals-need", "2"]);
    done(&org, "issuer", &["--name", "bea", "--professionals-need", "2"]);
    let roos = link(&done(&org, "certify", &["--issuer", "truus", "--role", "host", "--alias", "Roos"]));
    let noor = ["--role", "professional", "--alias", "Noor", "--service", "wijkteam", "--issuer", "truus"];
    // One signature is not enough for a professional, and nothing of the try is left.
    let refused = run(&org, "certify", &noor);
    assert!(!refused.status.success());
    assert!(text(&refused.stderr).contains("too few issuers"), "{}", text(&refused.stderr));
    done(&org, "certify", &[&noor[..], &["--issuer", "bea"]].concat());
    let told = done(&org, "invite", &["--issuer", "truus", "--partner", "Slachtofferhulp", "--count", "3"]);
    let invited: Vec<Link> = told.split('#').skip(1).filter_map(|it| Link::parse(it.trim())).collect();
    let serials: BTreeSet<_> = invited.iter().map(|link| link.invitation.clone().unwrap().1).collect();
    assert_eq!((invited.len(), serials.len()), (3, 3), "three links, no two the same: {told}");
    assert!(done(&org, "suite", &["--suite", "chacha"]).contains("0x0003"));
    assert!(done(&org, "suite", &["--suite", "chacha"]).contains("already"));
    done(&org, "register", &["--issuer", "truus"]);
    let read = lotgenoot::roster_file::parse(&on_duty(&org, "Roos")).unwrap();
    assert_eq!(Register::from_bytes(&read.register.0).unwrap().suite(), Some(SUITE_CHACHA));

    let relay = TestRelay::start(&on_duty(&org, "Roos")).await;
    let mut host = Robot::start(staff(&roos), relay.address());
    host.online().await;
    host.act(Do::OpenPeerRoom { at_once: true });
    host.room(Kind::Peer, 1).await;
    let mut guest = Robot::start(Identity::person(person.root, rand::random()), relay.address());
    guest.enters("Merel").await;
    let mut invited = Robot::invited(&invited[1], relay.address());
    let line = invited.enters("Linde").await;
    host.sees("a genuine invitation", |screen| {
        let shown = screen.rooms.get(&line)?.invitation.as_ref()?;
        (shown.partner == "Slachtofferhulp" && shown.state == Invited::Counts).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_revoked_is_not_on_duty_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let org = folder.path().join("org");
    done(&org, "init", &[]);
    done(&org, "issuer", &["--name", "truus"]);
    for alias in ["Roos", "Iris"] {
        done(&org, "certify", &["--issuer", "truus", "--role", "host", "--alias", alias]);
    }
    done(&org, "register", &["--issuer", "truus"]);
    let before = on_duty(&org, "Roos");
    assert!(done(&org, "revoke", &["--name", "Roos"]).contains("revoked"));
    done(&org, "register", &["--issuer", "truus"]);
    let after = std::fs::read_to_string(org.join("roster.toml")).unwrap();
    assert!(before.contains("\"Roos\"") && !after.contains("\"Roos\"") && after.contains("\"Iris\""));

    // A roster file that was put together by hand, with the register of today and her certificate of yesterday.
    let roos = std::fs::read_to_string(org.join("colleague-Roos.toml")).unwrap();
    let forged = format!("{after}\n[[colleague]]\n{roos}{}", shifts("Roos"));
    let read = lotgenoot::roster_file::parse(&forged).unwrap();
    let ladder = read.roster.ladder("begeleider", &read.trust, lotgenoot_tests::organisation::now());
    assert!(ladder.iter().flatten().next().is_none(), "she is on no ladder");
    // Somebody who is not in the register at all.
    let older = after.replace(&field(&after, "register ="), &field(&before, "register ="));
    let refused = lotgenoot::roster_file::parse(&older).map(drop).unwrap_err().to_string();
    assert!(refused.contains("do not belong together"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_coordinator_did_in_her_browser_is_taken_over_before_the_next_change_offline() {
    let folder = tempfile::tempdir().unwrap();
    let org = folder.path().join("org");
    done(&org, "init", &[]);
    let told = done(&org, "issuer", &["--name", "truus", "--professionals-need", "1"]);
    let truus = link(&told);
    done(&org, "certify", &["--issuer", "truus", "--role", "host", "--alias", "Roos"]);
    done(&org, "register", &["--issuer", "truus"]);

    let relay = TestRelay::start(&on_duty(&org, "Roos")).await;
    let (secret, issuer) = truus.coordinator.clone().expect("a coordinator's link");
    let identity = Identity::coordinator(truus.root, &secret, &issuer).expect("about her key");
    let mut office = Robot::start(identity, relay.address());
    office.sees("the office", |screen| screen.office.clone()).await;
    let (role, alias) = (Role::Host, "Linde & co".to_owned());
    office.act(Do::Certify { role, alias, service: String::new() });
    office
        .sees("two colleagues", |screen| (screen.office.as_ref()?.colleagues.len() == 2).then_some(()))
        .await;
    let data = relay.folder().join("data");
    let data = data.to_str().unwrap();
    let busy = run(&org, "take", &["--data", data]);
    assert!(!busy.status.success(), "a relay that runs has its database");
    drop(office);
    let mut relay = relay;
    relay.stop().await;

    // Without taking it over the folder goes its own way, and the relay says so.
    let apart = folder.path().join("apart");
    copy(&org, &apart);
    done(&apart, "certify", &["--issuer", "truus", "--role", "host", "--alias", "Iris"]);
    done(&apart, "register", &["--issuer", "truus"]);
    let refused = relay.try_start(&on_duty(&apart, "Roos")).await.unwrap_err();
    assert!(refused.contains("gone") || refused.contains("did not grow"), "{refused}");

    assert!(done(&org, "take", &["--data", data]).contains("register"));
    assert!(done(&org, "take", &["--data", data]).contains("already"));
    done(&org, "certify", &["--issuer", "truus", "--role", "host", "--alias", "Iris"]);
    done(&org, "register", &["--issuer", "truus"]);
    let roster = std::fs::read_to_string(org.join("roster.toml")).unwrap();
    assert!(roster.contains("\"Lindeco\"") && roster.contains("\"Iris\""), "{roster}");
    relay.try_start(&on_duty(&org, "Lindeco")).await.unwrap();
    let mut guest = Robot::start(Identity::person(truus.root, rand::random()), relay.address());
    guest.online().await;
}

#[test]
fn keys_are_for_their_owner_alone_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let org = folder.path().join("org");
    done(&org, "init", &[]);
    done(&org, "issuer", &["--name", "truus"]);
    for file in ["root.key", "issuer-truus.key"] {
        let mode = std::fs::metadata(org.join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    done(&org, "certify", &["--issuer", "truus", "--role", "host", "--alias", "Iris"]);
    done(&org, "certify", &["--issuer", "truus", "--role", "host", "--alias", "Iris", "--name", "Iris-2"]);
    let root = std::fs::read(org.join("root.key")).unwrap();
    for (command, arguments, why) in [
        ("init", &[][..], "name another folder"),
        ("issuer", &["--name", "truus"], "cannot be made"),
        ("issuer", &["--name", "../truus"], "letters, digits"),
        ("issuer", &["--name", "bea", "--days", "500"], "1 to 366 days"),
        ("certify", &["--issuer", "bea", "--role", "host", "--alias", "Roos"], "cannot be read"),
        (
            "certify",
            &["--issuer", "truus", "--role", "host", "--alias", "Roos", "--days", "91"],
            "1 to 90 days",
        ),
        ("certify", &["--issuer", "truus", "--role", "professional", "--alias", "Noor"], "--service"),
        ("revoke", &["--name", "Niemand"], "nobody is called"),
        ("invite", &["--issuer", "truus", "--partner", "Slachtofferhulp", "--hours", "73"], "73"),
        ("certify", &["--issuer", "truus", "--role", "host", "--alias", "Iris"], "cannot be made"),
    ] {
        let refused = run(&org, command, arguments);
        assert!(!refused.status.success(), "{command} {arguments:?}");
        assert!(text(&refused.stderr).contains(why), "{command} {arguments:?}: {}", text(&refused.stderr));
    }
    assert_eq!(std::fs::read(org.join("root.key")).unwrap(), root);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

fn run(org: &Path, command: &str, arguments: &[&str]) -> std::process::Output {
    let mut lotgenoot = Command::new(relay_binary());
    lotgenoot.args(["org", command, "--folder"]).arg(org).args(arguments).output().unwrap()
}

fn done(org: &Path, command: &str, arguments: &[&str]) -> String {
    let output = run(org, command, arguments);
    assert!(output.status.success(), "{command} {arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn link(told: &str) -> Link {
    let (_, fragment) = told.split_once('#').expect("a link is told");
    Link::parse(fragment.trim()).expect("a link")
}

fn staff(link: &Link) -> Identity {
    let (secret, certificate) = link.staff.clone().expect("hers");
    Identity::staff(link.root, &secret, certificate).expect("her certificate is about her key")
}

fn on_duty(org: &Path, who: &str) -> String {
    format!("{}{}", std::fs::read_to_string(org.join("roster.toml")).unwrap(), shifts(who))
}

fn shifts(who: &str) -> String {
    format!("\n[service.begeleider]\nshift = [{{ who = \"{who}\", level = 1 }}]\n\n[service.wijkteam]\n")
}

fn field(roster: &str, beginning: &str) -> String {
    roster.lines().find(|line| line.starts_with(beginning)).unwrap().to_owned()
}
