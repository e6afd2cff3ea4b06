//! Duty as a file: what a calendar of another program says of it, and what such a program can follow.

use lotgenoot_messages as ui;
use lotgenoot_protocol::duty::{CalendarFault, DutyCalendarRead, ReadDutyCalendar, WriteDutyCalendar};
use lotgenoot_protocol::frame::{Answer, Request};
use lotgenoot_protocol::limits::DUTY_CALENDAR_BYTES_MAX;
use lotgenoot_protocol::{Blob, Refused};

use super::Member;
use crate::requests::Purpose;
use crate::show;

impl Member {
    /// A coordinator wants a calendar read.
    pub(super) fn read_duty_file(&mut self, service: String, zone: String, file: Vec<u8>) {
        if file.len() > DUTY_CALENDAR_BYTES_MAX {
            return self.duty_file_refused(0, ui::FileFault::TooLarge);
        }
        if !self.ready || !self.knows_staff() {
            return self.duty_file_refused(0, ui::FileFault::Other);
        }
        self.duties.file_asked = true;
        let read = ReadDutyCalendar { service: service.clone(), zone, file: Blob(file) };
        self.requests.ask(Purpose::ReadDutyFile(service), Request::ReadDutyCalendar(read));
    }

    /// A coordinator wants one written.
    pub(super) fn write_duty_file(&mut self, service: String) {
        if !self.ready || !self.knows_staff() {
            return self.duty_file_refused(0, ui::FileFault::Other);
        }
        self.duties.file_asked = true;
        self.requests.ask(Purpose::WriteDutyFile, Request::WriteDutyCalendar(WriteDutyCalendar { service }));
    }

    pub(super) fn duty_file_read(&mut self, service: String, answer: Answer) {
        self.duties.file_asked = false;
        match answer {
            Answer::DutyCalendarRead(read) => {
                self.events.push_back(ui::Event::DutyFile(shown(service, read)))
            }
            Answer::Refused(Refused::DutyCalendar { line, fault }) => {
                self.duty_file_refused(line, fault_of(fault));
            }
            Answer::Refused(Refused::TooLarge { .. }) => self.duty_file_refused(0, ui::FileFault::TooLarge),
            _ => self.duty_file_refused(0, ui::FileFault::Other),
        }
    }

    pub(super) fn duty_file_written(&mut self, answer: Answer) {
        self.duties.file_asked = false;
        let written = match answer {
            Answer::DutyCalendarWritten(written) => {
                String::from_utf8(written.file.0).ok().map(|file| (written.service, file))
            }
            _ => None,
        };
        match written {
            Some((service, file)) => self.events.push_back(ui::Event::DutyFileWritten { service, file }),
            None => self.duty_file_refused(0, ui::FileFault::Other),
        }
    }

    /// What was asked is not asked again on a later connection, when she may be elsewhere.
    pub(super) fn duty_file_disconnected(&mut self) {
        if std::mem::take(&mut self.duties.file_asked) {
            self.duty_file_refused(0, ui::FileFault::Other);
        }
    }

    fn duty_file_refused(&mut self, line: u32, fault: ui::FileFault) {
        self.events.push_back(ui::Event::DutyFileRefused { line, fault });
    }
}

fn shown(service: String, read: DutyCalendarRead) -> ui::DutyFileView {
    let attendees = read.attendees.into_iter().map(|it| ui::AttendeeView {
        address: it.address,
        name: it.name,
        line: it.line,
        who: it.who.map(|account| show::hex(&account.0)),
    });
    let shifts = read.shifts.into_iter().map(|it| (it.attendee, it.level, it.from, it.until));
    ui::DutyFileView { service, attendees: attendees.collect(), shifts: shifts.collect() }
}

fn fault_of(fault: CalendarFault) -> ui::FileFault {
    match fault {
        CalendarFault::NotACalendar => ui::FileFault::NotACalendar,
        CalendarFault::Line => ui::FileFault::Line,
        CalendarFault::Time => ui::FileFault::Time,
        CalendarFault::Zone => ui::FileFault::Zone,
        CalendarFault::Backwards => ui::FileFault::Backwards,
        CalendarFault::Rule => ui::FileFault::Rule,
        CalendarFault::Attendee => ui::FileFault::Attendee,
        CalendarFault::Missing => ui::FileFault::Missing,
        CalendarFault::Empty => ui::FileFault::Empty,
    }
}
