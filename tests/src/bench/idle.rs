//! Workload B: connections that say nothing. What each of them costs in memory, and how many can come in a second, with
//! sign-in on the relay's side and without on the ruler's; and once more over TLS.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt;
use futures_util::stream::iter;
use tokio_rustls::TlsConnector;

use super::load::machine::Process;
use super::load::ours::Ours;
use super::load::ruled::Ruler;
use super::table::{Bound, Compared, Table, median};
use crate::line::{Line, connected, fail};

// Members come so many at a time: more only queue.
const AT_ONCE: usize = 64;
const BYTES_MAX: f64 = 12_000.0;
const SECURE_BYTES_MAX: f64 = 30_000.0;
const SERVER: &str = "127.0.0.1";
const CONNECTS_MIN: f64 = 8_000.0;
// Where that was set the ruler let in 22,900 a second.
const CONNECTS_RATIO: f64 = CONNECTS_MIN / 22_900.0;

struct Came {
    connects: f64,
    bytes: f64,
}

/// Measures it with each of these many connections.
///
/// # Errors
/// If somebody is not let in.
pub async fn idle(relay: &Path, program: &Path, sizes: &[usize], rounds: usize) -> Result<Table, String> {
    let mut table = Table::new("idle", "relay", "ruler");
    for size in sizes {
        let (mut ours, mut ruler) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            ours.push(ours_with(relay, *size).await?);
            ruler.push(ruler_with(program, *size).await?);
        }
        let both = |figure: fn(&Came) -> f64| Compared {
            ours: ours.iter().map(figure).collect(),
            ruler: ruler.iter().map(figure).collect(),
        };
        let bytes = both(|came| came.bytes);
        table.row(format!("{size} connections, bytes each"), &bytes, Some(Bound::Own(BYTES_MAX)));
        let connects = both(|came| came.connects);
        table.row(
            format!("{size} connections, a second"),
            &connects,
            Some(Bound::EitherAtLeast(CONNECTS_MIN, CONNECTS_RATIO)),
        );
    }
    if let Some(most) = sizes.iter().max() {
        let mut secure = Vec::new();
        for _ in 0..rounds {
            secure.push(secure_with(relay, *most).await?);
        }
        let of = |figure: fn(&Came) -> f64| median(secure.iter().map(figure));
        let bytes = of(|came| came.bytes);
        table.own(
            format!("{most} connections with TLS, bytes each"),
            bytes,
            Some(Bound::Own(SECURE_BYTES_MAX)),
        );
        table.own(format!("{most} connections with TLS, a second"), of(|came| came.connects), None);
    }
    Ok(table)
}

async fn ours_with(relay: &Path, size: usize) -> Result<Came, String> {
    let ours = Ours::start(relay).await;
    let (ours, process) = (&ours, ours.process());
    comes(process, size, || async move { Ok(ours.rooms().signed_in().await?.socket) }).await
}

// As it is without a proxy before it: what TLS holds for each is the relay's.
async fn secure_with(relay: &Path, size: usize) -> Result<Came, String> {
    let named = rcgen::generate_simple_self_signed([SERVER.to_owned()]).map_err(fail("no certificate"))?;
    let ours = Ours::secure(relay, &named.cert.pem(), &named.signing_key.serialize_pem()).await;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(named.cert.der().clone()).map_err(fail("no certificate"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(fail("no TLS"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(client));
    let (connector, process, address) = (&connector, ours.process(), ours.address());
    comes(process, size, || async move {
        let name = SERVER.try_into().map_err(fail("a name"))?;
        let stream = connector.connect(name, connected(address).await?).await.map_err(fail("no TLS"))?;
        Ok(Line::signed_in_over(stream, address).await?.socket)
    })
    .await
}

async fn ruler_with(program: &Path, size: usize) -> Result<Came, String> {
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let ruler = Ruler::start(program, folder.path()).await?;
    let (ruler, process) = (&ruler, ruler.process());
    comes(process, size, || async move { Ok(ruler.join(0, 0).await?.0) }).await
}

async fn comes<T, F: Future<Output = Result<T, String>>>(
    server: Process,
    size: usize,
    come: impl Fn() -> F,
) -> Result<Came, String> {
    let (before, begun) = (server.used()?, Instant::now());
    let mut coming = iter(0..size).map(|_| come()).buffer_unordered(AT_ONCE);
    let mut here = Vec::with_capacity(size);
    while let Some(came) = coming.next().await {
        here.push(came?);
    }
    let took = begun.elapsed();
    let rss = server.used()?.rss;
    Ok(Came {
        connects: size as f64 / took.as_secs_f64(),
        bytes: rss.saturating_sub(before.rss) as f64 / size as f64,
    })
}
