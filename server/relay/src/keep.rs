//! Small files that are made once and must never be half there.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Writes `bytes` beside `path`, and gives them that name when they are on disk.
pub(crate) fn keep(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = path.with_added_extension("new");
    let mut file = File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
