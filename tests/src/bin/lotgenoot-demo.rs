//! `lotgenoot-demo`: what `cargo xtask demo` runs once everything is built.
//!
//! Starts a relay with a demo organisation and an open room and prints one link a role; `--check` drives the three
//! pages itself and exits 0 if the main job works.

#![allow(clippy::print_stdout)] // this program talks to a person at a terminal

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use lotgenoot_tests::browser::Browser;
use lotgenoot_tests::demo::Demo;
use lotgenoot_tests::main_job;

#[derive(Parser)]
struct Args {
    /// The relay's binary.
    #[arg(long)]
    relay: PathBuf,
    /// The folder of the built client.
    #[arg(long)]
    client: PathBuf,
    /// The port to listen on; 0 picks a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Drive it with three browsers instead of waiting for people.
    #[arg(long)]
    check: bool,
    /// With --check: save a picture of every step in this folder.
    #[arg(long)]
    pictures: Option<PathBuf>,
    /// With --check: in the dark scheme.
    #[arg(long)]
    dark: bool,
    /// With --check: the person at a desk and staff on a phone.
    #[arg(long)]
    swapped: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    println!("Starting a relay, a demo organisation and a room that is open…");
    let mut demo = Demo::start(&args.relay, &args.client, args.port).await;
    if args.check {
        let looks = main_job::Looks { dark: args.dark, swapped: args.swapped };
        return check(demo, looks, args.pictures).await;
    }
    let links = demo.links().clone();
    println!("\nOpen each link in a window of its own (or on another device of this machine):\n");
    println!("  person         {}\n", links.person);
    println!("  host           {}\n", links.host);
    println!("  professional   {}\n", links.professional);
    println!("  colleague      {}\n", links.colleague);
    println!("  coordinator    {}\n", links.coordinator);
    println!("  invited        {}\n", links.invited);
    println!(
        "Try: as the person go in and say hello; as the host let her in; as the person ask a professional; as the \
         professional ask the colleague (of Veilig Thuis) to take over."
    );
    println!("The database is embedded and forgotten at the end. Stop with Ctrl-C.");
    demo.cast
        .live(async {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
        .await;
    ExitCode::SUCCESS
}

async fn check(mut demo: Demo, looks: main_job::Looks, pictures: Option<PathBuf>) -> ExitCode {
    let links = demo.links().clone();
    let browser = Browser::start().await;
    let mut steps = main_job::Steps::new(pictures);
    let (done, finished) = tokio::sync::oneshot::channel::<()>();
    let job = async {
        let result = main_job::run(&browser, &links, looks, &mut steps).await;
        // The guests live on until here.
        let _guests_gone = done.send(());
        result
    };
    let live = demo.cast.live(async {
        let _either = finished.await;
    });
    let (result, ()) = tokio::join!(job, live);
    browser.stop().await;
    match result {
        Ok(()) => {
            println!("\nThe main job works: {} steps.", steps.count());
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("\nNOT WORKING at step {}: {error}", steps.count() + 1);
            ExitCode::FAILURE
        }
    }
}
