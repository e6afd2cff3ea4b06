//! Slots and vaults over the wire: asking tells nothing, what was accepted is there after a crash, and of two who opened
//! one vault only the later one still does anything.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use ed25519_dalek::SigningKey;
use futures_util::{SinkExt, StreamExt};
use lotgenoot_client::messages::Kind;
use lotgenoot_protocol::codec;
use lotgenoot_protocol::frame::{
    Answer, Attach, ClientFrame, Hello, Prove, Push, Request, Send, ServerFrame,
};
use lotgenoot_protocol::limits::{MANIFEST_STEP_BYTES, SLOT_BYTES, WORK_BITS};
use lotgenoot_protocol::mls::SUITES;
use lotgenoot_protocol::role::Role as Certified;
use lotgenoot_protocol::sign::{Purpose, sign};
use lotgenoot_protocol::vault::{
    ForgetVault, OpenVault, PutVault, ReadParts, ReadSlot, Vault, VaultPart, WriteSlot,
};
use lotgenoot_protocol::work::Work;
use lotgenoot_protocol::{
    AccountKey, Blob, LeafKey, PartId, Refused, RequestId, RoomId, SlotId, SlotKey, VERSION, VaultId, Version,
};
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::process::{RelayProcess, relay_binary};
use lotgenoot_tests::relay::{TestRelay, config};
use lotgenoot_tests::robot::Robot;
use tokio_tungstenite::tungstenite::Message;

use crate::edge::{Socket, open};

const VAULT: VaultId = VaultId([7; 16]);

#[tokio::test]
async fn a_phrase_that_was_never_used_is_answered_like_one_whose_mailbox_is_empty() {
    let relay = TestRelay::start(&Organisation::new(now()).roster_file(&[], &[])).await;
    // One person has used hers: a slot, and a vault with nothing in it.
    let (used, unused) = (key(1), key(2));
    let mut her = Client::signed_in(relay.address(), &key(11)).await;
    her.open_vault(VAULT, None).await;
    accepted(her.write_slot(SlotId([1; 16]), &used, Some(Blob(vec![9; SLOT_BYTES]))).await);
    accepted(her.put(Version([0; 16]), Version([1; 16]), []).await);

    let mut told = Vec::new();
    for _ in 0..2 {
        for (slot, owner, account, vault) in
            [(1, &used, 11, VAULT), (2, &unused, 12, VaultId([8; 16])), (1, &unused, 12, VAULT)]
        {
            let mut client = Client::signed_in(relay.address(), &key(account)).await;
            let slot = client.read_slot(SlotId([slot; 16]), owner).await;
            let vault = client.ask(Request::OpenVault(OpenVault { vault, fence: None })).await;
            let parts = client.ask(Request::ReadParts(ReadParts { parts: vec![PartId([3; 16])] })).await;
            let (Answer::Slot(slot), Answer::Vault(vault)) = (slot, vault) else { panic!("both are opened") };
            assert_eq!(slot.sealed.0.len(), SLOT_BYTES);
            assert_eq!(vault.manifest.0.len(), MANIFEST_STEP_BYTES);
            assert!(vault.fence.abs_diff(now().0) < 60_000);
            let Answer::Parts(parts) = parts else { panic!("parts are read") };
            assert_eq!(parts.parts, [None]);
            told.push((slot.sealed, vault.manifest, vault.version));
        }
    }
    assert_eq!(told[..3], told[3..], "asked again, the same is told");
    assert_eq!(told[0].0, Blob(vec![9; SLOT_BYTES]));
    assert_ne!(told[1].0, told[2].0);
    for other in &told[1..3] {
        assert!(other.0.0.iter().any(|byte| *byte != other.0.0[0]), "bytes that look like sealed ones");
        assert_ne!(other.1, told[0].1);
    }
    // Asking made nothing: the first to write is the owner.
    let mut late = Client::signed_in(relay.address(), &key(12)).await;
    accepted(late.write_slot(SlotId([2; 16]), &unused, Some(Blob(vec![1; SLOT_BYTES]))).await);
    let stranger = late.write_slot(SlotId([1; 16]), &unused, Some(Blob(vec![1; SLOT_BYTES]))).await;
    assert_eq!(stranger, Answer::Refused(Refused::Exists));
}

#[tokio::test]
async fn a_slot_is_read_and_written_by_its_key_alone() {
    let relay = TestRelay::start(&Organisation::new(now()).roster_file(&[], &[])).await;
    let mut client = Client::signed_in(relay.address(), &key(11)).await;
    let slot = SlotId([1; 16]);
    accepted(client.write_slot(slot, &key(1), Some(Blob(vec![9; SLOT_BYTES]))).await);
    // Her key, but somebody else's signature.
    let owner = SlotKey(key(1).verifying_key().to_bytes());
    let signature = client.signature(&key(2), Purpose::ReadSlot, &[&slot.0]);
    let answer = client.ask(Request::ReadSlot(ReadSlot { slot, owner, signature })).await;
    assert!(matches!(answer, Answer::Refused(Refused::Invalid { .. })), "{answer:?}");
    // A signature to read does not write.
    let signature = client.signature(&key(1), Purpose::ReadSlot, &[&slot.0, &[]]);
    let answer = client.ask(Request::WriteSlot(WriteSlot { slot, owner, signature, sealed: None })).await;
    assert!(matches!(answer, Answer::Refused(Refused::Invalid { .. })), "{answer:?}");
    let short = client.write_slot(slot, &key(1), Some(Blob(vec![9; SLOT_BYTES - 1]))).await;
    assert!(matches!(short, Answer::Refused(Refused::Invalid { .. })), "{short:?}");

    accepted(client.write_slot(slot, &key(1), None).await);
    let Answer::Slot(gone) = client.read_slot(slot, &key(1)).await else { panic!("it is answered") };
    assert_ne!(gone.sealed, Blob(vec![9; SLOT_BYTES]));
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_wrong_keys_empty_a_slot_also_when_they_come_at_once_and_nobody_else_gets_its_place() {
    let relay = TestRelay::start(&Organisation::new(now()).roster_file(&[], &[])).await;
    let mut owner = Client::signed_in(relay.address(), &key(11)).await;
    let (slot, kept) = (SlotId([1; 16]), Blob(vec![9; SLOT_BYTES]));
    let reads = async |client: &mut Client, with: u8| match client.read_slot(slot, &key(with)).await {
        Answer::Slot(found) => found.sealed,
        other => panic!("{other:?}"),
    };
    accepted(owner.write_slot(slot, &key(1), Some(kept.clone())).await);
    // Nine are mistakes; with the right one they are forgotten.
    for with in 30..39 {
        assert_ne!(reads(&mut owner, with).await, kept);
    }
    assert_eq!(reads(&mut owner, 1).await, kept);
    let guesses = (40..64).map(async |with| {
        let mut thief = Client::not_proven(relay.address(), &key(with)).await;
        thief.read_slot(slot, &key(with)).await
    });
    futures_util::future::join_all(guesses).await;
    assert_ne!(reads(&mut owner, 1).await, kept, "it is forgotten");
    let taken = owner.write_slot(slot, &key(2), Some(kept.clone())).await;
    assert_eq!(taken, Answer::Refused(Refused::Exists));

    // Nor does whoever forgets it herself make its place free: an invitation that was used stays used.
    let other = SlotId([2; 16]);
    accepted(owner.write_slot(other, &key(1), Some(kept.clone())).await);
    accepted(owner.write_slot(other, &key(1), None).await);
    let taken = owner.write_slot(other, &key(2), Some(kept)).await;
    assert_eq!(taken, Answer::Refused(Refused::Exists));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_vault_was_told_is_there_after_the_relay_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), &Organisation::new(now()).roster_file(&[], &[]));
    let start = || async {
        RelayProcess::start(&relay_binary(), &config.data, &config.roster, &config.client, 0).await
    };
    let mut relay = start().await;
    let mut her = Client::signed_in(relay.address(), &key(11)).await;
    let fence = her.open_vault(VAULT, None).await.fence;
    for number in 1..=20u8 {
        let (base, next) = (Version([number - 1; 16]), Version([number; 16]));
        accepted(her.put(base, next, [(number % 3, Some(vec![number; 5000]))]).await);
    }
    relay.kill().await;
    let relay = start().await;
    let mut again = Client::signed_in(relay.address(), &key(11)).await;
    let vault = again.open_vault(VAULT, Some(fence)).await;
    assert_eq!((vault.fence, vault.version), (fence, Version([20; 16])));
    let parts =
        again.ask(Request::ReadParts(ReadParts { parts: vec![PartId([2; 16]), PartId([0; 16])] })).await;
    let Answer::Parts(parts) = parts else { panic!("{parts:?}") };
    assert_eq!(parts.parts, [Some(Blob(vec![20; 5000])), Some(Blob(vec![18; 5000]))]);
    accepted(again.ask(Request::ForgetVault(ForgetVault {})).await);
    assert_ne!(again.open_vault(VAULT, None).await.version, Version([20; 16]));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_opened_one_vault_the_earlier_one_changes_and_says_nothing_more() {
    let organisation = Organisation::new(now());
    let roos = organisation.certify("Roos", Certified::Host);
    let relay = TestRelay::start(&organisation.roster_file(&[&roos], &[])).await;
    let mut robot = Robot::start(roos.identity(), relay.address());
    robot.online().await;
    robot.act(lotgenoot_client::messages::Command::OpenPeerRoom { at_once: false });
    let room = robot.room(Kind::Peer, 1).await;
    let room = RoomId::from_slice(&unhex(&room)).unwrap();

    let leaf = roos.secret.leaf_key();
    let mut tabs = Vec::new();
    for _ in 0..2 {
        let mut tab = Client::signed_in(relay.address(), &roos.secret.account_key()).await;
        tab.attach(room, &leaf).await;
        tab.open_vault(VAULT, None).await;
        tabs.push(tab);
        if let [only] = &mut tabs[..] {
            accepted(only.put(Version([0; 16]), Version([1; 16]), []).await);
            accepted(only.say(room, 1).await);
        }
    }
    let [earlier, later] = &mut tabs[..] else { unreachable!() };
    // The same moment, one transaction for both: only what comes from the later one happens.
    for number in 2..12 {
        let (refused, told) = tokio::join!(earlier.say(room, 100 + number), later.say(room, number));
        assert_eq!(refused, Answer::Refused(Refused::Fenced));
        let Answer::Accepted(said) = told else { panic!("{told:?}") };
        assert_eq!(said.seq.0, u64::from(number), "no place in the log was lost to what was refused");
    }
    let refused = earlier.put(Version([1; 16]), Version([2; 16]), []).await;
    assert_eq!(refused, Answer::Refused(Refused::Fenced));
    // Parts that the later one has changed are not taken for those of the earlier one's manifest.
    let read = earlier.ask(Request::ReadParts(ReadParts { parts: vec![PartId([1; 16])] })).await;
    assert_eq!(read, Answer::Refused(Refused::Fenced));
    let fence = earlier.fence;
    let back = earlier.ask(Request::OpenVault(OpenVault { vault: VAULT, fence: Some(fence) })).await;
    assert_eq!(back, Answer::Refused(Refused::Fenced));
    accepted(later.put(Version([1; 16]), Version([2; 16]), []).await);
    // Taking over works the other way round as well.
    let taken = earlier.open_vault(VAULT, None).await;
    assert_eq!(taken.version, Version([2; 16]));
    accepted(earlier.say(room, 50).await);
    assert_eq!(later.say(room, 51).await, Answer::Refused(Refused::Fenced));
}

pub(crate) struct Client {
    socket: Socket,
    nonce: Vec<u8>,
    host: String,
    fence: u64,
    pushed: VecDeque<Push>,
}

impl Client {
    pub(crate) async fn signed_in(relay: std::net::SocketAddr, account: &SigningKey) -> Self {
        let mut client = Self::not_proven(relay, account).await;
        let mut work = Work::new(&client.nonce, WORK_BITS).unwrap();
        let counters = std::iter::repeat_with(|| work.round(1_000)).find_map(|found| found).unwrap();
        accepted(client.ask(Request::Prove(Prove { counters })).await);
        client
    }

    pub(crate) async fn not_proven(relay: std::net::SocketAddr, account: &SigningKey) -> Self {
        let (socket, nonce) = open(relay).await;
        let mut client = Self { socket, nonce, host: relay.to_string(), fence: 0, pushed: VecDeque::new() };
        let signature = client.signature(account, Purpose::Hello, &[]);
        let account = AccountKey(account.verifying_key().to_bytes());
        let hello = Hello { versions: vec![VERSION], suites: SUITES.to_vec(), account, signature };
        assert!(matches!(client.ask(Request::Hello(hello)).await, Answer::Welcomed(_)));
        client
    }

    pub(crate) async fn ask(&mut self, request: Request) -> Answer {
        let request_id = RequestId(rand::random());
        let bytes = codec::encode_client(&ClientFrame { request_id, request });
        self.socket.send(Message::Binary(Bytes::from(bytes))).await.unwrap();
        loop {
            match self.frame().await {
                ServerFrame::Reply(to, answer) if to == request_id => return answer,
                ServerFrame::Reply(..) => {}
                ServerFrame::Push(push) => self.pushed.push_back(push),
            }
        }
    }

    /// The next thing the relay says unasked.
    pub(crate) async fn push(&mut self) -> Push {
        loop {
            if let Some(push) = self.pushed.pop_front() {
                return push;
            }
            if let ServerFrame::Push(push) = self.frame().await {
                return push;
            }
        }
    }

    async fn frame(&mut self) -> ServerFrame {
        let next = tokio::time::timeout(Duration::from_secs(30), self.socket.next()).await;
        let Ok(Some(Ok(Message::Binary(bytes)))) = next else { panic!("the relay says nothing") };
        codec::decode_server(&bytes).unwrap().expect("a frame of this version")
    }

    pub(crate) fn signature(&self, key: &SigningKey, purpose: Purpose, more: &[&[u8]]) -> Blob {
        let parts = [&[self.nonce.as_slice(), self.host.as_bytes()], more].concat();
        Blob(sign(key, purpose, &parts).to_vec())
    }

    pub(crate) async fn read_slot(&mut self, slot: SlotId, owner: &SigningKey) -> Answer {
        let signature = self.signature(owner, Purpose::ReadSlot, &[&slot.0]);
        let owner = SlotKey(owner.verifying_key().to_bytes());
        self.ask(Request::ReadSlot(ReadSlot { slot, owner, signature })).await
    }

    pub(crate) async fn write_slot(
        &mut self,
        slot: SlotId,
        owner: &SigningKey,
        sealed: Option<Blob>,
    ) -> Answer {
        let bytes = sealed.as_ref().map_or(&[][..], |sealed| &sealed.0);
        let signature = self.signature(owner, Purpose::WriteSlot, &[&slot.0, bytes]);
        let owner = SlotKey(owner.verifying_key().to_bytes());
        self.ask(Request::WriteSlot(WriteSlot { slot, owner, signature, sealed })).await
    }

    pub(crate) async fn open_vault(&mut self, vault: VaultId, fence: Option<u64>) -> Vault {
        let answer = self.ask(Request::OpenVault(OpenVault { vault, fence })).await;
        let Answer::Vault(vault) = answer else { panic!("{answer:?}") };
        self.fence = vault.fence;
        vault
    }

    pub(crate) async fn put<const N: usize>(
        &mut self,
        base: Version,
        version: Version,
        parts: [(u8, Option<Vec<u8>>); N],
    ) -> Answer {
        let parts = parts.map(|(id, bytes)| VaultPart { part: PartId([id; 16]), sealed: bytes.map(Blob) });
        let manifest = Blob(vec![version.0[0]; MANIFEST_STEP_BYTES]);
        self.ask(Request::PutVault(PutVault { base, version, manifest, parts: parts.to_vec() })).await
    }

    async fn attach(&mut self, room: RoomId, leaf: &SigningKey) {
        let signature = self.signature(leaf, Purpose::Attach, &[&room.0]);
        let leaf = LeafKey(leaf.verifying_key().to_bytes());
        let answer = self.ask(Request::Attach(Attach { room, leaf, signature, after: None })).await;
        assert!(matches!(answer, Answer::Attached(_)), "{answer:?}");
    }

    // An application PrivateMessage of epoch 0 as far as the relay can see (RFC 9420 §6.3).
    async fn say(&mut self, room: RoomId, what: u8) -> Answer {
        let mut message = vec![0, 1, 0, 2, 16];
        message.extend(room.0);
        message.extend([0; 8]);
        message.extend([1, 0, 1, what, 1, what]);
        self.ask(Request::Send(Send { room, message: Blob(message), lead_signature: None })).await
    }
}

pub(crate) fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

fn accepted(answer: Answer) {
    assert!(matches!(answer, Answer::Accepted(_)), "{answer:?}");
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
