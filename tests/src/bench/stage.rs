//! What every measurement starts from: a folder with many calls that wait, and a professional with a browser.

use std::path::Path;

use lotgenoot_client::messages::{ChannelWish, Command, Health};
use lotgenoot_protocol::role::Role;
use tempfile::TempDir;

use crate::crowd;
use crate::organisation::{Organisation, SERVICE, Staff, now};
use crate::process::RelayProcess;
use crate::relay;
use crate::robot::Robot;
use crate::sink::{Browser, Sink};

/// A folder, and who is on duty by it.
pub(super) struct Stage {
    pub(super) folder: TempDir,
    pub(super) organisation: Organisation,
    // Called by her browser; her desk is closed.
    pub(super) browser: Browser,
    // At her desk.
    pub(super) sara: Staff,
    pub(super) push: Sink,
}

impl Stage {
    /// So many calls have waited for so long, and no relay runs.
    pub(super) async fn set(binary: &Path, calls: usize, age_ms: u64, suite: u16) -> Self {
        let organisation = Organisation::new(now());
        let noor = organisation.certify("Noor", Role::Professional);
        let sara = organisation.certify("Sara", Role::Professional);
        let push = Sink::start().await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let _written = relay::config(folder.path(), &organisation.roster_file(&[&noor, &sara], &[]));
        let mut process = start(binary, folder.path(), &push).await;
        let at = process.address();

        let mut robot = Robot::with_suite(noor.identity(), at, suite);
        robot.act(Command::Channel(ChannelWish::See));
        let key = robot.sees("her channels", |screen| Some(screen.channels.as_ref()?.push_key.clone())).await;
        let browser = Browser::subscribe(&push, "noor", &key);
        robot.act(Command::Channel(ChannelWish::Add(browser.way())));
        let first = |screen: &crate::robot::Screen| screen.channels.as_ref()?.channels.first().cloned();
        let id = robot.sees("her browser", first).await.id;
        robot.act(Command::Channel(ChannelWish::Test));
        browser.reads(&push.next("the exercise").await);
        while !first(robot.look()).is_some_and(|it| matches!(it.health, Health::Works(_))) {
            robot.act(Command::Channel(ChannelWish::Confirm(id.clone())));
            robot.notices().await;
        }
        drop(robot);
        let mut desk = Robot::with_suite(sara.identity(), at, suite);
        desk.online().await;
        let mut person = Robot::with_suite(organisation.person(), at, suite);
        person
            .sees("somebody is on duty", |screen| screen.services.contains(&SERVICE.to_owned()).then_some(()))
            .await;
        person.raises(SERVICE, "Is daar iemand?");
        browser.reads(&push.next("her page").await);
        desk.call("the call", |_| true).await;
        process.kill().await;
        crowd::multiply(folder.path(), calls, age_ms);
        Self { folder, organisation, browser, sara, push }
    }

    /// A relay on it.
    pub(super) async fn start(&self, binary: &Path) -> RelayProcess {
        start(binary, self.folder.path(), &self.push).await
    }
}

async fn start(binary: &Path, folder: &Path, push: &Sink) -> RelayProcess {
    let (data, roster, client) = (folder.join("data"), folder.join("roster.toml"), folder.join("client"));
    let mut command = RelayProcess::command(binary, &data, &roster, &client, 0);
    // Members share the processors with the relay: their proof of work would be all that is measured, and how fast rooms may
    // talk.
    command.args(["--work-bits", "0", "--unpaced", "--push-host-here"]).arg(push.address().to_string());
    command.env("RUST_LOG", "error");
    RelayProcess::run(&mut command).await
}
