//! Members driven by raw openmls who keep to no policy.
//!
//! An [`Actor`] does whatever the library allows; that is what a client gone bad can do.

use ed25519_dalek::{Signer as _, SigningKey};
use lotgenoot_protocol::frame::{Bundle, GroupState, Invitation, Opening};
use lotgenoot_protocol::limits::LEAF_LIFETIME_SECONDS_MAX;
use lotgenoot_protocol::mls::{
    AssistedGroupInfo, RoomRules, capabilities, credential, group_extensions, leaf_extensions,
};
use lotgenoot_protocol::register::RegisterHead;
use lotgenoot_protocol::role::RoleCertificate;
use lotgenoot_protocol::words::Words;
use lotgenoot_protocol::{Blob, LeafKey, Pseudonym, RoomId, codec, pad};
use openmls::prelude::group_info::VerifiableGroupInfo;
use openmls::prelude::tls_codec::{Deserialize as _, Serialize as _};
use openmls::prelude::{
    Capabilities, Ciphersuite, CommitBuilder, CommitMessageBundle, Credential, CredentialWithKey, Extension,
    Extensions, GroupId, Initial, KeyPackage, LeafNodeParameters, Lifetime, MlsGroup, MlsGroupJoinConfig,
    MlsMessageBodyIn, MlsMessageIn, MlsMessageOut, NewSignerBundle, OpenMlsProvider,
    PURE_PLAINTEXT_WIRE_FORMAT_POLICY, ProcessedMessage, ProcessedMessageContent, ProtocolMessage,
    ProtocolVersion, RatchetTreeIn, StagedWelcome,
};
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::signatures::{Signer, SignerError};
use openmls_traits::types::SignatureScheme;

use crate::organisation::now;

/// A member on raw openmls.
pub struct Actor {
    /// Her leaf key.
    pub key: SigningKey,
    /// What her credential says.
    pub name: Pseudonym,
    /// Her role, if she has one.
    pub certificate: Option<Vec<u8>>,
    /// Her keys.
    pub provider: OpenMlsRustCrypto,
    group: Option<MlsGroup>,
}

/// What a leaf of one's own making looks like; honest unless a test bends it.
#[derive(Clone)]
pub struct Shape {
    /// From when to when it is good.
    pub lifetime: Lifetime,
    /// What it can.
    pub capabilities: Capabilities,
    /// What else it carries.
    pub extensions: Vec<Extension>,
    /// Who it says it is.
    pub credential: Credential,
}

impl Actor {
    /// Somebody without a role.
    pub fn person() -> Self {
        Self::with_key(SigningKey::from_bytes(&rand::random()))
    }

    /// Somebody with this leaf key.
    pub fn with_key(key: SigningKey) -> Self {
        Self {
            key,
            name: Pseudonym(rand::random()),
            certificate: None,
            provider: OpenMlsRustCrypto::default(),
            group: None,
        }
    }

    /// The same with a role.
    pub fn certified(mut self, certificate: Vec<u8>) -> Self {
        if let Some(read) = RoleCertificate::from_bytes(&certificate) {
            self.name = Pseudonym(read.serial.0);
        }
        self.certificate = Some(certificate);
        self
    }

    /// Her leaf, as others know it.
    pub fn leaf(&self) -> LeafKey {
        LeafKey(self.key.verifying_key().to_bytes())
    }

    /// The room she is in.
    ///
    /// # Panics
    /// If she is in none.
    pub fn group(&self) -> &MlsGroup {
        self.group.as_ref().expect("is in a room")
    }

    /// An honest leaf of hers.
    pub fn shape(&self, suite: Ciphersuite) -> Shape {
        Shape {
            lifetime: lifetime(),
            capabilities: capabilities(suite),
            extensions: leaf_extensions(self.certificate.as_deref()),
            credential: credential(self.name),
        }
    }

    /// A KeyPackage of hers.
    pub fn key_package(&self, suite: Ciphersuite) -> KeyPackage {
        self.key_package_shaped(suite, self.shape(suite))
    }

    /// A KeyPackage with a leaf of this shape.
    ///
    /// # Panics
    /// If the library makes none of it.
    pub fn key_package_shaped(&self, suite: Ciphersuite, shape: Shape) -> KeyPackage {
        let with_key =
            CredentialWithKey { credential: shape.credential, signature_key: self.leaf().0.to_vec().into() };
        KeyPackage::builder()
            .key_package_lifetime(shape.lifetime)
            .leaf_node_capabilities(shape.capabilities)
            .leaf_node_extensions(Extensions::from_vec(shape.extensions).expect("leaf extensions"))
            .build(suite, &self.provider, &Pen::new(&self.key), with_key)
            .expect("a KeyPackage")
            .into_key_package()
    }

    /// Founds a group of one. The relay is told with the opening.
    pub fn opens(
        &mut self,
        room: RoomId,
        suite: Ciphersuite,
        rules: RoomRules,
        head: &RegisterHead,
    ) -> Opening {
        self.opens_shaped(room, suite, group_extensions(rules, head), self.shape(suite))
    }

    /// The same with a context and a leaf of this shape.
    ///
    /// # Panics
    /// If the library makes none of it.
    pub fn opens_shaped(
        &mut self,
        room: RoomId,
        suite: Ciphersuite,
        context: Vec<Extension>,
        shape: Shape,
    ) -> Opening {
        let with_key =
            CredentialWithKey { credential: shape.credential, signature_key: self.leaf().0.to_vec().into() };
        let group = MlsGroup::builder()
            .with_group_id(GroupId::from_slice(&room.0))
            .ciphersuite(suite)
            .with_wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
            .use_ratchet_tree_extension(false)
            .max_past_epochs(3)
            .with_capabilities(shape.capabilities)
            .with_group_context_extensions(Extensions::from_vec(context).expect("context extensions"))
            .with_leaf_node_extensions(Extensions::from_vec(shape.extensions).expect("leaf extensions"))
            .expect("leaf extensions")
            .lifetime(shape.lifetime)
            .build(&self.provider, &Pen::new(&self.key), with_key)
            .expect("a group");
        self.group = Some(group);
        self.states()
    }

    /// The group as it stands, in the form in which a new room is opened.
    pub fn states(&self) -> Opening {
        let (group, pen) = (self.group(), Pen::new(&self.key));
        let info = group.export_group_info(self.provider.crypto(), &pen, false).expect("GroupInfo");
        let tree = group.export_ratchet_tree().tls_serialize_detached().expect("tree");
        Opening { group_info: blob(info), tree: Blob(tree), bundle: None }
    }

    /// Takes an invitation.
    ///
    /// # Panics
    /// If the library refuses it.
    pub fn joins(&mut self, invitation: &Invitation) {
        let config = MlsGroupJoinConfig::builder()
            .wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
            .max_past_epochs(3)
            .number_of_resumption_psks(8)
            .build();
        let MlsMessageBodyIn::Welcome(welcome) = read(&invitation.welcome).extract() else {
            panic!("not a Welcome")
        };
        let staged = StagedWelcome::build_from_welcome(&self.provider, &config, welcome)
            .expect("a Welcome for this actor")
            .with_ratchet_tree(tree(&invitation.tree))
            .skip_lifetime_validation()
            .build()
            .expect("a Welcome that verifies");
        self.group = Some(staged.into_group(&self.provider).expect("a group"));
    }

    /// Makes a commit of whatever `change` proposes. It stays pending until it comes back or another is made.
    pub fn commits(
        &mut self,
        change: impl for<'a> FnOnce(CommitBuilder<'a, Initial>) -> CommitBuilder<'a, Initial>,
    ) -> Bundle {
        let group = self.group.as_mut().expect("is in a room");
        group.clear_pending_commit(self.provider.storage()).expect("memory");
        let bundle = change(group.commit_builder())
            .load_psks(self.provider.storage())
            .expect("PSKs")
            .create_group_info(true)
            .build(self.provider.rand(), self.provider.crypto(), &Pen::new(&self.key), |_| true)
            .expect("a commit")
            .stage_commit(&self.provider)
            .expect("a commit");
        to_bundle(bundle)
    }

    /// Makes a self-update that goes over to another signature key.
    pub fn commits_with_key(&mut self, new: &SigningKey) -> Bundle {
        let group = self.group.as_mut().expect("is in a room");
        group.clear_pending_commit(self.provider.storage()).expect("memory");
        let signer = Pen::new(new);
        let new = NewSignerBundle {
            signer: &signer,
            credential_with_key: CredentialWithKey {
                credential: credential(self.name),
                signature_key: new.verifying_key().to_bytes().to_vec().into(),
            },
        };
        let bundle = group
            .commit_builder()
            .load_psks(self.provider.storage())
            .expect("PSKs")
            .create_group_info(true)
            .build_with_new_signer(
                self.provider.rand(),
                self.provider.crypto(),
                &Pen::new(&self.key),
                new,
                |_| true,
            )
            .expect("a commit")
            .stage_commit(&self.provider)
            .expect("a commit");
        to_bundle(bundle)
    }

    /// Makes an external commit into the group of `state` with a leaf of this shape.
    pub fn comes_in(&self, state: &GroupState, shape: Shape) -> Bundle {
        self.comes_in_with(state, shape, &Pen::new(&self.key))
    }

    /// The same, signed with this pen.
    ///
    /// # Panics
    /// If the library makes none of it.
    pub fn comes_in_with(&self, state: &GroupState, shape: Shape, pen: &Pen<'_>) -> Bundle {
        let provider = OpenMlsRustCrypto::default();
        let with_key =
            CredentialWithKey { credential: shape.credential, signature_key: self.leaf().0.to_vec().into() };
        let parameters = LeafNodeParameters::builder()
            .with_capabilities(shape.capabilities)
            .with_extensions(Extensions::from_vec(shape.extensions).expect("leaf extensions"))
            .build();
        let waiting = state.proposals.iter().map(|bytes| match read(bytes).extract() {
            MlsMessageBodyIn::PublicMessage(message) => message,
            _ => panic!("not a PublicMessage"),
        });
        let (_, bundle) = MlsGroup::external_commit_builder()
            .with_proposals(waiting.collect())
            .with_ratchet_tree(tree(&state.tree))
            .build_group(&provider, group_info(&state.group_info), with_key)
            .expect("an external commit")
            .leaf_node_parameters(parameters)
            .load_psks(provider.storage())
            .expect("PSKs")
            .create_group_info(true)
            .build(provider.rand(), provider.crypto(), pen, |_| true)
            .expect("an external commit")
            .finalize(&provider)
            .expect("an external commit");
        to_bundle(bundle)
    }

    /// Makes a standalone proposal; the group forgets it.
    pub fn proposes(
        &mut self,
        make: impl FnOnce(&mut MlsGroup, &OpenMlsRustCrypto, &Pen<'_>) -> MlsMessageOut,
    ) -> Blob {
        let group = self.group.as_mut().expect("is in a room");
        group.clear_pending_commit(self.provider.storage()).expect("memory");
        let message = make(group, &self.provider, &Pen::new(&self.key));
        group.clear_pending_proposals(self.provider.storage()).expect("memory");
        blob(message)
    }

    /// Says that she wants to go.
    pub fn leaves(&mut self) -> Blob {
        let group = self.group.as_mut().expect("is in a room");
        group.clear_pending_commit(self.provider.storage()).expect("memory");
        let message = group.leave_group_via_self_remove(&self.provider, &Pen::new(&self.key));
        blob(message.expect("a SelfRemove"))
    }

    /// Words, as any client says them.
    pub fn speaks(&mut self, words: &str) -> Blob {
        let words = self.words(words);
        self.speaks_as(&words, &words.id().0)
    }

    /// Words of hers for the room she is in.
    pub fn words(&self, words: &str) -> Words {
        let room = self.group.as_ref().expect("is in a room").group_id().as_slice().try_into();
        Words::new(&self.key, RoomId(room.expect("a room's id")), rand::random(), words.to_owned())
    }

    /// These words, with this in the clear.
    pub fn speaks_as(&mut self, words: &Words, clear: &[u8]) -> Blob {
        // `[1, [words]]`: a Text.
        let mut bytes = vec![0x82, 0x01, 0x81];
        bytes.extend(codec::to_vec(words));
        self.says_beside(clear, &pad::pad(&bytes))
    }

    /// Any content, with this in the clear.
    ///
    /// # Panics
    /// If she is in no room.
    pub fn says_beside(&mut self, clear: &[u8], content: &[u8]) -> Blob {
        self.group.as_mut().expect("is in a room").set_aad(clear.to_vec());
        self.says(content)
    }

    /// Any content.
    pub fn says(&mut self, content: &[u8]) -> Blob {
        let group = self.group.as_mut().expect("is in a room");
        blob(group.create_message(&self.provider, &Pen::new(&self.key), content).expect("a message"))
    }

    /// Follows the log as the library would: without any policy.
    pub fn hears(&mut self, bytes: &Blob) -> Option<Vec<u8>> {
        let message = handshake(bytes);
        let group = self.group.as_mut().expect("is in a room");
        let processed = group.process_message(&self.provider, message).expect("a message that verifies");
        match processed.into_content() {
            ProcessedMessageContent::OwnPendingCommit => {
                group.merge_pending_commit(&self.provider).expect("a merge");
            }
            ProcessedMessageContent::StagedCommitMessage(staged) => {
                group.merge_staged_commit(&self.provider, *staged).expect("a merge");
            }
            ProcessedMessageContent::ProposalMessage(proposal) => {
                group.store_pending_proposal(self.provider.storage(), *proposal).expect("memory");
            }
            ProcessedMessageContent::ApplicationMessage(message) => return Some(message.into_bytes()),
            _ => {}
        }
        None
    }

    /// What the library makes of `bytes`, on a copy of this actor's state.
    pub fn would_process(&self, bytes: &Blob) -> Option<ProcessedMessage> {
        let provider = OpenMlsRustCrypto::default();
        let values = self.provider.storage().values.read().expect("storage").clone();
        *provider.storage().values.write().expect("storage") = values;
        let mut group =
            MlsGroup::load(provider.storage(), self.group().group_id()).expect("storage").expect("a group");
        group.process_message(&provider, handshake(bytes)).ok()
    }
}

/// Signs, and can put other bytes in place of some of what it is asked to sign.
pub struct Pen<'a> {
    key: &'a SigningKey,
    instead: Option<(Vec<u8>, Vec<u8>)>,
}

impl<'a> Pen<'a> {
    /// One that signs what it is asked to.
    pub fn new(key: &'a SigningKey) -> Self {
        Self { key, instead: None }
    }

    /// One that puts other bytes in place of some.
    pub fn instead(key: &'a SigningKey, of: &[u8], put: &[u8]) -> Self {
        Self { key, instead: Some((of.to_vec(), put.to_vec())) }
    }
}

impl Signer for Pen<'_> {
    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, SignerError> {
        let mut payload = payload.to_vec();
        if let Some((of, put)) = &self.instead
            && let Some(at) = payload.windows(of.len()).position(|window| window == of)
        {
            payload[at..at + of.len()].copy_from_slice(put);
        }
        Ok(self.key.sign(&payload).to_bytes().to_vec())
    }

    fn signature_scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

/// A commit with everything others need with it.
///
/// # Panics
/// If it was made without a GroupInfo.
pub fn to_bundle(bundle: CommitMessageBundle) -> Bundle {
    let (commit, welcome, info) = bundle.into_contents();
    let info = AssistedGroupInfo::of(&info.expect("a GroupInfo")).to_bytes().expect("bytes");
    let welcome = welcome.map(|welcome| blob(MlsMessageOut::from_welcome(welcome, ProtocolVersion::Mls10)));
    Bundle { commit: blob(commit), group_info: Blob(info), welcome }
}

/// A message as bytes.
///
/// # Panics
/// Never, for what the library made.
pub fn blob(message: MlsMessageOut) -> Blob {
    Blob(message.to_bytes().expect("bytes"))
}

/// A KeyPackage as bytes.
pub fn key_package_bytes(package: KeyPackage) -> Blob {
    blob(MlsMessageOut::from(package))
}

/// A message of bytes.
///
/// # Panics
/// If it is none.
pub fn read(bytes: &Blob) -> MlsMessageIn {
    MlsMessageIn::tls_deserialize_exact(&bytes.0).expect("an MLS message")
}

/// A message of a group.
///
/// # Panics
/// If it is none.
pub fn handshake(bytes: &Blob) -> ProtocolMessage {
    read(bytes).try_into_protocol_message().expect("a message of a group")
}

/// A GroupInfo.
///
/// # Panics
/// If it is none.
pub fn group_info(bytes: &Blob) -> VerifiableGroupInfo {
    match read(bytes).extract() {
        MlsMessageBodyIn::GroupInfo(info) => info,
        _ => panic!("not a GroupInfo"),
    }
}

/// A ratchet tree.
///
/// # Panics
/// If it is none.
pub fn tree(bytes: &Blob) -> RatchetTreeIn {
    RatchetTreeIn::tls_deserialize_exact(&bytes.0).expect("a tree")
}

/// As long as a leaf may live, from an hour ago.
pub fn lifetime() -> Lifetime {
    let now = now().seconds();
    Lifetime::init(now - 3600, now + LEAF_LIFETIME_SECONDS_MAX - 3600)
}
