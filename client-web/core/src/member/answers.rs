//! What an answer of the relay means.

use lotgenoot_messages as ui;
use lotgenoot_protocol::floor::Silence;
use lotgenoot_protocol::frame::Answer;
use lotgenoot_protocol::limits::SLOW_SECONDS_MAX;
use lotgenoot_protocol::{CallId, Refused, RequestId, RoomId};

use super::Member;
use crate::call::Phase;
use crate::group::Group;
use crate::requests::Purpose;
use crate::show;

// A raise that was refused is made anew after a moment, for as long as it takes.
const RAISE_AGAIN_MS: u64 = 2_000;
const RELEASED_MS: u64 = 1_000;
const SLOW_MS_MAX: u64 = SLOW_SECONDS_MAX as u64 * 1_000;

impl Member {
    pub(super) fn handle_answer(&mut self, id: RequestId, answer: Answer) {
        if let Answer::Refused(Refused::SlowDown { retry_after_ms }) = answer {
            self.requests.wait_until(&id, self.now.plus_ms(retry_after_ms.max(1)));
            return;
        }
        if let Answer::Refused(Refused::Silenced { why: Silence::Slow { until } }) = answer {
            // By the relay's clock, which may not be this one's: never at once, never longer than a room is slow.
            let (soon, latest) = (self.now.plus_ms(1_000), self.now.plus_ms(SLOW_MS_MAX));
            self.requests.wait_until(&id, until.clamp(soon, latest));
            return;
        }
        if answer == Answer::Refused(Refused::Silenced { why: Silence::Held }) && self.is_released(&id) {
            // She was released while it was on its way: it goes out again as it is.
            self.requests.wait_until(&id, self.now.plus_ms(RELEASED_MS));
            return;
        }
        if answer == Answer::Refused(Refused::Unproven) {
            // It will be asked again on the next connection, when the work is done there.
            self.hang_up = true;
            return;
        }
        self.sent_again.remove(&id);
        let Some(purpose) = self.requests.answered(&id) else { return };
        match (purpose, answer) {
            (Purpose::Hello, Answer::Welcomed(welcomed)) => self.welcomed(&welcomed),
            (Purpose::AskCalendar, Answer::Calendar(told)) => self.calendar_told(told.calendar),
            (Purpose::PutCalendar, answer) => self.calendar_put(matches!(answer, Answer::Accepted(_))),
            (Purpose::Knock(session), Answer::Door(door)) => self.door(session, door.room),
            (Purpose::Knock(session), _) => self.no_door(session),
            (Purpose::Survey(room), Answer::Accepted(_)) => {
                self.events.push_back(ui::Event::Written(ui::Writing::Survey(show::hex(&room.0))));
            }
            (Purpose::Survey(_), _) => self.fail(ui::Failure::Other),
            (Purpose::Surveys, Answer::Surveys(told)) => self.surveys_told(told),
            (Purpose::LetterKeys, Answer::LetterKeys(told)) => self.letter_keys_told(&told.keys),
            (Purpose::LetterKeys, _) => self.no_letter_keys(),
            (Purpose::PostLetter(id), answer) => {
                self.letter_posted(id, matches!(answer, Answer::Accepted(_)));
            }
            (Purpose::Letters, Answer::Letters(told)) => self.letters_told(told),
            (Purpose::Channels, answer) => self.channels_told(answer),
            (Purpose::AskDutyPlan, Answer::DutyPlan(told)) => self.duty_plan_told(told),
            (Purpose::ReadDutyFile(service), answer) => self.duty_file_read(service, answer),
            (Purpose::WriteDutyFile, answer) => self.duty_file_written(answer),
            (Purpose::CheckIn, _) => self.duty_connected(),
            (Purpose::PutDutyPlan | Purpose::TakeDuty, answer) => self.duty_answered(answer),
            (Purpose::Register, Answer::StaffRegister(register)) => self.handle_register(&register.register),
            (Purpose::Hello | Purpose::Register, Answer::Refused(Refused::Degraded)) => {
                // Somebody may be mending it: tried again, not given up.
                self.hang_up = true;
                self.show_connection(ui::Connection::Degraded);
            }
            (Purpose::Hello | Purpose::Register, _) => self.show_connection(ui::Connection::Refused),
            // Whatever is refused because the mailbox was opened later somewhere else: here it ends.
            (_, Answer::Refused(Refused::Fenced)) => self.opened_elsewhere(),
            (Purpose::OpenVault, Answer::Vault(vault)) => self.vault_opened(&vault),
            (Purpose::ReadParts, Answer::Parts(parts)) => self.parts_came(&parts.parts),
            (Purpose::OpenVault | Purpose::ReadParts, _) => self.vault_not_opened(),
            (Purpose::PutVault, Answer::Accepted(_)) => self.vault_put(id),
            (Purpose::PutVault, _) => self.vault_not_put(),
            (Purpose::WriteSlot(slot), answer) => {
                self.slot_answered(slot, matches!(answer, Answer::Accepted(_)))
            }
            (Purpose::AskStaff, Answer::Staff(staff)) => self.staff_told(staff),
            (Purpose::AskStaff, _) => self.fail(ui::Failure::Office),
            (Purpose::PutStaff, answer) => self.staff_put(matches!(answer, Answer::Accepted(_))),
            (Purpose::Spend(line), answer) => self.spent(line, &answer),
            (Purpose::Publish, Answer::Accepted(_)) => self.open_desk(),
            (Purpose::Ping, Answer::Pong(pong)) => self.handle_open(pong),
            (Purpose::Attach(room), Answer::Attached(attached)) => self.handle_attached(room, attached),
            (Purpose::Attach(room), Answer::Refused(refused)) => self.attach_refused(room, id, &refused),
            (Purpose::Open(room), Answer::Accepted(_)) => self.opened(room),
            (Purpose::Open(room), Answer::Refused(refused)) => {
                self.in_room(room, |room, world| room.give_up(world));
                let workshop = self.forget_room(room).and_then(|room| room.workshop);
                match workshop.filter(|_| refused == Refused::Exists) {
                    Some(session) => self.is_led_already(room, session),
                    None => {
                        self.line_gone(room);
                        self.not_moved(&room);
                        self.fail(ui::Failure::OpenRoom);
                    }
                }
            }
            (Purpose::Send(room, message), Answer::Accepted(_)) => {
                self.in_room(room, |room, world| room.sent(message, world));
            }
            (Purpose::Send(room, message), Answer::Refused(Refused::WrongEpoch { current })) => {
                self.in_room(room, |room, world| room.send_again(message, current, world));
            }
            (Purpose::Send(room, message), Answer::Refused(Refused::Silenced { why: Silence::Held })) => {
                self.held_back(room, message);
            }
            (Purpose::Send(room, message), Answer::Refused(_)) => {
                self.in_room(room, |room, world| room.not_sent(message, world));
            }
            (Purpose::State(room), Answer::GroupState(state)) => {
                self.in_room(room, |room, world| room.handle_state(&state, world));
            }
            (Purpose::State(room), _)
            | (Purpose::Resync(room), Answer::Refused(Refused::WrongEpoch { .. })) => {
                self.in_room(room, |room, world| room.resync_again(world));
            }
            (Purpose::Resync(room), Answer::Refused(_)) => {
                self.in_room(room, |room, world| room.stop_for_good(world));
            }
            (Purpose::Commit(room), Answer::Refused(Refused::WrongEpoch { current })) => {
                self.in_room(room, |room, world| room.commit_lost(id, current, world));
            }
            (Purpose::Commit(room), Answer::Refused(_)) => {
                let mut refused = false;
                self.in_room(room, |room, world| refused = room.commit_refused(id, world));
                // Whom a call of hers lets in and out is her client's doing, not hers.
                let asked = !self.calls.values().any(|call| call.own && call.room == room);
                if refused && asked {
                    self.fail(ui::Failure::Other);
                }
            }
            (Purpose::Rule(room), Answer::Refused(Refused::Exists)) => {
                let mut unknown = false;
                self.in_room(room, |room, world| unknown = room.rule_again(id, world));
                if unknown {
                    self.attach(room);
                }
            }
            (Purpose::Rule(room), Answer::Refused(why)) => {
                let mut refused = false;
                self.in_room(room, |room, world| refused = room.ruling_refused(id, world));
                if refused {
                    let not_attended = matches!(why, Refused::NotAttended { .. });
                    if let Refused::NotAttended { hosts, professional } = why {
                        self.in_room(room, |room, world| room.was_not_attended(hosts, professional, world));
                    }
                    self.fail(if not_attended { ui::Failure::NotAttended } else { ui::Failure::Other });
                }
            }
            (Purpose::Leave(room), Answer::Refused(Refused::WrongEpoch { current })) => {
                self.in_room(room, |room, world| room.leave_again(current, world));
            }
            (Purpose::Raise(call), answer) => self.raised(call, &answer),
            (Purpose::Acknowledge(call, page), Answer::Refused(refused)) => {
                self.acknowledge_refused(call, page, &refused)
            }
            (Purpose::Outcome(_, call), answer) => self.outcome_answered(call, &answer),
            (Purpose::Step(_), Answer::Refused(_)) => self.fail(ui::Failure::CallGone),
            (Purpose::Duty(wanted), Answer::Duty(duty)) => self.handle_duty(wanted, duty.people),
            (Purpose::Claim(wanted, people), Answer::KeyPackages(packages)) => {
                self.handle_key_packages(wanted, people, packages.packages);
            }
            (Purpose::Duty(wanted) | Purpose::Claim(wanted, _), _) => {
                self.not_reached(&wanted, ui::Failure::Other)
            }
            // Accepted commits come back in the log; the rest needs no answer.
            _ => {}
        }
    }

    fn raised(&mut self, id: CallId, answer: &Answer) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        match answer {
            Answer::Accepted(_) => {
                if call.phase == Phase::NotSent {
                    call.phase = Phase::Stored;
                }
                let room = call.room;
                self.known_to_relay(room);
                self.call_changed(id);
                self.attach(room);
            }
            // Somebody named in it may have gone off duty or expired meanwhile: look again and make it anew.
            _ => {
                let room = call.room;
                let group = self.rooms.get(&room).and_then(|room| room.group.as_ref());
                let others = group.is_some_and(Group::has_others);
                self.in_room(room, |room, world| room.give_up(world));
                self.forget_room(room);
                let again = self.raise_anew(id, matches!(answer, Answer::Refused(Refused::Exists)));
                // Whatever the relay has against those who are in it, it has nothing against her.
                let not_so = matches!(
                    answer,
                    Answer::Refused(
                        Refused::NotAllowed { .. } | Refused::Invalid { .. } | Refused::TooLarge { .. }
                    )
                );
                if let Some(again) = again.filter(|_| others && not_so) {
                    self.open_help(again, Vec::new(), Vec::new());
                }
                // Perhaps there is no such service any more.
                self.ping();
            }
        }
    }

    // In another room. Where another tab of hers has raised the same call meanwhile, in a room that this one cannot
    // come into, as another call: two calls are answered twice, none is not.
    pub(super) fn raise_anew(&mut self, id: CallId, elsewhere: bool) -> Option<CallId> {
        let mut call = self.calls.remove(&id)?;
        call.room = RoomId(self.requests.random());
        call.not_sent();
        call.raise_again_at = Some(self.now.plus_ms(RAISE_AGAIN_MS));
        if elsewhere {
            call.id = CallId(self.requests.random());
            self.events.push_back(ui::Event::CallGone { call: show::hex(&id.0) });
        }
        let id = call.id;
        self.calls.insert(id, call);
        self.call_changed(id);
        Some(id)
    }

    /// Her call cannot be made now: it is tried again in a moment, for as long as it takes.
    pub(crate) fn raise_later(&mut self, id: CallId) {
        if let Some(call) = self.calls.get_mut(&id) {
            call.raise_again_at = Some(self.now.plus_ms(RAISE_AGAIN_MS));
        }
    }
}
