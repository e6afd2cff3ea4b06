//! What others have made, as programs that are told a line and answer a line (`tests/interop`).

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};

const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Node {
    _process: Child,
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
}

impl Node {
    /// Starts this script.
    pub(crate) fn start(script: &str) -> Self {
        let folder = std::env::var_os("LOTGENOOT_INTEROP_DIR").map(PathBuf::from);
        let folder = folder.expect("LOTGENOOT_INTEROP_DIR: run `cargo xtask test`, which sets it up");
        let mut process = tokio::process::Command::new("node")
            .arg("--no-warnings")
            .arg(folder.join(script))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node runs");
        let to = process.stdin.take().expect("its input is piped");
        let from = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        Self { _process: process, to, from }
    }

    /// The next thing it says.
    pub(crate) async fn next(&mut self) -> Value {
        let line = tokio::time::timeout(PATIENCE, self.from.next_line()).await;
        let line = line.expect("a line within half a minute").expect("it runs").expect("a line");
        serde_json::from_str(&line).expect("JSON")
    }

    /// What it answers.
    pub(crate) async fn tell(&mut self, command: &Value) -> Value {
        self.to.write_all(format!("{command}\n").as_bytes()).await.expect("it reads");
        self.next().await
    }
}
