//! The ledgers under test.

use lotgenoot::store::{Ledger, RedbLedger};
use lotgenoot_tests::model_ledger::ModelLedger;
use tempfile::TempDir;

/// A ledger that can be closed, and opened again on what it stored.
pub(crate) trait LedgerUnderTest {
    fn ledger(&self) -> &dyn Ledger;

    fn reopen(&mut self);

    /// An empty one of the same kind.
    fn another(&self) -> Box<dyn LedgerUnderTest>;
}

/// The embedded ledger on a real file.
pub(crate) struct RedbFile {
    ledger: Option<RedbLedger>,
    folder: TempDir,
}

impl RedbFile {
    pub(crate) fn new() -> Self {
        let mut new = Self { ledger: None, folder: tempfile::tempdir().expect("a temporary folder") };
        new.reopen();
        new
    }
}

impl LedgerUnderTest for RedbFile {
    fn ledger(&self) -> &dyn Ledger {
        self.ledger.as_ref().expect("it is open")
    }

    fn reopen(&mut self) {
        self.ledger = None;
        let path = self.folder.path().join("ledger.redb");
        self.ledger = Some(RedbLedger::open(&path).expect("the ledger opens"));
    }

    fn another(&self) -> Box<dyn LedgerUnderTest> {
        Box::new(Self::new())
    }
}

/// The reference; it has no file to close.
#[derive(Default)]
pub(crate) struct Model(ModelLedger);

impl LedgerUnderTest for Model {
    fn ledger(&self) -> &dyn Ledger {
        &self.0
    }

    fn reopen(&mut self) {}

    fn another(&self) -> Box<dyn LedgerUnderTest> {
        Box::new(Self::default())
    }
}
