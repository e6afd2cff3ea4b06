//! `lotgenoot`: the relay's binary.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;
use lotgenoot::Relay;
use lotgenoot::config::{Cli, Command, Config};
use lotgenoot::store::Broken;
use tokio::signal::unix::{SignalKind, signal};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

// Thousands of small pieces live for one message, and others for an evening: the system's own allocator takes a tenth of the
// processor for them and holds more.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

// MLS messages nest; their parser gets room (RFC 9420 trees of 500 leaves are ten levels deep).
const STACK_BYTES: usize = 8 * 1024 * 1024;

const QUIET: [&str; 10] = [
    "lettre=warn",
    "reqwest=warn",
    "hyper_util=warn",
    "h2=warn",
    "tungstenite=warn",
    "tokio_tungstenite=warn",
    "hyper=warn",
    "rustls=warn",
    "openmls=off",
    "mio=warn",
];

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt().with_env_filter(filter()).with_writer(std::io::stderr).init();
    if let Command::Org(command) = &cli.command {
        return org(command);
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK_BYTES).build();
    let result = match (runtime, cli.command) {
        (Ok(runtime), Command::Serve(config)) => runtime.block_on(serve(&config)),
        (Err(error), _) => Err(Broken::new(error)),
        (Ok(_), Command::Org(_)) => Ok(()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the relay stopped");
            ExitCode::FAILURE
        }
    }
}

// What the operator asks for, except that nobody can make the libraries log frames: at TRACE they would.
fn filter() -> EnvFilter {
    let asked = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    QUIET.iter().filter_map(|directive| directive.parse().ok()).fold(asked, EnvFilter::add_directive)
}

async fn serve(config: &Config) -> Result<(), Broken> {
    config.check()?;
    let mut terminate = signal(SignalKind::terminate()).map_err(Broken::new)?;
    let relay = Relay::open(config).await?;
    // Whoever started us may want to know where we listen; this line is the only thing on standard output.
    announce(relay.address());
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(Broken::new)?,
    }
    relay.shutdown().await;
    Ok(())
}

#[allow(clippy::print_stdout, clippy::print_stderr)] // what was asked for, or why not
fn org(command: &lotgenoot::org::Org) -> ExitCode {
    match lotgenoot::org::run(command) {
        Ok(told) => {
            print!("{told}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

// The address, for those who asked for port 0. Nobody has to listen to it.
fn announce(address: std::net::SocketAddr) {
    let _unheard = writeln!(std::io::stdout(), "listening {address}");
}
