//! The files of an organisation. What is secret can be read by its owner alone; nothing is ever overwritten but the
//! register, its head and the roster's beginning, and those whole or not at all.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use lotgenoot_protocol::link::StaffSecret;
use lotgenoot_protocol::register::{Register, RegisterHead};
use lotgenoot_protocol::role::{Issuer, RoleCertificate, Trust, serial_of_key};
use lotgenoot_protocol::{RootKey, Serial};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::clock;
use crate::store::Broken;

const OWNER_ONLY: u32 = 0o600;
const FOR_ALL: u32 = 0o644;

/// An organisation's folder.
pub(super) struct Folder {
    path: PathBuf,
}

/// Somebody certified, as the folder keeps her.
pub(super) struct Colleague {
    pub(super) name: String,
    pub(super) account: [u8; 32],
    pub(super) certificate: Vec<u8>,
}

#[derive(Deserialize, Serialize)]
struct ColleagueFile {
    name: String,
    account: String,
    certificate: String,
}

impl Folder {
    /// A new one; refused where there is one already.
    pub(super) fn make(path: &Path) -> Result<Self, Broken> {
        fs::create_dir_all(path).map_err(|error| failed(path, "made", &error))?;
        let folder = Self { path: path.to_owned() };
        if folder.at("register").exists() || folder.at("root.key").exists() {
            return Err(Broken::new(format!(
                "{} holds an organisation already; name another folder",
                path.display()
            )));
        }
        Ok(folder)
    }

    /// One that is there.
    pub(super) fn open(path: &Path) -> Result<Self, Broken> {
        let folder = Self { path: path.to_owned() };
        if !folder.at("register").exists() {
            return Err(Broken::new(format!(
                "{} holds no organisation; make one with `lotgenoot org init`",
                path.display()
            )));
        }
        Ok(folder)
    }

    pub(super) fn write_key(&self, name: &str, key: &SigningKey) -> Result<(), Broken> {
        if name == "root" {
            self.create("root.pub", &encode(&key.verifying_key().to_bytes()), FOR_ALL)?;
        }
        self.create(&format!("{name}.key"), &Zeroizing::new(encode(&key.to_bytes())), OWNER_ONLY)
    }

    pub(super) fn key(&self, name: &str) -> Result<SigningKey, Broken> {
        let file = format!("{name}.key");
        let bytes = Zeroizing::new(self.decode(&file)?);
        let seed = Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| self.damaged(&file))?);
        Ok(SigningKey::from_bytes(&seed))
    }

    pub(super) fn root(&self) -> Result<RootKey, Broken> {
        RootKey::from_slice(&self.decode("root.pub")?).ok_or_else(|| self.damaged("root.pub"))
    }

    /// The root, and what the register has revoked.
    pub(super) fn trust(&self, register: &Register) -> Result<Trust, Broken> {
        let mut trust = Trust::new(self.root()?);
        register.revoked().into_iter().for_each(|serial| trust.revoke(serial));
        Ok(trust)
    }

    pub(super) fn write_issuer(
        &self,
        name: &str,
        issuer: &Issuer,
        secret: &StaffSecret,
    ) -> Result<(), Broken> {
        plain(name)?;
        self.create(&format!("issuer-{name}.pub"), &encode(&issuer.to_bytes()), FOR_ALL)?;
        self.create(&format!("issuer-{name}.key"), &Zeroizing::new(encode(&*secret.0)), OWNER_ONLY)
    }

    pub(super) fn issuer(&self, name: &str) -> Result<(Issuer, SigningKey), Broken> {
        plain(name)?;
        let file = format!("issuer-{name}.pub");
        let issuer = Issuer::from_bytes(&self.decode(&file)?).ok_or_else(|| self.damaged(&file))?;
        let secret = self.key(&format!("issuer-{name}"))?;
        let key = StaffSecret(Zeroizing::new(secret.to_bytes())).issuer_key();
        if issuer.key != key.verifying_key().to_bytes() {
            return Err(Broken::new(format!("issuer-{name}.key does not belong to {file}")));
        }
        Ok((issuer, key))
    }

    pub(super) fn write_colleague(&self, colleague: &Colleague) -> Result<(), Broken> {
        plain(&colleague.name)?;
        let file = ColleagueFile {
            name: colleague.name.clone(),
            account: encode(&colleague.account),
            certificate: encode(&colleague.certificate),
        };
        let text = toml::to_string(&file).map_err(Broken::new)?;
        self.create(&format!("colleague-{}.toml", colleague.name), &text, FOR_ALL)
    }

    /// A certificate made elsewhere: in the place of an earlier one of the same account, or somebody's first.
    pub(super) fn renew_colleague(&self, account: [u8; 32], certificate: &[u8]) -> Result<(), Broken> {
        let read = RoleCertificate::from_bytes(certificate)
            .ok_or_else(|| Broken::new("a certificate in the database cannot be read"))?;
        for file in self.colleague_files()? {
            let (mut colleague, _) = self.colleague(&file)?;
            if colleague.account == encode(&account) {
                colleague.certificate = encode(certificate);
                return self.replace(&file, &toml::to_string(&colleague).map_err(Broken::new)?);
            }
        }
        // An alias may be anything; a file's name may not.
        let letters: String = read.alias.chars().filter(|it| it.is_alphanumeric()).take(32).collect();
        let free = |name: &String| !self.at(&format!("colleague-{name}.toml")).exists();
        let names = std::iter::once(letters.clone()).chain((2..).map(|number| format!("{letters}-{number}")));
        let name = names.filter(|name| !name.is_empty() && plain(name).is_ok()).find(free);
        let name = name.unwrap_or_else(|| encode(&read.serial.0));
        self.write_colleague(&Colleague { name, account, certificate: certificate.to_vec() })
    }

    /// The serials that an alias or an issuer's name stands for: a colleague's certificate, and her key with all others.
    pub(super) fn serials_of(&self, name: &str) -> Result<Vec<Serial>, Broken> {
        plain(name)?;
        let issuer = format!("issuer-{name}.pub");
        if self.at(&issuer).exists() {
            let issuer = Issuer::from_bytes(&self.decode(&issuer)?).ok_or_else(|| self.damaged(&issuer))?;
            return Ok(vec![issuer.serial]);
        }
        let file = format!("colleague-{name}.toml");
        if !self.at(&file).exists() {
            return Err(Broken::new(format!("nobody is called {name} in {}", self.path.display())));
        }
        let (_, certificate) = self.colleague(&file)?;
        Ok(vec![certificate.serial, serial_of_key(&certificate.leaf_key)])
    }

    pub(super) fn register(&self) -> Result<Register, Broken> {
        Register::from_bytes(&self.decode("register")?).ok_or_else(|| self.damaged("register"))
    }

    pub(super) fn write_register(&self, register: &Register) -> Result<(), Broken> {
        self.replace("register", &encode(&register.to_bytes()))
    }

    /// The head that was signed last.
    pub(super) fn head(&self) -> Result<Option<RegisterHead>, Broken> {
        if !self.at("register.head").exists() {
            return Ok(None);
        }
        let head = RegisterHead::from_bytes(&self.decode("register.head")?);
        head.map(Some).ok_or_else(|| self.damaged("register.head"))
    }

    pub(super) fn write_head(&self, head: &RegisterHead) -> Result<(), Broken> {
        self.replace("register.head", &encode(&head.to_bytes()))
    }

    /// Root, register, head, and every colleague whose certificate counts now.
    pub(super) fn write_roster(&self, register: &Register, head: &RegisterHead) -> Result<PathBuf, Broken> {
        let trust = self.trust(register)?;
        let mut text = format!(
            "root = \"{}\"\nregister_head = \"{}\"\nregister = \"{}\"\n",
            encode(&self.root()?.0),
            encode(&head.to_bytes()),
            encode(&register.to_bytes())
        );
        for file in self.colleague_files()? {
            let (colleague, certificate) = self.colleague(&file)?;
            let bytes = certificate.to_bytes();
            let counts = trust.role(&bytes, &certificate.leaf_key, clock::now()).is_ok()
                && register.lists(certificate.serial, &bytes);
            if counts {
                let colleague = toml::to_string(&colleague).map_err(Broken::new)?;
                // A String takes everything.
                let _infallible = write!(text, "\n[[colleague]]\n{colleague}");
            }
        }
        self.replace("roster.toml", &text)?;
        Ok(self.at("roster.toml"))
    }

    fn colleague_files(&self) -> Result<Vec<String>, Broken> {
        let listed = fs::read_dir(&self.path).map_err(|error| failed(&self.path, "read", &error))?;
        let mut files = Vec::new();
        for entry in listed {
            let name = entry.map_err(|error| failed(&self.path, "read", &error))?.file_name();
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("colleague-") && name.ends_with(".toml") {
                files.push(name);
            }
        }
        files.sort();
        Ok(files)
    }

    fn colleague(&self, file: &str) -> Result<(ColleagueFile, RoleCertificate), Broken> {
        let colleague: ColleagueFile = toml::from_str(&self.read(file)?).map_err(|_| self.damaged(file))?;
        let bytes = URL_SAFE_NO_PAD.decode(&colleague.certificate).map_err(|_| self.damaged(file))?;
        let certificate = RoleCertificate::from_bytes(&bytes).ok_or_else(|| self.damaged(file))?;
        Ok((colleague, certificate))
    }

    fn at(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    fn read(&self, name: &str) -> Result<String, Broken> {
        let path = self.at(name);
        fs::read_to_string(&path).map_err(|error| failed(&path, "read", &error))
    }

    fn decode(&self, name: &str) -> Result<Vec<u8>, Broken> {
        URL_SAFE_NO_PAD.decode(self.read(name)?.trim()).map_err(|_| self.damaged(name))
    }

    // A file that must not be there yet.
    fn create(&self, name: &str, text: &str, mode: u32) -> Result<(), Broken> {
        let path = self.at(name);
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(mode).open(&path);
        let mut file = file.map_err(|error| failed(&path, "made", &error))?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        written.map_err(|error| failed(&path, "written", &error))
    }

    // Beside it first, then in its place: there is always a whole one.
    fn replace(&self, name: &str, text: &str) -> Result<(), Broken> {
        let unfinished = format!("{name}.new");
        match fs::remove_file(self.at(&unfinished)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed(&self.at(&unfinished), "removed", &error));
            }
            _ => {}
        }
        self.create(&unfinished, text, FOR_ALL)?;
        fs::rename(self.at(&unfinished), self.at(name))
            .map_err(|error| failed(&self.at(name), "written", &error))
    }

    fn damaged(&self, name: &str) -> Broken {
        Broken::new(format!("{} is damaged; take it from a copy", self.at(name).display()))
    }
}

// A name becomes part of a file's name.
fn plain(name: &str) -> Result<(), Broken> {
    let fits = !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || it == '-' || it == '_');
    if fits { Ok(()) } else { Err(Broken::new(format!("“{name}”: letters, digits, - and _ only"))) }
}

fn failed(path: &Path, what: &str, error: &std::io::Error) -> Broken {
    Broken::new(format!("{} cannot be {what}: {error}", path.display()))
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
