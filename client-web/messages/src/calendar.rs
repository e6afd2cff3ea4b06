//! What is planned.

use crate::SessionId;
use minicbor::{Decode, Encode};

/// A session that is planned.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Encode, Decode)]
pub struct PlannedView {
    /// Its id; empty for one that is being planned.
    #[n(0)]
    pub id: SessionId,
    /// When it begins, milliseconds since 1970.
    #[n(1)]
    pub begins_at: u64,
    /// How long it lasts.
    #[n(2)]
    pub minutes: u16,
    /// What it is about.
    #[n(3)]
    pub theme: String,
    /// Who leads it, by alias.
    #[n(4)]
    pub hosts: Vec<String>,
    /// For how many.
    #[n(5)]
    pub size: u8,
    /// In which language, as BCP 47 writes it.
    #[n(6)]
    pub language: String,
    /// Only with an invitation.
    #[n(7)]
    pub by_invitation: bool,
    /// It is a workshop.
    #[n(8)]
    pub workshop: bool,
    /// It is open now.
    #[n(9)]
    pub open: bool,
}

impl PlannedView {
    /// When it ends, milliseconds since 1970.
    #[must_use]
    pub fn ends_at(&self) -> u64 {
        self.begins_at + u64::from(self.minutes) * 60_000
    }
}
