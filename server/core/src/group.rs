//! A room's public MLS state: what the relay can check of a commit before it may take an epoch.
//!
//! The only file of the server that names openmls' group types, and among them only the public one: there is no
//! code path here that could decrypt.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lotgenoot_protocol::frame::{Bundle, GroupState, Opening};
use lotgenoot_protocol::limits::{HANDSHAKE_BYTES_MAX, TREE_BYTES_MAX};
use lotgenoot_protocol::mls::{AssistedGroupInfo, RoomRules, leaf_key, role_bytes, suite};
use lotgenoot_protocol::policy::{Bench, CommitSummary, Rule};
use lotgenoot_protocol::role::Trust;
use lotgenoot_protocol::{Blob, Epoch, LeafKey, Refused, RoomId, Seq, Timestamp};
use openmls::prelude::group_info::VerifiableGroupInfo;
use openmls::prelude::tls_codec::{Deserialize as _, Serialize as _};
use openmls::prelude::{
    ContentType, LeafNodeIndex, MlsMessageBodyIn, MlsMessageIn, MlsMessageOut, OpenMlsSignaturePublicKey,
    ProcessedMessageContent, ProposalStore, ProtocolMessage, PublicGroup, QueuedProposal, RatchetTreeIn,
    Sender, StagedCommit, Verifiable, WireFormat,
};
use openmls_rust_crypto::RustCrypto;

use crate::snapshot::{Shelf, Snapshot};

/// The public group of one room, and the GroupInfo of its current epoch.
pub struct TrackedGroup {
    room: RoomId,
    group: PublicGroup,
    snapshot: Snapshot,
    group_info: Vec<u8>,
    // SelfRemoves of this epoch, as they came: who resyncs needs them.
    proposals: Vec<Blob>,
    leaving: Vec<LeafKey>,
    crypto: RustCrypto,
}

/// A commit that passed every check and has not been merged.
pub struct CheckedCommit {
    staged: Box<StagedCommit>,
    group_info: Vec<u8>,
    /// What it does.
    pub summary: CommitSummary,
    /// The epoch it leads into.
    pub epoch: Epoch,
}

/// A SelfRemove that passed every check and is not queued yet.
pub struct CheckedProposal {
    queued: Box<QueuedProposal>,
    message: Blob,
    /// Who wants to leave.
    pub leaver: LeafKey,
}

impl TrackedGroup {
    /// Follows a new room from its epoch 0. Nothing is stored if it is refused.
    pub fn open(
        room: RoomId,
        opening: &Opening,
        trust: &Trust,
        now: Timestamp,
    ) -> Result<(Self, RoomRules, LeafKey), Refused> {
        Refused::unless_within(opening.group_info.len(), HANDSHAKE_BYTES_MAX, "HANDSHAKE_BYTES_MAX")?;
        Refused::unless_within(opening.tree.len(), TREE_BYTES_MAX, "TREE_BYTES_MAX")?;
        let info = message(&opening.group_info)?
            .into_group_info()
            .ok_or_else(|| Refused::invalid("an opening without GroupInfo"))?;
        if info.group_id().as_slice() != room.0 || suite(u16::from(info.ciphersuite())).is_none() {
            return Err(Refused::invalid("an opening of another group or an unknown suite"));
        }
        let tree = RatchetTreeIn::tls_deserialize_exact(&opening.tree.0)
            .map_err(|_| Refused::invalid("a ratchet tree that cannot be read"))?;
        let crypto = RustCrypto::default();
        let shelf = Shelf::new(Snapshot::default());
        let (group, _) = guarded(|| {
            PublicGroup::from_external(&crypto, &shelf, tree, info, ProposalStore::new())
                .map_err(|_| Refused::invalid("a group that does not verify"))
        })?;

        let bench = Bench { group: &group, trust, lead: None, leaving: &[], now };
        let rules = bench.judge_opening().map_err(not_allowed)?;
        let creator = group
            .leaf(LeafNodeIndex::new(0))
            .and_then(leaf_key)
            .ok_or(Refused::NotAllowed { rule: Rule::Credential })?;
        let tracked = Self {
            room,
            group,
            snapshot: shelf.into_snapshot(),
            group_info: opening.group_info.0.clone(),
            proposals: Vec::new(),
            leaving: Vec::new(),
            crypto,
        };
        Ok((tracked, rules, creator))
    }

    /// The epoch the room is in.
    pub fn epoch(&self) -> Epoch {
        Epoch(self.group.group_context().epoch().as_u64())
    }

    /// Checks a commit bundle against group, policy and its own parts. Changes nothing.
    ///
    /// `Refused::WrongEpoch` means: catch up and make another.
    pub fn check_commit(
        &self,
        bundle: &Bundle,
        trust: &Trust,
        lead: Option<LeafKey>,
        now: Timestamp,
    ) -> Result<CheckedCommit, Refused> {
        Refused::unless_within(bundle.commit.len(), HANDSHAKE_BYTES_MAX, "HANDSHAKE_BYTES_MAX")?;
        Refused::unless_within(bundle.group_info.len(), HANDSHAKE_BYTES_MAX, "HANDSHAKE_BYTES_MAX")?;
        let protocol = self.handshake(&bundle.commit, ContentType::Commit)?;
        if Epoch(protocol.epoch().as_u64()) != self.epoch() {
            return Err(Refused::WrongEpoch { current: self.epoch() });
        }
        let ProtocolMessage::PublicMessage(public) = &protocol else {
            return Err(Refused::invalid("a commit that is not a PublicMessage"));
        };
        let tag =
            public.confirmation_tag().cloned().ok_or_else(|| Refused::invalid("a commit without tag"))?;

        let processed = guarded(|| {
            self.group
                .process_message(&self.crypto, protocol)
                .map_err(|_| Refused::invalid("a commit that does not verify"))
        })?;
        let sender = processed.sender().clone();
        let ProcessedMessageContent::StagedCommitMessage(staged) = processed.into_content() else {
            return Err(Refused::invalid("not a commit"));
        };

        let bench = Bench { group: &self.group, trust, lead, leaving: &self.leaving, now };
        let summary = bench.judge_commit(&self.crypto, &sender, &staged).map_err(|rule| match rule {
            // The committer had not seen the leaver yet: the same remedy as a lost race.
            Rule::LeaverForgotten => Refused::WrongEpoch { current: self.epoch() },
            rule => not_allowed(rule),
        })?;
        check_welcome(bundle, &summary)?;

        let signer = match sender {
            Sender::Member(index) => index,
            _ => self
                .group
                .ext_commit_sender_index(&staged)
                .map_err(|_| Refused::invalid("an external commit without a place"))?,
        };
        let group_info = self.rebuild_group_info(bundle, &staged, tag, signer, summary.committer)?;
        let epoch = Epoch(staged.epoch().as_u64());
        Ok(CheckedCommit { staged, group_info, summary, epoch })
    }

    /// Takes the epoch for a checked commit.
    pub fn merge(&mut self, commit: CheckedCommit) -> Result<CommitSummary, Refused> {
        let shelf = Shelf::new(std::mem::take(&mut self.snapshot));
        let merged = self.group.merge_commit(&shelf, *commit.staged);
        self.snapshot = shelf.into_snapshot();
        merged.map_err(|_| Refused::invalid("a commit that cannot be merged"))?;
        self.group_info = commit.group_info;
        self.proposals.clear();
        self.leaving.clear();
        Ok(commit.summary)
    }

    /// Checks a standalone SelfRemove. Changes nothing.
    pub fn check_proposal(
        &self,
        bytes: &Blob,
        trust: &Trust,
        now: Timestamp,
    ) -> Result<CheckedProposal, Refused> {
        Refused::unless_within(bytes.len(), HANDSHAKE_BYTES_MAX, "HANDSHAKE_BYTES_MAX")?;
        let protocol = self.handshake(bytes, ContentType::Proposal)?;
        if Epoch(protocol.epoch().as_u64()) != self.epoch() {
            return Err(Refused::WrongEpoch { current: self.epoch() });
        }
        let processed = guarded(|| {
            self.group
                .process_message(&self.crypto, protocol)
                .map_err(|_| Refused::invalid("a proposal that does not verify"))
        })?;
        let ProcessedMessageContent::ProposalMessage(queued) = processed.into_content() else {
            return Err(not_allowed(Rule::ProposalKind));
        };
        let bench = Bench { group: &self.group, trust, lead: None, leaving: &self.leaving, now };
        let leaver = bench.judge_proposal(&queued).map_err(not_allowed)?;
        Ok(CheckedProposal { queued, message: bytes.clone(), leaver })
    }

    /// Queues a checked SelfRemove for the next commit.
    pub fn queue(&mut self, proposal: CheckedProposal) -> Result<(), Refused> {
        let shelf = Shelf::new(std::mem::take(&mut self.snapshot));
        let queued = self.group.add_proposal(&shelf, *proposal.queued);
        self.snapshot = shelf.into_snapshot();
        queued.map_err(|_| Refused::invalid("a proposal that cannot be stored"))?;
        if !self.leaving.contains(&proposal.leaver) {
            self.leaving.push(proposal.leaver);
            self.proposals.push(proposal.message);
        }
        Ok(())
    }

    /// The ratchet tree of this epoch, TLS-encoded.
    pub fn tree(&self) -> Vec<u8> {
        self.group.export_ratchet_tree().tls_serialize_detached().unwrap_or_default()
    }

    /// What a member needs to resync; `seq` is the room's last place.
    pub fn state(&self, seq: Seq) -> GroupState {
        GroupState {
            group_info: Blob(self.group_info.clone()),
            tree: Blob(self.tree()),
            seq,
            proposals: self.proposals.clone(),
        }
    }

    /// The leaf keys of all members, in leaf order.
    pub fn members(&self) -> Vec<LeafKey> {
        self.group.members().filter_map(|member| LeafKey::from_slice(&member.signature_key)).collect()
    }

    /// The certificate that the member with this key carries here; it may be an earlier one than the roster's.
    pub fn certificate(&self, key: &LeafKey) -> Option<&[u8]> {
        let member = self.group.members().find(|member| member.signature_key == key.0)?;
        role_bytes(self.group.leaf(member.index)?)
    }

    /// The signature key at leaf 0, if anybody sits there.
    pub fn first_leaf(&self) -> Option<LeafKey> {
        self.group.leaf(LeafNodeIndex::new(0)).and_then(leaf_key)
    }

    /// Everything needed to restore this value: snapshot, GroupInfo, waiting proposals.
    pub(crate) fn to_parts(&self) -> (Vec<u8>, Vec<u8>, Vec<Blob>, Vec<LeafKey>) {
        let snapshot = self.snapshot.to_bytes().unwrap_or_default();
        (snapshot, self.group_info.clone(), self.proposals.clone(), self.leaving.clone())
    }

    /// The value that [`Self::to_parts`] came from.
    pub(crate) fn from_parts(
        room: RoomId,
        snapshot: &[u8],
        group_info: Vec<u8>,
        proposals: Vec<Blob>,
        leaving: Vec<LeafKey>,
    ) -> Option<Self> {
        let snapshot = Snapshot::from_bytes(snapshot)?;
        let group = snapshot.load(&room.0)?;
        Some(Self { room, group, snapshot, group_info, proposals, leaving, crypto: RustCrypto::default() })
    }

    fn handshake(&self, bytes: &Blob, kind: ContentType) -> Result<ProtocolMessage, Refused> {
        let protocol = message(bytes)?
            .try_into_protocol_message()
            .map_err(|_| Refused::invalid("not a message of a group"))?;
        if protocol.wire_format() != WireFormat::PublicMessage || protocol.content_type() != kind {
            return Err(Refused::invalid("a handshake of another kind, or not in the clear"));
        }
        if protocol.group_id().as_slice() != self.room.0 {
            return Err(Refused::invalid("a message of another room"));
        }
        Ok(protocol)
    }

    // The committer sends extensions and signature; the rest must be what the relay computes itself. If the
    // signature verifies over that, everybody will see the same GroupInfo.
    fn rebuild_group_info(
        &self,
        bundle: &Bundle,
        staged: &StagedCommit,
        tag: openmls::prelude::ConfirmationTag,
        signer: LeafNodeIndex,
        committer: LeafKey,
    ) -> Result<Vec<u8>, Refused> {
        let assisted = AssistedGroupInfo::from_bytes(&bundle.group_info)
            .ok_or_else(|| Refused::invalid("a GroupInfo that cannot be read"))?;
        let context = staged.group_context().clone();
        let key = OpenMlsSignaturePublicKey::new(
            committer.0.to_vec().into(),
            context.ciphersuite().signature_algorithm(),
        )
        .map_err(|_| Refused::invalid("a committer without key"))?;
        let info = VerifiableGroupInfo::new(context, assisted.extensions, tag, signer, assisted.signature);
        let info = info
            .verify(&self.crypto, &key)
            .map_err(|_| Refused::invalid("a GroupInfo that is not the committer's for this epoch"))?;
        MlsMessageOut::from(info)
            .to_bytes()
            .map_err(|_| Refused::invalid("a GroupInfo that cannot be written"))
    }
}

fn check_welcome(bundle: &Bundle, summary: &CommitSummary) -> Result<(), Refused> {
    let mut expected: Vec<&[u8]> = summary.added.iter().map(|added| added.key_package.as_slice()).collect();
    let Some(bytes) = &bundle.welcome else {
        return if expected.is_empty() { Ok(()) } else { Err(Refused::invalid("an Add without Welcome")) };
    };
    Refused::unless_within(bytes.len(), HANDSHAKE_BYTES_MAX, "HANDSHAKE_BYTES_MAX")?;
    let MlsMessageBodyIn::Welcome(welcome) = message(bytes)?.extract() else {
        return Err(Refused::invalid("a Welcome that is something else"));
    };
    let references: Vec<_> = welcome.secrets().iter().map(|secrets| secrets.new_member()).collect();
    let mut invited: Vec<&[u8]> = references.iter().map(|reference| reference.as_slice()).collect();
    expected.sort_unstable();
    invited.sort_unstable();
    if expected == invited && !expected.is_empty() {
        return Ok(());
    }
    Err(Refused::invalid("a Welcome for others than those added"))
}

fn message(bytes: &Blob) -> Result<MlsMessageIn, Refused> {
    guarded(|| {
        MlsMessageIn::tls_deserialize_exact(&bytes.0).map_err(|_| Refused::invalid("not an MLS message"))
    })
}

// A parser of bytes from strangers may be wrong in ways that panic; that must cost the sender, not the room.
fn guarded<T>(f: impl FnOnce() -> Result<T, Refused>) -> Result<T, Refused> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|_| Err(Refused::invalid("bytes that break the parser")))
}

fn not_allowed(rule: Rule) -> Refused {
    Refused::NotAllowed { rule }
}

trait IntoGroupInfo {
    fn into_group_info(self) -> Option<VerifiableGroupInfo>;
}

impl IntoGroupInfo for MlsMessageIn {
    fn into_group_info(self) -> Option<VerifiableGroupInfo> {
        match self.extract() {
            MlsMessageBodyIn::GroupInfo(info) => Some(info),
            _ => None,
        }
    }
}
