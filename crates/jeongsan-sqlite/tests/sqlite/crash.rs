//! The process is killed at any moment, by SIGKILL.
//!
//! `JEONGSAN_KILLS` says how often; `scripts/store-crash` kills a thousand times.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use jeongsan_store::{Blocking, block_on};

use crate::sample::{open, unit};

const ROWS: usize = 60;

/// After so many kills a new file is begun.
const KILLS_OF_A_FILE: u64 = 20;

/// What the killed process does: commits unit after unit and says so.
#[test]
fn writes_until_it_is_killed() {
    let (Ok(file), Ok(round)) = (env::var("JEONGSAN_CRASH_FILE"), env::var("JEONGSAN_CRASH_ROUND")) else {
        return;
    };
    let store = open(Path::new(&file)).unwrap();
    for number in 0_u32.. {
        let unit = unit(&format!("{round}-{number}"), ROWS);
        store.commit(&unit).unwrap();
        writeln!(std::io::stdout().lock(), "\nacknowledged {}", unit.key).unwrap();
    }
}

/// Kills a process that writes, and gives the keys that it said were committed.
fn kill_one(file: &Path, round: u64, after: Duration) -> Vec<String> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "crash::writes_until_it_is_killed", "--nocapture", "--test-threads=1"])
        .env("JEONGSAN_CRASH_FILE", file)
        .env("JEONGSAN_CRASH_ROUND", round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let reader = thread::spawn(move || {
        // The last line may be cut off: then nobody was told.
        let lines = output.lines().map_while(Result::ok);
        lines.filter_map(|line| line.strip_prefix("acknowledged ").map(str::to_owned)).collect::<Vec<_>>()
    });
    thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

fn count(file: &Path, sql: &str) -> usize {
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.query_row(sql, (), |row| row.get::<_, i64>(0)).unwrap().try_into().unwrap()
}

/// A file that a process was killed over has every unit that was acknowledged, and each unit it has whole.
fn check(file: &Path, acknowledged: &[String]) {
    let store = open(file).unwrap();
    for key in acknowledged {
        assert!(
            store.receipt(&key.parse().unwrap()).unwrap().is_some(),
            "{key} was acknowledged and is lost"
        );
    }
    block_on(store.store().check()).unwrap();
    drop::<Blocking<_>>(store);
    let units = count(file, "select count(*) from unit");
    let parts = [("settlement", ROWS), ("record", 1), ("outbox", 1)];
    for (table, rows) in parts {
        let cut = "case instr(id, '/') when 0 then id else substr(id, 1, instr(id, '/') - 1) end";
        let whole = format!(
            "select count(*) from (select {cut} as key, count(*) as rows from {table} group by 1) join unit using (key)
             where rows = {rows}"
        );
        assert_eq!(count(file, &whole), units, "units whose {table} rows are whole");
        assert_eq!(count(file, &format!("select count(*) from {table}")), units * rows, "{table} rows");
    }
}

#[test]
fn a_killed_process_loses_nothing_acknowledged_and_leaves_no_half_unit() {
    let kills = env::var("JEONGSAN_KILLS").map_or(15, |kills| kills.parse().unwrap());
    let (mut folder, mut written) = (tempfile::tempdir().unwrap(), 0);
    let mut random = u64::from(std::process::id());
    for round in 0..kills {
        if round % KILLS_OF_A_FILE == 0 {
            folder = tempfile::tempdir().unwrap();
        }
        let file = folder.path().join("store.sqlite");
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // From before the file is there to some dozens of units.
        let acknowledged = kill_one(&file, round, Duration::from_micros((random >> 33) % 250_000));
        check(&file, &acknowledged);
        written += acknowledged.len();
    }
    assert!(written > 0, "nothing was committed before any kill");
}
