//! Partners and contracts by number.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jeongsan_store::StoreError;
use rusqlite::{Connection, OptionalExtension};

use crate::fault::{corrupt, fault};

/// The numbers that were looked up, for one connection. A number never changes, so that what was found stays true, but a
/// rolled-back transaction takes back the numbers that it gave.
#[derive(Debug, Default)]
pub(crate) struct Names {
    numbers: HashMap<String, i64>,
    texts: HashMap<i64, String>,
    /// What the transaction under way looked up.
    fresh: Vec<String>,
}

impl Names {
    /// The number of a text, which it gets if it has none.
    pub(crate) fn number(&mut self, connection: &Connection, text: &str) -> Result<i64, StoreError> {
        if let Some(number) = self.numbers.get(text) {
            return Ok(*number);
        }
        let number = match find(connection, text)? {
            Some(number) => number,
            None => {
                let mut insert =
                    connection.prepare_cached("insert into name (text) values (?)").map_err(|e| fault(&e))?;
                insert.insert([text]).map_err(|error| fault(&error))?
            }
        };
        self.numbers.insert(text.to_owned(), number);
        self.fresh.push(text.to_owned());
        Ok(number)
    }

    /// Keeps what the transaction looked up.
    pub(crate) fn keep(&mut self) {
        self.fresh.clear();
    }

    /// Forgets what the transaction looked up.
    pub(crate) fn forget(&mut self) {
        for text in self.fresh.drain(..) {
            self.numbers.remove(&text);
        }
    }

    /// The text of a number that a row has.
    pub(crate) fn text(&mut self, connection: &Connection, number: i64) -> Result<&str, StoreError> {
        match self.texts.entry(number) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let mut select = connection
                    .prepare_cached("select text from name where number = ?")
                    .map_err(|error| fault(&error))?;
                let text: Option<String> =
                    select.query_row([number], |row| row.get(0)).optional().map_err(|error| fault(&error))?;
                Ok(place.insert(text.ok_or_else(|| corrupt(format!("name `{number}` is missing")))?))
            }
        }
    }
}

/// The number of a text that has one.
pub(crate) fn find(connection: &Connection, text: &str) -> Result<Option<i64>, StoreError> {
    let mut select =
        connection.prepare_cached("select number from name where text = ?").map_err(|error| fault(&error))?;
    select.query_row([text], |row| row.get(0)).optional().map_err(|error| fault(&error))
}
