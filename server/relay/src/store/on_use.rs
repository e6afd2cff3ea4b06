//! A table that is opened when something of it is wanted.
//!
//! Opening one costs a walk through the tree of tables, and closing it another: of thirty tables an ordinary commit needs one.

use std::cell::OnceCell;

use redb::{Key, Table, TableDefinition, Value, WriteTransaction};

use super::Broken;
use super::tables::broken;

/// A table of one write transaction.
pub(super) struct OnUse<'t, K: Key + 'static, V: Value + 'static> {
    write: &'t WriteTransaction,
    definition: TableDefinition<'static, K, V>,
    table: OnceCell<Table<'t, K, V>>,
}

impl<'t, K: Key + 'static, V: Value + 'static> OnUse<'t, K, V> {
    /// Not opened yet.
    pub(super) fn new(write: &'t WriteTransaction, definition: TableDefinition<'static, K, V>) -> Self {
        Self { write, definition, table: OnceCell::new() }
    }

    /// To look something up.
    pub(super) fn read(&self) -> Result<&Table<'t, K, V>, Broken> {
        if let Some(table) = self.table.get() {
            return Ok(table);
        }
        let table = self.write.open_table(self.definition).map_err(broken)?;
        Ok(self.table.get_or_init(|| table))
    }

    /// To change something.
    pub(super) fn change(&mut self) -> Result<&mut Table<'t, K, V>, Broken> {
        self.read()?;
        self.table
            .get_mut()
            .ok_or_else(|| Broken::new("a table that was opened is not open: a bug; report it"))
    }
}
