//! The roster file: who works here and who is on duty, as TOML. All or nothing: a file with a mistake is refused
//! whole, with the place of the mistake.
//!
//! ```toml
//! root = "<base64url>"            # the organisation's root key, pinned by every client
//! register_head = "<base64url>"   # the head of its staff register
//! register = "<base64url>"        # the register: what is revoked counts no more, who is not in it does not count
//!
//! [[colleague]]
//! name = "roos"                   # for this file only
//! account = "<base64url>"
//! certificate = "<base64url>"
//!
//! [service.begeleider]            # hosts on shift
//! shift = [{ who = "roos", level = 1 }]
//!
//! [service.wijkteam]
//! fallback = "veilig-thuis"
//! shift = [{ who = "noor", level = 1, from = "2026-11-22T18:00:00Z", until = "2026-11-22T23:00:00Z" }]
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lotgenoot_core::duty::{Roster, Service, Shift};
use lotgenoot_core::office::Office;
use lotgenoot_protocol::register::{Register, RegisterHead};
use lotgenoot_protocol::role::{RoleCertificate, Trust};
use lotgenoot_protocol::{AccountKey, Blob, RootKey, Serial, Timestamp};
use serde::Deserialize;

use crate::store::Broken;

/// An organisation as its roster file states it.
pub struct Organisation {
    /// Its root and revocations.
    pub trust: Trust,
    /// The head of its register, verified.
    pub register_head: Blob,
    /// The register, as it was signed.
    pub register: Blob,
    /// Who is on duty.
    pub roster: Roster,
}

impl Organisation {
    /// Its staff, with what coordinators have changed since.
    pub fn office(&self, record: Option<&[u8]>) -> Result<Office, Broken> {
        let register =
            Register::from_bytes(&self.register).zip(RegisterHead::from_bytes(&self.register_head));
        let register = register.ok_or_else(|| Broken::new("the register cannot be read"))?;
        Office::new(*self.trust.root(), register, self.roster.clone(), record).map_err(Broken::new)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    root: String,
    register_head: String,
    register: String,
    #[serde(default)]
    colleague: Vec<Colleague>,
    #[serde(default)]
    service: BTreeMap<String, ServiceEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Colleague {
    name: String,
    account: String,
    certificate: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceEntry {
    fallback: Option<String>,
    #[serde(default)]
    shift: Vec<ShiftEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShiftEntry {
    who: String,
    level: u32,
    from: Option<String>,
    until: Option<String>,
}

/// Reads the organisation in the file at `path`.
pub fn read(path: &Path) -> Result<Organisation, Broken> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Broken::new(format!("the roster file {} cannot be read: {error}", path.display()))
    })?;
    parse(&text).map_err(|error| Broken::new(format!("the roster file {}: {error}", path.display())))
}

/// The organisation in `text`.
pub fn parse(text: &str) -> Result<Organisation, Broken> {
    let file: File = toml::from_str(text).map_err(|error| Broken::new(error.to_string()))?;
    let root =
        RootKey::from_slice(&decode("root", &file.root)?).ok_or_else(|| Broken::new("root has 32 bytes"))?;
    let mut trust = Trust::new(root);
    let register_head = Blob(decode("register_head", &file.register_head)?);
    let head = RegisterHead::from_bytes(&register_head)
        .filter(|head| head.verify(&trust).is_ok())
        .ok_or_else(|| Broken::new("register_head is not signed by an issuer of this root"))?;
    let register = read_register(&file.register, &head, &trust)?;
    register.revoked().into_iter().for_each(|serial| trust.revoke(serial));

    let mut colleagues = Vec::new();
    let mut serials: BTreeMap<String, Serial> = BTreeMap::new();
    for colleague in file.colleague {
        let account = AccountKey::from_slice(&decode("account", &colleague.account)?)
            .ok_or_else(|| Broken::new(format!("the account of {} has not 32 bytes", colleague.name)))?;
        let certificate = decode("certificate", &colleague.certificate)?;
        let read = RoleCertificate::from_bytes(&certificate)
            .ok_or_else(|| Broken::new(format!("the certificate of {} cannot be read", colleague.name)))?;
        if !register.lists(read.serial, &certificate) {
            return Err(Broken::new(format!("the certificate of {} is not in the register", colleague.name)));
        }
        serials.insert(colleague.name, read.serial);
        colleagues.push((account, Blob(certificate)));
    }
    let mut services = BTreeMap::new();
    for (name, entry) in file.service {
        let shifts = entry
            .shift
            .into_iter()
            .map(|shift| to_shift(&name, shift, &serials))
            .collect::<Result<_, _>>()?;
        services.insert(name, Service { shifts, fallback: entry.fallback });
    }
    let roster = Roster::new(colleagues, services).map_err(Broken::new)?;
    Ok(Organisation { trust, register_head, register: Blob(register.to_bytes()), roster })
}

fn read_register(text: &str, head: &RegisterHead, trust: &Trust) -> Result<Register, Broken> {
    let register = Register::from_bytes(&decode("register", text)?)
        .ok_or_else(|| Broken::new("register: it cannot be read; take it from `lotgenoot org register`"))?;
    register.verify(head, None, trust).map_err(Broken::new)?;
    Ok(register)
}

fn to_shift(service: &str, entry: ShiftEntry, serials: &BTreeMap<String, Serial>) -> Result<Shift, Broken> {
    let who = *serials
        .get(&entry.who)
        .ok_or_else(|| Broken::new(format!("service {service}: nobody is called {}", entry.who)))?;
    if entry.level == 0 {
        return Err(Broken::new(format!("service {service}: levels count from 1")));
    }
    let moment = |text: Option<String>| -> Result<Option<Timestamp>, Broken> {
        let Some(text) = text else { return Ok(None) };
        let at: jiff::Timestamp =
            text.parse().map_err(|error| Broken::new(format!("service {service}: {text}: {error}")))?;
        Ok(Some(Timestamp(at.as_millisecond().max(0) as u64)))
    };
    Ok(Shift { who, level: entry.level, from: moment(entry.from)?, until: moment(entry.until)? })
}

fn decode(field: &str, text: &str) -> Result<Vec<u8>, Broken> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|error| Broken::new(format!("{field}: {error}; base64url without padding")))
}
