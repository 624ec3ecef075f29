//! Case files in CSV: a header, `#` before a comment line, empty cells for what is not given.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use crate::case::Case;

/// Why a row is no case.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RowError {
    #[error("column `{0}` is missing")]
    Missing(&'static str),
    #[error("column `{column}`: {message}")]
    Malformed { column: &'static str, message: String },
}

impl RowError {
    /// Makes an error about a cell of a column.
    pub(crate) fn malformed<E: Display>(column: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::Malformed { column, message: error.to_string() }
    }
}

/// One row, by column name.
pub(crate) struct Row(BTreeMap<String, String>);

impl Row {
    /// A cell; `None` where it is empty or the column isn't there.
    pub(crate) fn text(&self, column: &str) -> Option<&str> {
        self.0.get(column).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// A cell that must be given.
    pub(crate) fn required(&self, column: &'static str) -> Result<&str, RowError> {
        self.text(column).ok_or(RowError::Missing(column))
    }

    /// A cell as a value.
    pub(crate) fn value<T: FromStr<Err: Display>>(&self, column: &'static str) -> Result<T, RowError> {
        parse(column, self.required(column)?)
    }

    /// A cell as a value, if it is given.
    pub(crate) fn optional<T: FromStr<Err: Display>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, RowError> {
        self.text(column).map(|text| parse(column, text)).transpose()
    }

    /// A cell's values between semicolons; none where the cell is empty.
    pub(crate) fn list<T: FromStr<Err: Display>>(&self, column: &'static str) -> Result<Vec<T>, RowError> {
        let cells = self.text(column).into_iter().flat_map(|text| text.split(';'));
        cells.map(|text| parse(column, text)).collect()
    }
}

fn parse<T: FromStr<Err: Display>>(column: &'static str, text: &str) -> Result<T, RowError> {
    text.parse().map_err(RowError::malformed(column))
}

/// Runs each row of a file; a row that can't be read is a failed case.
pub(crate) fn run(text: &str, check: impl Fn(&str, &Row) -> Result<Case, RowError>) -> Vec<Case> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let mut cases = Vec::new();
    for row in reader.deserialize() {
        let row = match row {
            Ok(cells) => Row(cells),
            Err(error) => {
                cases.push(Case::broken("?", error));
                continue;
            }
        };
        let id = row.text("id").unwrap_or("?");
        cases.push(check(id, &row).unwrap_or_else(|error| Case::broken(id, error)));
    }
    cases
}
