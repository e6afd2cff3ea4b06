//! How things of the protocol are shown to the interface.

use lotgenoot_messages as ui;
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::policy::Standing;
use lotgenoot_protocol::role::Role;

/// Bytes of an id as the interface knows them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of an id the interface named.
pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}

pub(crate) fn role(standing: &Standing) -> ui::Role {
    match standing {
        Standing::Person => ui::Role::Person,
        Standing::Nobody => ui::Role::Unproven,
        Standing::Staff(certificate) => certified_role(certificate.role),
    }
}

pub(crate) fn certified_role(role: Role) -> ui::Role {
    match role {
        Role::Host => ui::Role::Host,
        Role::Professional => ui::Role::Professional,
        Role::Presenter => ui::Role::Presenter,
    }
}

pub(crate) fn kind(kind: RoomKind) -> ui::Kind {
    match kind {
        RoomKind::Peer => ui::Kind::Peer,
        RoomKind::Line => ui::Kind::Line,
        RoomKind::Help => ui::Kind::Help,
        RoomKind::Stage => ui::Kind::Stage,
    }
}

/// The role that the interface means, if it can be certified.
pub(crate) fn role_of(role: ui::Role) -> Option<Role> {
    match role {
        ui::Role::Host => Some(Role::Host),
        ui::Role::Professional => Some(Role::Professional),
        ui::Role::Presenter => Some(Role::Presenter),
        ui::Role::Person | ui::Role::Unproven | ui::Role::Coordinator => None,
    }
}
