//! What the operator says, by flag or environment. A combination that would harm is refused with a hint.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use lotgenoot_protocol::limits::{VAULT_RETENTION_MS, WORK_BITS, WORK_BITS_MAX};

use crate::org::Org;
use crate::store::Broken;

const DAY_MS: u64 = 24 * 3600 * 1000;

/// The relay of Lotgenoot.
#[derive(Debug, Parser)]
#[command(
    name = "lotgenoot",
    version,
    about = "Online peer contact: the relay. It carries what it cannot read."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve rooms, help calls and the client.
    Serve(Box<Config>),
    /// Make and keep an organisation's keys, offline.
    #[command(subcommand)]
    Org(Org),
}

/// How to serve.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// The folder of the database.
    #[arg(long, env = "LOTGENOOT_DATA")]
    pub data: PathBuf,
    /// The roster file: organisation, colleagues, duty.
    #[arg(long, env = "LOTGENOOT_ROSTER")]
    pub roster: PathBuf,
    /// The folder of the built client.
    #[arg(long, env = "LOTGENOOT_CLIENT")]
    pub client: PathBuf,
    /// Address and port to listen on; port 0 picks a free one.
    #[arg(long, env = "LOTGENOOT_LISTEN", default_value = "127.0.0.1:8443")]
    pub listen: SocketAddr,
    /// The host name people use, once for each. Without it only this machine's own names are answered.
    #[arg(long = "host", env = "LOTGENOOT_HOSTS", value_delimiter = ',')]
    pub host_names: Vec<String>,
    /// The certificate chain, PEM.
    #[arg(long, env = "LOTGENOOT_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's key, PEM.
    #[arg(long, env = "LOTGENOOT_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// After how many days a mailbox that nobody opened is forgotten.
    #[arg(long, env = "LOTGENOOT_VAULT_RETENTION_DAYS", default_value_t = VAULT_RETENTION_MS / DAY_MS,
          value_parser = clap::value_parser!(u64).range(1..=36_500))]
    pub vault_retention_days: u64,
    /// How much work a client does before anything is stored for it: zero bits of each of 16 puzzles, one more doubles
    /// it; 0: none. A call for help never waits for it.
    #[arg(long, env = "LOTGENOOT_WORK_BITS", default_value_t = WORK_BITS,
          value_parser = clap::value_parser!(u8).range(0..=i64::from(WORK_BITS_MAX)))]
    pub work_bits: u8,
    /// The time zone in which the entry page says when a group begins, as the IANA calls it.
    #[arg(long, env = "LOTGENOOT_TIME_ZONE", default_value = "Europe/Amsterdam")]
    pub time_zone: String,
    /// Who hears once a minute that help calls are looked after, and calls an operator when that stops: an `https` address.
    #[arg(long, env = "LOTGENOOT_HEARTBEAT", hide_env_values = true)]
    pub heartbeat: Option<String>,
    /// Address and port of the figures for a monitoring system, on this machine: `127.0.0.1:9464`, say. Not given: none.
    #[arg(long, env = "LOTGENOOT_METRICS")]
    pub metrics: Option<SocketAddr>,
    /// Nobody is too fast for a room. For measurements alone: a flood would be carried.
    #[arg(long, hide = true)]
    pub unpaced: bool,
    /// How staff are called when their desk is closed.
    #[command(flatten)]
    pub paging: Paging,
}

/// How staff are called when their desk is closed. Web Push needs nothing; mail and the gateway are there if they are
/// set up.
#[derive(Args, Clone, Debug, Default)]
pub struct Paging {
    /// Whom push services may write to about this relay: `mailto:` or `https:`. Else its own address.
    #[arg(long = "push-contact", env = "LOTGENOOT_PUSH_CONTACT")]
    pub contact: Option<String>,
    /// A push service beside those of the makers of browsers, once for each: a host, or `.example` for all below it.
    #[arg(long = "push-host", env = "LOTGENOOT_PUSH_HOSTS", value_delimiter = ',')]
    pub push_hosts: Vec<String>,
    /// A push service in our own network, as `host:port`, once for each; it may do without TLS.
    #[arg(long = "push-host-here", env = "LOTGENOOT_PUSH_HOSTS_HERE", value_delimiter = ',')]
    pub push_hosts_here: Vec<String>,
    /// The mail server: `smtps://user:password@host`, `smtp://host?tls=required`, or `smtp://127.0.0.1:25`.
    #[arg(long, env = "LOTGENOOT_MAIL", requires = "mail_from", hide_env_values = true)]
    pub mail: Option<String>,
    /// From which address mail comes.
    #[arg(long, env = "LOTGENOOT_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// The gateway for text messages and phone calls.
    #[arg(long, env = "LOTGENOOT_GATEWAY", requires = "gateway_secret")]
    pub gateway: Option<String>,
    /// A file with the secret that was agreed with it.
    #[arg(long, env = "LOTGENOOT_GATEWAY_SECRET")]
    pub gateway_secret: Option<PathBuf>,
}

impl Config {
    /// After how long a mailbox that nobody opened is forgotten, in milliseconds.
    pub fn vault_retention_ms(&self) -> u64 {
        self.vault_retention_days * DAY_MS
    }

    /// The time zone of the entry page.
    pub fn zone(&self) -> Result<jiff::tz::TimeZone, Broken> {
        jiff::tz::TimeZone::get(&self.time_zone).map_err(|_| {
            Broken::new(format!(
                "{} is no time zone that is known; write it as the IANA does: Europe/Amsterdam",
                self.time_zone
            ))
        })
    }

    /// Refuses what would harm.
    pub fn check(&self) -> Result<(), Broken> {
        let loopback = self.listen.ip().is_loopback();
        if !loopback && self.tls_cert.is_none() {
            return Err(Broken::new(format!(
                "{} is not this machine's own address: people's words would cross the network with no TLS around \
                 them. Give --tls-cert and --tls-key, or listen on 127.0.0.1 behind a proxy that has them",
                self.listen
            )));
        }
        if !loopback && self.unpaced {
            return Err(Broken::new("--unpaced is for measurements on 127.0.0.1: leave it out"));
        }
        if let Some(metrics) = self.metrics.filter(|metrics| !metrics.ip().is_loopback()) {
            return Err(Broken::new(format!(
                "{metrics} is not this machine's own address: figures are told without TLS and to whoever asks. Listen on \
                 127.0.0.1, with a proxy before it that knows who may ask"
            )));
        }
        if !loopback && self.host_names.is_empty() {
            return Err(Broken::new(
                "say with --host by which name people reach this relay: a sign-in is only worth something for one name",
            ));
        }
        Ok(())
    }

    /// The name by which people reach this relay.
    pub fn public_host(&self, bound: SocketAddr) -> String {
        self.host_names.first().cloned().unwrap_or_else(|| bound.to_string())
    }

    /// The host names to answer to, lower case, with and without the port.
    pub fn hosts(&self, bound: SocketAddr) -> Vec<String> {
        let mut names: Vec<String> = self.host_names.iter().map(|name| name.to_ascii_lowercase()).collect();
        let with_port: Vec<String> = names.iter().map(|name| format!("{name}:{}", bound.port())).collect();
        names.extend(with_port);
        if bound.ip().is_loopback() {
            names.extend(own_names(bound));
        }
        names
    }
}

/// What this machine calls itself, with and without the port.
pub(crate) fn own_names(bound: SocketAddr) -> Vec<String> {
    let ip = match bound.ip() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    let names = ["localhost".to_owned(), ip];
    let with_port = names.each_ref().map(|name| format!("{name}:{}", bound.port()));
    names.into_iter().chain(with_port).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(args: &[&str]) -> Box<Config> {
        let base = ["lotgenoot", "serve", "--data", "d", "--roster", "r", "--client", "c"];
        let Command::Serve(config) = Cli::parse_from(base.iter().chain(args)).command else {
            panic!("it was told to serve")
        };
        config
    }

    #[test]
    fn words_do_not_cross_a_network_without_tls() {
        assert!(config(&["--listen", "127.0.0.1:0"]).check().is_ok());
        let open = config(&["--listen", "0.0.0.0:80", "--host", "praat.example"]);
        assert!(open.check().unwrap_err().to_string().contains("--tls-cert"));
        let safe = [
            "--listen",
            "0.0.0.0:443",
            "--host",
            "praat.example",
            "--tls-cert",
            "c.pem",
            "--tls-key",
            "k.pem",
        ];
        assert!(config(&safe).check().is_ok());
        assert!(
            config(&[&safe[..2], &safe[4..]].concat()).check().unwrap_err().to_string().contains("--host")
        );
    }

    #[test]
    fn figures_are_told_on_this_machine_alone_and_only_if_somebody_wants_them() {
        assert_eq!(config(&[]).metrics, None);
        assert!(config(&["--metrics", "127.0.0.1:9464"]).check().is_ok());
        assert!(config(&["--metrics", "[::1]:9464"]).check().is_ok());
        let open = config(&["--metrics", "0.0.0.0:9464"]).check().unwrap_err().to_string();
        assert!(open.contains("0.0.0.0:9464"), "{open}");
    }

    #[test]
    fn a_certificate_without_its_key_is_refused() {
        let base =
            ["lotgenoot", "serve", "--data", "d", "--roster", "r", "--client", "c", "--tls-cert", "c.pem"];
        assert!(Cli::try_parse_from(base).is_err());
    }
}
