//! One room's MLS group on the member's side. The only file of the client that names openmls' group types.
//!
//! A committer never merges at send time: it merges when its own commit comes back in the log. Before anything is
//! merged the commit policy is applied, whatever the relay let pass.

use ed25519_dalek::Signer as _;
use lotgenoot_protocol::frame::{Bundle, GroupState, Invitation, Opening};
use lotgenoot_protocol::limits::LEAF_LIFETIME_SECONDS_MAX;
use lotgenoot_protocol::mls::{
    AssistedGroupInfo, RoomKind, RoomRules, capabilities, credential, group_extensions, group_info_signer,
    leaf_extensions, leaf_key, pseudonym, suite, words_in,
};
use lotgenoot_protocol::policy::{Bench, CommitSummary, Door, Standing};
use lotgenoot_protocol::register::RegisterHead;
use lotgenoot_protocol::role::Trust;
use lotgenoot_protocol::{Blob, Epoch, LeafKey, Pseudonym, RoomId, Timestamp};
use minicbor::{Decode, Encode};
use openmls::prelude::tls_codec::{Deserialize as _, Serialize as _};
use openmls::prelude::{
    CommitMessageBundle, CredentialWithKey, Extensions, GroupId, KeyPackage, KeyPackageIn, LeafNodeIndex,
    LeafNodeParameters, Lifetime, MlsGroup, MlsGroupJoinConfig, MlsMessageBodyIn, MlsMessageIn,
    MlsMessageOut, OpenMlsProvider, PURE_PLAINTEXT_WIRE_FORMAT_POLICY, ProcessMessageError,
    ProcessedMessageContent, ProtocolVersion, RatchetTreeIn, SenderRatchetConfiguration, StageCommitError,
    StagedWelcome,
};
use openmls_traits::signatures::{Signer, SignerError};
use openmls_traits::types::SignatureScheme;

use crate::content::Content;
use crate::identity::Leaf;
use crate::shelf::Provider;

const PAST_EPOCHS: usize = 3;
const OUT_OF_ORDER: u32 = 32;
const FORWARD: u32 = 1000;

/// A member as the group knows her.
#[derive(Clone, Debug)]
pub(crate) struct MemberLeaf {
    pub(crate) index: u32,
    pub(crate) key: LeafKey,
    pub(crate) name: Pseudonym,
    pub(crate) standing: Standing,
}

/// What an entry turned out to be.
pub(crate) enum Processed {
    /// Somebody's message, if what is in it is what it says of itself in the clear.
    Application { from: MemberLeaf, content: Option<Content> },
    /// Our own words, which we cannot decrypt and have kept.
    Own,
    /// A commit; merged. Those it takes out, as they were.
    Commit { summary: CommitSummary, gone: Vec<MemberLeaf>, own: bool },
    /// Somebody wants to leave; queued.
    Leaving { leaver: LeafKey },
}

/// Why an entry was not applied.
#[derive(Debug)]
pub(crate) enum Unapplied {
    /// A commit the policy refuses: stop, and raise an alarm.
    Forbidden,
    /// Bytes that do not verify or decrypt.
    Broken,
    /// A commit that this leaf has signed and this client has not made, or has forgotten.
    NotMine,
    /// An application message of an epoch we no longer hold, or a repeat: nothing to show.
    Unreadable,
}

/// What a commit is to do.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Add(Vec<KeyPackage>),
    Remove(LeafKey),
    /// Several at once; those who are out already are not minded.
    RemoveAll(Vec<LeafKey>),
    /// Carry out what is proposed, and renew the own leaf.
    Update,
}

/// A room's group.
pub(crate) struct Group {
    provider: Provider,
    mls: MlsGroup,
    leaf: Leaf,
    rules: RoomRules,
    leaving: Vec<LeafKey>,
}

impl Group {
    /// A new room with this leaf alone in it, and how the relay is told: with everybody in `first`.
    ///
    /// The first commit is merged at once: a room nobody else knows has nobody to lose a race to.
    pub(crate) fn open(
        room: RoomId,
        suite_code: u16,
        rules: RoomRules,
        head: &RegisterHead,
        leaf: Leaf,
        first: Vec<KeyPackage>,
        now: Timestamp,
    ) -> Option<(Self, Opening)> {
        let suite = suite(suite_code)?;
        let provider = Provider::default();
        let mls = MlsGroup::builder()
            .with_group_id(GroupId::from_slice(&room.0))
            .ciphersuite(suite)
            .with_wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
            .use_ratchet_tree_extension(false)
            .max_past_epochs(PAST_EPOCHS)
            .sender_ratchet_configuration(SenderRatchetConfiguration::new(OUT_OF_ORDER, FORWARD))
            .with_capabilities(capabilities(suite))
            .with_group_context_extensions(Extensions::from_vec(group_extensions(rules, head)).ok()?)
            .with_leaf_node_extensions(
                Extensions::from_vec(leaf_extensions(leaf.certificate.as_deref())).ok()?,
            )
            .ok()?
            .lifetime(lifetime(now))
            .build(&provider, &LeafSigner(&leaf), credential_with_key(&leaf))
            .ok()?;
        let mut group = Self { provider, mls, leaf, rules, leaving: Vec::new() };
        let info =
            group.mls.export_group_info(group.provider.crypto(), &LeafSigner(&group.leaf), false).ok()?;
        let opening = Opening {
            group_info: Blob(info.to_bytes().ok()?),
            tree: Blob(group.mls.export_ratchet_tree().tls_serialize_detached().ok()?),
            bundle: if first.is_empty() { None } else { Some(group.commit(&Change::Add(first))?) },
        };
        if opening.bundle.is_some() {
            group.mls.merge_pending_commit(&group.provider).ok()?;
        }
        Some((group, opening))
    }

    /// Joins by Welcome, on a copy of the KeyPackage's keys: a failed join must not cost them.
    ///
    /// The Welcome must come from somebody who may add there: in a peer room a certified host, whatever the relay says.
    pub(crate) fn join(
        room: RoomId,
        invitation: &Invitation,
        keys: Provider,
        leaf: Leaf,
        trust: &Trust,
        now: Timestamp,
    ) -> Option<Self> {
        let config = join_config();
        let MlsMessageBodyIn::Welcome(welcome) =
            MlsMessageIn::tls_deserialize_exact(&invitation.welcome.0).ok()?.extract()
        else {
            return None;
        };
        let tree = RatchetTreeIn::tls_deserialize_exact(&invitation.tree.0).ok()?;
        let staged = StagedWelcome::build_from_welcome(&keys, &config, welcome)
            .ok()?
            .with_ratchet_tree(tree)
            .skip_lifetime_validation()
            .build()
            .ok()?;
        if staged.group_context().group_id().as_slice() != room.0 {
            return None;
        }
        let signer = staged.welcome_sender_index();
        let mls = staged.into_group(&keys).ok()?;
        let bench = Bench { group: mls.public_group(), trust, lead: None, leaving: &[], now };
        let rules = bench.judge_room().ok()?;
        bench.judge_welcome(signer).ok()?;
        Some(Self { provider: keys, mls, leaf, rules, leaving: Vec::new() })
    }

    /// The group as it stands, a pending commit with it: everything it needs to go on elsewhere.
    pub(crate) fn save(&mut self) -> SavedGroup {
        let policy = self.mls.past_epoch_deletion_policy().clone();
        let shelf = self.provider.storage();
        // The policy it has, set once more: openmls writes the secrets of messages then.
        let set =
            shelf.taking_message_secrets(|| self.mls.set_past_epoch_deletion_policy(&self.provider, policy));
        debug_assert!(set.is_ok(), "this storage is memory");
        SavedGroup { values: shelf.values(), leaving: self.leaving.clone() }
    }

    /// The group that was saved; `None` if it was not this room's.
    pub(crate) fn restore(room: RoomId, saved: SavedGroup, leaf: Leaf) -> Option<Self> {
        let provider = Provider::with(saved.values)?;
        let mls = MlsGroup::load(provider.storage(), &GroupId::from_slice(&room.0)).ok()??;
        let rules = RoomRules::of(mls.public_group().group_context())?;
        Some(Self { provider, mls, leaf, rules, leaving: saved.leaving })
    }

    /// A way back into this room, after its state here was lost: the group as it will stand once the commit is in the
    /// log, and not before. Somebody whom this client knew, or proven staff, must have signed for what the room is now;
    /// and it must not be earlier than what this client has seen.
    pub(crate) fn come_back(
        &self,
        room: RoomId,
        state: &GroupState,
        trust: &Trust,
        now: Timestamp,
    ) -> Option<(Self, Bundle)> {
        let provider = Provider::default();
        let MlsMessageBodyIn::GroupInfo(info) =
            MlsMessageIn::tls_deserialize_exact(&state.group_info.0).ok()?.extract()
        else {
            return None;
        };
        let waiting = |bytes: &Blob| match MlsMessageIn::tls_deserialize_exact(&bytes.0).ok()?.extract() {
            MlsMessageBodyIn::PublicMessage(message) => Some(message),
            _ => None,
        };
        let parameters = LeafNodeParameters::builder()
            .with_capabilities(capabilities(self.mls.ciphersuite()))
            .with_extensions(Extensions::from_vec(leaf_extensions(self.leaf.certificate.as_deref())).ok()?)
            .build();
        let (mls, bundle) = MlsGroup::external_commit_builder()
            .with_proposals(state.proposals.iter().map(waiting).collect::<Option<_>>()?)
            .with_ratchet_tree(RatchetTreeIn::tls_deserialize_exact(&state.tree.0).ok()?)
            .with_config(join_config())
            .skip_lifetime_validation()
            .build_group(&provider, info, credential_with_key(&self.leaf))
            .ok()?
            .leaf_node_parameters(parameters)
            .load_psks(provider.storage())
            .ok()?
            .create_group_info(true)
            .build(provider.rand(), provider.crypto(), &LeafSigner(&self.leaf), |_| true)
            .ok()?
            .finalize(&provider)
            .ok()?;
        let came = Self { provider, mls, leaf: self.leaf.clone(), rules: self.rules, leaving: Vec::new() };
        let rules = came.bench(trust, None, now).judge_room().ok()?;
        let signer = LeafNodeIndex::new(group_info_signer(&state.group_info.0)?);
        let signer = came.member_at(signer, trust, now)?;
        let known = self.has(&signer.key) || signer.standing.role().is_some();
        // It stands one epoch further than what it was made of.
        let not_earlier = came.epoch() > self.epoch();
        let same = came.mls.group_id() == self.mls.group_id() && came.mls.group_id().as_slice() == room.0;
        (known && not_earlier && same && rules == self.rules).then_some((came, to_bundle(bundle)?))
    }

    pub(crate) fn kind(&self) -> RoomKind {
        self.rules.kind
    }

    /// Whether somebody else is in it.
    pub(crate) fn has_others(&self) -> bool {
        self.mls.members().count() > 1
    }

    pub(crate) fn rules(&self) -> RoomRules {
        self.rules
    }

    pub(crate) fn suite(&self) -> u16 {
        self.mls.ciphersuite().into()
    }

    pub(crate) fn epoch(&self) -> Epoch {
        Epoch(self.mls.epoch().as_u64())
    }

    pub(crate) fn own_key(&self) -> LeafKey {
        self.leaf.public()
    }

    pub(crate) fn leaf(&self) -> &Leaf {
        &self.leaf
    }

    /// Whether this leaf is still in the group.
    pub(crate) fn is_active(&self) -> bool {
        self.mls.is_active()
    }

    /// Whether somebody's wish to leave must be carried out before anything can be said.
    pub(crate) fn must_commit_first(&self) -> bool {
        !self.leaving.is_empty()
    }

    /// Everybody in the group, in leaf order.
    pub(crate) fn members(&self, trust: &Trust, now: Timestamp) -> Vec<MemberLeaf> {
        self.mls.members().filter_map(|member| self.member_at(member.index, trust, now)).collect()
    }

    /// Whoever has this key. Asked for every message: only her certificate is verified, not everybody's.
    pub(crate) fn member(&self, key: &LeafKey, trust: &Trust, now: Timestamp) -> Option<MemberLeaf> {
        let found = self.mls.members().find(|member| member.signature_key == key.0)?;
        self.member_at(found.index, trust, now)
    }

    /// Whether somebody with this key is in the group.
    pub(crate) fn has(&self, key: &LeafKey) -> bool {
        self.mls.members().any(|member| member.signature_key == key.0)
    }

    /// The bytes behind the epoch code: the same for all who see the same room.
    pub(crate) fn epoch_authenticator(&self) -> Vec<u8> {
        self.mls.epoch_authenticator().as_slice().to_vec()
    }

    /// Encrypts; `None` while a wish to leave waits, or after this leaf is out. Which words these are is said in the
    /// authenticated data.
    pub(crate) fn encrypt(&mut self, content: &Content) -> Option<Blob> {
        let (bytes, words) = (content.to_bytes(), content.words());
        self.mls.set_aad(words.map(|words| words.0.to_vec()).unwrap_or_default());
        let message = self.mls.create_message(&self.provider, &LeafSigner(&self.leaf), &bytes).ok()?;
        message.to_bytes().ok().map(Blob)
    }

    /// Makes a commit. It becomes ours when it comes back.
    pub(crate) fn commit(&mut self, change: &Change) -> Option<Bundle> {
        let signer = LeafSigner(&self.leaf);
        let seat = |key: &LeafKey| {
            self.mls.members().find(|member| member.signature_key == key.0).map(|member| member.index)
        };
        // Her own wish to leave, carried out in the same commit, does it.
        let stays = |key: &&LeafKey| !self.leaving.contains(key);
        let removed = match change {
            Change::Remove(key) if self.leaving.contains(key) => Vec::new(),
            Change::Remove(key) => vec![seat(key)?],
            Change::RemoveAll(keys) => {
                let removed: Vec<_> = keys.iter().filter(stays).filter_map(seat).collect();
                // There is nothing to do any more.
                if removed.is_empty() {
                    return None;
                }
                removed
            }
            Change::Add(_) | Change::Update => Vec::new(),
        };
        let builder = self.mls.commit_builder().propose_removals(removed);
        let builder = match change {
            Change::Add(packages) => builder.propose_adds(packages.clone()),
            Change::Remove(_) | Change::RemoveAll(_) => builder,
            Change::Update => {
                let extensions = leaf_extensions(self.leaf.certificate.as_deref());
                let extensions = Extensions::from_vec(extensions).ok()?;
                let parameters = LeafNodeParameters::builder().with_extensions(extensions).build();
                builder.force_self_update(true).leaf_node_parameters(parameters)
            }
        };
        let bundle = builder
            .load_psks(self.provider.storage())
            .ok()?
            .create_group_info(true)
            .build(self.provider.rand(), self.provider.crypto(), &signer, |_| true)
            .ok()?
            .stage_commit(&self.provider)
            .ok()?;
        to_bundle(bundle)
    }

    /// Our certificate was renewed: the next update carries it.
    pub(crate) fn certified_anew(&mut self, certificate: &[u8]) {
        self.leaf.certificate = Some(certificate.to_vec());
    }

    /// Forgets a commit that did not win.
    pub(crate) fn drop_pending_commit(&mut self) {
        // Only a storage error could stop this, and this storage is memory.
        let _infallible = self.mls.clear_pending_commit(self.provider.storage());
    }

    /// Says that this leaf wants to go.
    pub(crate) fn leave(&mut self) -> Option<Blob> {
        let message = self.mls.leave_group_via_self_remove(&self.provider, &LeafSigner(&self.leaf)).ok()?;
        message.to_bytes().ok().map(Blob)
    }

    /// Applies one handshake or application entry.
    pub(crate) fn process(
        &mut self,
        bytes: &[u8],
        trust: &Trust,
        lead: Option<LeafKey>,
        now: Timestamp,
    ) -> Result<Processed, Unapplied> {
        let message = MlsMessageIn::tls_deserialize_exact(bytes)
            .ok()
            .and_then(|message| message.try_into_protocol_message().ok())
            .ok_or(Unapplied::Broken)?;
        let is_application = !message.is_handshake_message();
        let processed = self.mls.process_message(&self.provider, message).map_err(|error| match error {
            ProcessMessageError::InvalidCommit(StageCommitError::OwnCommitMismatch) => Unapplied::NotMine,
            _ if is_application => Unapplied::Unreadable,
            _ => Unapplied::Broken,
        })?;
        let sender = processed.sender().clone();
        let said = words_in(processed.aad());
        match processed.into_content() {
            ProcessedMessageContent::ApplicationMessage(message) => {
                let openmls::prelude::Sender::Member(index) = sender else { return Err(Unapplied::Broken) };
                let from = self.member_at(index, trust, now).ok_or(Unapplied::Unreadable)?;
                // Words that do not say so would be nobody's to mute.
                let content = Content::from_bytes(&message.into_bytes());
                let content = content.filter(|content| said == Some(content.words()));
                Ok(Processed::Application { from, content })
            }
            ProcessedMessageContent::OwnPrivateMessage => Ok(Processed::Own),
            ProcessedMessageContent::OwnPendingCommit => {
                let staged = self.mls.pending_commit().ok_or(Unapplied::Broken)?;
                let summary = self.judge(&sender, staged, trust, lead, now)?;
                let gone = self.gone(&summary, trust, now);
                self.mls.merge_pending_commit(&self.provider).map_err(|_| Unapplied::Broken)?;
                self.leaving.clear();
                Ok(Processed::Commit { summary, gone, own: true })
            }
            ProcessedMessageContent::StagedCommitMessage(staged) => {
                let summary = self.judge(&sender, &staged, trust, lead, now)?;
                if summary.resync && summary.committer == self.own_key() {
                    return Err(Unapplied::NotMine);
                }
                let gone = self.gone(&summary, trust, now);
                self.mls.merge_staged_commit(&self.provider, *staged).map_err(|_| Unapplied::Broken)?;
                self.leaving.clear();
                Ok(Processed::Commit { summary, gone, own: false })
            }
            ProcessedMessageContent::ProposalMessage(proposal) => {
                let bench = self.bench(trust, lead, now);
                let leaver = bench.judge_proposal(&proposal).map_err(|_| Unapplied::Forbidden)?;
                if leaver != self.own_key() {
                    // A pending commit of ours passes over the leaver and cannot win any more.
                    self.drop_pending_commit();
                    self.mls
                        .store_pending_proposal(self.provider.storage(), *proposal)
                        .map_err(|_| Unapplied::Broken)?;
                }
                self.leaving.push(leaver);
                Ok(Processed::Leaving { leaver })
            }
            ProcessedMessageContent::ExternalJoinProposalMessage(_) => Err(Unapplied::Forbidden),
        }
    }

    /// The KeyPackage in `bytes`, if it verifies. Whether it may be added is the policy's to say.
    pub(crate) fn key_package(bytes: &[u8]) -> Option<KeyPackage> {
        let MlsMessageBodyIn::KeyPackage(package) =
            MlsMessageIn::tls_deserialize_exact(bytes).ok()?.extract()
        else {
            return None;
        };
        let package: KeyPackageIn = package;
        package.validate(Provider::default().crypto(), ProtocolVersion::Mls10).ok()
    }

    /// Whether the policy lets somebody with this KeyPackage into a room like this, judged by itself.
    pub(crate) fn admits(
        rules: RoomRules,
        suite_code: u16,
        package: &KeyPackage,
        trust: &Trust,
        now: Timestamp,
    ) -> bool {
        let Some(suite) = suite(suite_code).filter(|suite| *suite == package.ciphersuite()) else {
            return false;
        };
        Door { rules, suite, trust, now }.judge(Provider::default().crypto(), package).is_ok()
    }

    /// A KeyPackage as an MLSMessage.
    pub(crate) fn key_package_bytes(package: &KeyPackage) -> Option<Blob> {
        MlsMessageOut::from(package.clone()).to_bytes().ok().map(Blob)
    }

    fn judge(
        &self,
        sender: &openmls::prelude::Sender,
        staged: &openmls::prelude::StagedCommit,
        trust: &Trust,
        lead: Option<LeafKey>,
        now: Timestamp,
    ) -> Result<CommitSummary, Unapplied> {
        self.bench(trust, lead, now)
            .judge_commit(self.provider.crypto(), sender, staged)
            .map_err(|_| Unapplied::Forbidden)
    }

    fn bench<'a>(&'a self, trust: &'a Trust, lead: Option<LeafKey>, now: Timestamp) -> Bench<'a> {
        Bench { group: self.mls.public_group(), trust, lead, leaving: &self.leaving, now }
    }

    fn gone(&self, summary: &CommitSummary, trust: &Trust, now: Timestamp) -> Vec<MemberLeaf> {
        let out =
            |member: &MemberLeaf| summary.removed.contains(&member.key) || summary.left.contains(&member.key);
        self.members(trust, now).into_iter().filter(out).collect()
    }

    fn member_at(&self, index: LeafNodeIndex, trust: &Trust, now: Timestamp) -> Option<MemberLeaf> {
        let leaf = self.mls.public_group().leaf(index)?;
        Some(MemberLeaf {
            index: index.u32(),
            key: leaf_key(leaf)?,
            name: pseudonym(leaf.credential())?,
            standing: Standing::of(leaf, trust, now),
        })
    }
}

fn join_config() -> MlsGroupJoinConfig {
    MlsGroupJoinConfig::builder()
        .wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
        .use_ratchet_tree_extension(false)
        .max_past_epochs(PAST_EPOCHS)
        .sender_ratchet_configuration(SenderRatchetConfiguration::new(OUT_OF_ORDER, FORWARD))
        .build()
}

/// A group in a vault.
#[derive(Encode, Decode)]
pub(crate) struct SavedGroup {
    /// What openmls keeps, by its own keys.
    #[n(0)]
    values: Vec<(Blob, Blob)>,
    /// Whose wish to leave waits to be carried out.
    #[n(1)]
    leaving: Vec<LeafKey>,
}

fn to_bundle(bundle: CommitMessageBundle) -> Option<Bundle> {
    let (commit, welcome, info) = bundle.into_contents();
    let welcome = match welcome {
        Some(welcome) => {
            let message = MlsMessageOut::from_welcome(welcome, ProtocolVersion::Mls10);
            Some(Blob(message.to_bytes().ok()?))
        }
        None => None,
    };
    Some(Bundle {
        commit: Blob(commit.to_bytes().ok()?),
        group_info: Blob(AssistedGroupInfo::of(&info?).to_bytes()?),
        welcome,
    })
}

pub(crate) fn credential_with_key(leaf: &Leaf) -> CredentialWithKey {
    CredentialWithKey { credential: credential(leaf.name), signature_key: leaf.public().0.to_vec().into() }
}

/// A leaf's lifetime: 31 days from now, and the hour before for those whose clock is behind.
pub(crate) fn lifetime(now: Timestamp) -> Lifetime {
    Lifetime::init(now.seconds().saturating_sub(3600), now.seconds() + LEAF_LIFETIME_SECONDS_MAX - 3600)
}

pub(crate) struct LeafSigner<'a>(pub(crate) &'a Leaf);

impl Signer for LeafSigner<'_> {
    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(self.0.key.sign(payload).to_bytes().to_vec())
    }

    fn signature_scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use lotgenoot_protocol::Pseudonym;

    use super::*;

    fn messages(provider: &Provider) -> Vec<Blob> {
        let values = provider.storage().values();
        values.into_iter().filter(|(key, _)| key.0.starts_with(b"messages")).map(|(_, value)| value).collect()
    }

    #[test]
    fn the_secrets_of_messages_are_stored_when_a_group_is_saved_and_at_no_other_time() {
        let leaf =
            Leaf { key: SigningKey::from_bytes(&[3; 32]), name: Pseudonym([1; 16]), certificate: None };
        let provider = Provider::default();
        let id = GroupId::from_slice(&[7; 16]);
        let builder = MlsGroup::builder().with_group_id(id.clone());
        let mut mls = builder.build(&provider, &LeafSigner(&leaf), credential_with_key(&leaf)).unwrap();
        let save = |mls: &mut MlsGroup| {
            let policy = mls.past_epoch_deletion_policy().clone();
            let write = || mls.set_past_epoch_deletion_policy(&provider, policy);
            provider.storage().taking_message_secrets(write).unwrap();
            messages(&provider)
        };
        assert_eq!(messages(&provider), []);
        let first = save(&mut mls);
        assert_eq!(first.len(), 1);
        mls.create_message(&provider, &LeafSigner(&leaf), b"woorden").unwrap();
        assert_eq!(messages(&provider), first);
        // A key that was used is not in what is saved next: the same words are never said under it again.
        assert_ne!(save(&mut mls), first);

        let again = Provider::with(provider.storage().values()).expect("it was made here");
        let mut restored = MlsGroup::load(again.storage(), &id).unwrap().expect("it is there");
        assert_eq!(save(&mut mls), messages(&again));
        restored.create_message(&again, &LeafSigner(&leaf), b"meer").unwrap();
        assert!(Provider::with(vec![(Blob(vec![1]), Blob(vec![9, 9]))]).is_none());
    }

    #[test]
    fn a_queue_of_proposals_that_is_cleared_leaves_nothing_behind() {
        let leaf =
            Leaf { key: SigningKey::from_bytes(&[3; 32]), name: Pseudonym([1; 16]), certificate: None };
        let provider = Provider::default();
        let mut mls =
            MlsGroup::builder().build(&provider, &LeafSigner(&leaf), credential_with_key(&leaf)).unwrap();
        let queued = |provider: &Provider| {
            provider.storage().values().iter().filter(|(key, _)| key.0.starts_with(b"proposals")).count()
        };
        mls.propose_self_update(
            &provider,
            &LeafSigner(&leaf),
            openmls::prelude::LeafNodeParameters::default(),
        )
        .unwrap();
        assert_eq!(queued(&provider), 1);
        mls.clear_pending_proposals(provider.storage()).unwrap();
        assert_eq!(queued(&provider), 0);
    }
}
