//! Not coming is an answer too: the next are called at once.

use lotgenoot_protocol::call::{CallNotice, Reason};
use lotgenoot_protocol::{CallId, PageId};

use crate::scene::{CALL, Scene, notices};

#[test]
fn when_all_of_a_level_decline_the_next_is_called_at_once() {
    let mut scene = Scene::new(&[2, 1]);
    scene.raises(&[0, 1, 2]);
    let batch = scene.declines(0, Reason::Busy);
    assert!(scene.paged(&batch).is_empty(), "one is left");
    let batch = scene.declines(1, Reason::NotMyField);
    assert_eq!(scene.paged(&batch), [2]);
}

#[test]
fn when_everybody_declines_she_is_told_that_nobody_can_be_reached_and_they_ring_again_in_the_next_cycle() {
    let mut scene = Scene::new(&[1]);
    scene.raises(&[0]);
    let batch = scene.declines(0, Reason::Busy);
    assert_eq!(notices(&batch), [CallNotice::Unstaffed]);
    let done = scene.runs_to(180);
    assert_eq!(scene.pages(&done), [(180, vec![0])]);
    scene.acknowledges(0).expect("she may come after all");
}

#[test]
fn declining_counts_for_ones_own_page_once() {
    let mut scene = Scene::new(&[2, 1]);
    scene.raises(&[0, 1, 2]);
    scene.declines(0, Reason::Busy);
    assert!(scene.declines(0, Reason::Other).is_empty());
    let (by, page, now) = (scene.account(0), scene.page_of(1).page, scene.now);
    for page in [page, PageId([9; 16])] {
        let decline = lotgenoot_protocol::call::Decline { call: CALL, page, reason: Reason::Busy };
        assert!(scene.does(|desk, batch| desk.decline(by, &decline, now, batch)).unwrap().1.is_empty());
    }
    let other = lotgenoot_protocol::call::Decline { call: CallId([9; 16]), page, reason: Reason::Busy };
    assert!(scene.does(|desk, batch| desk.decline(by, &other, now, batch)).is_err());
}

#[test]
fn a_page_seen_where_it_cannot_be_answered_gives_a_minute_more_once_and_takes_nothing() {
    let mut scene = Scene::new(&[1, 1, 1]);
    scene.raises(&[0, 1, 2]);
    scene.runs_to(20);
    let (page, now) = (scene.page_of(0).page, scene.now);
    for _ in 0..2 {
        let mut batch = Default::default();
        scene.desk.seen(CALL, page, now, &mut batch);
        scene.store(&batch);
    }
    assert!(scene.is_paging());
    let done = scene.runs_to(200);
    assert_eq!(scene.pages(&done), [(120, vec![1]), (180, vec![2])]);
}
