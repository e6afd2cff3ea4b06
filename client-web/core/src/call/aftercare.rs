//! What she wants to be asked later, as it stands in her vault and nowhere else. Nothing is ever sent to her for it: the
//! question is there when she comes after the moment she has chosen.

use lotgenoot_messages as ui;
use minicbor::{Decode, Encode};

/// When she wants to be asked, how, and what she has answered.
#[derive(Clone, Encode, Decode)]
pub(crate) struct Aftercare {
    // By her device's clock, milliseconds since 1970.
    #[n(0)]
    at: u64,
    #[n(1)]
    way: ui::AftercareWay,
    #[n(2)]
    kept: Option<ui::Degree>,
}

impl Aftercare {
    /// She wants to be asked then.
    pub(crate) fn new(at: u64, way: ui::AftercareWay) -> Self {
        Self { at, way, kept: None }
    }

    /// Whether she has not answered yet.
    pub(crate) fn is_open(&self) -> bool {
        self.kept.is_none()
    }

    /// She answers, once. Returns whether this was that.
    pub(crate) fn answer(&mut self, kept: ui::Degree) -> bool {
        let first = self.is_open();
        self.kept.get_or_insert(kept);
        first
    }

    pub(crate) fn view(&self) -> ui::AftercareView {
        ui::AftercareView { at: self.at, way: self.way, kept: self.kept }
    }
}
