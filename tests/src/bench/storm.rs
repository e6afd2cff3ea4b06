//! Workload C: everybody comes back at once, and each fetches the last hundred messages.

use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::try_join_all;
use futures_util::{SinkExt, StreamExt};
use lotgenoot_protocol::Seq;
use lotgenoot_protocol::frame::{Push, ServerFrame};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::load::ours::{Ours, SaidIn};
use super::load::ruled::{Ruled, Ruler};
use super::load::{Dialect, Heard, Member, Shape};
use super::table::{Bound, Compared, Table};
use crate::line::{Line, heard};

const SHAPE: Shape = Shape { rooms: 20, members: 10 };
const FETCHED: u64 = 100;
const PATIENCE: Duration = Duration::from_secs(30);

/// Measures it.
///
/// # Errors
/// If somebody does not get everything.
pub async fn storm(relay: &Path, program: &Path, rounds: usize) -> Result<Table, String> {
    let (mut ours, mut ruler) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(ours_storm(relay).await?);
        ruler.push(ruler_storm(program).await?);
    }
    let mut table = Table::new("storm", "relay", "ruler");
    table.row(
        format!("{}x{} back with {FETCHED} each, s", SHAPE.rooms, SHAPE.members),
        &Compared { ours, ruler },
        Some(Bound::EitherAtMost(0.06, 3.0)),
    );
    Ok(table)
}

async fn ours_storm(relay: &Path) -> Result<f64, String> {
    let ours = Ours::start(relay).await;
    let (said, members) = ours.members(SHAPE).await?;
    let place = talk(&said, members, FETCHED).await?;
    let (said, address) = (&said, ours.address());
    let begun = Instant::now();
    let coming = (0..SHAPE.rooms).flat_map(|room| {
        let SaidIn { room: id, keys, .. } = &said.rooms()[room];
        let after = Seq(place[room] - FETCHED);
        keys.iter().map(move |key| async move {
            let mut line = Line::signed_in(address).await?;
            line.asks_to_attach(*id, key, Some(after)).await?;
            let mut came = after;
            while came.0 < after.0 + FETCHED {
                if let ServerFrame::Push(Push::Entry(entry)) = heard(&mut line.socket).await? {
                    if entry.seq != came.next() {
                        return Err(format!("{} came after {}", entry.seq.0, came.0));
                    }
                    came = entry.seq;
                }
            }
            Ok::<_, String>(line)
        })
    });
    let here =
        timeout(PATIENCE, try_join_all(coming)).await.map_err(|_| "not everybody has everything")??;
    let took = begun.elapsed();
    drop(here);
    Ok(took.as_secs_f64())
}

async fn ruler_storm(program: &Path) -> Result<f64, String> {
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let ruler = Ruler::start(program, folder.path()).await?;
    let members = ruler.members(SHAPE).await?;
    talk(&Ruled { payload: Bytes::from(vec![7; SaidIn::BYTES]) }, members, FETCHED).await?;
    let ruler = &ruler;
    let begun = Instant::now();
    let coming = (0..SHAPE.rooms * SHAPE.members).map(|at| async move {
        let (socket, came) = ruler.join(at % SHAPE.rooms, FETCHED as u32).await?;
        if came == FETCHED { Ok(socket) } else { Err(format!("{came} of {FETCHED} messages came")) }
    });
    let here =
        timeout(PATIENCE, try_join_all(coming)).await.map_err(|_| "not everybody has everything")??;
    let took = begun.elapsed();
    drop(here);
    Ok(took.as_secs_f64())
}

// So many messages are said in each room, and everybody goes. Returns the place of the last in each.
async fn talk<D: Dialect>(dialect: &D, members: Vec<Member>, many: u64) -> Result<Vec<u64>, String> {
    let mut places = vec![0; SHAPE.rooms];
    for mut member in members {
        if !member.talks {
            continue;
        }
        for _ in 0..many {
            let message = Message::Binary(dialect.message(member.room));
            member.socket.send(message).await.map_err(|error| format!("not said: {error}"))?;
            let mut stored = false;
            while !stored {
                let frame = member.socket.next().await.ok_or("let go")?.map_err(|error| error.to_string())?;
                match dialect.heard(&frame.into_data()) {
                    Heard::Stored(place) => {
                        stored = true;
                        places[member.room] = place;
                    }
                    Heard::Delivered(_) | Heard::Other => {}
                }
            }
        }
    }
    Ok(places)
}
