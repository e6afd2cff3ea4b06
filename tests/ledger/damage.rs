//! A file that cannot be what it should be is an error, and stays as it was: nothing is ever put in its place.

use std::fs;
use std::path::{Path, PathBuf};

use lotgenoot::store::{Ledger, RedbLedger};
use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use redb::{Database, ReadableDatabase, TableDefinition, TableHandle};
use tempfile::TempDir;

use crate::ops::{START, commit, create, room, says};

#[test]
fn a_file_of_garbage_is_an_error_and_stays_as_it_is() {
    for length in [0, 1, 9, 320, 4096, 100_000, 2_000_000] {
        let (_folder, path) = place();
        let mut garbage = vec![0; length];
        StdRng::seed_from_u64(length as u64).fill_bytes(&mut garbage);
        assert_refused(&path, &garbage);
    }
}

#[test]
fn a_file_of_zeros_is_an_error_and_stays_as_it_is() {
    for length in [1, 4096, 1_000_000] {
        let (_folder, path) = place();
        assert_refused(&path, &vec![0; length]);
    }
}

#[test]
fn a_truncated_file_is_an_error_and_stays_as_it_is() {
    let (_folder, path) = place();
    let ledger = RedbLedger::open(&path).unwrap();
    commit(&ledger, [create(room(1))].into_iter().chain(says(room(1), 1, 5000, START)));
    drop(ledger);
    let whole = fs::read(&path).unwrap();
    let length = whole.len();
    for left in [1, 100, 4096, 8192, length / 4, length / 2, length - 4096, length - 1] {
        assert_refused(&path, &whole[..left]);
    }
    fs::write(&path, &whole).unwrap();
    RedbLedger::open(&path).expect("the whole file is good");
}

#[test]
fn a_damaged_header_is_an_error_and_stays_as_it_is() {
    let (_folder, path) = place();
    drop(RedbLedger::open(&path).unwrap());
    let mut bytes = fs::read(&path).unwrap();
    bytes[..64].fill(0xA5);
    assert_refused(&path, &bytes);
}

#[test]
fn another_layout_is_refused_with_a_clear_word() {
    for layout in [0, 2, 77] {
        let (_folder, path) = place();
        let other = Database::create(&path).unwrap();
        let write = other.begin_write().unwrap();
        write
            .open_table(TableDefinition::<&str, u64>::new("meta"))
            .unwrap()
            .insert("layout", layout)
            .unwrap();
        // Its other tables need not look like ours.
        write.open_table(TableDefinition::<&str, u32>::new("log")).unwrap().insert("first", 1).unwrap();
        write.commit().unwrap();
        drop(other);

        let word = RedbLedger::open(&path).err().expect("it is refused").to_string();
        let expected = format!("the database has layout {layout}, this relay knows layout 1");
        assert!(word.contains(&expected), "{word}");
        assert_eq!(tables(&path), ["log", "meta"], "nothing was added to it");
    }
}

#[test]
fn a_database_of_something_else_is_refused_with_a_clear_word() {
    let (_folder, path) = place();
    let other = Database::create(&path).unwrap();
    let write = other.begin_write().unwrap();
    write.open_table(TableDefinition::<&str, u64>::new("recipes")).unwrap().insert("soup", 1).unwrap();
    write.commit().unwrap();
    drop(other);

    let word = RedbLedger::open(&path).err().expect("it is refused").to_string();
    assert!(word.contains("not a relay's"), "{word}");
    assert_eq!(tables(&path), ["recipes"], "nothing was added to it");
}

#[test]
fn a_file_another_relay_has_open_is_refused_with_a_clear_word() {
    let (_folder, path) = place();
    let ledger = RedbLedger::open(&path).unwrap();
    let word = RedbLedger::open(&path).err().expect("it is refused").to_string();
    assert!(word.contains("stop every other relay"), "{word}");
    commit(&ledger, [create(room(1))]);
}

#[test]
fn a_new_ledger_gets_its_name_when_it_is_whole() {
    let (folder, path) = place();
    // What an earlier start left when the power went.
    fs::write(folder.path().join("ledger.redb.new"), [0; 5000]).unwrap();
    let ledger = RedbLedger::open(&path).unwrap();
    commit(&ledger, [create(room(1))]);
    drop(ledger);
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, ["ledger.redb"]);
    assert!(RedbLedger::open(&path).unwrap().room(&room(1)).unwrap().is_some());
}

#[test]
fn a_ledger_that_cannot_be_made_is_an_error() {
    let (folder, _) = place();
    let word =
        RedbLedger::open(&folder.path().join("no/such/folder/ledger.redb")).err().expect("it is refused");
    assert!(word.to_string().contains("cannot be made") || word.to_string().contains("failed"), "{word}");
}

fn assert_refused(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    let word = RedbLedger::open(path).err();
    let word = word.unwrap_or_else(|| panic!("{} bytes are not a ledger", bytes.len())).to_string();
    assert!(word.contains("does not open") && word.contains("backup"), "{word}");
    assert!(fs::read(path).unwrap() == bytes, "the file of {} bytes was changed", bytes.len());
}

fn tables(path: &Path) -> Vec<String> {
    let database = Database::open(path).unwrap();
    let read = database.begin_read().unwrap();
    let mut names: Vec<_> = read.list_tables().unwrap().map(|table| table.name().to_owned()).collect();
    names.sort();
    names
}

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.redb");
    (folder, path)
}
