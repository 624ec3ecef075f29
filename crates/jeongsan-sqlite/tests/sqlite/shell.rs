//! The queries of the documentation run on a file.

use jeongsan_store::testing::sample_unit;
use rusqlite::{Connection, OpenFlags};

use crate::sample::open;

const PAGE: &str = include_str!("../../../../docs/stores.md");

#[test]
fn the_queries_of_the_documentation_find_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let store = open(&file).unwrap();
    store.commit(&sample_unit()).unwrap();
    let connection = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let queries = PAGE.split("```sql\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let queries: Vec<_> = queries.filter(|query| query.starts_with("select")).collect();
    let answers = queries.iter().map(|query| {
        let mut statement = connection.prepare(query).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query(()).unwrap();
        let mut text = String::new();
        while let Some(row) = rows.next().unwrap() {
            let value = |place| match row.get::<_, rusqlite::types::Value>(place).unwrap() {
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other => format!("{other:?}"),
            };
            text += &(0..columns).map(value).collect::<Vec<_>>().join("|");
            text.push('\n');
        }
        text
    });
    assert_eq!(
        answers.collect::<Vec<_>>(),
        [
            "2026-03-04|KRW|16016|1\n2026-03-10|KRW|-8888|2\n",
            "o-1|order|2026-03-04|5005|10010|16016\nc-1|cancel|2026-03-10|0|0|-8900\no-1|retier|2026-03-10|0|0|12\n",
            "payout|po-1|processing|2026-03-11|KRW|8900\n",
            "po-1/1\n",
            "sample|7\n",
        ]
    );
}
