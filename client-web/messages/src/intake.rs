//! What a person may tell a professional before they talk. Every answer may stay open.

use crate::CodeWord;
use minicbor::{Decode, Encode};

/// The intake card, in the order it is read: safety first, her own words next.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Intake {
    /// What she is called.
    #[n(0)]
    pub nickname: String,
    /// Is she safe now?
    #[n(1)]
    pub safe: Safe,
    /// Is somebody reading along?
    #[n(2)]
    pub read_along: Safe,
    /// How many minutes she has; absent: not said.
    #[n(3)]
    pub minutes: Option<u16>,
    /// Where he is.
    #[n(4)]
    pub where_is_he: String,
    /// Where the children are.
    #[n(5)]
    pub children: String,
    /// What she wants, in her words.
    #[n(6)]
    pub wants: String,
    /// What she already tried.
    #[n(7)]
    pub tried: String,
    /// What is going on, as far as she ticked it.
    #[n(8)]
    pub flags: Vec<Flag>,
    /// The language of the conversation.
    #[n(9)]
    pub language: String,
    /// What she agrees to. Nothing follows from silence.
    #[n(10)]
    pub consents: Vec<Consent>,
    /// When and how it is safe to reach her.
    #[n(11)]
    pub safe_ways: String,
    /// Her municipality, only if she gave it.
    #[n(12)]
    pub municipality: String,
    /// How soon she wants somebody.
    #[cbor(n(13), default)]
    pub urgency: Urgency,
    /// How often she has changed it since the call was raised: of two, the one that was changed more often counts.
    #[cbor(n(14), default)]
    pub edition: u32,
    /// What she and her helpers agreed that some words mean.
    #[cbor(n(15), default)]
    pub code_words: Vec<CodeWord>,
    /// Her code word raised it: her screen shows nothing of it.
    #[cbor(n(16), default)]
    pub silent: bool,
    /// What she last said in her group, the newest last; her own words only.
    #[cbor(n(17), default)]
    pub last_messages: Vec<String>,
}

/// How soon somebody is wanted.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Urgency {
    /// Now.
    #[default]
    #[n(0)]
    Now,
    /// Today.
    #[n(1)]
    Today,
    /// When her contact person can.
    #[n(2)]
    ContactPerson,
}

/// Yes, no, or not known.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Safe {
    /// Not said, or not known.
    #[default]
    #[n(0)]
    Unknown,
    /// Yes.
    #[n(1)]
    Yes,
    /// No.
    #[n(2)]
    No,
}

/// A red flag (research: strangulation, separation, stalking, threats, weapon, her own fear).
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(index_only)]
pub enum Flag {
    /// He took her by the throat.
    #[n(0)]
    Strangulation,
    /// She has left, or is about to.
    #[n(1)]
    Separation,
    /// He follows or watches her.
    #[n(2)]
    Stalking,
    /// He threatened to kill somebody.
    #[n(3)]
    Threats,
    /// There is a weapon.
    #[n(4)]
    Weapon,
    /// She is afraid for her life.
    #[n(5)]
    Fear,
}

/// One thing she agrees to; each is separate and can be taken back.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(index_only)]
pub enum Consent {
    /// A professional may enter and talk.
    #[n(0)]
    Talk,
    /// May read the summary above.
    #[n(1)]
    Summary,
    /// May read the last messages.
    #[n(2)]
    LastMessages,
    /// May know her municipality.
    #[n(3)]
    Municipality,
    /// May know who she is.
    #[n(4)]
    Identity,
    /// May share with a partner she is told by name.
    #[n(5)]
    ShareWithPartner,
    /// A host may come along.
    #[n(6)]
    HostComesAlong,
}
