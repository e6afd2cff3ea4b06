//! Numbers that the organisation lists itself, kept by a coordinator in the calendar.

use lotgenoot_messages as ui;
use lotgenoot_protocol::LineId;
use lotgenoot_protocol::own_lines::{LineCheck, OwnLine, OwnLines};

use super::Member;
use crate::show;

impl Member {
    /// A coordinator lists a number, or one of them anew. It counts as checked now.
    pub(super) fn put_line(&mut self, line: &ui::OwnLineView) {
        let known = show::unhex(&line.id).map(LineId);
        let line = OwnLine {
            id: known.unwrap_or_else(|| LineId(self.requests.random())),
            number: line.number.trim().to_owned(),
            about: line.about.trim().to_owned(),
            happens: line.happens.trim().to_owned(),
            acts: line.acts,
            language: line.language.clone(),
            checked: self.judging(),
        };
        self.change_calendar(|_, own| match own.lines.iter_mut().find(|it| it.id == line.id) {
            Some(it) => *it = line,
            None => own.lines.push(line),
        });
    }

    /// A coordinator takes a number off the list.
    pub(super) fn remove_line(&mut self, line: &str) {
        let id = show::unhex(line).map(LineId);
        self.change_calendar(|_, own| own.lines.retain(|it| Some(it.id) != id));
    }

    /// A coordinator has looked at a number again, and it is right.
    pub(super) fn check_line(&mut self, line: &str) {
        let (id, now) = (show::unhex(line).map(LineId), self.judging());
        self.change_calendar(|_, own| match own.lines.iter_mut().find(|it| Some(it.id) == id) {
            Some(it) => it.checked = now,
            None => {
                own.checks.retain(|check| check.line != line);
                own.checks.push(LineCheck { line: line.to_owned(), checked: now });
            }
        });
    }
}

/// As the interface has them.
pub(super) fn shown(own: &OwnLines) -> ui::OwnLinesView {
    let line = |line: &OwnLine| ui::OwnLineView {
        id: show::hex(&line.id.0),
        number: line.number.clone(),
        tel: line.tel(),
        about: line.about.clone(),
        happens: line.happens.clone(),
        acts: line.acts,
        language: line.language.clone(),
        checked: line.checked.0,
    };
    let check = |check: &LineCheck| ui::LineCheckView { line: check.line.clone(), checked: check.checked.0 };
    ui::OwnLinesView {
        lines: own.lines.iter().map(line).collect(),
        checks: own.checks.iter().map(check).collect(),
    }
}
