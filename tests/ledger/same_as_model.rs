//! Any story leaves what the model has: after every commit, and after opening the ledger again.

use proptest::test_runner::{Config, TestRunner};

use crate::ledgers::LedgerUnderTest;
use crate::script::{steps, stories};
use crate::view::View;

pub(crate) fn any_sequence_of_batches_leaves_what_the_model_has(it: &mut dyn LedgerUnderTest) {
    let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
    let told = TestRunner::new(config).run(&stories(12), |story| {
        let mut it = it.another();
        for (nth, step) in steps(&story).into_iter().enumerate() {
            let outcomes = step.play(it.ledger()).expect("the ledger works");
            assert_eq!(outcomes, step.outcomes, "outcomes of commit {nth}");
            assert_eq!(View::of(it.ledger(), step.now), step.after, "after commit {nth}");
            it.reopen();
            assert_eq!(View::of(it.ledger(), step.now), step.after, "after commit {nth}, opened again");
        }
        Ok(())
    });
    if let Err(failed) = told {
        panic!("{failed}");
    }
}
