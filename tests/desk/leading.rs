//! A lead who is gone while the person waits is called again, and then others are.

use lotgenoot_core::effect::Batch;
use lotgenoot_protocol::call::{CallNotice, Part, Reason, Step, Why};
use lotgenoot_protocol::frame::Notice;
use lotgenoot_protocol::role::serial_of_key;

use crate::scene::{SERVICE, Scene, notices, roster_of};

// What is said of the call when, in seconds after it became active.
fn said(done: &[(u64, Batch)]) -> Vec<(u64, CallNotice)> {
    let all =
        done.iter().flat_map(|(at, batch)| notices(batch).into_iter().map(|notice| (*at - 180, notice)));
    all.filter(|(_, notice)| !matches!(notice, CallNotice::Paging { .. })).collect()
}

#[test]
fn a_lead_who_is_gone_for_three_minutes_while_she_writes_is_called_and_then_all_are() {
    let mut scene = Scene::active(&[1, 1], 0);
    scene.goes(0);
    scene.runs_to(200);
    scene.person_speaks();
    let done = scene.runs_to(600);
    assert_eq!(said(&done), [(200, CallNotice::Attention), (260, CallNotice::LeadLost)]);
    assert_eq!(scene.pages(&done)[0], (380, vec![0]), "the lead alone");
    let lost: Vec<usize> = scene.pages(&done)[1..].iter().flat_map(|(_, who)| who.clone()).collect();
    assert!(lost.contains(&1));
    assert!(scene.is_paging());
}

#[test]
fn a_lead_who_writes_after_she_was_called_again_stays_the_lead() {
    let mut scene = Scene::active(&[1, 1], 0);
    scene.goes(0);
    scene.person_speaks();
    scene.runs_to(370);
    assert_eq!(scene.page_of(0).why, Why::Attention);
    scene.comes(0);
    scene.speaks(0);
    assert!(said(&scene.runs_to(3600)).is_empty());
    assert_eq!(scene.lead(), Some(0));
}

#[test]
fn a_lead_who_is_there_or_for_whom_nobody_waits_is_left_alone() {
    let mut scene = Scene::active(&[1, 1], 0);
    scene.goes(0);
    assert!(said(&scene.runs_to(3600)).is_empty(), "the person has written nothing");
    let mut scene = Scene::active(&[1, 1], 0);
    scene.person_speaks();
    assert!(said(&scene.runs_to(3600)).is_empty(), "she is there");
}

#[test]
fn after_a_restart_a_lead_who_does_not_come_back_is_missed() {
    let mut scene = Scene::active(&[1, 1], 0);
    scene.person_speaks();
    scene.goes(0);
    scene.restarts();
    let mut batch = Batch::default();
    scene.desk.restarted(scene.now, &mut batch);
    scene.store(&batch);
    let done = scene.runs_to(590);
    assert_eq!(said(&done), [(180, CallNotice::Attention), (240, CallNotice::LeadLost)]);
}

#[test]
fn with_the_lead_lost_nobody_is_wanted_for_what_she_asked() {
    let mut scene = Scene::active(&[1, 1, 1], 0);
    scene.asks(0, 1, Part::TakesOver, Some(1)).unwrap();
    let asked = scene.page_of(1);
    let batch = scene.steps(scene.staff[0].leaf(), Step::GiveBack).unwrap().1;
    assert!(
        scene.told(&batch, |notice| matches!(notice, Notice::Taken { page, .. } if *page == asked.page))
            == [1]
    );
    assert!(scene.is_paging());
    assert_eq!(scene.page_of(1).why, Why::Call);
}

#[test]
fn who_gives_it_back_is_not_called_before_all_others_were() {
    let mut scene = Scene::active(&[1, 1], 0);
    let batch = scene.steps(scene.staff[0].leaf(), Step::GiveBack).unwrap().1;
    assert_eq!(scene.paged(&batch), [1], "the next level, at once: the first has nobody else");
    assert_eq!(notices(&batch)[0], CallNotice::LeadLost);
    let begun = scene.now.ms_since(scene.start) / 1000;
    let done = scene.runs_to(begun + 239);
    assert!(scene.pages(&done).is_empty());
    let done = scene.runs_to(begun + 240);
    assert_eq!(scene.pages(&done), [(begun + 240, vec![0])], "and in the next cycle she is");
}

#[test]
fn silence_for_thirty_days_is_rest_and_no_end() {
    let mut scene = Scene::active(&[1], 0);
    let day = 86_400;
    assert!(said(&scene.runs_to(29 * day)).is_empty());
    let done = scene.runs_to(31 * day);
    assert_eq!(said(&done).into_iter().map(|(_, notice)| notice).collect::<Vec<_>>(), [CallNotice::Rests]);
    assert!(scene.runs_to(300 * day).is_empty(), "nobody is called any more");
    let batch = scene.person_steps(Step::Reopen);
    assert_eq!(notices(&batch)[0], CallNotice::Reopened);
    assert!(scene.is_paging() && scene.call().epoch() == 2, "a new round, by whoever is certified then");
}

#[test]
fn declining_what_somebody_else_has_taken_changes_nothing() {
    let mut scene = Scene::active(&[1, 1], 0);
    let batch = scene.declines(1, Reason::Busy);
    assert!(batch.is_empty());
    assert_eq!(scene.lead(), Some(0));
}

#[test]
fn a_lead_whose_certificate_is_revoked_leads_no_more_and_others_are_called_at_once() {
    for has_written in [false, true] {
        let mut scene = Scene::new(&[1, 1]);
        scene.raises(&[0, 1]);
        scene.joins(0);
        scene.acknowledges(0).unwrap();
        if has_written {
            scene.speaks(0);
        }
        let batch = revokes(&mut scene, 0);
        assert_eq!(notices(&batch)[0], CallNotice::LeadLost);
        assert_eq!((scene.lead(), scene.paged(&batch)), (None, vec![1]));
        assert_eq!(scene.call().epoch(), 2);
        assert!(scene.is_paging());
    }
}

#[test]
fn a_colleague_who_accepted_and_is_revoked_does_not_take_over() {
    let mut scene = Scene::active(&[1, 1], 0);
    scene.asks(0, 1, Part::TakesOver, None).unwrap();
    scene.acknowledges(1).unwrap();
    let batch = revokes(&mut scene, 1);
    assert!(matches!(notices(&batch)[..], [CallNotice::AskEnded { .. }]));
    scene.speaks(1);
    assert_eq!(scene.lead(), Some(0));
}

#[test]
fn a_change_of_the_staff_that_is_not_about_the_lead_changes_nothing_for_her() {
    let mut scene = Scene::active(&[1, 1], 0);
    assert!(revokes(&mut scene, 1).is_empty());
    assert_eq!(scene.lead(), Some(0));
}

fn revokes(scene: &mut Scene, who: usize) -> Batch {
    let mut trust = scene.organisation.trust.clone();
    trust.revoke(serial_of_key(&scene.staff[who].leaf()));
    let duties = (0..scene.staff.len()).map(|who| (who, who as u32 + 1, None, None)).collect();
    let roster = roster_of(&scene.staff, &[(SERVICE, duties, None)], scene.start);
    let mut batch = Batch::default();
    scene.desk.set_staff(trust, roster, scene.now, &mut batch);
    scene.store(&batch);
    batch
}
