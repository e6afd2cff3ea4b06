//! The commit policy: who may change a room, and how. One implementation for relay, client and simulator.
//!
//! openmls accepts what MLS allows; that includes a stranger joining by an external commit without a Remove,
//! any member adding anybody, a PSK that bricks the room for those who lack it, and leaves that live a century
//! (RFC 9750 §6 and §8 leave all of this to the application). Every rule here is applied before an epoch is taken
//! (relay) and again before it is merged (client): the relay saves the client the trouble, not the check.
//!
//! What this module does not know: order, cursors, and who is connected.

use std::fmt;

use minicbor::{Decode, Encode};
use openmls::prelude::{
    Ciphersuite, Credential, Extension, ExtensionType, KeyPackage, LeafNode, LeafNodeIndex, Lifetime,
    OpenMlsCrypto, Proposal, PublicGroup, QueuedProposal, Sender, StagedCommit,
};

use crate::ids::{LeafKey, Pseudonym, Serial};
use crate::limits::{
    ADDS_PER_COMMIT_MAX, CLOCK_SKEW_SECONDS_MAX, GROUP_MEMBERS_MAX, LEAF_LIFETIME_SECONDS_MAX,
    PEER_MEMBERS_MAX, STAGE_MEMBERS_MAX,
};
use crate::mls::{
    CREDENTIAL_TYPE, REGISTER_EXTENSION, ROLE_EXTENSION, ROOM_EXTENSION, RoomKind, RoomRules, capabilities,
    leaf_key, pseudonym, register_head, role_bytes,
};
use crate::register::RegisterHead;
use crate::role::{Role, RoleCertificate, Trust};
use crate::time::Timestamp;

/// The rule a commit, proposal or opening broke.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(index_only)]
pub enum Rule {
    /// The committer may not add anybody to this room.
    #[n(0)]
    AddByOutsider,
    /// A room of this kind does not admit somebody like this.
    #[n(1)]
    AddOfOutsider,
    /// More Adds than one commit may carry.
    #[n(2)]
    AddTooMany,
    /// The room is full.
    #[n(3)]
    RoomFull,
    /// A leaf lives longer than 31 days, has expired or has not begun.
    #[n(4)]
    Lifetime,
    /// A leaf does not say it can do what every member must.
    #[n(5)]
    Capabilities,
    /// A leaf's credential or extensions are not of this protocol.
    #[n(6)]
    Credential,
    /// Two members would have one name.
    #[n(7)]
    NameTaken,
    /// The committer may not remove this member.
    #[n(8)]
    RemoveByOutsider,
    /// Nobody may remove the person whose help call this is.
    #[n(9)]
    RemoveOfPerson,
    /// A kind of proposal that no room accepts (PSK, ReInit, external senders, Update, custom).
    #[n(10)]
    ProposalKind,
    /// The room's rules or requirements would change.
    #[n(11)]
    ContextChanged,
    /// The staff register would go back, or its head is not signed.
    #[n(12)]
    RegisterHead,
    /// An external commit that is not a resync of a present member by itself.
    #[n(13)]
    Ghost,
    /// A member's own leaf would change its key, name or role.
    #[n(14)]
    LeafChanged,
    /// The one who opens a room of this kind must have another role.
    #[n(15)]
    Creator,
    /// The group is not a new Lotgenoot room of this organisation.
    #[n(16)]
    NotARoom,
    /// The sender is not a member.
    #[n(17)]
    Stranger,
    /// Somebody's wish to leave is waiting and the commit passes over it.
    #[n(18)]
    LeaverForgotten,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AddByOutsider => "this member may not add anybody here",
            Self::AddOfOutsider => "this room does not admit somebody like this",
            Self::AddTooMany => "too many members added at once",
            Self::RoomFull => "the room is full",
            Self::Lifetime => "a leaf's lifetime is over, not begun, or longer than 31 days",
            Self::Capabilities => "a leaf lacks required capabilities",
            Self::Credential => "a leaf's credential or extensions are not of this protocol",
            Self::NameTaken => "two members would have one name",
            Self::RemoveByOutsider => "this member may not remove that one",
            Self::RemoveOfPerson => "nobody may remove the person whose call this is",
            Self::ProposalKind => "a proposal of a kind that no room accepts",
            Self::ContextChanged => "the room's rules would change",
            Self::RegisterHead => "the staff register's head would go back or is not signed",
            Self::Ghost => "an external commit that is not a member's own resync",
            Self::LeafChanged => "a member's key, name or role would change",
            Self::Creator => "this kind of room is opened by somebody else",
            Self::NotARoom => "not a new room of this organisation",
            Self::Stranger => "the sender is not a member",
            Self::LeaverForgotten => "somebody's wish to leave is passed over",
        })
    }
}

/// What somebody in a room is, as far as signatures prove it at this moment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Standing {
    /// Carries no certificate: a participant.
    Person,
    /// Carries a certificate that is valid now.
    Staff(Box<RoleCertificate>),
    /// Carries a certificate that does not (any longer) count: no rights, and never shown as staff.
    Nobody,
}

impl Standing {
    /// What `leaf` is at `now`.
    pub fn of(leaf: &LeafNode, trust: &Trust, now: Timestamp) -> Self {
        match (role_bytes(leaf), leaf_key(leaf)) {
            (None, _) => Self::Person,
            (Some(bytes), Some(key)) => trust
                .role(bytes, &key, now)
                .map_or(Self::Nobody, |certificate| Self::Staff(Box::new(certificate))),
            (Some(_), None) => Self::Nobody,
        }
    }

    /// The role that is proven, if any.
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Staff(certificate) => Some(certificate.role),
            Self::Person | Self::Nobody => None,
        }
    }

    fn is_person(&self) -> bool {
        *self == Self::Person
    }
}

/// Somebody a commit adds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Added {
    /// Her signature key in this room.
    pub leaf_key: LeafKey,
    /// What she is called in this room.
    pub name: Pseudonym,
    /// The reference of the KeyPackage that was used (RFC 9420 §5.2).
    pub key_package: Vec<u8>,
    /// What she is.
    pub standing: Standing,
}

/// What an allowed commit does, for those who must act on it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CommitSummary {
    /// Who made it. For a resync: the member that came back.
    pub committer: LeafKey,
    /// Who comes in.
    pub added: Vec<Added>,
    /// Who goes out, removed by the committer.
    pub removed: Vec<LeafKey>,
    /// Who goes out by her own wish.
    pub left: Vec<LeafKey>,
    /// The committer lost her state and came back by an external commit.
    pub resync: bool,
}

impl CommitSummary {
    /// Whether the members stay the same people: messages of the epoch before can still be read by all, and by
    /// nobody else.
    pub fn keeps_members(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.left.is_empty()
    }
}

/// A room as it stands, and what is known beside it, at the moment somebody wants to change it.
#[derive(Clone, Copy)]
pub struct Bench<'a> {
    /// The group before the change.
    pub group: &'a PublicGroup,
    /// The organisation's root and revocations.
    pub trust: &'a Trust,
    /// Help only: the leaf that took the call, proven by its signed acknowledgement.
    pub lead: Option<LeafKey>,
    /// Whose SelfRemove waits in this epoch: the next commit must carry them out.
    pub leaving: &'a [LeafKey],
    /// The moment.
    pub now: Timestamp,
}

impl<'a> Bench<'a> {
    /// What the member at `index` is; `None` for a blank leaf.
    pub fn standing(&self, index: LeafNodeIndex) -> Option<Standing> {
        Some(Standing::of(self.group.leaf(index)?, self.trust, self.now))
    }

    /// Whether this group may become a room: epoch 0, one leaf, our rules, the right creator.
    pub fn judge_opening(&self) -> Result<RoomRules, Rule> {
        let context = self.group.group_context();
        let rules = self.judge_room()?;
        if context.epoch().as_u64() != 0 || self.group.members().count() != 1 {
            return Err(Rule::NotARoom);
        }
        let creator = self.group.leaf(LeafNodeIndex::new(0)).ok_or(Rule::NotARoom)?;
        judge_leaf(creator, self.group.ciphersuite())?;
        let openmls::treesync::LeafNodeSource::KeyPackage(lifetime) = creator.leaf_node_source() else {
            return Err(Rule::NotARoom);
        };
        judge_lifetime(lifetime, self.now)?;
        let standing = Standing::of(creator, self.trust, self.now);
        let right_creator = match rules.kind {
            RoomKind::Peer => standing.role() == Some(Role::Host),
            RoomKind::Line | RoomKind::Help => standing.is_person(),
            RoomKind::Stage => matches!(standing.role(), Some(Role::Host | Role::Presenter)),
        };
        if right_creator { Ok(rules) } else { Err(Rule::Creator) }
    }

    /// Whether this group, in whatever epoch, is a room of this organisation. A joiner asks this.
    pub fn judge_room(&self) -> Result<RoomRules, Rule> {
        let context = self.group.group_context();
        let rules = RoomRules::of(context).ok_or(Rule::NotARoom)?;
        if rules.organisation != self.trust.organisation() {
            return Err(Rule::NotARoom);
        }
        let known = [
            ExtensionType::RequiredCapabilities,
            ExtensionType::Unknown(ROOM_EXTENSION),
            ExtensionType::Unknown(REGISTER_EXTENSION),
        ];
        let types: Vec<ExtensionType> = context.extensions().iter().map(Extension::extension_type).collect();
        if types.len() != known.len() || !known.iter().all(|kind| types.contains(kind)) {
            return Err(Rule::NotARoom);
        }
        if context.required_capabilities() != Some(&crate::mls::required_capabilities()) {
            return Err(Rule::NotARoom);
        }
        let head = register_head(context).ok_or(Rule::RegisterHead)?;
        head.verify(self.trust).map_err(|_| Rule::RegisterHead)?;
        Ok(rules)
    }

    /// Whether the member at `signer` may have sent the Welcome into this group: who may not add, invites nobody.
    /// A joiner asks this, after [`Self::judge_room`].
    pub fn judge_welcome(&self, signer: LeafNodeIndex) -> Result<(), Rule> {
        let rules = RoomRules::of(self.group.group_context()).ok_or(Rule::NotARoom)?;
        if self.by(signer)?.may_add(rules.kind) { Ok(()) } else { Err(Rule::AddByOutsider) }
    }

    /// Whether a standalone proposal may wait for the next commit. Only leaving may: a stray Add wedges a room.
    pub fn judge_proposal(&self, proposal: &QueuedProposal) -> Result<LeafKey, Rule> {
        match (proposal.proposal(), proposal.sender()) {
            (Proposal::SelfRemove, Sender::Member(index)) => self.key_of(*index),
            _ => Err(Rule::ProposalKind),
        }
    }

    /// Whether a staged commit by `sender` may take the next epoch, and what it does.
    pub fn judge_commit(
        &self,
        crypto: &impl OpenMlsCrypto,
        sender: &Sender,
        staged: &StagedCommit,
    ) -> Result<CommitSummary, Rule> {
        let rules = RoomRules::of(self.group.group_context()).ok_or(Rule::NotARoom)?;
        let summary = match sender {
            Sender::Member(index) => self.judge_member_commit(crypto, rules, *index, staged)?,
            Sender::NewMemberCommit => self.judge_resync(staged)?,
            Sender::External(_) | Sender::NewMemberProposal => return Err(Rule::Ghost),
        };
        // By her own wish and not by a Remove: so a commit made before the wish was seen can never win after it.
        let out = |leaver: &&LeafKey| summary.left.contains(leaver);
        if self.leaving.iter().all(|leaver| out(&leaver)) { Ok(summary) } else { Err(Rule::LeaverForgotten) }
    }

    fn judge_member_commit(
        &self,
        crypto: &impl OpenMlsCrypto,
        rules: RoomRules,
        committer: LeafNodeIndex,
        staged: &StagedCommit,
    ) -> Result<CommitSummary, Rule> {
        let by = self.by(committer)?;
        let mut summary = self.empty_summary(self.key_of(committer)?);

        for queued in staged.queued_proposals() {
            match queued.proposal() {
                Proposal::Add(add) => {
                    if !by.may_add(rules.kind) {
                        return Err(Rule::AddByOutsider);
                    }
                    summary.added.push(self.judge_add(crypto, rules, add.key_package())?);
                }
                Proposal::Remove(remove) => {
                    summary.removed.push(self.judge_remove(rules.kind, &by, remove.removed())?);
                }
                Proposal::SelfRemove => summary.left.push(self.judge_proposal(queued)?),
                Proposal::GroupContextExtensions(change) => {
                    if by.standing.role().is_none() {
                        return Err(Rule::ContextChanged);
                    }
                    self.judge_context(change.extensions().iter().collect())?;
                }
                _ => return Err(Rule::ProposalKind),
            }
        }

        self.judge_size(rules.kind, &summary)?;
        self.judge_names(&summary)?;
        if let Some(leaf) = staged.update_path_leaf_node() {
            self.judge_own_leaf(committer, leaf)?;
        }
        Ok(summary)
    }

    // A resync: exactly one Remove, of a leaf with the path's own signature key and name, and nothing else.
    fn judge_resync(&self, staged: &StagedCommit) -> Result<CommitSummary, Rule> {
        let mut returning = None;
        let mut left = Vec::new();
        for queued in staged.queued_proposals() {
            match queued.proposal() {
                Proposal::ExternalInit(_) => {}
                Proposal::Remove(remove) if returning.is_none() => returning = Some(remove.removed()),
                Proposal::SelfRemove => left.push(self.judge_proposal(queued)?),
                _ => return Err(Rule::Ghost),
            }
        }
        let old = returning.ok_or(Rule::Ghost)?;
        let leaf = staged.update_path_leaf_node().ok_or(Rule::Ghost)?;
        if leaf_key(leaf) != Some(self.key_of(old)?) {
            return Err(Rule::Ghost);
        }
        self.judge_own_leaf(old, leaf).map_err(|_| Rule::Ghost)?;
        Ok(CommitSummary { left, resync: true, ..self.empty_summary(self.key_of(old)?) })
    }

    fn judge_add(
        &self,
        crypto: &impl OpenMlsCrypto,
        rules: RoomRules,
        key_package: &KeyPackage,
    ) -> Result<Added, Rule> {
        let suite = self.group.ciphersuite();
        Door { rules, suite, trust: self.trust, now: self.now }.judge(crypto, key_package)
    }

    fn judge_remove(&self, kind: RoomKind, by: &By, removed: LeafNodeIndex) -> Result<LeafKey, Rule> {
        let person =
            removed == LeafNodeIndex::new(0) && self.standing(removed).is_some_and(|it| it.is_person());
        if kind == RoomKind::Help && person {
            return Err(Rule::RemoveOfPerson);
        }
        let allowed = match kind {
            RoomKind::Peer => by.standing.role() == Some(Role::Host),
            RoomKind::Stage => matches!(by.standing.role(), Some(Role::Host | Role::Presenter)),
            RoomKind::Line => by.standing.role() == Some(Role::Host) || by.opened_it(),
            RoomKind::Help => by.opened_it() || (by.leads && by.standing.role().is_some()),
        };
        if allowed { self.key_of(removed) } else { Err(Rule::RemoveByOutsider) }
    }

    // An update may renew a certificate; it may not change who somebody is.
    fn judge_own_leaf(&self, index: LeafNodeIndex, new: &LeafNode) -> Result<(), Rule> {
        let old = self.group.leaf(index).ok_or(Rule::Stranger)?;
        if old.credential() != new.credential() || old.signature_key() != new.signature_key() {
            return Err(Rule::LeafChanged);
        }
        judge_leaf(new, self.group.ciphersuite())?;
        let (before, after) = (role_bytes(old), role_bytes(new));
        if before == after {
            return Ok(());
        }
        let same_person =
            match (before.and_then(RoleCertificate::from_bytes), Standing::of(new, self.trust, self.now)) {
                (Some(before), Standing::Staff(after)) => {
                    before.role == after.role
                        && before.service == after.service
                        && before.alias == after.alias
                }
                _ => false,
            };
        if same_person { Ok(()) } else { Err(Rule::LeafChanged) }
    }

    fn judge_context(&self, new: Vec<&Extension>) -> Result<(), Rule> {
        let register = ExtensionType::Unknown(REGISTER_EXTENSION);
        let old: Vec<&Extension> = self.group.group_context().extensions().iter().collect();
        let rest_is_equal = old.len() == new.len()
            && old.iter().filter(|it| it.extension_type() != register).all(|it| new.contains(it));
        if !rest_is_equal {
            return Err(Rule::ContextChanged);
        }
        let before = register_head(self.group.group_context()).ok_or(Rule::RegisterHead)?;
        let after = new
            .iter()
            .find_map(|it| match it {
                Extension::Unknown(kind, content) if *kind == REGISTER_EXTENSION => {
                    RegisterHead::from_bytes(&content.0)
                }
                _ => None,
            })
            .ok_or(Rule::RegisterHead)?;
        let rises = after.version > before.version && after.verify(self.trust).is_ok();
        if rises { Ok(()) } else { Err(Rule::RegisterHead) }
    }

    fn judge_size(&self, kind: RoomKind, summary: &CommitSummary) -> Result<(), Rule> {
        if summary.added.len() > ADDS_PER_COMMIT_MAX {
            return Err(Rule::AddTooMany);
        }
        let leaving = summary.removed.len() + summary.left.len();
        let members =
            self.group.members().count() + summary.added.len() - leaving.min(self.group.members().count());
        let max = match kind {
            RoomKind::Peer => PEER_MEMBERS_MAX,
            RoomKind::Line | RoomKind::Help => GROUP_MEMBERS_MAX,
            RoomKind::Stage => STAGE_MEMBERS_MAX,
        };
        if !summary.added.is_empty() && members > max { Err(Rule::RoomFull) } else { Ok(()) }
    }

    fn judge_names(&self, summary: &CommitSummary) -> Result<(), Rule> {
        let present: Vec<Credential> = self.group.members().map(|member| member.credential).collect();
        for (at, added) in summary.added.iter().enumerate() {
            let credential = crate::mls::credential(added.name);
            let twice = summary.added[..at].iter().any(|other| other.name == added.name);
            if twice || present.contains(&credential) {
                return Err(Rule::NameTaken);
            }
        }
        Ok(())
    }

    fn by(&self, index: LeafNodeIndex) -> Result<By, Rule> {
        Ok(By {
            standing: self.standing(index).ok_or(Rule::Stranger)?,
            first: index == LeafNodeIndex::new(0),
            leads: self.lead == Some(self.key_of(index)?),
        })
    }

    fn key_of(&self, index: LeafNodeIndex) -> Result<LeafKey, Rule> {
        self.group.leaf(index).and_then(leaf_key).ok_or(Rule::Stranger)
    }

    fn empty_summary(&self, committer: LeafKey) -> CommitSummary {
        CommitSummary { committer, added: Vec::new(), removed: Vec::new(), left: Vec::new(), resync: false }
    }
}

/// Who may come into rooms of these rules, whoever adds her: what is asked of each KeyPackage by itself. Whoever adds
/// several asks it of each first, for one that is refused takes the others with it.
#[derive(Clone, Copy)]
pub struct Door<'a> {
    /// The room's rules.
    pub rules: RoomRules,
    /// Its suite.
    pub suite: Ciphersuite,
    /// The organisation's root and revocations.
    pub trust: &'a Trust,
    /// The moment.
    pub now: Timestamp,
}

impl Door<'_> {
    /// Whether this KeyPackage may be added, and who comes in by it.
    pub fn judge(&self, crypto: &impl OpenMlsCrypto, key_package: &KeyPackage) -> Result<Added, Rule> {
        judge_lifetime(key_package.life_time(), self.now)?;
        let leaf = key_package.leaf_node();
        judge_leaf(leaf, self.suite)?;
        let standing = Standing::of(leaf, self.trust, self.now);
        if !admits(self.rules, &standing) {
            return Err(Rule::AddOfOutsider);
        }
        Ok(Added {
            leaf_key: leaf_key(leaf).ok_or(Rule::Credential)?,
            name: pseudonym(leaf.credential()).ok_or(Rule::Credential)?,
            key_package: key_package.hash_ref(crypto).map_err(|_| Rule::Credential)?.as_slice().to_vec(),
            standing,
        })
    }
}

/// The serial on a leaf's certificate, valid or not: what revocations and rosters speak of.
pub fn serial_of(leaf: &LeafNode) -> Option<Serial> {
    role_bytes(leaf).and_then(RoleCertificate::from_bytes).map(|certificate| certificate.serial)
}

/// Whether a credential is one of ours.
pub fn is_own_credential(credential: &Credential) -> bool {
    u16::from(credential.credential_type()) == CREDENTIAL_TYPE
}

struct By {
    standing: Standing,
    first: bool,
    leads: bool,
}

impl By {
    // Leaf 0 has rights only while the person who opened the room sits there: an Add fills the leftmost blank leaf.
    fn opened_it(&self) -> bool {
        self.first && self.standing.is_person()
    }

    fn may_add(&self, kind: RoomKind) -> bool {
        let role = self.standing.role();
        match kind {
            RoomKind::Peer => role == Some(Role::Host),
            RoomKind::Line => self.opened_it() || role == Some(Role::Host),
            RoomKind::Help => self.opened_it() || role == Some(Role::Professional),
            RoomKind::Stage => matches!(role, Some(Role::Host | Role::Presenter)),
        }
    }
}

fn judge_lifetime(lifetime: &Lifetime, now: Timestamp) -> Result<(), Rule> {
    let now = now.seconds();
    let length = lifetime.not_after().saturating_sub(lifetime.not_before());
    // Clients date a lifetime back by up to an hour for wrong clocks; the hour is not held against them.
    let short = length <= LEAF_LIFETIME_SECONDS_MAX + CLOCK_SKEW_SECONDS_MAX;
    let begun = now + CLOCK_SKEW_SECONDS_MAX >= lifetime.not_before();
    if short && begun && now < lifetime.not_after() { Ok(()) } else { Err(Rule::Lifetime) }
}

fn judge_leaf(leaf: &LeafNode, suite: Ciphersuite) -> Result<(), Rule> {
    let ours = capabilities(suite);
    let theirs = leaf.capabilities();
    let able = theirs.ciphersuites().contains(&ours.ciphersuites()[0])
        && ours.extensions().iter().all(|it| theirs.extensions().contains(it))
        && ours.proposals().iter().all(|it| theirs.proposals().contains(it))
        && ours.credentials().iter().all(|it| theirs.credentials().contains(it));
    if !able {
        return Err(Rule::Capabilities);
    }
    let known_extensions = leaf
        .extensions()
        .iter()
        .all(|extension| matches!(extension, Extension::Unknown(kind, _) if *kind == ROLE_EXTENSION));
    if !known_extensions || pseudonym(leaf.credential()).is_none() || leaf_key(leaf).is_none() {
        return Err(Rule::Credential);
    }
    Ok(())
}

fn admits(rules: RoomRules, who: &Standing) -> bool {
    match (rules.kind, who.role()) {
        (RoomKind::Peer | RoomKind::Line, Some(Role::Host)) | (RoomKind::Help, Some(Role::Professional)) => {
            true
        }
        (RoomKind::Help, Some(Role::Host)) => rules.hosts_in_help,
        (RoomKind::Stage, Some(Role::Host | Role::Presenter)) => true,
        (RoomKind::Peer | RoomKind::Stage, None) => who.is_person(),
        _ => false,
    }
}
