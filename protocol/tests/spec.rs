#![allow(missing_docs, clippy::print_stdout)]
use ed25519_dalek::SigningKey;
use lotgenoot_protocol::call::*;
use lotgenoot_protocol::codec::*;
use lotgenoot_protocol::frame::*;
use lotgenoot_protocol::ids::*;
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::refusal::Refused;
use lotgenoot_protocol::register::RegisterHead;
use lotgenoot_protocol::role::*;
use lotgenoot_protocol::sign::{Purpose, sign};
use lotgenoot_protocol::*;
use minicbor::Decoder;
use minicbor::data::Type;

fn hex(b: &[u8]) -> String {
    b.iter().map(|x| format!("{x:02x}")).collect()
}
fn diag(d: &mut Decoder<'_>, full: bool) -> String {
    match d.datatype().unwrap() {
        Type::Array => {
            let n = d.array().unwrap().unwrap();
            let v: Vec<_> = (0..n).map(|_| diag(d, full)).collect();
            format!("[{}]", v.join(", "))
        }
        Type::Bytes => {
            let b = d.bytes().unwrap();
            if full || b.len() <= 8 { format!("h'{}'", hex(b)) } else { format!("h'{}…'", hex(&b[..4])) }
        }
        Type::String => format!("\"{}\"", d.str().unwrap()),
        Type::Null => {
            d.null().unwrap();
            "null".into()
        }
        Type::Bool => d.bool().unwrap().to_string(),
        _ => d.u64().unwrap().to_string(),
    }
}
fn show(what: &str, b: &[u8]) {
    println!("{what}\n  {}\n  {}", diag(&mut Decoder::new(b), false), hex(b));
}

#[test]
fn print() {
    let nonce: Vec<u8> = (0..32).collect();
    let host = b"praat.example";
    let account = SigningKey::from_bytes(&[1; 32]);
    let leaf = SigningKey::from_bytes(&[2; 32]);
    let mut room = [0u8; 16];
    for (i, b) in room.iter_mut().enumerate() {
        *b = 0xa0 + i as u8;
    }
    let room = RoomId(room);
    let req = |n: u8| RequestId([n; 16]);
    let now = Timestamp(1_795_374_000_000);
    let root = SigningKey::from_bytes(&[3; 32]);
    let ik = SigningKey::from_bytes(&[4; 32]);
    let t = now.seconds();
    let issuer = Issuer::new(
        &root,
        Serial([5; 16]),
        ik.verifying_key().to_bytes(),
        &[Role::Host, Role::Professional],
        2,
        (t - 86400, t + 86400 * 300),
    );
    let head = RegisterHead::new(1, [6; 32], t - 3600, issuer, &ik);
    let pm = |fill: u8| {
        let mut m = vec![0, 1, 0, 2, 16];
        m.extend_from_slice(&room.0);
        m.extend_from_slice(&3u64.to_be_bytes());
        m.push(1);
        m.push(0);
        m.push(4);
        m.extend_from_slice(&[fill; 4]);
        m.push(8);
        m.extend_from_slice(&[fill + 1; 8]);
        Blob(m)
    };
    let srv = |f: ServerFrame| encode_server(&f);
    let cli = |n: u8, r: Request| encode_client(&ClientFrame { request_id: req(n), request: r });
    show(
        "1 <- challenge",
        &srv(ServerFrame::Push(Push::Challenge(Challenge {
            nonce: Blob(nonce.clone()),
            versions: vec![1],
            suites: vec![79, 3, 1],
        }))),
    );
    show(
        "2 -> hello",
        &cli(
            1,
            Request::Hello(Hello {
                versions: vec![1],
                suites: vec![79, 3, 1],
                account: AccountKey(account.verifying_key().to_bytes()),
                signature: Blob(sign(&account, Purpose::Hello, &[&nonce, host]).to_vec()),
            }),
        ),
    );
    show(
        "3 <- welcomed",
        &srv(ServerFrame::Reply(
            req(1),
            Answer::Welcomed(Welcomed {
                version: 1,
                now,
                key_packages: 0,
                register_head: Blob(head.to_bytes()),
            }),
        )),
    );
    show(
        "4 -> attach",
        &cli(
            2,
            Request::Attach(Attach {
                room,
                leaf: LeafKey(leaf.verifying_key().to_bytes()),
                signature: Blob(sign(&leaf, Purpose::Attach, &[&nonce, host, &room.0]).to_vec()),
                after: Some(Seq(40)),
            }),
        ),
    );
    show(
        "5 <- attached",
        &srv(ServerFrame::Reply(
            req(2),
            Answer::Attached(Attached { head: Seq(41), epoch: Epoch(3), invitation: None }),
        )),
    );
    show(
        "6 <- entry",
        &srv(ServerFrame::Push(Push::Entry(Entry {
            room,
            seq: Seq(41),
            kind: EntryKind::Application,
            at: Timestamp(now.0 - 90_000),
            body: pm(0xb0),
        }))),
    );
    show("7 <- caughtup", &srv(ServerFrame::Push(Push::CaughtUp(CaughtUp { room, seq: Seq(41) }))));
    show("8 -> send", &cli(3, Request::Send(Send { room, message: pm(0xc0), lead_signature: None })));
    show("9 <- accepted", &srv(ServerFrame::Reply(req(3), Answer::Accepted(Accepted { seq: Seq(42) }))));
    show(
        "10 <- entry",
        &srv(ServerFrame::Push(Push::Entry(Entry {
            room,
            seq: Seq(42),
            kind: EntryKind::Application,
            at: Timestamp(now.0 + 1_250),
            body: pm(0xc0),
        }))),
    );
    show("11 -> ack", &cli(4, Request::Ack(Ack { room, seq: Seq(42) })));
    show("12 <- accepted", &srv(ServerFrame::Reply(req(4), Answer::Accepted(Accepted { seq: Seq(0) }))));
    println!("---- probes");
    show("ping", &cli(1, Request::Ping(Ping {})));
    show(
        "refused wrongepoch",
        &srv(ServerFrame::Reply(req(3), Answer::Refused(Refused::WrongEpoch { current: Epoch(4) }))),
    );
    show("refused notallowed", &to_vec(&Refused::NotAllowed { rule: Rule::Ghost }));
    show("fenced", &to_vec(&Refused::Fenced));
    show("invalid", &to_vec(&Refused::invalid("x")));
    show("toolarge", &to_vec(&Refused::TooLarge { limit: "A".into(), max: 5 }));
    show("raised", &to_vec(&CallNotice::Raised));
    show("paging", &to_vec(&CallNotice::Paging { page_epoch: 1, level: 2, cycle: 3 }));
    show(
        "ack",
        &to_vec(&CallNotice::Acknowledged(Acknowledgement::new(
            &leaf,
            OrganisationId([1; 16]),
            room,
            CallId([1; 16]),
            1,
            PageId([1; 16]),
            Serial([1; 16]),
        ))),
    );
    show("opening", &to_vec(&Opening { group_info: Blob(vec![1]), tree: Blob(vec![2]), bundle: None }));
    show("bundle", &to_vec(&Bundle { commit: Blob(vec![1]), group_info: Blob(vec![2]), welcome: None }));
    show("packages", &to_vec(&KeyPackages { packages: vec![None, Some(Blob(vec![1]))] }));
    show("publish", &to_vec(&PublishKeyPackages { packages: vec![Blob(vec![1])], last_resort: None }));
    show(
        "attach none",
        &to_vec(&Attach { room, leaf: LeafKey([1; 32]), signature: Blob(vec![]), after: None }),
    );
    show("inbox added", &to_vec(&InboxEntry { seq: Seq(1), notice: Notice::Added { room } }));
    show(
        "inbox page",
        &to_vec(&InboxEntry {
            seq: Seq(1),
            notice: Notice::Page(Page {
                call: CallId([1; 16]),
                room,
                page: PageId([2; 16]),
                page_epoch: 1,
                raised_at: now,
            }),
        }),
    );
    show(
        "attached inv",
        &to_vec(&Attached {
            head: Seq(1),
            epoch: Epoch(1),
            invitation: Some(Invitation { welcome: Blob(vec![1]), tree: Blob(vec![2]), seq: Seq(1) }),
        }),
    );
    show("urgency", &to_vec(&Urgency::Now));
    show(
        "onduty",
        &to_vec(&OnDuty {
            account: AccountKey([1; 32]),
            certificate: Blob(vec![1]),
            level: 1,
            reachable: true,
        }),
    );
    // trailing bytes, null trailing, long ints, indefinite
    let mut b = cli(1, Request::Ping(Ping {}));
    b.push(0);
    println!("trailing: {:?}", decode_client(&b));
    println!(
        "attach with null after: {:?}",
        from_slice::<Attach>(&[&[0x84u8, 0x50][..], &[1; 16], &[0x58, 32], &[2; 32], &[0x40, 0xf6]].concat())
    );
    println!("unknown notice: {:?}", from_slice::<CallNotice>(&[0x82, 0x18, 99, 0x80]));
    println!(
        "unknown refusal: {:?}",
        decode_server(&[&[0x83u8, 0x18, 71, 0x50][..], &[1; 16], &[0x82, 0x18, 99, 0x80]].concat())
    );
    println!(
        "ping with no array (0): {:?}",
        decode_client(&[&[0x83u8, 0x13, 0x50][..], &[1; 16], &[0x00]].concat())
    );
    println!(
        "nonshortest: {:?}",
        decode_client(&[&[0x83u8, 0x18, 0x13, 0x50][..], &[1; 16], &[0x80]].concat())
    );
    println!(
        "indef body: {:?}",
        decode_client(&[&[0x83u8, 0x13, 0x50][..], &[1; 16], &[0x9f, 0xff]].concat())
    );
    println!("missing field: {:?}", from_slice::<Ack>(&[&[0x81u8, 0x50][..], &[1; 16]].concat()));
    println!(
        "cert {} issuer {} head {}",
        RoleCertificate {
            organisation: OrganisationId([0; 16]),
            serial: Serial([0; 16]),
            role: Role::Host,
            service: String::new(),
            alias: String::new(),
            leaf_key: LeafKey([0; 32]),
            not_before: 0,
            not_after: 0,
            issuers: vec![]
        }
        .to_bytes()
        .len(),
        head.issuers[0].0.to_bytes().len(),
        head.to_bytes().len()
    );
}
