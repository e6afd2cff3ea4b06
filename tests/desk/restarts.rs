//! Downtime and boot: what is overdue happens at once, together.

use lotgenoot::store::Ledger as _;
use lotgenoot_core::effect::Batch;
use lotgenoot_core::room::Room;
use lotgenoot_protocol::{CallId, RoomId};

use crate::scene::{ROOM, Scene};

#[test]
fn after_an_hour_down_all_overdue_levels_are_called_together_once() {
    let mut scene = Scene::new(&[1, 1, 1]);
    scene.raises(&[0, 1, 2]);
    scene.now = scene.start.plus_ms(3_600_000);
    scene.restarts();
    let batch = scene.wakes();
    assert_eq!(scene.paged(&batch), [0, 1, 2]);
    assert!(scene.wakes().is_empty());
    let done = scene.runs_to(3600 + 180);
    assert_eq!(scene.pages(&done), [(3600 + 180, vec![0])], "then it goes on as always");
}

#[test]
fn a_thousand_overdue_calls_are_all_called_in_one_look() {
    let mut scene = Scene::new(&[1]);
    scene.raises(&[0]);
    let template = scene.call().clone();
    let (record, tail) = scene.ledger.room(&ROOM).unwrap().unwrap();
    for number in 1..1000_u64 {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        let mut call = template.clone();
        (call.id, call.room) = (CallId(id), RoomId(id));
        // A record carries the id of its group, and nothing in this story looks at the group.
        let room = Room::from_record(ROOM, &record, tail.clone()).unwrap();
        scene.desk.restore(call, room);
    }
    let mut batch = Batch::default();
    scene.desk.handle_timeout(scene.start.plus_ms(3_600_000), &mut batch);
    assert_eq!(scene.paged(&batch).len(), 1000);
    let now = scene.start.plus_ms(3_600_000);
    assert!(scene.desk.poll_timeout().is_some_and(|due| due > now));
}
