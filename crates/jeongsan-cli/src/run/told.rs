//! What is told of the lines beside the day: what was refused, what comes later, how many.

use chrono::NaiveDate;

/// What is told of the lines.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// The refused lines for a person, the first ones.
    pub(crate) refused_lines: Vec<String>,
    /// The refused lines as JSON, where they are wanted.
    pub(crate) refused_documents: Vec<String>,
    /// Facts that come after the day, by id; the date of each.
    pub(crate) later: Vec<(String, NaiveDate)>,
    pub(crate) lines: u64,
    pub(crate) settled: u64,
    pub(crate) applied: u64,
    pub(crate) refused: u64,
    /// How many lines could be read as events or facts.
    pub(crate) readable: u64,
}

impl Told {
    /// The counts, in a line.
    pub(crate) fn summary(&self) -> String {
        let Self { lines, settled, applied, refused, .. } = self;
        let later = match self.later.len() {
            0 => String::new(),
            count => format!(", {count} not yet applied"),
        };
        let noun = if *lines == 1 { "line" } else { "lines" };
        format!("{lines} {noun}: {settled} settled, {applied} applied, {refused} refused{later}")
    }

    /// Says how many refused lines are not among those for a person.
    pub(crate) fn more_refused(&self) -> Option<u64> {
        let listed = u64::try_from(self.refused_lines.len()).unwrap_or(u64::MAX);
        self.refused.checked_sub(listed).filter(|more| *more > 0)
    }
}
