//! What goes wrong is told by type, with what helps, and nothing is lost.

use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use jeongsan_sqlite::{SCHEMA, SqliteOptions, SqliteStore};
use jeongsan_store::testing::sample_unit;
use jeongsan_store::{Blocking, PageLimit, Retry, SettlementQuery, StoreError, block_on};
use tempfile::TempDir;

use crate::sample::{open, unit};

/// A folder with a store that has the sample unit and some thousand rows, closed.
fn written() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let store = open(&file).unwrap();
    store.commit(&sample_unit()).unwrap();
    store.commit(&unit("many", 2_000)).unwrap();
    (folder, file)
}

#[test]
fn a_full_disk_takes_nothing_and_then_the_same_unit() {
    let (_folder, file) = written();
    let store = open(&file).unwrap();
    block_on(store.store().limit_pages(1)).unwrap();
    let error = store.commit(&unit("more", 20_000)).unwrap_err();
    assert_eq!(error.to_string(), "the store is full: database or disk is full");
    assert_eq!(error.retry(), Retry::Later);
    assert_eq!(store.receipt(&"more".parse().unwrap()), Ok(None));
    block_on(store.store().check()).unwrap();
    block_on(store.store().limit_pages(1_000_000)).unwrap();
    assert!(!store.commit(&unit("more", 20_000)).unwrap().is_replay);
}

#[test]
fn another_that_writes_is_waited_for_and_then_told() {
    let (_folder, file) = written();
    let options = SqliteOptions { busy_timeout: Duration::from_millis(100), ..SqliteOptions::default() };
    let store = Blocking::new(SqliteStore::open(&file, &options).unwrap());
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("begin immediate").unwrap();
    let error = store.commit(&unit("waits", 1)).unwrap_err();
    assert_eq!(error.to_string(), "the store is unavailable: database is locked");
    assert_eq!(error.retry(), Retry::Later);
    assert!(store.receipt(&sample_unit().key).unwrap().is_some(), "readers don't wait");
    other.execute_batch("rollback").unwrap();
    assert!(!store.commit(&unit("waits", 1)).unwrap().is_replay);
}

#[test]
fn a_newer_schema_is_left_alone() {
    let (_folder, file) = written();
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", SCHEMA + 5).unwrap();
    let error = open(&file).unwrap_err();
    let text = format!("the store has schema {}, this program knows up to {SCHEMA}", SCHEMA + 5);
    assert_eq!((error.to_string(), error.retry()), (text, Retry::Never));
}

#[test]
fn what_is_no_store_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.sqlite");
    rusqlite::Connection::open(&file).unwrap().execute_batch("create table settlement (id)").unwrap();
    let error = open(&file).unwrap_err();
    assert_eq!(error.to_string(), "the store is corrupt: the file is a database of another program");
    let file = folder.path().join("notes.txt");
    fs::write(&file, "not a database, but long enough to be looked at by its first bytes\n".repeat(20))
        .unwrap();
    let before = fs::read(&file).unwrap();
    let error = open(&file).unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), error.retry()),
        ("the store is corrupt: file is not a database", Retry::Never)
    );
    assert_eq!(fs::read(&file).unwrap(), before);
    let error = open(&folder.path().join("nowhere/store.sqlite")).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
}

/// The first error of opening a file, looking through it, and reading it.
fn first_error(file: &Path) -> StoreError {
    let everything = || {
        let store = open(file)?;
        block_on(store.store().check())?;
        store.settlements(&SettlementQuery::default(), None, PageLimit::MAX).map(drop)
    };
    everything().unwrap_err()
}

#[test]
fn a_damaged_file_is_corrupt() {
    let (_folder, file) = written();
    let whole = fs::read(&file).unwrap();
    for length in [whole.len() / 2, whole.len() - 4_096, 100] {
        fs::write(&file, &whole[..length]).unwrap();
        let error = first_error(&file);
        assert!(matches!(error, StoreError::Corrupt { .. }), "cut off at {length}: {error}");
        assert_eq!(error.retry(), Retry::Never);
    }
    for page in 1..whole.len() / 4_096 {
        fs::write(&file, &whole).unwrap();
        let damaged = fs::File::options().write(true).open(&file).unwrap();
        damaged.write_all_at(&[0xA5; 4_096], u64::try_from(page * 4_096).unwrap()).unwrap();
        let error = first_error(&file);
        assert!(matches!(error, StoreError::Corrupt { .. }), "page {page}: {error}");
    }
    fs::write(&file, &whole).unwrap();
    block_on(open(&file).unwrap().store().check()).unwrap();
}

/// Root may write everywhere, so that the process that finds a file read-only is nobody's.
#[test]
fn finds_it_read_only() {
    let Ok(file) = env::var("JEONGSAN_READ_ONLY_FILE") else { return };
    let error = open(Path::new(&file)).and_then(|store| store.commit(&unit("more", 1))).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
    assert_eq!(error.retry(), Retry::Never);
}

fn as_nobody(folder: &Path, file: &Path) {
    let id = Command::new("id").arg("-u").output().unwrap();
    let mut command = if id.stdout.trim_ascii() == b"0" {
        // Where nobody may run it.
        let copy = folder.join("test");
        fs::copy(env::current_exe().unwrap(), &copy).unwrap();
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(copy);
        command
    } else {
        Command::new(env::current_exe().unwrap())
    };
    command.args(["--exact", "fault::finds_it_read_only", "--nocapture"]);
    let output =
        command.env("JEONGSAN_READ_ONLY_FILE", file).current_dir("/").stdin(Stdio::null()).output().unwrap();
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[test]
fn a_file_or_folder_that_may_not_be_written_is_read_only() {
    let tools = tempfile::tempdir().unwrap();
    fs::set_permissions(tools.path(), Permissions::from_mode(0o755)).unwrap();
    for (of_file, of_folder) in [(0o444, 0o777), (0o666, 0o555), (0o444, 0o555)] {
        let (folder, file) = written();
        fs::set_permissions(&file, Permissions::from_mode(of_file)).unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(of_folder)).unwrap();
        as_nobody(tools.path(), &file);
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        let store = open(&file).unwrap();
        assert_eq!(store.receipt(&"more".parse().unwrap()), Ok(None));
        store.commit(&unit("more", 1)).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
    as_nobody(tools.path(), &folder.path().join("new.sqlite"));
}

#[test]
fn a_store_that_is_closed_is_one_file() {
    let (folder, file) = written();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let copy = folder.path().join("copy.sqlite");
    fs::copy(&file, &copy).unwrap();
    let query = SettlementQuery { order: Some("o-1".parse().unwrap()), ..SettlementQuery::default() };
    let rows = open(&copy).unwrap().settlements(&query, None, PageLimit::MAX).unwrap().rows.len();
    assert_eq!(rows, 3, "settlements of an order in a copy of the file");
}
