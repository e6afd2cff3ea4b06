//! How Lotgenoot uses MLS: suites, credentials, extensions, and what they contain.
//!
//! Type numbers are in the private ranges (RFC 9420 §17). The formats here are final: a room made today
//! must be readable by a client made in a year.

use openmls::prelude::tls_codec::{Deserialize as _, Serialize as _};
use openmls::prelude::{
    Capabilities, Ciphersuite, Credential, CredentialType, Extension, ExtensionType, Extensions,
    GroupContext, LeafNode, ProposalType, RequiredCapabilitiesExtension, UnknownExtension,
};
use sha2::{Digest, Sha256};

use crate::ids::{Epoch, LeafKey, MessageId, Pseudonym, RoomId};
use crate::register::RegisterHead;
use crate::role::OrganisationId;

/// X-Wing (ML-KEM-768 + X25519), AES-128-GCM, SHA-256, Ed25519: the default of every room but a stage.
pub const SUITE_POST_QUANTUM: u16 = 0x004F;
/// X25519, ChaCha20-Poly1305, SHA-256, Ed25519: the default of a stage.
pub const SUITE_CHACHA: u16 = 0x0003;
/// X25519, AES-128-GCM, SHA-256, Ed25519: what other implementations speak.
pub const SUITE_AES: u16 = 0x0001;
/// Every suite the relay and the client know, best first.
pub const SUITES: [u16; 3] = [SUITE_POST_QUANTUM, SUITE_CHACHA, SUITE_AES];

/// The credential of every leaf: 16 bytes, a pseudonym (persons) or a certificate serial (staff).
pub const CREDENTIAL_TYPE: u16 = 0xF0A1;
/// Leaf extension: a [`crate::role::RoleCertificate`].
pub const ROLE_EXTENSION: u16 = 0xF0A2;
/// GroupContext extension: [`RoomRules`]; never changes.
pub const ROOM_EXTENSION: u16 = 0xF0A3;
/// GroupContext extension: a [`RegisterHead`]; only rises.
pub const REGISTER_EXTENSION: u16 = 0xF0A4;

const RULES_LAYOUT: u8 = 1;
const FLAG_HOSTS_IN_HELP: u8 = 1;

/// What a room is for; decides who may open it, add and remove.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum RoomKind {
    /// A peer group led by a host.
    Peer = 1,
    /// One person and the hosts on shift: the way in.
    Line = 2,
    /// One person and professionals: a help call.
    Help = 3,
    /// A workshop.
    Stage = 4,
}

impl RoomKind {
    /// The kind numbered `code` on the wire.
    pub fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Peer),
            2 => Some(Self::Line),
            3 => Some(Self::Help),
            4 => Some(Self::Stage),
            _ => None,
        }
    }
}

/// A room's immutable rules, in its GroupContext: every member knows them and no commit can change them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RoomRules {
    /// What it is for.
    pub kind: RoomKind,
    /// Whose staff leads it.
    pub organisation: OrganisationId,
    /// Help only: she agreed that hosts may be added.
    pub hosts_in_help: bool,
}

impl RoomRules {
    /// The rules as bytes: the content of the extension.
    pub fn to_bytes(self) -> Vec<u8> {
        let flags = if self.hosts_in_help { FLAG_HOSTS_IN_HELP } else { 0 };
        let mut bytes = vec![RULES_LAYOUT, self.kind as u8, flags];
        bytes.extend_from_slice(&self.organisation.0);
        bytes
    }

    /// The rules in `bytes`. Unknown flags are refused: they would mean something to somebody else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let [layout, kind, flags, organisation @ ..] = bytes else { return None };
        if *layout != RULES_LAYOUT || flags & !FLAG_HOSTS_IN_HELP != 0 {
            return None;
        }
        Some(Self {
            kind: RoomKind::from_code(*kind)?,
            organisation: OrganisationId(organisation.try_into().ok()?),
            hosts_in_help: flags & FLAG_HOSTS_IN_HELP != 0,
        })
    }

    /// The rules a group states, if it is a Lotgenoot room.
    pub fn of(context: &GroupContext) -> Option<Self> {
        Self::from_bytes(&context.extensions().unknown(ROOM_EXTENSION)?.0)
    }
}

/// Which leaf signed a GroupInfo, given as an MLSMessage: the four bytes before the signature (RFC 9420 §12.4.3), which is
/// of 64 bytes in all our suites. `None` if it does not end like that. What it says is proven by that signature only.
pub fn group_info_signer(message: &[u8]) -> Option<u32> {
    let (rest, signature) = message.split_at_checked(message.len().checked_sub(2 + 64)?)?;
    let (_, signer) = rest.split_last_chunk::<4>()?;
    signature.starts_with(&[0x40, 0x40]).then_some(u32::from_be_bytes(*signer))
}

/// The register head a group states.
pub fn register_head(context: &GroupContext) -> Option<RegisterHead> {
    RegisterHead::from_bytes(&context.extensions().unknown(REGISTER_EXTENSION)?.0)
}

/// Ten digits of an epoch authenticator: short enough to read aloud, and one in ten billion to guess.
pub fn epoch_code(authenticator: &[u8]) -> String {
    let digest = Sha256::new().chain_update(b"Lotgenoot epoch code 1").chain_update(authenticator).finalize();
    let number = digest.iter().take(8).fold(0u64, |number, byte| (number << 8) | u64::from(*byte));
    let digits = format!("{:010}", number % 10_000_000_000);
    format!("{} {}", &digits[..5], &digits[5..])
}

/// The suite numbered `code`, if rooms may use it.
pub fn suite(code: u16) -> Option<Ciphersuite> {
    SUITES.contains(&code).then(|| Ciphersuite::try_from(code).ok()).flatten()
}

/// What every leaf says it can do. SelfRemove is not in openmls' defaults; without it nobody can leave.
pub fn capabilities(suite: Ciphersuite) -> Capabilities {
    Capabilities::builder()
        .ciphersuites(vec![suite])
        // A KeyPackage of last resort says so in an extension, which its leaf must know (RFC 9420 §16.8).
        .extensions(own_extension_types().into_iter().chain([ExtensionType::LastResort]).collect())
        .proposals(vec![ProposalType::SelfRemove])
        .credentials(vec![CredentialType::Other(CREDENTIAL_TYPE)])
        .build()
}

/// What a room asks of every leaf.
pub fn required_capabilities() -> RequiredCapabilitiesExtension {
    RequiredCapabilitiesExtension::new(
        &own_extension_types(),
        &[ProposalType::SelfRemove],
        &[CredentialType::Other(CREDENTIAL_TYPE)],
    )
}

fn own_extension_types() -> Vec<ExtensionType> {
    [ROLE_EXTENSION, ROOM_EXTENSION, REGISTER_EXTENSION].map(ExtensionType::Unknown).to_vec()
}

/// The GroupContext extensions of a room with these rules and this register head.
pub fn group_extensions(rules: RoomRules, head: &RegisterHead) -> Vec<Extension> {
    vec![
        Extension::RequiredCapabilities(required_capabilities()),
        Extension::Unknown(ROOM_EXTENSION, UnknownExtension(rules.to_bytes())),
        Extension::Unknown(REGISTER_EXTENSION, UnknownExtension(head.to_bytes())),
    ]
}

/// The leaf extensions of a holder of `role`, the bytes of a certificate; a person has none.
pub fn leaf_extensions(role: Option<&[u8]>) -> Vec<Extension> {
    role.map(|bytes| Extension::Unknown(ROLE_EXTENSION, UnknownExtension(bytes.to_vec())))
        .into_iter()
        .collect()
}

/// The credential of a leaf called `name`.
pub fn credential(name: Pseudonym) -> Credential {
    Credential::new(CredentialType::Other(CREDENTIAL_TYPE), name.0.to_vec())
}

/// What a leaf is called, if its credential is one of ours.
pub fn pseudonym(credential: &Credential) -> Option<Pseudonym> {
    if credential.credential_type() != CredentialType::Other(CREDENTIAL_TYPE) {
        return None;
    }
    Pseudonym::from_slice(credential.serialized_content())
}

/// A leaf's signature key.
pub fn leaf_key(leaf: &LeafNode) -> Option<LeafKey> {
    LeafKey::from_slice(leaf.signature_key().as_slice())
}

/// The certificate bytes a leaf carries, if it claims a role.
pub fn role_bytes(leaf: &LeafNode) -> Option<&[u8]> {
    leaf.extensions().unknown(ROLE_EXTENSION).map(|extension| extension.0.as_slice())
}

/// Extensions and signature of a GroupInfo: all a committer needs to send, for the relay has the rest.
pub struct AssistedGroupInfo {
    /// The GroupInfo's extensions (the external public key; no tree).
    pub extensions: Extensions<openmls::prelude::group_info::GroupInfo>,
    /// The committer's signature over the whole GroupInfo.
    pub signature: openmls::prelude::Signature,
}

impl AssistedGroupInfo {
    /// Takes the two parts off a full GroupInfo.
    pub fn of(info: &openmls::prelude::group_info::GroupInfo) -> Self {
        Self { extensions: info.extensions().clone(), signature: info.signature().clone() }
    }

    /// TLS encoding (RFC 9420 §2.1): extensions, then signature.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let mut bytes = self.extensions.tls_serialize_detached().ok()?;
        bytes.extend(self.signature.tls_serialize_detached().ok()?);
        Some(bytes)
    }

    /// The parts in `bytes`, which must hold nothing else.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let extensions = Extensions::tls_deserialize(&mut bytes).ok()?;
        let signature = openmls::prelude::Signature::tls_deserialize(&mut bytes).ok()?;
        bytes.is_empty().then_some(Self { extensions, signature })
    }
}

/// What a PrivateMessage says in the clear (RFC 9420 §6.3): all the relay can know of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PrivateHeader {
    /// The group it is for.
    pub room: RoomId,
    /// The epoch it was encrypted in.
    pub epoch: Epoch,
    /// Words of somebody, and which: the authenticated data (RFC 9420 §6.3.1), so that a held message can be let through
    /// and a muted member's client can still do what is no talking. Absent: nothing that anybody reads.
    pub words: Option<MessageId>,
}

/// The header of an application PrivateMessage, or `None` if `bytes` are anything else.
///
/// Read by hand: this is on the path of every message, and the parser of a library need not see ciphertext.
pub fn private_header(bytes: &[u8]) -> Option<PrivateHeader> {
    const MLS10: [u8; 2] = [0, 1];
    const PRIVATE_MESSAGE: [u8; 2] = [0, 2];
    const APPLICATION: u8 = 1;

    let rest = bytes.strip_prefix(&MLS10)?.strip_prefix(&PRIVATE_MESSAGE)?;
    let (group, rest) = opaque(rest)?;
    let (epoch, rest) = rest.split_first_chunk::<8>()?;
    let rest = rest.strip_prefix(&[APPLICATION])?;
    let (authenticated_data, rest) = opaque(rest)?;
    let (_sender_data, rest) = opaque(rest)?;
    let (_ciphertext, rest) = opaque(rest)?;
    rest.is_empty().then_some(PrivateHeader {
        room: RoomId::from_slice(group)?,
        epoch: Epoch(u64::from_be_bytes(*epoch)),
        words: words_in(authenticated_data)?,
    })
}

/// Which words a message says it carries, by its authenticated data; `None` if that is not of ours.
pub fn words_in(authenticated_data: &[u8]) -> Option<Option<MessageId>> {
    if authenticated_data.is_empty() {
        Some(None)
    } else {
        MessageId::from_slice(authenticated_data).map(Some)
    }
}

// A variable-size vector (RFC 9420 §2.1.2): the length's two top bits say how many bytes it has.
fn opaque(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match bytes.first()? >> 6 {
        0 => (usize::from(bytes[0] & 0x3f), &bytes[1..]),
        1 => {
            let (head, rest) = bytes.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(*head) & 0x3fff), rest)
        }
        2 => {
            let (head, rest) = bytes.split_first_chunk::<4>()?;
            (usize::try_from(u32::from_be_bytes(*head) & 0x3fff_ffff).ok()?, rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}
