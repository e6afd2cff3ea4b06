//! A session without a host: whoever is on duty is paged, for nobody can say anything there until a host is back.
//!
//! It is no help call: nobody takes it, and nothing of it is stored. A relay that was down hears of it again from the room.

use std::collections::BTreeSet;

use lotgenoot_protocol::call::Why;
use lotgenoot_protocol::frame::Notice;
use lotgenoot_protocol::{AccountKey, CallId, RoomId, Timestamp};

use super::HelpDesk;
use crate::duty::HOSTS;
use crate::effect::{Batch, Op};

impl HelpDesk {
    /// This room has been frozen since then. Said twice, it is told once.
    pub fn unattended(&mut self, room: RoomId, since: Timestamp, now: Timestamp, batch: &mut Batch) {
        if self.unattended.get(&room).is_some_and(|(known, _)| *known == since) {
            return;
        }
        let told: BTreeSet<AccountKey> = self.on_duty(now);
        let professional = |account: &AccountKey| {
            self.reaches(account) && self.roster.counting(account, &self.trust, now).is_some()
        };
        let nobody = !told.iter().any(professional);
        let told: Vec<AccountKey> =
            told.iter().copied().chain(self.coordinators.iter().copied().filter(|_| nobody)).collect();
        for account in &told {
            // Named like a call, so that a receipt finds it; another time it is another page.
            let page = self.page_id(CallId(room.0), Why::Attention, (since.0 / 1000) as u32, 0, account);
            let notice = Notice::Unattended { room, since, page };
            batch.ops.push(Op::Notify { account: *account, notice });
        }
        self.unattended.insert(room, (since, told));
    }

    /// It has a host again, or is over.
    pub fn attended(&mut self, room: RoomId, batch: &mut Batch) {
        let Some((_, told)) = self.unattended.remove(&room) else { return };
        let notice = Notice::Attended { room };
        batch.ops.extend(told.into_iter().map(|account| Op::Notify { account, notice: notice.clone() }));
    }

    // Everybody who is on duty for any service, hosts on shift too.
    fn on_duty(&self, now: Timestamp) -> BTreeSet<AccountKey> {
        let services = self.roster.services().chain([HOSTS]);
        services
            .flat_map(|service| self.ladder(service, now).into_iter().flatten().map(|it| it.account))
            .collect()
    }
}
