//! A mail server on this machine that writes everything down and answers as it is told (RFC 5321, as much of it as a
//! client needs). Our own, for a mail server that somebody else has made does not hang up at a chosen moment.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::sink::{Mood, Reply};

/// A mail that came.
#[derive(Clone, Debug)]
pub struct Mail {
    /// For whom.
    pub to: String,
    /// All that was said before it.
    pub envelope: String,
    /// Its headers and its text.
    pub text: String,
    /// How it was answered.
    pub reply: Reply,
}

impl Mail {
    /// What a repeat of it is known by, without the part after the `@`.
    pub fn name(&self) -> Option<&str> {
        let id = self.text.lines().find_map(|line| line.strip_prefix("Message-ID: <"))?;
        id.split_once('@').map(|(name, _)| name)
    }
}

#[derive(Default)]
struct State {
    came: Vec<Mail>,
    taken: usize,
    mood: Option<Mood>,
}

/// A mail server.
#[derive(Clone)]
pub struct MailSink {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
}

impl MailSink {
    /// Starts it on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let sink = Self { address, state: Arc::default(), changed: Arc::default() };
        let serving = sink.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let sink = serving.clone();
                // Whoever sends may hang up.
                tokio::spawn(async move { drop(sink.serves(socket).await) });
            }
        });
        sink
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How mails are answered from now on; without a mood, they are taken.
    pub fn is_in(&self, mood: Option<Mood>) {
        self.state().mood = mood;
    }

    /// Everything that came until now.
    pub fn came(&self) -> Vec<Mail> {
        self.state().came.clone()
    }

    /// The next mail that nobody has taken yet.
    pub async fn next_ever(&self) -> Mail {
        loop {
            let changed = self.changed.notified();
            {
                let mut state = self.state();
                if let Some(mail) = state.came.get(state.taken).cloned() {
                    state.taken += 1;
                    return mail;
                }
            }
            changed.await;
        }
    }

    async fn serves(&self, socket: TcpStream) -> std::io::Result<()> {
        let mut socket = BufReader::new(socket);
        socket.write_all(b"220 mail\r\n").await?;
        let (mut line, mut to, mut envelope) = (String::new(), String::new(), String::new());
        loop {
            line.clear();
            if socket.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            envelope.push_str(&line);
            let word = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            let answer: &[u8] = match word.as_str() {
                "EHLO" | "HELO" | "MAIL" | "RSET" | "NOOP" => b"250 ok\r\n",
                "RCPT" => {
                    let address = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
                    to = address.map(|(address, _)| address.to_owned()).unwrap_or_default();
                    b"250 ok\r\n"
                }
                "DATA" => {
                    socket.write_all(b"354 go on\r\n").await?;
                    let text = read_text(&mut socket).await?;
                    match self.takes(std::mem::take(&mut to), envelope.clone(), text) {
                        Reply::Status(200..=299) => b"250 ok\r\n",
                        Reply::Status(400..=499) => b"550 5.7.1 we take nothing from you\r\n",
                        Reply::Status(_) | Reply::SlowDown(_) => b"451 4.3.0 try again later\r\n",
                        Reply::Hang => std::future::pending().await,
                        Reply::Drop => return Ok(()),
                    }
                }
                "QUIT" => {
                    socket.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => b"502 not here\r\n",
            };
            socket.write_all(answer).await?;
        }
    }

    fn takes(&self, to: String, envelope: String, text: String) -> Reply {
        let reply = {
            let mut state = self.state();
            let reply = state.mood.as_mut().map_or(Reply::Status(250), |mood| mood());
            state.came.push(Mail { to, envelope, text, reply });
            reply
        };
        self.changed.notify_waiters();
        reply
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// Up to a dot that stands alone.
async fn read_text(socket: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let (mut text, mut line) = (String::new(), String::new());
    loop {
        line.clear();
        if socket.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(text);
        }
        text.push_str(&line);
    }
}
