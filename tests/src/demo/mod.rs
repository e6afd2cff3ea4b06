//! The demo: an organisation on the spot, a relay with an embedded database, a room that is open, links to click.

mod cast;

pub use cast::Cast;

use std::path::{Path, PathBuf};

use crate::organisation::{Organisation, Staff, now};
use crate::process::RelayProcess;
use lotgenoot_protocol::role::Role;

/// A demo that runs.
pub struct Demo {
    /// The relay.
    pub relay: RelayProcess,
    /// The robots in the open room.
    pub cast: Cast,
    /// Whose demo it is.
    pub organisation: Organisation,
    links: Links,
    _folder: tempfile::TempDir,
}

/// One link a role.
#[derive(Clone, Debug)]
pub struct Links {
    /// For a person.
    pub person: String,
    /// For a host.
    pub host: String,
    /// For a professional.
    pub professional: String,
    /// For a professional of another service, to whom a call can be handed over.
    pub colleague: String,
    /// For a coordinator.
    pub coordinator: String,
    /// For a person whom a partner invites.
    pub invited: String,
}

impl Demo {
    /// Starts everything: `relay` is the relay's binary, `client` the folder of the built client.
    pub async fn start(relay: &Path, client: &Path, port: u16) -> Self {
        let organisation = Organisation::new(now());
        let host = organisation.certify("Roos", Role::Host);
        // Her certificate ends soon: there is something to do in the office.
        let co_host = organisation.certify_for("Iris", Role::Host, 20);
        let coordinator = organisation.coordinator(1);
        let professional = organisation.certify("Noor", Role::Professional);
        let colleague = organisation.certify_at("Karim", "veilig-thuis");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let roster = folder.path().join("roster.toml");
        let text = organisation.roster_file(&[&host, &co_host, &professional, &colleague], &[]);
        std::fs::write(&roster, text).expect("the roster file is written");
        let data: PathBuf = folder.path().join("data");
        let relay = RelayProcess::start(relay, &data, &roster, client, port).await;
        let address = relay.address();
        let cast = Cast::start(&organisation, &co_host, address).await;
        let link = |fragment: &str| format!("http://{address}/#{fragment}");
        let links = Links {
            person: link(&organisation.person_link()),
            host: link(&Staff::link(&host)),
            professional: link(&Staff::link(&professional)),
            colleague: link(&Staff::link(&colleague)),
            coordinator: link(&coordinator.link()),
            invited: link(&organisation.invites("Slachtofferhulp", 48 * 3600).to_fragment()),
        };
        Self { relay, cast, organisation, links, _folder: folder }
    }

    /// Its links.
    pub fn links(&self) -> &Links {
        &self.links
    }
}
