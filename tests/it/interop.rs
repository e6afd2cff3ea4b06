//! An independent MLS implementation (ts-mls) as a member of a room, through the real relay, beside our own client.
//!
//! The frames are sent from here; everything of MLS is its own: KeyPackages, Welcome, commits, messages. It sits there
//! as a host, whom the other host's client asks in like any colleague.

use lotgenoot_client::messages::{Command, Kind};
use lotgenoot_protocol::frame::{
    Ack, Answer, Attach, Bundle, Commit, EntryKind, Notice, OpenDesk, PublishKeyPackages, Push, Request, Send,
};
use lotgenoot_protocol::mls::{SUITE_AES, SUITE_CHACHA};
use lotgenoot_protocol::role::{Role, RoleCertificate};
use lotgenoot_protocol::sign::Purpose;
use lotgenoot_protocol::words::Words;
use lotgenoot_protocol::{Blob, LeafKey, RoomId, codec, pad};
use lotgenoot_tests::organisation::{Organisation, Staff, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::Robot;
use serde_json::{Value, json};

use crate::node::Node;
use crate::vaults::{Client, unhex};

#[tokio::test(flavor = "multi_thread")]
async fn another_implementation_is_one_of_the_group_in_suite_0x0001() {
    is_one_of_the_group(SUITE_AES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_implementation_is_one_of_the_group_in_suite_0x0003() {
    is_one_of_the_group(SUITE_CHACHA).await;
}

async fn is_one_of_the_group(suite: u16) {
    let organisation = Organisation::new(now());
    let (roos, iris) = (organisation.certify("Roos", Role::Host), organisation.certify("Iris", Role::Host));
    organisation.chooses(suite);
    let relay = TestRelay::start(&organisation.roster_file(&[&roos, &iris], &[])).await;

    let mut other = Other::on_shift(&iris, suite, relay.address()).await;
    let mut host = Robot::start(roos.identity(), relay.address());
    host.online().await;
    host.act(Command::OpenPeerRoom { at_once: true });
    let group = host.room(Kind::Peer, 1).await;
    let joined = other.is_asked_in(&group).await;
    assert_eq!(joined["members"].as_array().unwrap().len(), 2);

    // Somebody is let in: an epoch later everybody hears everybody.
    let mut person = Robot::person(organisation.root(), relay.address());
    let line = person.enters("Merel").await;
    host.sees("her name", |screen| {
        screen.rooms.get(&line)?.members.iter().find(|member| member.name == "Merel").map(|_| ())
    })
    .await;
    host.act(Command::Admit { line, room: group.clone() });
    person
        .sees("the group", |screen| screen.rooms.get(&group).filter(|room| room.caught_up).map(|_| ()))
        .await;
    person.says(&group, "Dag allemaal").await;
    assert_eq!(other.hears().await, "Dag allemaal");
    other.says("Welkom, Merel").await;
    for robot in [&mut host, &mut person] {
        let said = robot.reads(&group, "Welkom, Merel").await;
        assert_eq!(
            (said.from.name.as_str(), said.from.role),
            ("Iris", lotgenoot_client::messages::Role::Host)
        );
    }

    // Its own commit is accepted by the relay and followed by the others, and again they hear each other.
    let before = other.epoch;
    other.renews().await;
    assert_eq!(other.epoch, before + 1);
    person.says(&group, "Fijn dat jullie er zijn").await;
    assert_eq!(other.hears().await, "Fijn dat jullie er zijn");
    other.says("Tot straks").await;
    person.reads(&group, "Tot straks").await;
    let own = other.epoch_code();
    host.sees("the same epoch code", |screen| (screen.rooms[&group].epoch_code == own).then_some(())).await;

    // Somebody leaves, and somebody commits that.
    person.act(Command::Leave { room: group.clone() });
    host.sees("two are left", |screen| (screen.rooms[&group].members.len() == 2).then_some(())).await;
    host.says(&group, "Nu zijn we met ons tweeën").await;
    assert_eq!(other.hears().await, "Nu zijn we met ons tweeën");
    assert_eq!(other.members, 2);
}

// A member whose MLS is another's.
struct Other {
    client: Client,
    mls: Mls,
    leaf: ed25519_dalek::SigningKey,
    room: RoomId,
    authenticator: String,
    epoch: u64,
    members: usize,
    // Words that came while something else was waited for.
    heard: Vec<String>,
}

impl Other {
    async fn on_shift(staff: &Staff, suite: u16, relay: std::net::SocketAddr) -> Self {
        let mut client = Client::signed_in(relay, &staff.secret.account_key()).await;
        let mut mls = Mls::start();
        let leaf = staff.secret.leaf_key();
        let serial = RoleCertificate::from_bytes(&staff.certificate).unwrap().serial;
        let now = now().seconds();
        let ask = json!({
            "do": "key_package",
            "suite": suite,
            "seed": hex(&leaf.to_bytes()),
            "name": hex(&serial.0),
            "certificate": hex(&staff.certificate),
            "not_before": now - 3600,
            "not_after": now + 7 * 24 * 3600,
        });
        let mut packages = Vec::new();
        for _ in 0..4 {
            packages.push(mls.bytes(ask.clone(), "key_package").await);
        }
        let publish = PublishKeyPackages { packages, last_resort: None };
        accepted(client.ask(Request::PublishKeyPackages(publish)).await);
        accepted(client.ask(Request::OpenDesk(OpenDesk {})).await);
        Self {
            client,
            mls,
            leaf,
            room: RoomId([0; 16]),
            authenticator: String::new(),
            epoch: 0,
            members: 0,
            heard: Vec::new(),
        }
    }

    // Its inbox says that it was added; the Welcome waits in the room.
    async fn is_asked_in(&mut self, group: &str) -> Value {
        self.room = RoomId(unhex(group).try_into().unwrap());
        loop {
            if let Push::Inbox(entry) = self.client.push().await
                && entry.notice == (Notice::Added { room: self.room })
            {
                break;
            }
        }
        let leaf = LeafKey(self.leaf.verifying_key().to_bytes());
        let signature = self.client.signature(&self.leaf, Purpose::Attach, &[&self.room.0]);
        let attach = Attach { room: self.room, leaf, signature, after: None };
        let Answer::Attached(attached) = self.client.ask(Request::Attach(attach)).await else {
            panic!("it has no seat")
        };
        let invitation = attached.invitation.expect("a Welcome");
        let (welcome, tree) = (hex(&invitation.welcome.0), hex(&invitation.tree.0));
        let joined = self.mls.ask(json!({ "do": "join", "welcome": welcome, "tree": tree })).await;
        assert_eq!(joined["group"], group);
        self.note(&joined);
        let ack = Ack { room: self.room, seq: invitation.seq };
        accepted(self.client.ask(Request::Ack(ack)).await);
        joined
    }

    // The next words that somebody else says.
    async fn hears(&mut self) -> String {
        while self.heard.is_empty() {
            self.follows().await;
        }
        self.heard.remove(0)
    }

    // The next entry of the log.
    async fn follows(&mut self) -> EntryKind {
        let entry = loop {
            match self.client.push().await {
                Push::Entry(entry) if entry.room == self.room => break entry,
                _ => {}
            }
        };
        let message = hex(&entry.body.0);
        let told = self.mls.tell(json!({ "do": "process", "message": message })).await;
        match told["kind"].as_str() {
            Some("application") => self.heard.extend(words(&unhex(told["bytes"].as_str().unwrap()))),
            Some("commit") => self.note(&told),
            Some("proposal") => {}
            // Its own words come back like everybody's; nobody can decrypt her own.
            _ => assert_eq!(entry.kind, EntryKind::Application, "{told}"),
        }
        entry.kind
    }

    async fn says(&mut self, text: &str) {
        loop {
            let words = Words::new(&self.leaf, self.room, rand::random(), text.to_owned());
            let plain = hex(&pad::pad(&text_content(&words)));
            let clear = hex(&words.id().0);
            let asked = json!({ "do": "encrypt", "bytes": plain, "authenticated_data": clear });
            let message = self.mls.bytes(asked, "message").await;
            let send = Send { room: self.room, message, lead_signature: None };
            match self.client.ask(Request::Send(send)).await {
                Answer::Accepted(_) => return,
                // Somebody has committed meanwhile: catch up, say it again.
                Answer::Refused(_) => drop(self.follows().await),
                other => panic!("{other:?}"),
            }
        }
    }

    // A commit of its own: handed in as a bundle, merged when it comes back.
    async fn renews(&mut self) {
        let made = self.mls.ask(json!({ "do": "update" })).await;
        let group_info = assisted(&unhex(made["group_info"].as_str().unwrap()));
        let commit = Blob(unhex(made["commit"].as_str().unwrap()));
        let bundle = Bundle { commit, group_info: Blob(group_info), welcome: None };
        accepted(self.client.ask(Request::Commit(Commit { room: self.room, bundle })).await);
        while self.follows().await != EntryKind::Commit {}
    }

    fn note(&mut self, told: &Value) {
        self.epoch = told["epoch"].as_u64().unwrap();
        self.members = told["members"].as_array().unwrap().len();
        told["authenticator"].as_str().unwrap().clone_into(&mut self.authenticator);
    }

    // Ten digits of the epoch authenticator, as SPEC.md says.
    fn epoch_code(&self) -> String {
        lotgenoot_protocol::mls::epoch_code(&unhex(&self.authenticator))
    }
}

// The other implementation, in a process of its own: one JSON object a line, both ways.
struct Mls(Node);

impl Mls {
    fn start() -> Self {
        Self(Node::start("peer.mjs"))
    }

    async fn tell(&mut self, command: Value) -> Value {
        self.0.tell(&command).await
    }

    async fn ask(&mut self, command: Value) -> Value {
        let told = self.tell(command.clone()).await;
        assert!(told.get("error").is_none(), "{}: {told}", command["do"]);
        told
    }

    async fn bytes(&mut self, command: Value, field: &str) -> Blob {
        Blob(unhex(self.ask(command).await[field].as_str().unwrap()))
    }
}

// `[1, [words]]`.
fn text_content(words: &Words) -> Vec<u8> {
    [&[0x82, 0x01, 0x81], codec::to_vec(words).as_slice()].concat()
}

fn words(padded: &[u8]) -> Option<String> {
    let mut decoder = minicbor::Decoder::new(pad::unpad(padded)?);
    decoder.array().ok()?;
    if decoder.u32().ok()? != 1 {
        return None;
    }
    // The words: salt, text, signature.
    decoder.array().ok()?;
    decoder.array().ok()?;
    decoder.skip().ok()?;
    decoder.str().ok().map(str::to_owned)
}

// Extensions and signature of a GroupInfo in an MLSMessage (RFC 9420 §12.4.3): what a bundle carries of it.
fn assisted(message: &[u8]) -> Vec<u8> {
    // Version and wire format; of the GroupContext: version and suite, group id, epoch, two hashes, extensions.
    let rest = after_vectors(&message[4 + 4..], 1);
    let extensions = after_vectors(&rest[8..], 3);
    let rest = after_vectors(extensions, 1);
    // The confirmation tag and the signer stand between.
    let signature = &after_vectors(rest, 1)[4..];
    [&extensions[..extensions.len() - rest.len()], signature].concat()
}

// What follows `count` variable-size vectors (RFC 9420 §2.1.2).
fn after_vectors(mut bytes: &[u8], count: usize) -> &[u8] {
    for _ in 0..count {
        let (head, length) = match bytes[0] >> 6 {
            0 => (1, usize::from(bytes[0] & 0x3f)),
            1 => (2, usize::from(u16::from_be_bytes([bytes[0] & 0x3f, bytes[1]]))),
            _ => panic!("nothing here is that long"),
        };
        bytes = &bytes[head + length..];
    }
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn accepted(answer: Answer) {
    assert!(matches!(answer, Answer::Accepted(_)), "{answer:?}");
}
