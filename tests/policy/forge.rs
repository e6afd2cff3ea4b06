//! What openmls would not make for us: handshakes put together by hand, valid to the last tag.

use ed25519_dalek::{Signer as _, SigningKey};
use lotgenoot_protocol::Blob;
use lotgenoot_protocol::frame::{Bundle, GroupState};
use openmls::prelude::tls_codec::{Deserialize as _, Serialize as _};
use openmls::prelude::{MlsGroup, OpenMlsCrypto as _, OpenMlsProvider, RatchetTreeIn};
use openmls_rust_crypto::{OpenMlsRustCrypto, RustCrypto};
use openmls_traits::types::HashType;
use sha2::{Digest as _, Sha256};

use crate::cast::FAST;
use lotgenoot_tests::cast::{Actor, Pen};

const SIGNATURE_BYTES: usize = 2 + 64;

/// An external commit by `ghost` that removes the member at `place` and sits down there.
///
/// openmls only removes a leaf with the joiner's own key. So the joiner is shown a tree in which that leaf is hers,
/// in a GroupInfo signed by that very leaf; and where the old tree's hash is signed, she signs the true one. What
/// comes out fits the true group. Works while no commit with a path has filled a parent node.
pub(crate) fn in_the_place_of(ghost: &Actor, group: &MlsGroup, state: &GroupState, place: u32) -> Bundle {
    let context = group.public_group().group_context();
    let true_hash = context.tree_hash().to_vec();
    let key_package = ghost.key_package(FAST);
    let own = key_package.leaf_node().tls_serialize_detached().unwrap();

    let mut leaves = Vec::new();
    for member in group.members() {
        let leaf = group.public_group().leaf(member.index).unwrap().tls_serialize_detached().unwrap();
        leaves.push(leaf);
    }
    assert_eq!(tree_hash(&leaves), true_hash, "no parent is filled and no leaf is blank");
    let theirs = std::mem::replace(&mut leaves[place as usize], own.clone());
    let false_hash = tree_hash(&leaves);

    let (length, header) = vector_header(&state.tree);
    assert_eq!(length + header, state.tree.len());
    let nodes = replaced(&state.tree[header..], &theirs, &own);
    let mut tree = Vec::new();
    opaque(&mut tree, &nodes);
    RatchetTreeIn::tls_deserialize_exact(&tree).unwrap();

    let mut info = replaced(&state.group_info, &true_hash, &false_hash);
    info.truncate(info.len() - SIGNATURE_BYTES);
    let signer = info.len() - 4;
    info[signer..].copy_from_slice(&place.to_be_bytes());
    let signature = sign_with_label(&ghost.key, "GroupInfoTBS", &info[4..]);
    opaque(&mut info, &signature);

    let shown = GroupState { group_info: Blob(info), tree: Blob(tree), ..state.clone() };
    ghost.comes_in_with(&shown, ghost.shape(FAST), &Pen::instead(&ghost.key, &false_hash, &true_hash))
}

/// A commit without path that holds exactly this proposal, given in its TLS encoding (RFC 9420 §12.4).
///
/// Key schedule, transcript and both tags are computed here: no member can tell it from the library's own.
pub(crate) fn commit_of(actor: &Actor, proposal: &[u8]) -> Blob {
    let group = actor.group();
    let context = group.public_group().group_context();
    let context_bytes = context.tls_serialize_detached().unwrap();

    let mut content = Vec::new();
    opaque(&mut content, group.group_id().as_slice());
    content.extend(context.epoch().as_u64().to_be_bytes());
    content.push(1);
    content.extend(group.own_leaf_index().u32().to_be_bytes());
    opaque(&mut content, &[]);
    content.push(3);
    let mut proposals = vec![1];
    proposals.extend(proposal);
    opaque(&mut content, &proposals);
    content.push(0);

    let mut to_be_signed = vec![0, 1, 0, 1];
    to_be_signed.extend(&content);
    to_be_signed.extend(&context_bytes);
    let mut auth = Vec::new();
    opaque(&mut auth, &sign_with_label(&actor.key, "FramedContentTBS", &to_be_signed));

    let mut interim = context.confirmed_transcript_hash().to_vec();
    interim.extend(group.confirmation_tag().tls_serialize_detached().unwrap());
    let mut transcript = Sha256::digest(interim).to_vec();
    transcript.extend([0, 1]);
    transcript.extend(&content);
    transcript.extend(&auth);
    let confirmed = Sha256::digest(transcript).to_vec();

    let mut next = replaced(&context_bytes, context.confirmed_transcript_hash(), &confirmed);
    let epoch_at = 2 + 2 + 1 + group.group_id().as_slice().len();
    next[epoch_at..epoch_at + 8].copy_from_slice(&(context.epoch().as_u64() + 1).to_be_bytes());

    let joiner = expand(&extract(&secret(&actor.provider, "init_secret"), &[0; 32]), "joiner", &next);
    let epoch = expand(&extract(&joiner, &[0; 32]), "epoch", &next);
    let tag = mac(&expand(&epoch, "confirm", &[]), &confirmed);
    opaque(&mut auth, &tag);

    let mut to_be_maced = to_be_signed;
    to_be_maced.extend(&auth);
    let membership = mac(&secret(&actor.provider, "membership_key"), &to_be_maced);
    let mut message = vec![0, 1, 0, 1];
    message.extend(content);
    message.extend(auth);
    opaque(&mut message, &membership);
    Blob(message)
}

/// `bytes` with a length before them (RFC 9420 §2.1.2).
pub(crate) fn opaque(out: &mut Vec<u8>, bytes: &[u8]) {
    match bytes.len() {
        length @ 0..64 => out.push(length as u8),
        length @ 64..16384 => out.extend((0x4000 | length as u16).to_be_bytes()),
        length => out.extend((0x8000_0000 | length as u32).to_be_bytes()),
    }
    out.extend(bytes);
}

fn vector_header(bytes: &[u8]) -> (usize, usize) {
    match bytes[0] >> 6 {
        0 => (usize::from(bytes[0]), 1),
        1 => (usize::from(u16::from_be_bytes([bytes[0] & 0x3f, bytes[1]])), 2),
        _ => (u32::from_be_bytes([bytes[0] & 0x3f, bytes[1], bytes[2], bytes[3]]) as usize, 4),
    }
}

fn replaced(bytes: &[u8], of: &[u8], put: &[u8]) -> Vec<u8> {
    let mut places = bytes.windows(of.len()).enumerate().filter(|(_, window)| *window == of);
    let (at, _) = places.next().expect("it is in there");
    assert!(places.next().is_none(), "once");
    [&bytes[..at], put, &bytes[at + of.len()..]].concat()
}

// The hash of a tree whose parents are all blank (RFC 9420 §7.8).
fn tree_hash(leaves: &[Vec<u8>]) -> Vec<u8> {
    subtree_hash(leaves, 0, leaves.len().next_power_of_two())
}

fn subtree_hash(leaves: &[Vec<u8>], first: usize, width: usize) -> Vec<u8> {
    let mut input = Vec::new();
    if width == 1 {
        input.push(1);
        input.extend((first as u32).to_be_bytes());
        match leaves.get(first) {
            Some(leaf) => {
                input.push(1);
                input.extend(leaf);
            }
            None => input.push(0),
        }
    } else {
        input.extend([2, 0]);
        opaque(&mut input, &subtree_hash(leaves, first, width / 2));
        opaque(&mut input, &subtree_hash(leaves, first + width / 2, width / 2));
    }
    Sha256::digest(input).to_vec()
}

fn sign_with_label(key: &SigningKey, label: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    opaque(&mut bytes, format!("MLS 1.0 {label}").as_bytes());
    opaque(&mut bytes, content);
    key.sign(&bytes).to_bytes().to_vec()
}

fn extract(salt: &[u8], input: &[u8]) -> Vec<u8> {
    let secret = RustCrypto::default().hkdf_extract(HashType::Sha2_256, salt, input).unwrap();
    secret.as_slice().to_vec()
}

fn expand(secret: &[u8], label: &str, context: &[u8]) -> Vec<u8> {
    let mut info = vec![0, 32];
    opaque(&mut info, format!("MLS 1.0 {label}").as_bytes());
    opaque(&mut info, context);
    let secret = RustCrypto::default().hkdf_expand(HashType::Sha2_256, secret, &info, 32).unwrap();
    secret.as_slice().to_vec()
}

fn mac(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    RustCrypto::default().hmac(HashType::Sha2_256, key, bytes).unwrap().as_slice().to_vec()
}

// A secret of the current epoch: a bad client can read its own memory.
fn secret(provider: &OpenMlsRustCrypto, name: &str) -> Vec<u8> {
    let values = provider.storage().values.read().unwrap();
    let found = values.values().find_map(|value| {
        let json: serde_json::Value = serde_json::from_slice(value).ok()?;
        bytes_in(field(&json, name)?)
    });
    found.expect("the secret is in the storage")
}

// The shallowest field of this name: secrets of past epochs lie deeper.
fn field<'a>(json: &'a serde_json::Value, name: &str) -> Option<&'a serde_json::Value> {
    let mut level = vec![json];
    while !level.is_empty() {
        if let Some(found) = level.iter().find_map(|value| value.get(name)) {
            return Some(found);
        }
        level = level
            .into_iter()
            .flat_map(|value| match value {
                serde_json::Value::Object(fields) => fields.values().collect(),
                serde_json::Value::Array(values) => values.iter().collect(),
                _ => Vec::new(),
            })
            .collect();
    }
    None
}

fn bytes_in(json: &serde_json::Value) -> Option<Vec<u8>> {
    match json {
        serde_json::Value::Array(values) => {
            let bytes: Option<Vec<u8>> =
                values.iter().map(|value| value.as_u64().and_then(|byte| u8::try_from(byte).ok())).collect();
            bytes.filter(|bytes| bytes.len() == 32)
        }
        serde_json::Value::Object(fields) => fields.values().find_map(bytes_in),
        _ => None,
    }
}
