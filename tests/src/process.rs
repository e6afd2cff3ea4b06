//! The relay as a process of its own: started on a free port, ended when dropped.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

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
        let mut command = Command::new(binary);
        command.arg("serve").arg("--data").arg(data).arg("--roster").arg(roster).arg("--client").arg(client);
        command.arg("--listen").arg(format!("127.0.0.1:{port}"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the relay's binary starts");
        let stdout = child.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(stdout).lines();
        let line = lines.next_line().await.ok().flatten().expect("the relay says where it listens");
        let address = line.strip_prefix("listening ").and_then(|address| address.parse().ok());
        Self { child, address: address.expect("an address after `listening`") }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it without a word (SIGKILL).
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("the process is ours");
    }
}
