//! The relay as a process of its own: started on a free port, ended when dropped.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use lotgenoot::config::Config;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The relay's binary: beside the programs of this build.
///
/// # Panics
/// If it was not built; `cargo xtask test` builds it first.
pub fn relay_binary() -> PathBuf {
    let own = std::env::current_exe().expect("a running program has a path");
    let folder = own.ancestors().find(|folder| folder.join("lotgenoot").is_file());
    folder
        .expect("the relay is built: `cargo build -p lotgenoot -p lotgenoot-tests --bins`")
        .join("lotgenoot")
}

/// A relay process.
pub struct RelayProcess {
    child: Child,
    address: SocketAddr,
}

impl RelayProcess {
    /// Starts `binary` and waits until it listens.
    ///
    /// # Panics
    /// If it ends before it listens; what it said is on standard error.
    pub async fn start(binary: &Path, data: &Path, roster: &Path, client: &Path, port: u16) -> Self {
        Self::run(&mut Self::command(binary, data, roster, client, port)).await
    }

    /// How [`Self::start`] would call it, to be changed before [`Self::run`].
    pub fn command(binary: &Path, data: &Path, roster: &Path, client: &Path, port: u16) -> Command {
        let mut command = Command::new(binary);
        command.arg("serve").arg("--data").arg(data).arg("--roster").arg(roster).arg("--client").arg(client);
        command.arg("--listen").arg(format!("127.0.0.1:{port}"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        command
    }

    /// Starts a command made by [`Self::command`] and waits until it listens.
    ///
    /// # Panics
    /// If it ends before it listens; what it said is on its standard error.
    pub async fn run(command: &mut Command) -> Self {
        let mut child = command.spawn().expect("the relay's binary starts");
        let stdout = child.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(stdout).lines();
        let line = lines.next_line().await.ok().flatten().expect("the relay says where it listens");
        let address = line.strip_prefix("listening ").and_then(|address| address.parse().ok());
        Self { child, address: address.expect("an address after `listening`") }
    }

    /// Starts it with this configuration, its log at TRACE going to the file `log`.
    ///
    /// # Panics
    /// If it ends before it listens.
    pub async fn start_logged(binary: &Path, config: &Config, log: &Path) -> Self {
        let mut command = Self::command(binary, &config.data, &config.roster, &config.client, 0);
        let log = std::fs::File::create(log).expect("the log file is made");
        command.env("RUST_LOG", "trace").stderr(log);
        Self::run(&mut command).await
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process id, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)) | Err(_))
    }

    /// Ends it without a word (SIGKILL).
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("the process is ours");
    }
}
