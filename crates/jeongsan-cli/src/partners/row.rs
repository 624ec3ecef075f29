//! The CSV of partners: one row a partner, one column a field.

use csv::StringRecord;
use jeongsan::document::{AccountDocument, Day, PartnerDocument};
use jeongsan::partner::PartnerKind;

use super::outcome::Fault;

/// The most bytes that a row may have.
const ROW_BYTES_MAX: usize = 1 << 20;

/// What a column holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Column {
    Id,
    Name,
    Kind,
    Taxation,
    Contract,
    JoinedOn,
    Tags,
    Bank,
    AccountNumber,
    AccountHolder,
    AccountCurrency,
    BusinessNumber,
    Memo,
    Property(String),
}

/// The columns by name, in the order in which a list of partners prints them; properties follow.
pub(super) const COLUMNS: [(&str, Column); 13] = [
    ("id", Column::Id),
    ("name", Column::Name),
    ("kind", Column::Kind),
    ("taxation", Column::Taxation),
    ("contract", Column::Contract),
    ("joined_on", Column::JoinedOn),
    ("tags", Column::Tags),
    ("bank", Column::Bank),
    ("account_number", Column::AccountNumber),
    ("account_holder", Column::AccountHolder),
    ("account_currency", Column::AccountCurrency),
    ("business_number", Column::BusinessNumber),
    ("memo", Column::Memo),
];

/// What begins the name of a property's column.
pub(super) const PROPERTY_PREFIX: &str = "property_";

impl Column {
    fn of(name: &str) -> Option<Self> {
        let fixed = COLUMNS.iter().find(|(known, _)| *known == name).map(|(_, column)| column.clone());
        let property = || name.strip_prefix(PROPERTY_PREFIX).filter(|rest| !rest.is_empty());
        fixed.or_else(|| property().map(|name| Self::Property(name.into())))
    }
}

/// The rows of a CSV file.
pub(super) struct Rows<'t> {
    reader: csv::Reader<&'t [u8]>,
    columns: Vec<Column>,
    record: StringRecord,
}

/// One row: its line in the file, and the partner's fields or why there are none.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Result<Vec<(Column, String)>, Fault>,
}

impl<'t> Rows<'t> {
    /// Reads the header of a file without a byte-order mark.
    pub(super) fn new(text: &'t str) -> Result<Self, String> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| error.to_string())?.clone();
        let mut columns: Vec<Column> = Vec::new();
        for (place, name) in header.iter().map(str::trim).enumerate() {
            let number = place.saturating_add(1);
            let column = Column::of(name).ok_or_else(|| {
                let known: Vec<String> = COLUMNS.iter().map(|(name, _)| format!("`{name}`")).collect();
                let shown: String = name.chars().take(40).collect();
                format!(
                    "line 1, column {number}: unknown column `{shown}`; the columns are {}, and `property_…`",
                    known.join(", ")
                )
            })?;
            if columns.contains(&column) {
                return Err(format!("line 1, column {number}: the column `{name}` stands twice"));
            }
            columns.push(column);
        }
        Ok(Self { reader, columns, record: StringRecord::new() })
    }

    /// The bytes read so far.
    pub(super) fn position(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The next row, or `None` at the end.
    pub(super) fn next(&mut self) -> Option<Row> {
        match self.reader.read_record(&mut self.record) {
            Ok(false) => return None,
            Ok(true) => {}
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                return Some(Row { line, cells: Err(Fault::new("invalid-row", None, error.to_string())) });
            }
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        Some(Row { line, cells: self.cells() })
    }

    fn cells(&self) -> Result<Vec<(Column, String)>, Fault> {
        let fault = |message| Fault::new("invalid-row", None, message);
        if self.record.as_slice().len() > ROW_BYTES_MAX {
            return Err(fault(format!("the row has more than {} MiB", ROW_BYTES_MAX >> 20)));
        }
        if self.record.len() != self.columns.len() {
            let (cells, header) = (self.record.len(), self.columns.len());
            return Err(fault(format!("the row has {cells} cells, the header {header}")));
        }
        // A missing quote would swallow the rows behind it without a word; no field of a partner has lines.
        if let Some(place) = self.record.iter().position(|text| text.contains('\n')) {
            let number = place.saturating_add(1);
            let message =
                format!("the quoted cell in column {number} runs over lines: is its closing quote missing?");
            return Err(fault(message));
        }
        Ok(self.columns.iter().cloned().zip(self.record.iter().map(|cell| cell.trim().to_owned())).collect())
    }
}

/// The partner as the row says, on top of what was known of it: a column that isn't there changes nothing, an empty cell takes away.
/// What is known of a new partner is nothing.
pub(super) fn apply(
    cells: &[(Column, String)],
    known: Option<&PartnerDocument>,
    currency: &str,
) -> Result<PartnerDocument, Fault> {
    let mut partner = known.cloned().unwrap_or_else(|| {
        let mut partner = PartnerDocument::new(String::new(), PartnerKind::Business);
        partner.kind = String::new();
        partner
    });
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    for (column, text) in cells {
        match column {
            Column::Id => partner.id.clone_from(text),
            Column::Name => partner.name.clone_from(text),
            Column::Kind => partner.kind.clone_from(text),
            Column::Taxation => partner.taxation = some(text),
            Column::Contract => partner.default_contract = some(text),
            Column::BusinessNumber => partner.business_number = some(text),
            Column::Memo => partner.memo.clone_from(text),
            Column::JoinedOn if text.is_empty() => partner.joined_on = None,
            Column::JoinedOn => partner.joined_on = Some(day(text)?),
            Column::Tags => {
                partner.tags = Vec::new();
                for tag in text.split(';').map(str::trim).filter(|tag| !tag.is_empty()) {
                    if !partner.tags.iter().any(|known| known == tag) {
                        partner.tags.push(tag.to_owned());
                    }
                }
            }
            Column::Property(name) if text.is_empty() => {
                partner.properties.remove(name);
            }
            Column::Property(name) => {
                partner.properties.insert(name.clone(), text.clone());
            }
            Column::Bank | Column::AccountNumber | Column::AccountHolder | Column::AccountCurrency => {}
        }
    }
    if partner.kind.is_empty() {
        return Err(Fault::new("missing-field", Some("kind"), "a partner has a kind".into()));
    }
    partner.account = account(cells, partner.account, currency)?;
    Ok(partner)
}

fn day(text: &str) -> Result<Day, Fault> {
    Day::parse(text).ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        Fault::new("invalid-date", Some("joined_on"), format!("`{shown}` is no date as YYYY-MM-DD"))
    })
}

/// The account as the row says. One that changes has to be verified anew. No message shows what stands in it.
fn account(
    cells: &[(Column, String)],
    known: Option<AccountDocument>,
    currency: &str,
) -> Result<Option<AccountDocument>, Fault> {
    let cell =
        |wanted: &Column| cells.iter().find(|(column, _)| column == wanted).map(|(_, text)| text.as_str());
    let known_or = |cell: Option<&str>, field: fn(&AccountDocument) -> &str| match cell {
        Some(text) => text.to_owned(),
        None => known.as_ref().map(field).unwrap_or_default().to_owned(),
    };
    let bank = known_or(cell(&Column::Bank), |account| &account.bank);
    let number = known_or(cell(&Column::AccountNumber), |account| &account.number);
    let holder = known_or(cell(&Column::AccountHolder), |account| &account.holder);
    let stated = known_or(cell(&Column::AccountCurrency), |account| &account.currency);
    let parts = [("bank", &bank), ("account_number", &number), ("account_holder", &holder)];
    if parts.iter().all(|(_, text)| text.is_empty()) && stated.is_empty() {
        return Ok(None);
    }
    if let Some((column, _)) = parts.iter().find(|(_, text)| text.is_empty()) {
        let message = "an account has `bank`, `account_number` and `account_holder`, or none of them";
        return Err(Fault::new("missing-field", Some(column), message.into()));
    }
    // What a list prints is masked unless asked for; taken back in, it would overwrite the number.
    if let Some((column, _)) = parts.iter().find(|(_, text)| text.contains('*')) {
        let message = "it is masked; list the partners with --show-accounts to take them back in";
        return Err(Fault::new("masked-account", Some(column), message.into()));
    }
    let currency = if stated.is_empty() { currency.to_owned() } else { stated };
    let mut account = AccountDocument::new(bank, number, holder, currency);
    if let Some(known) = known {
        let same = (&known.bank, &known.number, &known.holder, &known.currency)
            == (&account.bank, &account.number, &account.holder, &account.currency);
        account.verification = known.verification.filter(|_| same);
    }
    Ok(Some(account))
}
