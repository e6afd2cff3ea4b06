//! An organisation made on the spot: root, issuer, staff, roster file.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use lotgenoot_client::{Identity, Link, StaffSecret};
use lotgenoot_protocol::invitation::{Invitation, InvitationSecret};
use lotgenoot_protocol::register::{Change, Register, RegisterHead};
use lotgenoot_protocol::role::{Issuer, OrganisationId, Role, RoleCertificate};
use lotgenoot_protocol::{RootKey, Serial, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// The service of professionals in the demo.
pub const SERVICE: &str = "wijkteam";

/// Seconds of a day.
pub const DAY_SECONDS: u64 = 24 * 3600;

/// An organisation that can certify staff.
pub struct Organisation {
    rng: RefCell<StdRng>,
    root: SigningKey,
    issuer: (Issuer, SigningKey),
    register: RefCell<Register>,
    now: u64,
}

/// A coordinator.
pub struct Coordinator {
    /// What she signs in with; her issuer's key follows from it.
    pub secret: StaffSecret,
    /// What the root says of that key.
    pub issuer: Vec<u8>,
    root: RootKey,
}

impl Coordinator {
    /// Her identity, as a client has it.
    pub fn identity(&self) -> Identity {
        Identity::coordinator(self.root, &self.secret, &self.issuer).expect("the issuer is about her key")
    }

    /// Her issuer, read.
    pub fn read(&self) -> Issuer {
        Issuer::from_bytes(&self.issuer).expect("it was made here")
    }

    /// Her link.
    pub fn link(&self) -> String {
        Link::of_coordinator(self.root, self.secret.clone(), self.issuer.clone()).to_fragment()
    }
}

/// Somebody certified.
pub struct Staff {
    /// Her alias.
    pub alias: String,
    /// Her role.
    pub role: Role,
    /// Professionals: the service she is on duty for.
    pub service: String,
    /// What she signs in with.
    pub secret: StaffSecret,
    /// Her certificate.
    pub certificate: Vec<u8>,
    root: RootKey,
}

impl Organisation {
    /// A new organisation, valid from an hour before `now`.
    pub fn new(now: Timestamp) -> Self {
        Self::seeded(now, rand::random())
    }

    /// The same organisation for the same seed, for stories that must come back.
    pub fn seeded(now: Timestamp, seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let root = SigningKey::from_bytes(&rng.random());
        let key = SigningKey::from_bytes(&rng.random());
        let now = now.seconds();
        let public = key.verifying_key().to_bytes();
        let roles = [Role::Host, Role::Professional, Role::Presenter];
        let valid = (now - 3600, now + 300 * 24 * 3600);
        let issuer = Issuer::new(&root, Serial(rng.random()), public, &roles, 1, valid);
        let register = RefCell::new(Register::new(issuer.organisation));
        Self { rng: RefCell::new(rng), root, issuer: (issuer, key), register, now }
    }

    /// Its root key.
    pub fn root(&self) -> RootKey {
        RootKey(self.root.verifying_key().to_bytes())
    }

    /// Certifies somebody.
    pub fn certify(&self, alias: &str, role: Role) -> Staff {
        self.certify_for(alias, role, 80)
    }

    /// Certifies a professional of this service.
    pub fn certify_at(&self, alias: &str, service: &str) -> Staff {
        self.certify_as(alias, Role::Professional, service, 80)
    }

    /// Certifies somebody for so many days.
    pub fn certify_for(&self, alias: &str, role: Role, days: u64) -> Staff {
        let service = if role == Role::Professional { SERVICE } else { "" };
        self.certify_as(alias, role, service, days)
    }

    fn certify_as(&self, alias: &str, role: Role, service: &str, days: u64) -> Staff {
        let secret = StaffSecret(self.rng.borrow_mut().random::<[u8; 32]>().into());
        let serial = Serial(self.rng.borrow_mut().random());
        let certificate = RoleCertificate {
            organisation: OrganisationId::of(&self.root()),
            serial,
            role,
            service: service.to_owned(),
            alias: alias.to_owned(),
            leaf_key: lotgenoot_protocol::LeafKey(secret.leaf_key().verifying_key().to_bytes()),
            not_before: self.now - 3600,
            not_after: self.now + days * DAY_SECONDS,
            issuers: Vec::new(),
        };
        let certificate = certificate.signed_by(self.issuer.0.clone(), &self.issuer.1).to_bytes();
        self.register.borrow_mut().certified(serial, &certificate);
        let (alias, service) = (alias.to_owned(), service.to_owned());
        Staff { alias, role, service, secret, certificate, root: self.root() }
    }

    /// Its id.
    pub fn id(&self) -> OrganisationId {
        OrganisationId::of(&self.root())
    }

    /// The head of its register as it is now.
    pub fn head(&self) -> RegisterHead {
        self.register.borrow().sign(self.now, self.issuer.0.clone(), &self.issuer.1)
    }

    /// A coordinator, who needs so many to make a professional.
    pub fn coordinator(&self, professionals_need: u8) -> Coordinator {
        let secret = StaffSecret(self.rng.borrow_mut().random::<[u8; 32]>().into());
        let public = secret.issuer_key().verifying_key().to_bytes();
        let roles = [Role::Host, Role::Professional, Role::Presenter];
        let valid = (self.now - 3600, self.now + 300 * DAY_SECONDS);
        let serial = Serial(self.rng.borrow_mut().random());
        let issuer = Issuer::new(&self.root, serial, public, &roles, professionals_need, valid);
        Coordinator { secret, issuer: issuer.to_bytes(), root: self.root() }
    }

    /// Revokes somebody's certificate.
    pub fn revoke(&self, staff: &Staff) {
        if let Some(certificate) = RoleCertificate::from_bytes(&staff.certificate) {
            self.register.borrow_mut().add(Change::Revoked { serial: certificate.serial });
        }
    }

    /// Chooses the suite of the rooms that are opened from now on.
    pub fn chooses(&self, suite: u16) {
        self.register.borrow_mut().add(Change::Suite { suite });
    }

    /// A person nobody has seen before.
    pub fn person(&self) -> Identity {
        Identity::person(self.root(), rand::random())
    }

    /// The link of a person.
    pub fn person_link(&self) -> String {
        Link::of_person(self.root()).to_fragment()
    }

    /// An invitation by a partner, valid for this long: its link.
    pub fn invites(&self, partner: &str, seconds: u64) -> Link {
        let secret = InvitationSecret(self.rng.borrow_mut().random::<[u8; 32]>().into());
        let invitation = Invitation {
            organisation: OrganisationId::of(&self.root()),
            serial: Serial(self.rng.borrow_mut().random()),
            key: secret.public(),
            partner: partner.to_owned(),
            not_before: self.now - 3600,
            not_after: self.now - 3600 + seconds,
            issuers: Vec::new(),
        };
        let invitation = invitation.signed_by(self.issuer.0.clone(), &self.issuer.1);
        Link::of_invited(self.root(), secret, invitation.to_bytes())
    }

    /// A roster file in which everybody of `staff` is on duty always: hosts for lines, professionals for their service.
    /// `levels` says at which level each professional stands, in order; missing ones stand at 1.
    pub fn roster_file(&self, staff: &[&Staff], levels: &[u32]) -> String {
        let (register, head) = (self.register.borrow(), self.head());
        let mut file = format!(
            "root = \"{}\"\nregister_head = \"{}\"\nregister = \"{}\"\n",
            encode(&self.root().0),
            encode(&head.to_bytes()),
            encode(&register.to_bytes())
        );
        for person in staff {
            let account = person.secret.account_key().verifying_key().to_bytes();
            write!(
                file,
                "\n[[colleague]]\nname = \"{}\"\naccount = \"{}\"\ncertificate = \"{}\"\n",
                person.alias,
                encode(&account),
                encode(&person.certificate)
            )
            .expect("a String takes everything");
        }
        let mut services: BTreeMap<&str, Vec<String>> =
            BTreeMap::from([("begeleider", vec![]), (SERVICE, vec![])]);
        let mut level = levels.iter();
        for person in staff {
            let (service, level) = match person.role {
                Role::Host => ("begeleider", 1),
                Role::Professional => (person.service.as_str(), level.next().copied().unwrap_or(1)),
                Role::Presenter => continue,
            };
            let shift = format!("{{ who = \"{}\", level = {level} }}", person.alias);
            services.entry(service).or_default().push(shift);
        }
        for (service, shifts) in services {
            write!(file, "\n[service.{service}]\nshift = [{}]\n", shifts.join(", "))
                .expect("a String takes everything");
        }
        file
    }
}

impl Staff {
    /// Her link.
    pub fn link(&self) -> String {
        Link::of_staff(self.root, self.secret.clone(), self.certificate.clone()).to_fragment()
    }

    /// Her identity, as a client has it.
    pub fn identity(&self) -> Identity {
        Identity::staff(self.root, &self.secret, self.certificate.clone())
            .expect("her certificate is about her key")
    }
}

/// Now, for those outside the relay.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock stands after 1970");
    Timestamp(since.as_millis() as u64)
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
