//! The power may go at any operation of the disk: what was committed is there, and nothing partial of what was not.

use lotgenoot::store::{Broken, RedbLedger};
use proptest::test_runner::{Config, TestRunner};

use crate::disk::{Disk, Trouble, Unsynced};
use crate::ops::{START, batch, commit, create, room, says, seqs, try_commit};
use crate::script::{Step, Story, steps, stories};
use crate::view::View;

#[test]
fn what_was_committed_survives_a_loss_of_power_at_any_operation() {
    run(6, 6, |story| {
        let operations = operations_of(&steps(story));
        for at in new().1.operations() + 1..=operations + 1 {
            for unsynced in [Unsynced::Lost, Unsynced::Kept, Unsynced::Torn(at), Unsynced::Torn(at + 1000)] {
                lose_power(story, at, unsynced);
            }
        }
    });
}

#[test]
fn a_loss_of_power_while_recovering_from_one_changes_nothing() {
    run(3, 4, |story| {
        let steps = steps(story);
        let operations = operations_of(&steps);
        for at in (new().1.operations() + 1..=operations).step_by(3) {
            let disk = Disk::default();
            disk.trouble_at(at, Trouble::PowerLoss);
            let committed = play(&disk, &steps);
            let mut found = disk.after_power_loss(Unsynced::Torn(at));
            for again in 1.. {
                found.trouble_at(again, Trouble::PowerLoss);
                let opened = open(&found);
                if !found.is_hit() {
                    let ledger = opened.expect("nothing went wrong this time");
                    assert_holds(&ledger, &steps, committed);
                    break;
                }
                drop(opened);
                found = found.after_power_loss(Unsynced::Torn(again));
            }
        }
    });
}

#[test]
fn an_error_of_the_disk_breaks_the_commit_and_is_never_called_a_success() {
    run(6, 6, |story| {
        let steps = steps(story);
        let made = new().1.operations();
        for at in made + 1..=operations_of(&steps) {
            let (ledger, disk) = new();
            disk.trouble_at(at, Trouble::OneError);
            let mut committed = 0;
            for step in &steps {
                let outcome = step.play(&ledger);
                match (outcome, disk.is_hit()) {
                    (Ok(_), false) => committed += 1,
                    (Ok(_), true) => {
                        panic!("commit {committed} met an error at operation {at} and called it a success")
                    }
                    (Err(_), true) => break,
                    (Err(error), false) => panic!("nothing was wrong with the disk: {error}"),
                }
            }
            drop(ledger);
            let ledger = open(&disk.after_power_loss(Unsynced::Torn(at))).expect("the ledger opens again");
            assert_holds(&ledger, &steps, committed);
        }
    });
}

#[test]
fn a_commit_after_a_failed_one_is_broken_or_true() {
    let made = new().1.operations();
    let mut said = 0;
    for at in made + 1.. {
        let (ledger, disk) = new();
        disk.trouble_at(at, Trouble::OneError);
        let first = try_commit(&ledger, &[batch(says(room(1), 1, 1, START))]);
        if first.is_ok() {
            break;
        }
        // The relay would be gone by now; whoever goes on all the same is told nothing untrue.
        let second = try_commit(&ledger, &[batch(says(room(2), 1, 1, START))]).is_ok();
        drop(ledger);
        let ledger = open(&disk.after_power_loss(Unsynced::Lost)).expect("the ledger opens again");
        assert!(!second || seqs(&ledger, &room(2), 0) == [1], "operation {at}");
        said += 1;
    }
    assert!(said > 0, "the disk failed at least once");
}

// What `lose_power` would not notice if the disk were kind.
#[test]
fn the_disk_of_these_tests_forgets_what_was_not_synced() {
    let (ledger, disk) = new();
    commit(&ledger, [create(room(1))].into_iter().chain(says(room(1), 1, 3, START)));
    disk.stick(true);
    std::thread::scope(|scope| {
        scope.spawn(|| commit(&ledger, says(room(1), 4, 4, START)));
        disk.wait_until_stuck();
        let found = open(&disk.after_power_loss(Unsynced::Lost)).expect("it opens");
        assert_eq!(seqs(&found, &room(1), 0), [1, 2, 3]);
        disk.stick(false);
    });
    let found = open(&disk.after_power_loss(Unsynced::Lost)).expect("it opens");
    assert_eq!(seqs(&found, &room(1), 0), [1, 2, 3, 4]);
}

/// Plays `story` until the power goes at operation `at`, and goes on with what is found afterwards.
fn lose_power(story: &Story, at: u64, unsynced: Unsynced) {
    let steps = steps(story);
    let disk = Disk::default();
    disk.trouble_at(at, Trouble::PowerLoss);
    let committed = play(&disk, &steps);
    let found = disk.after_power_loss(unsynced);
    let ledger = open(&found).unwrap_or_else(|error| panic!("operation {at}, {unsynced:?}: {error}"));
    let kept = assert_holds(&ledger, &steps, committed);
    for step in &steps[kept..] {
        assert_eq!(step.play(&ledger).expect("the ledger works"), step.outcomes);
        assert_eq!(View::of(&ledger, step.now), step.after);
    }
    drop(ledger);
    let ledger = open(&found).expect("the ledger opens again");
    assert_holds(&ledger, &steps, steps.len());
}

/// Commits until something breaks; how many commits were said to be done.
fn play(disk: &Disk, steps: &[Step]) -> usize {
    let Ok(ledger) = open(disk) else { return 0 };
    steps.iter().take_while(|step| step.play(&ledger).is_ok()).count()
}

/// That `ledger` holds `committed` steps, or the one after them as well, but whole. Returns how many it holds.
fn assert_holds(ledger: &RedbLedger, steps: &[Step], committed: usize) -> usize {
    // The commit that broke may be on the disk all the same: nobody was told that it is not.
    if let Some(next) = steps.get(committed)
        && View::of(ledger, next.now) == next.after
    {
        return committed + 1;
    }
    match committed.checked_sub(1).map(|last| &steps[last]) {
        Some(last) => assert_eq!(View::of(ledger, last.now), last.after, "after {committed} commits"),
        None => assert_eq!(View::of(ledger, START), View::of(&new().0, START)),
    }
    committed
}

fn open(disk: &Disk) -> Result<RedbLedger, Broken> {
    RedbLedger::with_database(disk.database().map_err(Broken::new)?)
}

/// A new ledger, and its disk.
fn new() -> (RedbLedger, Disk) {
    let disk = Disk::default();
    (open(&disk).expect("a new ledger"), disk)
}

fn operations_of(steps: &[Step]) -> u64 {
    let disk = Disk::default();
    assert_eq!(play(&disk, steps), steps.len());
    disk.operations()
}

fn run(cases: u32, commits: usize, test: impl Fn(&Story)) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 64, ..Config::default() };
    let told = TestRunner::new(config).run(&stories(commits), |story| {
        test(&story);
        Ok(())
    });
    if let Err(failed) = told {
        panic!("{failed}");
    }
}
