//! What is planned.

use serde::{Deserialize, Serialize};

use crate::SessionId;

/// A session that is planned.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct PlannedView {
    /// Its id; empty for one that is being planned.
    pub id: SessionId,
    /// When it begins, milliseconds since 1970.
    pub begins_at: u64,
    /// How long it lasts.
    pub minutes: u16,
    /// What it is about.
    pub theme: String,
    /// Who leads it, by alias.
    pub hosts: Vec<String>,
    /// For how many.
    pub size: u8,
    /// In which language, as BCP 47 writes it.
    pub language: String,
    /// Only with an invitation.
    pub by_invitation: bool,
    /// It is a workshop.
    pub workshop: bool,
    /// It is open now.
    pub open: bool,
}

impl PlannedView {
    /// When it ends, milliseconds since 1970.
    #[must_use]
    pub fn ends_at(&self) -> u64 {
        self.begins_at + u64::from(self.minutes) * 60_000
    }
}
