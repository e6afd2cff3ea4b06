//! A professional makes herself reachable with her screen closed, in a real browser: with the keyboard, and woken by a
//! push.

use std::path::Path;

use lotgenoot_protocol::role::Role;
use lotgenoot_tests::browser::{Browser, Failed};
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::process::{RelayProcess, relay_binary};
use lotgenoot_tests::sink::Sink;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_professional_is_reachable_when_her_screen_is_closed_and_her_device_says_what_arrived() {
    let browser = Browser::start().await;
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Role::Professional);
    let folder = tempfile::tempdir().unwrap();
    let [roster, data, secret] = ["roster.toml", "data", "secret"].map(|name| folder.path().join(name));
    std::fs::write(&roster, organisation.roster_file(&[&noor], &[])).unwrap();
    std::fs::write(&secret, "een afgesproken geheim van de poort").unwrap();
    let gateway = Sink::start().await;
    let client = std::env::var_os("LOTGENOOT_CLIENT_DIR").expect("run the tests with `cargo xtask test`");
    let mut command = RelayProcess::command(&relay_binary(), &data, &roster, Path::new(&client), 0);
    command.arg("--gateway").arg(format!("http://{}/gateway", gateway.address()));
    let relay = RelayProcess::run(command.arg("--gateway-secret").arg(&secret)).await;

    let story = async {
        let noor_at = format!("http://{}/#{}", relay.address(), noor.link());
        let noor = browser.window("noor", 360, 740).await?;
        noor.open(&noor_at).await?;
        noor.sees_state("duty-state", "class", "open").await?;
        noor.sees("ring-none").await?;
        noor.pictured("ring-nothing").await?;
        // A number that is none says so, and nothing is lost.
        noor.tabs_to("ring-number").await?;
        noor.keys("0612345678").await?;
        noor.enters("ring-add-text").await?;
        noor.reads("notice", "Zo kunnen we je niet oproepen").await?;
        noor.tabs_to("ring-number").await?;
        noor.keys("+31 6 1234 5678").await?;
        noor.enters("ring-add-text").await?;
        noor.reads("ring-channel", "Sms naar +31612345678").await?;
        noor.sees_state("ring-channel", "data-state", "untried").await?;
        noor.enters("ring-test").await?;
        let came = gateway.next("the exercise").await;
        let said: serde_json::Value =
            serde_json::from_slice(&came.body).map_err(|error| error.to_string())?;
        assert_eq!(
            said["text"], "Piketdienst: er wacht een oproep. Open de app.",
            "an exercise looks like a page"
        );
        noor.pictured("ring-exercise").await?;
        noor.enters("ring-arrived").await?;
        noor.sees_state("ring-channel", "data-state", "works").await?;
        noor.pictured("ring-works").await?;
        noor.enters("ring-remove").await?;
        noor.sees("ring-none").await?;

        // Woken by a push, with a page that a device of hers has not answered yet.
        noor.tabs_to("ring-number").await?;
        noor.keys("+31612345678").await?;
        noor.enters("ring-add-voice").await?;
        noor.reads("ring-channel", "Telefoon naar").await?;
        let origin = format!("http://{}", relay.address());
        let allowed = json!({ "origin": origin, "permissions": ["notifications"] });
        noor.devtools("Browser.grantPermissions", allowed).await?;
        noor.devtools("ServiceWorker.enable", json!({})).await?;
        // This browser has no push service to subscribe at; its worker is there all the same.
        noor.enters("ring-here").await?;
        noor.reads("ring-cannot", "Dit toestel kan zo niet bellen").await?;
        noor.pictured("ring-cannot").await?;
        noor.enters("ring-test").await?;
        let came = gateway.next("another exercise").await;
        let said: serde_json::Value =
            serde_json::from_slice(&came.body).map_err(|error| error.to_string())?;
        let notification = json!({ "title": "Piketdienst", "body": "Er wacht een oproep. Open de app." });
        let page = json!({ "web_push": 8030, "notification": notification, "v": 1, "k": 0, "h": said["ref"], "t": 20 });
        let push = |page: &serde_json::Value| json!({ "origin": origin, "registrationId": "0", "data": page.to_string() });
        noor.devtools("ServiceWorker.deliverPushMessage", push(&page)).await?;
        noor.sees_state("ring-channel", "data-state", "works").await?;
        assert_eq!(shown(&noor).await?, json!(["Piketdienst: Er wacht een oproep. Open de app."]));
        let quiet = json!({ "title": "Piketdienst", "body": "Er wacht nu geen oproep voor jou." });
        let over = |at: u64| json!({ "notification": quiet, "v": 1, "k": 1, "h": said["ref"], "t": at });
        noor.devtools("ServiceWorker.deliverPushMessage", push(&over(10))).await?;
        noor.devtools("ServiceWorker.deliverPushMessage", push(&over(30))).await?;
        let stops = async || {
            let is = json!(["Piketdienst: Er wacht nu geen oproep voor jou."]);
            (shown(&noor).await.ok()? == is).then_some(())
        };
        noor.wait("that it stops ringing", stops).await?;
        noor.devtools(
            "ServiceWorker.deliverPushMessage",
            push(&json!({ "notification": notification, "v": 1, "k": 0, "t": 50 })),
        )
        .await?;
        let rings = async || {
            let is = json!(["Piketdienst: Er wacht een oproep. Open de app."]);
            (shown(&noor).await.ok()? == is).then_some(())
        };
        noor.wait("that it rings", rings).await?;
        // It is for waking alone: not even a page that comes later is controlled by it.
        noor.open(&format!("http://{}/", relay.address())).await?;
        assert_eq!(noor.script("return navigator.serviceWorker.controller === null").await?, json!(true));
        noor.close().await;
        Ok::<_, Failed>(())
    };
    let told = story.await;
    browser.stop().await;
    told.unwrap();
}

async fn shown(window: &lotgenoot_tests::browser::Window) -> Result<serde_json::Value, Failed> {
    window
        .script(
            "return navigator.serviceWorker.getRegistration('/wake/')
                .then((it) => it.getNotifications())
                .then((all) => all.map((one) => `${one.title}: ${one.body}`))",
        )
        .await
}
