//! `lotgenoot org`: an organisation's keys, made and kept offline. None of this belongs on the relay's machine.
//!
//! ```text
//! root.key       names issuers; used once a year; print it and put it in a safe
//! issuer-*.key   a coordinator's: certifies roles, signs the register
//! issuer-*.pub   what the root says of it
//! register       every certificate and revocation, as a chain
//! roster.toml    the beginning of the relay's roster file: root, register, its head, colleagues
//! ```

mod folder;

use clap::{Args, Subcommand, ValueEnum};
use ed25519_dalek::SigningKey;
use lotgenoot_core::duty::Roster;
use lotgenoot_core::office::Office;
use lotgenoot_protocol::invitation::{Invitation, InvitationSecret};
use lotgenoot_protocol::limits::{
    INVITATION_LIFETIME_SECONDS_MAX, ISSUER_LIFETIME_SECONDS_MAX, NAME_BYTES_MAX, ROLE_LIFETIME_SECONDS_MAX,
};
use lotgenoot_protocol::link::{Link, StaffSecret};
use lotgenoot_protocol::mls::{SUITE_AES, SUITE_CHACHA, SUITE_POST_QUANTUM};
use lotgenoot_protocol::register::{Change, Register, RegisterHead};
use lotgenoot_protocol::role::{Issuer, OrganisationId, Role, RoleCertificate};
use lotgenoot_protocol::{LeafKey, RootKey, Serial};
use zeroize::Zeroizing;

use crate::clock;
use crate::relay::DATABASE;
use crate::store::{Broken, Ledger, RedbLedger};
use folder::{Colleague, Folder};

const DAY: u64 = 24 * 3600;
// Clocks differ: what is made now counts from an hour ago.
const EARLIER: u64 = 3600;

/// What to do with an organisation's keys.
#[derive(Debug, Subcommand)]
pub enum Org {
    /// Make a new organisation: its root key and an empty register.
    Init(Init),
    /// Name an issuer: a coordinator who may certify roles.
    Issuer(NewIssuer),
    /// Certify somebody as host, professional or presenter; prints the link she signs in with.
    Certify(Certify),
    /// Make invitations for a partner to give away: each a link that can be used once.
    Invite(Invite),
    /// Revoke a certificate, or an issuer with all she has certified.
    Revoke(Revoke),
    /// Choose the suite of the rooms that are opened from now on.
    Suite(Choose),
    /// Take over what coordinators have changed in their browser, from the data folder of a relay that is stopped.
    Take(Take),
    /// Sign the register as it is and write the beginning of the roster file.
    Register(Sign),
}

/// Where the organisation's files are.
#[derive(Args, Clone, Debug)]
pub struct Init {
    /// The folder; made if it is not there.
    #[arg(long)]
    pub folder: std::path::PathBuf,
}

/// A new issuer.
#[derive(Args, Clone, Debug)]
pub struct NewIssuer {
    /// The organisation's folder, with the root key in it.
    #[arg(long)]
    pub folder: std::path::PathBuf,
    /// What she is called in this folder.
    #[arg(long)]
    pub name: String,
    /// What she may certify.
    #[arg(long, value_delimiter = ',', default_values_t = [RoleName::Host, RoleName::Professional, RoleName::Presenter])]
    pub roles: Vec<RoleName>,
    /// How many issuers must sign to make a professional.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=4))]
    pub professionals_need: u8,
    /// For how many days.
    #[arg(long, default_value_t = 365)]
    pub days: u64,
}

/// A new certificate.
#[derive(Args, Clone, Debug)]
pub struct Certify {
    /// The organisation's folder.
    #[arg(long)]
    pub folder: std::path::PathBuf,
    /// Who signs; once for each. A professional needs as many as the issuers were named with.
    #[arg(long = "issuer", required = true)]
    pub issuers: Vec<String>,
    /// What she may be.
    #[arg(long)]
    pub role: RoleName,
    /// What people call her; never a surname.
    #[arg(long)]
    pub alias: String,
    /// What she is called in this folder, if somebody there has her alias already; the roster file uses it too.
    #[arg(long)]
    pub name: Option<String>,
    /// Professionals: the service she works for.
    #[arg(long, required_if_eq("role", "professional"))]
    pub service: Option<String>,
    /// For how many days, 90 at most.
    #[arg(long, default_value_t = 90)]
    pub days: u64,
}

/// New invitations.
#[derive(Args, Clone, Debug)]
pub struct Invite {
    /// The organisation's folder.
    #[arg(long)]
    pub folder: std::path::PathBuf,
    /// Who signs.
    #[arg(long)]
    pub issuer: String,
    /// Who gives them away, as hosts read it: `Slachtofferhulp`.
    #[arg(long)]
    pub partner: String,
    /// For how many hours, 72 at most.
    #[arg(long, default_value_t = 72, value_parser = clap::value_parser!(u64).range(1..=INVITATION_LIFETIME_SECONDS_MAX / 3600))]
    pub hours: u64,
    /// How many.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub count: u16,
}

/// A revocation.
#[derive(Args, Clone, Debug)]
pub struct Revoke {
    /// The organisation's folder.
    #[arg(long)]
    pub folder: std::path::PathBuf,
    /// The alias, or the issuer's name, as it stands in this folder.
    #[arg(long)]
    pub name: String,
}

/// What to take over.
#[derive(Args, Clone, Debug)]
pub struct Take {
    /// The organisation's folder.
    #[arg(long)]
    pub folder: std::path::PathBuf,
    /// The relay's data folder, or a copy of it.
    #[arg(long)]
    pub data: std::path::PathBuf,
}

/// A choice of suite.
#[derive(Args, Clone, Debug)]
pub struct Choose {
    /// The organisation's folder.
    #[arg(long)]
    pub folder: std::path::PathBuf,
    /// Which: `post-quantum` (0x004F, X-Wing), `chacha` (0x0003) or `aes` (0x0001).
    #[arg(long)]
    pub suite: SuiteName,
}

/// A suite, as it is written on the command line.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum SuiteName {
    /// X-Wing, AES-128-GCM, SHA-256, Ed25519: what is used unless another is chosen.
    PostQuantum,
    /// X25519, ChaCha20-Poly1305, SHA-256, Ed25519: light on old phones.
    Chacha,
    /// X25519, AES-128-GCM, SHA-256, Ed25519: what every other implementation speaks.
    Aes,
}

impl From<SuiteName> for u16 {
    fn from(name: SuiteName) -> Self {
        match name {
            SuiteName::PostQuantum => SUITE_POST_QUANTUM,
            SuiteName::Chacha => SUITE_CHACHA,
            SuiteName::Aes => SUITE_AES,
        }
    }
}

/// A signature under the register.
#[derive(Args, Clone, Debug)]
pub struct Sign {
    /// The organisation's folder.
    #[arg(long)]
    pub folder: std::path::PathBuf,
    /// Who signs.
    #[arg(long)]
    pub issuer: String,
}

/// A role, as it is written on the command line.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum RoleName {
    /// Leads peer groups.
    Host,
    /// Answers help calls.
    Professional,
    /// Speaks on a stage.
    Presenter,
}

impl std::fmt::Display for RoleName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Host => "host",
            Self::Professional => "professional",
            Self::Presenter => "presenter",
        })
    }
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Host => Self::Host,
            RoleName::Professional => Self::Professional,
            RoleName::Presenter => Self::Presenter,
        }
    }
}

/// Does it; returns what to tell the operator.
pub fn run(command: &Org) -> Result<String, Broken> {
    match command {
        Org::Init(init) => make(init),
        Org::Issuer(issuer) => name_issuer(issuer),
        Org::Certify(certify) => certify_somebody(certify),
        Org::Invite(invite) => invite_somebody(invite),
        Org::Revoke(revoke) => revoke_somebody(revoke),
        Org::Suite(choose) => choose_suite(choose),
        Org::Take(take) => take_over(take),
        Org::Register(sign) => sign_register(sign),
    }
}

fn make(init: &Init) -> Result<String, Broken> {
    let folder = Folder::make(&init.folder)?;
    let root = new_key();
    folder.write_key("root", &root)?;
    let public = RootKey(root.verifying_key().to_bytes());
    folder.write_register(&Register::new(OrganisationId::of(&public)))?;
    Ok(format!(
        "A new organisation in {}.\nPrint root.key, put it in a safe and take it off this machine: it is needed to \
         name issuers, once a year.\nThe link of every person ends in #{}\n",
        init.folder.display(),
        Link::of_person(public).to_fragment()
    ))
}

fn name_issuer(new: &NewIssuer) -> Result<String, Broken> {
    let folder = Folder::open(&new.folder)?;
    let root = folder.key("root")?;
    let seconds = within(new.days, ISSUER_LIFETIME_SECONDS_MAX, "an issuer")?;
    let root_key = RootKey(root.verifying_key().to_bytes());
    let secret = StaffSecret(Zeroizing::new(clock::random()));
    let key = secret.issuer_key();
    let now = clock::now().seconds();
    let valid = (now - EARLIER, now - EARLIER + seconds);
    let roles: Vec<Role> = new.roles.iter().copied().map(Role::from).collect();
    let public = key.verifying_key().to_bytes();
    let issuer = Issuer::new(&root, Serial(clock::random()), public, &roles, new.professionals_need, valid);
    folder.write_issuer(&new.name, &issuer, &secret)?;
    let link = Link::of_coordinator(root_key, secret, issuer.to_bytes());
    Ok(format!(
        "{} may certify for {} days. Her key is hers alone: issuer-{}.key\nHer link to the office, for her eyes only, \
         ends in #{}\n",
        new.name,
        new.days,
        new.name,
        link.to_fragment()
    ))
}

fn certify_somebody(new: &Certify) -> Result<String, Broken> {
    let folder = Folder::open(&new.folder)?;
    let root = folder.root()?;
    let seconds = within(new.days, ROLE_LIFETIME_SECONDS_MAX, "a certificate")?;
    let service = match new.role {
        RoleName::Professional => new.service.clone().unwrap_or_default(),
        RoleName::Host | RoleName::Presenter => String::new(),
    };
    check_name("alias", &new.alias)?;
    check_name("service", &service)?;
    let secret = StaffSecret(Zeroizing::new(clock::random()));
    let now = clock::now();
    let mut certificate = RoleCertificate {
        organisation: OrganisationId::of(&root),
        serial: Serial(clock::random()),
        role: new.role.into(),
        service,
        alias: new.alias.clone(),
        leaf_key: LeafKey(secret.leaf_key().verifying_key().to_bytes()),
        not_before: now.seconds() - EARLIER,
        not_after: now.seconds() - EARLIER + seconds,
        issuers: Vec::new(),
    };
    for name in &new.issuers {
        let (issuer, key) = folder.issuer(name)?;
        certificate = certificate.signed_by(issuer, &key);
    }
    let bytes = certificate.to_bytes();
    let mut register = folder.register()?;
    let trust = folder.trust(&register)?;
    trust.role(&bytes, &certificate.leaf_key, now).map_err(|error| {
        Broken::new(format!("this certificate would not count: {error}; nothing was written"))
    })?;
    let account = secret.account_key().verifying_key().to_bytes();
    // The colleague first: a certificate that is in the register and nowhere else could not be revoked by name.
    let name = new.name.clone().unwrap_or_else(|| new.alias.clone());
    folder.write_colleague(&Colleague { name, account, certificate: bytes.clone() })?;
    register.certified(certificate.serial, &bytes);
    folder.write_register(&register)?;
    let link = Link::of_staff(root, secret, bytes);
    Ok(format!(
        "{} is certified for {} days, once the register is signed (`org register`).\nHer link, for her eyes only, \
         ends in #{}\n",
        new.alias,
        new.days,
        link.to_fragment()
    ))
}

fn invite_somebody(invite: &Invite) -> Result<String, Broken> {
    let folder = Folder::open(&invite.folder)?;
    let root = folder.root()?;
    let (issuer, key) = folder.issuer(&invite.issuer)?;
    let trust = folder.trust(&folder.register()?)?;
    check_name("partner", &invite.partner)?;
    let now = clock::now();
    let mut told = format!(
        "{} for {}, each for one person, within {} hours. A link ends in:\n",
        if invite.count == 1 { "An invitation".to_owned() } else { format!("{} invitations", invite.count) },
        invite.partner,
        invite.hours
    );
    for _ in 0..invite.count {
        let secret = InvitationSecret(Zeroizing::new(clock::random()));
        let invitation = Invitation {
            organisation: OrganisationId::of(&root),
            serial: Serial(clock::random()),
            key: secret.public(),
            partner: invite.partner.clone(),
            not_before: now.seconds(),
            not_after: now.seconds() + invite.hours * 3600,
            issuers: Vec::new(),
        };
        let invitation = invitation.signed_by(issuer.clone(), &key);
        invitation.verify(&trust, now).map_err(|error| {
            Broken::new(format!("this invitation would not count: {error}; none was made"))
        })?;
        let link = Link::of_invited(root, secret, invitation.to_bytes());
        told.push_str(&format!("#{}\n", link.to_fragment()));
    }
    Ok(told)
}

fn revoke_somebody(revoke: &Revoke) -> Result<String, Broken> {
    let folder = Folder::open(&revoke.folder)?;
    let mut register = folder.register()?;
    let serials = folder.serials_of(&revoke.name)?;
    let revoked = register.revoked();
    if serials.iter().all(|serial| revoked.contains(serial)) {
        return Ok(format!("{} was revoked already.\n", revoke.name));
    }
    serials.into_iter().for_each(|serial| register.add(Change::Revoked { serial }));
    folder.write_register(&register)?;
    Ok(format!(
        "{} is revoked, once the register is signed (`org register`), the roster file replaced and the relay \
         started again.\n",
        revoke.name
    ))
}

fn choose_suite(choose: &Choose) -> Result<String, Broken> {
    let folder = Folder::open(&choose.folder)?;
    let mut register = folder.register()?;
    let suite = choose.suite.into();
    if register.suite().unwrap_or(SUITE_POST_QUANTUM) == suite {
        return Ok("That is the suite already.\n".to_owned());
    }
    register.add(Change::Suite { suite });
    folder.write_register(&register)?;
    Ok(format!(
        "Rooms are opened in suite {suite:#06x}, once the register is signed (`org register`), the roster file \
         replaced and the relay started again. Rooms that are open stay as they are until their host moves them.\n"
    ))
}

fn take_over(take: &Take) -> Result<String, Broken> {
    let folder = Folder::open(&take.folder)?;
    let head =
        folder.head()?.ok_or_else(|| Broken::new("sign the register first: `lotgenoot org register`"))?;
    let database = take.data.join(DATABASE);
    if !database.exists() {
        return Err(Broken::new(format!(
            "{} is not there; name the relay's data folder",
            database.display()
        )));
    }
    let Some((_, record)) = RedbLedger::open(&database)?.office()? else {
        return Ok("Nobody has changed anything in a browser.\n".to_owned());
    };
    let known = folder.register()?;
    let office = Office::new(folder.root()?, (known.clone(), head), Roster::default(), Some(&record));
    let office = office.map_err(Broken::new)?;
    let (head, register) = office.register();
    let register =
        Register::from_bytes(&register).ok_or_else(|| Broken::new("the register cannot be read"))?;
    let head = RegisterHead::from_bytes(&head).ok_or_else(|| Broken::new("the head cannot be read"))?;
    if register.version() == known.version() {
        return Ok("This folder knows everything already.\n".to_owned());
    }
    for colleague in office.staff().certified {
        folder.renew_colleague(colleague.account.0, &colleague.certificate)?;
    }
    folder.write_register(&register)?;
    folder.write_head(&head)?;
    Ok(format!(
        "Version {} of the register is in this folder, with everybody who was certified since {}.\n",
        register.version(),
        known.version()
    ))
}

fn sign_register(sign: &Sign) -> Result<String, Broken> {
    let folder = Folder::open(&sign.folder)?;
    let register = folder.register()?;
    let trust = folder.trust(&register)?;
    let (issuer, key) = folder.issuer(&sign.issuer)?;
    let head = register.sign(clock::now().seconds(), issuer, &key);
    register.verify(&head, folder.head()?.as_ref(), &trust).map_err(Broken::new)?;
    folder.write_head(&head)?;
    let path = folder.write_roster(&register, &head)?;
    Ok(format!(
        "Version {} of the register is signed. {} holds everybody who counts; add who is on duty, and give it to the \
         relay.\n",
        register.version(),
        path.display()
    ))
}

fn check_name(what: &str, name: &str) -> Result<(), Broken> {
    if name.len() > NAME_BYTES_MAX {
        return Err(Broken::new(format!("the {what} is longer than {NAME_BYTES_MAX} bytes; shorten it")));
    }
    Ok(())
}

fn within(days: u64, seconds_max: u64, what: &str) -> Result<u64, Broken> {
    let seconds = days.saturating_mul(DAY);
    if days == 0 || seconds > seconds_max {
        return Err(Broken::new(format!("{what} lives 1 to {} days", seconds_max / DAY)));
    }
    Ok(seconds)
}

fn new_key() -> SigningKey {
    SigningKey::from_bytes(&Zeroizing::new(clock::random()))
}
