//! `jeongsan partners import`: a CSV file of partners in, one outcome a row out, and a file of partners written.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use jeongsan::book::{Book, BookError};
use jeongsan::document::{Day, PartnerDocument, PartnersDocument};
use jeongsan::id::PartnerId;
use jeongsan::partner::{Change, Registry};

use super::Format;
use super::outcome::{self, Counts, Fault, RowOutcome};
use super::row::{self, Column, Row, Rows};
use crate::book_file::{BookFile, PartnersOption};
use crate::calendars::day;
use crate::{Failure, Outcome, progress};

/// Register partners from a CSV file: one outcome a row.
///
/// The columns are id, name, kind, taxation, contract, joined_on, tags (parted by `;`), bank, account_number, account_holder,
/// account_currency, business_number, memo, and property_… for each property. A row without an id is a new partner and gets one. Of a
/// partner that is there only the columns of the file change; an empty cell takes away what was there. A changed account has to be
/// verified anew. Rows that are refused leave the others alone.
///
/// The partners are written to the file of partners, which settle, check and list take by --partners.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  jeongsan partners import sellers.csv --book book.toml --dry-run\n\n\
    Exit status: 0 when every row was taken, 2 when some were refused, 1 when nothing could be read or written.")]
pub(crate) struct Options {
    /// The CSV file, in UTF-8.
    #[arg(value_name = "FILE")]
    csv: PathBuf,
    /// The book of contracts, policies and partners, TOML or JSON.
    #[arg(long, value_name = "FILE")]
    book: PathBuf,
    #[command(flatten)]
    partners: PartnersOption,
    /// Where to write the partners, TOML, or JSON where the name ends in .json; by default the file of partners, which is partners.toml
    /// beside the book where none is named.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Say what would become of each row, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Let changes of partners that are there apply from this day, as a new version; without it they put the latest version right.
    #[arg(long, value_name = "DAY", value_parser = day)]
    applies_from: Option<NaiveDate>,
    /// How to print the outcomes; by default a table on a terminal, else CSV.
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
}

/// Files below this size are read before a bar could be drawn.
const WORTH_SHOWING_BYTES: u64 = 1 << 20;

pub(super) fn run(options: &Options) -> Result<Outcome, Failure> {
    let mut file = BookFile::read(&options.book)?;
    let beside = || options.book.parent().unwrap_or(Path::new("")).join("partners.toml");
    let kept = options.partners.partners.clone().unwrap_or_else(beside);
    if kept.exists() {
        file.take_in(&kept)?;
    }
    let book = file.to_book()?;
    let (name, text) = read_csv(&options.csv)?;
    let mut import = Import::new(&file, &book, options.applies_from);
    let outcomes = import.take_all(&name, &text)?;
    let counts = Counts::of(&outcomes);
    let target = options.out.clone().unwrap_or(kept);
    let changes = counts.added.saturating_add(counts.updated);
    let writes = !options.dry_run && (changes > 0 || options.out.is_some());
    if writes {
        write_partners(&target, import.partners)?;
    }
    let format =
        options.format.unwrap_or(if std::io::stdout().is_terminal() { Format::Table } else { Format::Csv });
    outcome::write(&mut std::io::BufWriter::new(std::io::stdout().lock()), format, &outcomes)?;
    let done = match (options.dry_run, writes) {
        (true, _) => "dry run, nothing written".into(),
        (false, true) => format!("{} written", target.display()),
        (false, false) => "nothing to write".into(),
    };
    let Counts { added, updated, unchanged, refused } = counts;
    let rows = outcomes.len();
    let _ = writeln!(
        std::io::stderr(),
        "{rows} rows: {added} added, {updated} updated, {unchanged} unchanged, {refused} refused; {done}"
    );
    Ok(if refused == 0 { Outcome::Good } else { Outcome::WithErrors })
}

/// A CSV file's text without its byte-order mark. Another encoding would be read as other names, so it is refused.
fn read_csv(path: &Path) -> Result<(String, String), Failure> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| Failure::File { path: name.clone(), error })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let lines = error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count();
        let line = lines.saturating_add(1);
        let message = format!(
            "line {line}: the file is not UTF-8; a spreadsheet writes it by \"CSV UTF-8\", and plain \"CSV\" in Korea in CP949"
        );
        Failure::Input { path: name.clone(), message }
    })?;
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    Ok((name, text))
}

/// The partners as the rows leave them.
struct Import<'b> {
    book: &'b Book,
    registry: Registry,
    /// The entries of the file of partners, in its order.
    partners: Vec<PartnerDocument>,
    /// Each partner's latest entry.
    latest: HashMap<String, Entry>,
    applies_from: Option<NaiveDate>,
    seen: HashMap<String, u64>,
}

/// Where a partner's latest entry stands.
#[derive(Clone, Debug)]
enum Entry {
    /// In the book, which an import never writes.
    Book(Box<PartnerDocument>),
    /// In the file of partners, at this place.
    File(usize),
}

impl<'b> Import<'b> {
    fn new(file: &BookFile, book: &'b Book, applies_from: Option<NaiveDate>) -> Self {
        let all = &file.document().partners;
        let (own, kept) = all.split_at(file.own_partners().min(all.len()));
        let mut latest: HashMap<String, (Option<Day>, Entry)> = HashMap::new();
        let own = own.iter().map(|partner| (partner, Entry::Book(Box::new(partner.clone()))));
        let placed = kept.iter().enumerate().map(|(place, partner)| (partner, Entry::File(place)));
        for (partner, entry) in own.chain(placed) {
            match latest.get(&partner.id) {
                Some((from, _)) if *from > partner.applies_from => {}
                _ => {
                    latest.insert(partner.id.clone(), (partner.applies_from, entry));
                }
            }
        }
        Self {
            book,
            registry: Registry::of(book),
            partners: kept.to_vec(),
            latest: latest.into_iter().map(|(id, (_, entry))| (id, entry)).collect(),
            applies_from,
            seen: HashMap::new(),
        }
    }

    fn take_all(&mut self, name: &str, text: &str) -> Result<Vec<RowOutcome>, Failure> {
        let mut rows =
            Rows::new(text).map_err(|message| Failure::Input { path: name.to_owned(), message })?;
        let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let bar = (size >= WORTH_SHOWING_BYTES).then(|| progress::bytes(Some(size)));
        let mut outcomes = Vec::new();
        while let Some(row) = rows.next() {
            outcomes.push(self.take(row));
            if let Some(bar) = bar.as_ref().filter(|_| outcomes.len() % 1_000 == 0) {
                bar.set_position(rows.position());
            }
        }
        if let Some(bar) = bar {
            bar.finish_and_clear();
        }
        if outcomes.is_empty() {
            return Err(Failure::Input { path: name.to_owned(), message: "no rows".into() });
        }
        Ok(outcomes)
    }

    fn take(&mut self, Row { line, cells }: Row) -> RowOutcome {
        let text = |cells: &[(Column, String)]| {
            let id = cells.iter().find(|(column, _)| *column == Column::Id).map(|(_, text)| text.clone());
            id.filter(|id| !id.is_empty())
        };
        let mut id = cells.as_ref().ok().and_then(|cells| text(cells));
        let became = cells.and_then(|cells| self.register(line, &mut id, &cells));
        RowOutcome { line, id, became }
    }

    fn register(
        &mut self,
        line: u64,
        id: &mut Option<String>,
        cells: &[(Column, String)],
    ) -> Result<Change, Fault> {
        let given = id.as_deref().map(PartnerId::new).transpose();
        let given = given.map_err(|error| {
            *id = None;
            Fault::new("invalid-id", Some("id"), error.to_string())
        })?;
        if let Some(given) = &given
            && let Some(earlier) = self.seen.insert(given.as_str().to_owned(), line)
        {
            let message = format!("partner `{given}` stands in line {earlier} already");
            return Err(Fault::new("duplicate-partner", Some("id"), message));
        }
        let entry = given.as_ref().and_then(|given| self.latest.get(given.as_str())).cloned();
        let known = match &entry {
            Some(Entry::Book(partner)) => Some(&**partner),
            Some(Entry::File(place)) => self.partners.get(*place),
            None => None,
        };
        let mut document = row::apply(cells, known, self.book.currency().code())?;
        let partner = document.to_partner(self.book).map_err(|error| fault_of(&error))?;
        // A new partner always was one; only what is there changes from a day on.
        let from = entry.as_ref().and(self.applies_from);
        if let (Some(Entry::Book(_)), None, Some(given)) = (&entry, from, &given)
            && self.registry.latest(given).is_some_and(|latest| latest.terms != partner)
        {
            let message = format!(
                "partner `{given}` stands in the book itself; say from when it changes by --applies-from"
            );
            return Err(Fault::new("partner-in-book", None, message));
        }
        let registered = self.registry.register(given, partner, from, &mut new_id);
        let registered =
            registered.map_err(|error| Fault::new(error.code(), Some("id"), error.to_string()))?;
        document.id = registered.partner.as_str().to_owned();
        *id = Some(document.id.clone());
        match (registered.change, entry, from) {
            (Change::Unchanged, ..) => {}
            (Change::Updated, Some(Entry::File(place)), None) => {
                if let Some(entry) = self.partners.get_mut(place) {
                    *entry = document;
                }
            }
            (Change::Added | Change::Updated, ..) => {
                document.applies_from = from.map(Day);
                self.latest.insert(document.id.clone(), Entry::File(self.partners.len()));
                self.partners.push(document);
            }
        }
        Ok(registered.change)
    }
}

/// An id for a new partner: a UUID of version 7, so that ids sort by when they were made.
fn new_id() -> PartnerId {
    loop {
        if let Ok(id) = PartnerId::new(&uuid::Uuid::now_v7().to_string()) {
            return id;
        }
    }
}

/// The problems of a partner with the column of the first.
fn fault_of(error: &BookError) -> Fault {
    let column = |path: &str| match path {
        "default_contract" => "contract".to_owned(),
        "account.currency" => "account_currency".to_owned(),
        path => path.replace("properties.", row::PROPERTY_PREFIX),
    };
    let messages: Vec<&str> = error.problems().iter().map(|problem| problem.message()).collect();
    let first = error.problems().first();
    let code = first.map_or("invalid-partner", |problem| problem.code());
    Fault::new(code, first.map(|problem| column(problem.path())).as_deref(), messages.join("; "))
}

/// Writes the partners whole or not at all: beside the file first, then in its place.
fn write_partners(path: &Path, partners: Vec<PartnerDocument>) -> Result<(), Failure> {
    let failed = |error| Failure::File { path: path.display().to_string(), error };
    let document = PartnersDocument::new(partners);
    let is_json = path.extension().is_some_and(|ending| ending == "json");
    let text = if is_json {
        serde_json::to_string_pretty(&document).map(|text| text + "\n").map_err(|error| error.to_string())
    } else {
        to_toml(&document).map_err(|error| error.to_string())
    };
    let text = text.map_err(|message| failed(std::io::Error::other(message)))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = path.with_file_name(format!(".{name}.{}.draft", std::process::id()));
    let written = write_draft(&draft, &text, path).and_then(|()| std::fs::rename(&draft, path));
    written.map_err(|error| {
        // What was there before is whole; the draft is of no use.
        let _ = std::fs::remove_file(&draft);
        failed(error)
    })
}

/// The document as TOML, each partner by itself: written at once, the time would grow by the square of their number.
fn to_toml(document: &PartnersDocument) -> Result<String, toml::ser::Error> {
    #[derive(serde::Serialize)]
    struct One<'p> {
        partners: [&'p PartnerDocument; 1],
    }
    let mut text = format!("version = {}\n", document.version);
    for partner in &document.partners {
        text.push('\n');
        text.push_str(&toml::to_string(&One { partners: [partner] })?);
    }
    Ok(text)
}

/// Account numbers are the owner's to read alone, unless the file was opened to others before.
fn write_draft(draft: &Path, text: &str, replaced: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(draft)?;
    if let Ok(known) = std::fs::metadata(replaced) {
        file.set_permissions(known.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
