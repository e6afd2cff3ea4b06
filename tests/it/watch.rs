//! Whoever watches from outside hears that calls are looked after, and hears nothing when they are not.

use lotgenoot::Relay;
use lotgenoot::watch::Trouble;
use lotgenoot::watch::canary::Canary;
use lotgenoot_protocol::Timestamp;
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::relay::{config, database};
use lotgenoot_tests::sink::Sink;

#[tokio::test(flavor = "multi_thread")]
async fn the_heartbeat_is_heard_when_the_calls_were_audited_and_the_canary_got_through() {
    let (folder, sink) = (tempfile::tempdir().unwrap(), Sink::start().await);
    let mut config = config(folder.path(), &Organisation::new(now()).roster_file(&[], &[]));
    config.heartbeat = Some(format!("http://{}/ping/abc", sink.address()));
    let relay = Relay::open(&config).await.unwrap();
    let beat = sink.next("a heartbeat").await;
    assert_eq!((beat.path.as_str(), beat.body.len()), ("/ping/abc", 0), "it says nothing but that it beats");
    assert_eq!(relay.verdict(now()), Ok(()));
    let later = Timestamp(now().0 + 3_600_000);
    assert_eq!(relay.verdict(later), Err(Trouble::NotAudited), "of then nobody knows");
    relay.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_canary_gets_through_tls_and_knows_another_certificate_from_the_relays() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path(), &Organisation::new(now()).roster_file(&[], &[]));
    let made = || rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (ours, other) = (made(), made());
    let [cert, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
    std::fs::write(&cert, ours.cert.pem()).unwrap();
    std::fs::write(&key, ours.signing_key.serialize_pem()).unwrap();
    (config.tls_cert, config.tls_key) = (Some(cert), Some(key));
    let relay = Relay::open(&config).await.unwrap();
    let address = relay.address();
    let host = format!("localhost:{}", address.port());
    let canary = |certificate| Canary { address, host: host.clone(), certificate };
    assert_eq!(canary(Some(ours.cert.der().clone())).sing().await, Ok(()));
    assert_eq!(canary(Some(other.cert.der().clone())).sing().await, Err("no TLS"));
    assert!(canary(None).sing().await.is_err(), "nothing is said in the clear");
    relay.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_can_store_nothing_is_no_relay_to_the_canary() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), &Organisation::new(now()).roster_file(&[], &[]));
    std::fs::create_dir_all(folder.path().join("data")).unwrap();
    std::fs::write(database(folder.path()), b"this is no database").unwrap();
    let relay = Relay::open(&config).await.unwrap();
    let address = relay.address();
    let canary = Canary { address, host: address.to_string(), certificate: None };
    assert!(canary.sing().await.is_err());
    assert_eq!(relay.verdict(now()), Err(Trouble::NotAudited));
    relay.shutdown().await;
}

#[test]
fn a_heartbeat_in_the_clear_goes_nowhere_but_to_this_machine() {
    use lotgenoot::watch::heartbeat::Heartbeat;
    assert!(Heartbeat::new("https://watch.example/abc").is_ok());
    assert!(Heartbeat::new("http://127.0.0.1:9/abc").is_ok());
    for refused in ["http://watch.example/abc", "ftp://127.0.0.1/", "watch.example", ""] {
        assert!(Heartbeat::new(refused).is_err(), "{refused}");
    }
}
