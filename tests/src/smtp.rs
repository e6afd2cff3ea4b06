//! A mail server that takes everything and writes down every byte it was told (RFC 5321, as far as a sender needs it).

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// One mail.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    /// What was said before it: greeting, sender, receiver.
    pub envelope: String,
    /// Its headers and its body.
    pub text: String,
}

/// A mail server on this machine.
#[derive(Clone)]
pub struct MailSink {
    address: SocketAddr,
    came: Arc<Mutex<Vec<Mail>>>,
}

impl MailSink {
    /// Starts it on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let sink = Self { address: listener.local_addr().expect("an address"), came: Arc::default() };
        let serving = sink.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let sink = serving.clone();
                // Whoever sends may hang up.
                tokio::spawn(async move { sink.talks(socket).await });
            }
        });
        sink
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Everything that came until now.
    pub fn came(&self) -> Vec<Mail> {
        self.came.lock().expect("nobody panics with it").clone()
    }

    async fn talks(&self, socket: TcpStream) -> std::io::Result<()> {
        let mut socket = BufReader::new(socket);
        socket.write_all(b"220 mail.example\r\n").await?;
        let mut mail = Mail::default();
        let mut line = String::new();
        loop {
            line.clear();
            if socket.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            mail.envelope.push_str(&line);
            let answer: &[u8] = match line.trim_end().to_ascii_uppercase().as_str() {
                "DATA" => {
                    socket.write_all(b"354 go on\r\n").await?;
                    loop {
                        line.clear();
                        if socket.read_line(&mut line).await? == 0 {
                            return Ok(());
                        }
                        if line == ".\r\n" {
                            break;
                        }
                        mail.text.push_str(&line);
                    }
                    self.came.lock().expect("nobody panics with it").push(std::mem::take(&mut mail));
                    b"250 2.0.0 taken\r\n"
                }
                "QUIT" => {
                    socket.write_all(b"221 2.0.0 bye\r\n").await?;
                    return Ok(());
                }
                _ => b"250 2.0.0 ok\r\n",
            };
            socket.write_all(answer).await?;
        }
    }
}
