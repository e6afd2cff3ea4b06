//! What is in a letter, and how it is sealed: HPKE (RFC 9180) with the KEM of suite 0x004F, as MLS uses it.

use crate::crypto::Crypto;
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use lotgenoot_protocol::letters::{ENCAPSULATED_BYTES, LetterFor, LetterKey, Reader};
use lotgenoot_protocol::mls::SUITE_POST_QUANTUM;
use lotgenoot_protocol::role::{Role, RoleCertificate, Trust};
use lotgenoot_protocol::sign::{Purpose, sign, verify};
use lotgenoot_protocol::words::Words;
use lotgenoot_protocol::{Blob, LeafKey, LetterId, RoomId, Serial, Timestamp, codec, pad};
use minicbor::{Decode, Encode};
use openmls::prelude::{Ciphersuite, HpkeCiphertext, HpkeKeyPair, OpenMlsCrypto};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::vault::AccountSecret;

// What is left of words that are too long for a letter.
const SHORTENED_CHARS: usize = 1_000;
const INFO: &[u8] = b"Lotgenoot letter 1";

/// A letter.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub(crate) struct Letter {
    /// What it says, encoded: what its writer signs.
    #[n(0)]
    body: Blob,
    /// Who wrote it, if she gives her name.
    #[n(1)]
    by: Option<Signed>,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Signed {
    #[n(0)]
    certificate: Blob,
    #[n(1)]
    signature: Blob,
}

/// What it says.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub(crate) enum Says {
    /// A host, after a session, to the coordinators.
    #[n(0)]
    Debrief {
        #[n(0)]
        theme: String,
        #[n(1)]
        how: String,
        #[n(2)]
        hand_over: String,
        #[n(3)]
        call_me: bool,
    },
    /// A host, to the hosts of the next session.
    #[n(1)]
    HandOver {
        #[n(0)]
        theme: String,
        #[n(1)]
        words: String,
    },
    /// Somebody, to the coordinators: what another has said or done.
    #[n(2)]
    Report(#[n(0)] Box<Report>),
}

/// What somebody has said or done, with what proves it.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub(crate) struct Report {
    /// Where.
    #[n(0)]
    pub(crate) room: RoomId,
    /// Who, there.
    #[n(1)]
    pub(crate) leaf: LeafKey,
    /// What she is called there.
    #[n(2)]
    pub(crate) name: String,
    /// Staff: what proves it.
    #[n(3)]
    pub(crate) certificate: Option<Blob>,
    /// The words, as the leaf has signed them.
    #[n(4)]
    pub(crate) words: Option<Words>,
    /// The words as they were read, where they cannot be proven any more.
    #[n(5)]
    pub(crate) said: String,
    /// What is wrong with it, in the words of whoever reports it.
    #[n(6)]
    pub(crate) why: String,
}

impl Report {
    /// The words, and whether the leaf has signed them for this room.
    pub(crate) fn said(&self) -> Option<(&str, bool)> {
        match &self.words {
            Some(words) if words.are_by(&self.leaf, self.room) => Some((&words.text, true)),
            Some(words) => Some((&words.text, false)),
            None => Some((self.said.as_str(), false)).filter(|(said, _)| !said.is_empty()),
        }
    }

    /// The same without what makes it long.
    pub(crate) fn shortened(&self) -> Self {
        let said = self.said().map_or("", |(said, _)| said);
        let cut = |text: &str| text.chars().take(SHORTENED_CHARS).collect::<String>();
        Self { words: None, said: cut(said), why: cut(&self.why), ..self.clone() }
    }

    /// Who she is, if she is staff.
    pub(crate) fn staff(&self, trust: &Trust, now: Timestamp) -> Option<RoleCertificate> {
        let certificate = self.certificate.as_ref()?;
        let read = RoleCertificate::from_bytes(certificate)?;
        // She was one when she said it: that her certificate has ended since changes nothing.
        let then = now.min(Timestamp(read.not_after.saturating_mul(1000)));
        trust.role(certificate, &self.leaf, then).ok()
    }
}

impl Letter {
    /// One that nobody gives her name for.
    pub(crate) fn anonymous(says: &Says) -> Self {
        Self { body: Blob(codec::to_vec(says)), by: None }
    }

    /// One by a host's name.
    pub(crate) fn by(says: &Says, id: LetterId, certificate: &[u8], key: &SigningKey) -> Self {
        let body = Blob(codec::to_vec(says));
        let signature = Blob(sign(key, Purpose::Letter, &[&id.0, &body]).to_vec());
        Self { body, by: Some(Signed { certificate: Blob(certificate.to_vec()), signature }) }
    }

    /// What it says, and which host says so. What needs a name and has none is worth nothing.
    pub(crate) fn read(
        &self,
        id: LetterId,
        trust: &Trust,
        now: Timestamp,
    ) -> Option<(Says, Option<RoleCertificate>)> {
        let says: Says = codec::from_slice(&self.body)?;
        let by = self.by.as_ref().and_then(|by| {
            let read = RoleCertificate::from_bytes(&by.certificate)?;
            // She wrote it when she was one: that her certificate has ended since changes nothing.
            let then = now.min(Timestamp(read.not_after.saturating_mul(1000)));
            let read = trust.role(&by.certificate, &read.leaf_key, then).ok()?;
            let signed = verify(&read.leaf_key.0, Purpose::Letter, &[&id.0, &self.body], &by.signature);
            Some(read).filter(|read| signed && read.role == Role::Host)
        });
        match says {
            Says::Report(_) => Some((says, by)),
            Says::Debrief { .. } | Says::HandOver { .. } => by.map(|by| (says, Some(by))),
        }
    }

    /// For this reader.
    pub(crate) fn seal(&self, id: LetterId, reader: &Reader, key: &LetterKey) -> Option<LetterFor> {
        let reader = reader.serial();
        let plain = Zeroizing::new(pad::pad(&codec::to_vec(self)));
        let config = Ciphersuite::try_from(SUITE_POST_QUANTUM).ok()?.hpke_config();
        let sealed = Crypto::default()
            .hpke_seal(config, &key.key, INFO, &bound_to(id, reader), &plain)
            .ok()
            .filter(|sealed| sealed.kem_output.as_slice().len() == ENCAPSULATED_BYTES)?;
        let sealed = [sealed.kem_output.as_slice(), sealed.ciphertext.as_slice()].concat();
        Some(LetterFor { reader, sealed: Blob(sealed) })
    }
}

/// What opens letters to a coordinator or host: follows from her account's secret.
pub(crate) struct LetterBox {
    keys: HpkeKeyPair,
}

impl LetterBox {
    /// Hers.
    pub(crate) fn of(secret: &AccountSecret) -> Option<Self> {
        let mut seed = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, &*secret.0).expand(b"Lotgenoot letters 1", &mut *seed).ok()?;
        let config = Ciphersuite::try_from(SUITE_POST_QUANTUM).ok()?.hpke_config();
        let keys = Crypto::default().derive_hpke_keypair(config, &*seed).ok()?;
        Some(Self { keys })
    }

    /// What others seal with.
    pub(crate) fn public(&self) -> Blob {
        Blob(self.keys.public.clone())
    }

    /// A letter that was sealed for this reader.
    pub(crate) fn open(&self, id: LetterId, reader: Serial, sealed: &[u8]) -> Option<Letter> {
        let (kem_output, ciphertext) = sealed.split_at_checked(ENCAPSULATED_BYTES)?;
        let input = HpkeCiphertext { kem_output: kem_output.into(), ciphertext: ciphertext.into() };
        let config = Ciphersuite::try_from(SUITE_POST_QUANTUM).ok()?.hpke_config();
        let plain = Crypto::default()
            .hpke_open(config, &input, &self.keys.private, INFO, &bound_to(id, reader))
            .ok()
            .map(Zeroizing::new)?;
        codec::from_slice(pad::unpad(&plain)?)
    }
}

fn bound_to(id: LetterId, reader: Serial) -> Vec<u8> {
    [&id.0[..], &reader.0].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotgenoot_protocol::RootKey;
    use lotgenoot_protocol::role::Issuer;

    const ID: LetterId = LetterId([7; 16]);
    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn secret(byte: u8) -> AccountSecret {
        AccountSecret(Zeroizing::new([byte; 32]))
    }

    fn coordinator() -> (Reader, LetterKey, LetterBox) {
        let (root, key) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let valid = (NOW.seconds() - 60, NOW.seconds() + 3600);
        let issuer =
            Issuer::new(&root, Serial([3; 16]), key.verifying_key().to_bytes(), &[Role::Host], 1, valid);
        let letters = LetterBox::of(&secret(5)).unwrap();
        let public = LetterKey::of_coordinator(&issuer, &key, letters.public());
        let reader = public.reader(&Trust::new(RootKey(root.verifying_key().to_bytes())), NOW).unwrap();
        (reader, public, letters)
    }

    fn report(words: Option<Words>) -> Report {
        let leaf = LeafKey(SigningKey::from_bytes(&[9; 32]).verifying_key().to_bytes());
        let (room, name) = (RoomId([4; 16]), "Iris".to_owned());
        let (said, why) = ("Ga weg".to_owned(), "Ik schrok ervan".to_owned());
        Report { room, leaf, name, certificate: None, words, said, why }
    }

    #[test]
    fn only_its_reader_opens_a_letter_and_only_as_that_one() {
        let (reader, key, letters) = coordinator();
        let letter = Letter::anonymous(&Says::Report(Box::new(report(None))));
        let sealed = letter.seal(ID, &reader, &key).unwrap();
        let serial = reader.serial();
        assert_eq!(letters.open(ID, serial, &sealed.sealed), Some(letter.clone()));
        assert_eq!(letters.open(LetterId([8; 16]), serial, &sealed.sealed), None);
        assert_eq!(letters.open(ID, Serial([8; 16]), &sealed.sealed), None);
        assert_eq!(LetterBox::of(&secret(6)).unwrap().open(ID, serial, &sealed.sealed), None);
        assert_eq!(letters.open(ID, serial, &sealed.sealed[..400]), None);
        let again = letter.seal(ID, &reader, &key).unwrap();
        assert_ne!(again.sealed, sealed.sealed);
    }

    #[test]
    fn what_was_said_is_proven_by_the_leaf_that_said_it_and_by_no_other() {
        let key = SigningKey::from_bytes(&[9; 32]);
        let words = |room| Words::new(&key, room, [1; 16], "Ga weg".to_owned());
        assert_eq!(report(Some(words(RoomId([4; 16])))).said(), Some(("Ga weg", true)));
        assert_eq!(report(Some(words(RoomId([5; 16])))).said(), Some(("Ga weg", false)), "said elsewhere");
        assert_eq!(report(None).said(), Some(("Ga weg", false)));
    }

    #[test]
    fn nobody_debriefs_in_a_hosts_name() {
        let (reader, key, letters) = coordinator();
        let says = Says::HandOver { theme: "Samen".to_owned(), words: "Let op Merel".to_owned() };
        let sealed = Letter::anonymous(&says).seal(ID, &reader, &key).unwrap();
        let letter = letters.open(ID, reader.serial(), &sealed.sealed).unwrap();
        let trust = Trust::new(RootKey([0; 32]));
        assert_eq!(letter.read(ID, &trust, NOW), None);
    }
}
