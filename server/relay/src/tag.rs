//! Ids in logs: a hash under a key of this process, so that a log line joins with others of the same run and with
//! nothing else.

use std::sync::OnceLock;

use sha2::{Digest, Sha256};

static KEY: OnceLock<[u8; 32]> = OnceLock::new();

/// Eight hexadecimal digits for `id`.
pub(crate) fn tag(id: impl AsRef<[u8]>) -> String {
    let key = KEY.get_or_init(crate::clock::random);
    let digest = Sha256::new().chain_update(key).chain_update(id.as_ref()).finalize();
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}
