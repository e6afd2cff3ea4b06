//! Whoever's duty begins says that she is there: an exercise goes through all her channels, the way that pages go. Who has
//! not said so after a quarter of an hour is unverified: coordinators are told, and somebody else is called before her.

use lotgenoot_protocol::frame::{Answer, Notice};
use lotgenoot_protocol::limits::CHECK_IN_MS;
use lotgenoot_protocol::{AccountKey, Blob, PageId, Refused, Seq, Timestamp, codec};
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use super::calling::Ladder;
use super::{HelpDesk, accepted};
use crate::duty::Plan;
use crate::effect::{Batch, Op};

/// Where somebody on duty stands with it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub(super) struct CheckIn {
    // Since when she has been asked, or was seen to be there.
    #[n(0)]
    since: Timestamp,
    // She is there: she has said so, or her desk was open when her duty began.
    #[n(1)]
    here: bool,
    // Coordinators have been told that she has not said so.
    #[n(2)]
    told: bool,
}

impl CheckIn {
    /// She has not been asked later than now.
    pub(super) fn by_clock(&mut self, now: Timestamp) {
        self.since = self.since.min(now);
    }
}

impl HelpDesk {
    /// Takes back who was asked and who has answered; `None` if the record cannot be read.
    pub fn restore_check_ins(&mut self, record: &[u8]) -> Option<()> {
        let known: Vec<(AccountKey, CheckIn)> = codec::from_slice(record)?;
        self.check_ins = known.into_iter().collect();
        Some(())
    }

    /// Since when this account has been asked whether she is there, and has not said so.
    pub fn asked_since(&self, account: &AccountKey) -> Option<Timestamp> {
        self.check_ins.get(account).filter(|it| !it.here).map(|it| it.since)
    }

    /// Those on duty who have not said in time that they are there.
    pub fn unverified(&self) -> impl Iterator<Item = &AccountKey> {
        self.check_ins.iter().filter(|(_, it)| it.told && !it.here).map(|(account, _)| account)
    }

    /// She is there.
    pub fn check_in(&mut self, by: AccountKey, now: Timestamp, batch: &mut Batch) -> Result<Answer, Refused> {
        let was_told = match self.check_ins.get_mut(&by) {
            Some(known) if !known.here => {
                known.here = true;
                std::mem::take(&mut known.told)
            }
            Some(_) => return Ok(accepted(Seq(0))),
            None => return Err(Refused::invalid("a check-in of somebody who is not on duty")),
        };
        self.keep_check_ins(batch);
        if was_told {
            self.tell_of_check_in(&by, None, batch);
            self.look_up_all(now, batch);
        }
        Ok(accepted(Seq(0)))
    }

    /// When [`Self::look_at_check_ins`] has something to do.
    pub(super) fn poll_check_ins(&self) -> Option<Timestamp> {
        self.roster.planned().map(|_| self.check_at)
    }

    /// Asks those whose duty has begun, and says who has not answered.
    pub(super) fn look_at_check_ins(&mut self, now: Timestamp, batch: &mut Batch) {
        let Some(planned) = self.roster.planned().cloned().filter(|_| self.check_at <= now) else { return };
        if now < self.settles_at {
            // Whoever was at her desk is on her way back there.
            self.check_at = self.settles_at;
            return;
        }
        let on = self.on_planned_duty(planned.plan(), now);
        let before = self.check_ins.clone();
        self.check_ins.retain(|account, _| on.contains(account));
        for account in on {
            if self.check_ins.contains_key(&account) {
                continue;
            }
            let here = self.present.contains(&account);
            self.check_ins.insert(account, CheckIn { since: now, here, told: false });
            if !here {
                let notice = Notice::CheckIn { since: now, page: self.exercise_page(&account, now) };
                batch.ops.push(Op::Notify { account, notice });
            }
        }
        let late = |it: &CheckIn| !it.here && !it.told && it.since.plus_ms(CHECK_IN_MS) <= now;
        let late: Vec<(AccountKey, Timestamp)> =
            self.check_ins.iter().filter(|(_, it)| late(it)).map(|(who, it)| (*who, it.since)).collect();
        for (account, since) in &late {
            if let Some(known) = self.check_ins.get_mut(account) {
                known.told = true;
            }
            self.tell_of_check_in(account, Some(*since), batch);
        }
        if self.check_ins != before {
            self.keep_check_ins(batch);
        }
        let waits = self.check_ins.values().filter(|it| !it.here && !it.told);
        let waits = waits.map(|it| it.since.plus_ms(CHECK_IN_MS));
        let change = self.ladders.next_change(&self.roster, now);
        self.check_at = waits.chain(change).min().unwrap_or(now.plus_ms(CHECK_IN_MS));
        if !late.is_empty() {
            self.look_up_all(now, batch);
        }
    }

    /// Where all of the first level are unverified, somebody else is called before them: whoever stands at the next level,
    /// or else whose turn comes next.
    pub(super) fn verified_first<'a>(
        &'a self,
        service: &str,
        mut ladder: Ladder<'a>,
        now: Timestamp,
    ) -> Ladder<'a> {
        let unverified =
            |account: &AccountKey| self.check_ins.get(account).is_some_and(|it| it.told && !it.here);
        let Some(first) = ladder.first() else { return ladder };
        if !first.iter().all(|colleague| unverified(&colleague.account)) {
            return ladder;
        }
        let Some(plan) = self.roster.plan_of(service) else { return ladder };
        let next = ladder.iter().skip(1).flatten().copied().find(|it| !unverified(&it.account));
        let coming = || {
            let coming = self.ladders.coming(service, &self.roster, plan, now).into_iter();
            let mut known = coming.filter_map(|who| self.roster.colleague(&who));
            let is_there = |account: &AccountKey| ladder.iter().flatten().any(|it| it.account == *account);
            known.find(|it| !is_there(&it.account) && self.roster.answers(it, service, &self.trust, now))
        };
        let Some(next) = next.or_else(coming) else { return ladder };
        ladder.iter_mut().for_each(|level| level.retain(|it| it.account != next.account));
        ladder.retain(|level| !level.is_empty());
        ladder.insert(0, vec![next]);
        ladder
    }

    fn on_planned_duty(&self, plan: &Plan, now: Timestamp) -> std::collections::BTreeSet<AccountKey> {
        let on = plan
            .services()
            .flat_map(|service| plan.on_duty(service, now).into_iter().map(move |(_, who)| (service, who)));
        let answers = |(service, who): &(&str, AccountKey)| {
            let colleague = self.roster.colleague(who);
            colleague.is_some_and(|it| self.roster.answers(it, service, &self.trust, now))
        };
        on.filter(answers).map(|(_, who)| who).collect()
    }

    fn tell_of_check_in(&self, who: &AccountKey, since: Option<Timestamp>, batch: &mut Batch) {
        let certificate: Blob =
            self.roster.colleague(who).map(|colleague| colleague.certificate.clone()).unwrap_or_default();
        for account in &self.coordinators {
            let notice = Notice::NotCheckedIn { certificate: certificate.clone(), since };
            batch.ops.push(Op::Notify { account: *account, notice });
        }
    }

    fn keep_check_ins(&self, batch: &mut Batch) {
        let all: Vec<(AccountKey, CheckIn)> = self.check_ins.iter().map(|(who, it)| (*who, *it)).collect();
        batch.ops.push(Op::PutCheckIns { record: codec::to_vec(&all) });
    }

    fn exercise_page(&self, account: &AccountKey, now: Timestamp) -> PageId {
        let digest = Sha256::new()
            .chain_update(self.page_secret)
            .chain_update(b"check-in")
            .chain_update(account.0)
            .chain_update(now.0.to_be_bytes())
            .finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        PageId(id)
    }
}
