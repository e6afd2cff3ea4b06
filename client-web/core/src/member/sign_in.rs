//! Hello, register and vault, until this client may act.
//!
//! Two questions go out with the first answer: what is in the vault, and who was revoked. A call for help waits for
//! the second only, everything else for both.

use lotgenoot_messages as ui;
use lotgenoot_protocol::frame::{AskRegister, Challenge, Hello, Prove, Request, Welcomed};
use lotgenoot_protocol::mls::SUITES;
use lotgenoot_protocol::register::{Register, RegisterHead};
use lotgenoot_protocol::sign::{Purpose as SignFor, sign};
use lotgenoot_protocol::work::Work;
use lotgenoot_protocol::{Blob, RoomId, VERSION};

use super::Member;
use crate::requests::Purpose;

impl Member {
    pub(super) fn sign_in(&mut self, challenge: Challenge) {
        let parts: [&[u8]; 2] = [&challenge.nonce, self.host.as_bytes()];
        let signature = Blob(sign(&self.identity.account, SignFor::Hello, &parts).to_vec());
        let hello = Hello {
            versions: vec![VERSION],
            suites: SUITES.to_vec(),
            account: self.identity.account_key(),
            signature,
        };
        self.requests.ask(Purpose::Hello, Request::Hello(hello));
        match challenge.work {
            Some(bits) => self.work = Work::new(&challenge.nonce, bits),
            None => self.requests.proven(),
        }
        self.nonce = Some(challenge.nonce.0);
    }

    /// Whether this connection still asks for work. Until it is done only calls for help leave.
    pub fn has_work(&self) -> bool {
        self.work.is_some()
    }

    /// Does some of it: `tries` hashes.
    pub fn work(&mut self, tries: u32) {
        let Some(counters) = self.work.as_mut().and_then(|work| work.round(tries)) else { return };
        self.work = None;
        self.requests.ask(Purpose::Prove, Request::Prove(Prove { counters }));
        self.requests.proven();
    }

    // Before anything else it must be known who was revoked: a head that is new wants its register.
    pub(super) fn welcomed(&mut self, welcomed: &Welcomed) {
        let head = RegisterHead::from_bytes(&welcomed.register_head);
        let Some(head) = head.filter(|head| head.verify(self.trust()).is_ok()) else {
            // Without a head that our root's issuers signed this relay is not of our organisation.
            return self.show_connection(ui::Connection::Refused);
        };
        self.relay_says_it_is(welcomed.now);
        self.key_packages_left = welcomed.key_packages;
        self.newest_certificate = welcomed.certificate.clone();
        self.open_vault();
        match &self.register_head {
            Some(known) if self.register_read && known.version > head.version => self.register_is_read(),
            Some(known) if self.register_read && (known.version, known.hash) == (head.version, head.hash) => {
                self.register_is_read();
            }
            _ => {
                self.head_said = Some(head);
                self.requests.ask(Purpose::Register, Request::AskRegister(AskRegister {}));
            }
        }
    }

    pub(super) fn handle_register(&mut self, bytes: &Blob) {
        let Some(head) = self.head_said.take() else { return };
        // One that is older than what this client has seen takes nothing back: what was revoked stays revoked.
        let newer = |known: &&RegisterHead| known.version <= head.version;
        let known = self.register_head.as_ref().filter(newer);
        let register = Register::from_bytes(bytes)
            .filter(|register| register.verify(&head, known, self.trust()).is_ok());
        let Some(register) = register else { return self.show_connection(ui::Connection::Refused) };
        register.revoked().into_iter().for_each(|serial| self.identity.trust.revoke(serial));
        if self.register_head.as_ref().is_none_or(|known| known.version <= head.version) {
            self.suite = register.suite().unwrap_or(self.suite);
            self.register_head = Some(head);
        }
        self.register = Some(register);
        self.register_read = true;
        self.due.core_with_the_rest();
        self.register_is_read();
    }

    fn register_is_read(&mut self) {
        self.requests.signed_in();
        self.begin_if_ready();
    }

    /// Register read and vault open: begins.
    pub(super) fn begin_if_ready(&mut self) {
        if self.ready
            || self.refuses
            || !self.register_read
            || self.head_said.is_some()
            || !self.requests.may_change_rooms()
        {
            return;
        }
        self.ready = true;
        let certificate = self.newest_certificate.take();
        self.newer_certificate(certificate);
        self.begin_shift();
        if self.identity.coordinator.is_some() {
            // She has no room that would be kept; but a reload must find her, and the register she has seen.
            self.due.core(self.now);
            self.ask_staff();
            self.ask_surveys();
        }
        let ids: Vec<RoomId> = self.rooms.keys().copied().collect();
        for id in ids {
            self.attach(id);
        }
        self.open_letter_box();
        self.spend_all();
        self.show_connection(ui::Connection::Online);
        self.ping();
        for entry in std::mem::take(&mut self.early) {
            self.handle_inbox(entry);
        }
        self.knock_if_due();
    }
}
