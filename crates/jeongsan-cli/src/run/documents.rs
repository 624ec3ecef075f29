//! The day as documents: JSON lines on standard output, files in a folder, payables as CSV.

use std::io::Write;

use jeongsan::document::{
    CertificateDocument, EntryDocument, HoldDocument, OutcomeDocument, PartnerSettlementDocument,
    PayableDocument,
};
use jeongsan::payable::{AgeBucket, Payable};
use serde::{Serialize, Serializer};

use super::day::{CarriedOver, Day, Met};
use super::folder::{Folder, Lines};
use super::told::Told;

/// A document with the name of what it is; the document is the same as in the folder.
#[derive(Serialize)]
struct Named<D> {
    #[serde(rename = "type")]
    name: &'static str,
    document: D,
}

/// Writes the day as JSON lines.
pub(super) fn write_json(writer: impl Write, day: &Day<'_>, told: &Told) -> std::io::Result<()> {
    let mut writer = std::io::BufWriter::with_capacity(1 << 16, writer);
    for refused in &told.refused_documents {
        writeln!(writer, r#"{{"type":"refusal","document":{refused}}}"#)?;
    }
    for (id, date) in &told.later {
        line(&mut writer, "not-yet-applied", Later { id, date: date.to_string() })?;
    }
    let (ledger, as_of) = (&day.ledger, day.date());
    for row in ledger.rows() {
        line(&mut writer, "partner-settlement", PartnerSettlementDocument { row, ledger, as_of })?;
    }
    for hold in day.holds() {
        line(&mut writer, "hold", HoldDocument(hold))?;
    }
    for outcome in day.outcomes() {
        line(&mut writer, "outcome", OutcomeDocument(outcome))?;
    }
    for carried in day.carried() {
        line(&mut writer, "carried", CarriedDocument::of(&carried))?;
    }
    for met in day.met() {
        line(&mut writer, "offset", OffsetDocument::of(&met))?;
    }
    for payable in day.payables() {
        line(&mut writer, "payable", PayableDocument(payable))?;
    }
    for entry in &day.closing.entries {
        line(&mut writer, "entry", EntryDocument(entry))?;
    }
    for certificate in day.certificates() {
        line(&mut writer, "certificate", CertificateDocument(&certificate))?;
    }
    writer.flush()
}

fn line(writer: &mut impl Write, name: &'static str, document: impl Serialize) -> std::io::Result<()> {
    serde_json::to_writer(&mut *writer, &Named { name, document })?;
    writer.write_all(b"\n")
}

/// Writes what is only known at the end of the day into the folder.
pub(super) fn write_files(folder: &Folder, day: &Day<'_>) -> std::io::Result<()> {
    let (ledger, as_of) = (&day.ledger, day.date());
    let documents = ledger.rows().map(|row| PartnerSettlementDocument { row, ledger, as_of });
    write_lines(folder.lines("partner-settlements.jsonl")?, documents)?;
    write_lines(folder.lines("holds.jsonl")?, ledger.holds().map(HoldDocument))?;
    write_lines(folder.lines("outcomes.jsonl")?, day.outcomes().iter().map(OutcomeDocument))?;
    write_lines(folder.lines("payables.jsonl")?, ledger.payables().map(PayableDocument))?;
    let certificates = day.certificates();
    let certificates: Vec<_> = certificates.iter().map(CertificateDocument).collect();
    write_lines(folder.lines("certificate.json")?, [certificates])
}

fn write_lines<D: Serialize>(
    mut lines: Lines,
    documents: impl IntoIterator<Item = D>,
) -> std::io::Result<()> {
    documents.into_iter().try_for_each(|document| lines.write(&document))?;
    lines.finish()
}

#[derive(Serialize)]
struct Later<'t> {
    id: &'t str,
    date: String,
}

#[derive(Serialize)]
struct CarriedDocument<'d> {
    partner: &'d str,
    currency: &'d str,
    amount: Wide,
    ages: Vec<AgeDocument>,
}

impl<'d> CarriedDocument<'d> {
    fn of(carried: &'d CarriedOver<'_>) -> Self {
        Self {
            partner: carried.partner.as_str(),
            currency: carried.currency.code(),
            amount: Wide(carried.amount),
            ages: carried.ages.iter().map(AgeDocument::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct AgeDocument {
    from_days: u32,
    to_days: Option<u32>,
    amount: Wide,
}

impl AgeDocument {
    const fn of(bucket: &AgeBucket) -> Self {
        Self { from_days: bucket.from_days, to_days: bucket.to_days, amount: Wide(bucket.amount) }
    }
}

#[derive(Serialize)]
struct OffsetDocument<'d> {
    partner: &'d str,
    currency: &'d str,
    debt: u64,
    credit: u64,
    amount: i64,
}

impl<'d> OffsetDocument<'d> {
    fn of(met: &'d Met<'_>) -> Self {
        Self {
            partner: met.partner.as_str(),
            currency: met.currency.code(),
            debt: met.offset.debt.number(),
            credit: met.offset.credit.number(),
            amount: met.offset.amount.minor(),
        }
    }
}

/// A sum that may be wider than 64 bits: a text then, as in the other documents.
struct Wide(i128);

impl Serialize for Wide {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(self.0) {
            Ok(minor) => serializer.serialize_i64(minor),
            Err(_) => serializer.collect_str(&self.0),
        }
    }
}

const COLUMNS: [&str; 20] = [
    "payable",
    "partner",
    "currency",
    "date",
    "state",
    "settled",
    "reserve",
    "fee",
    "fee_borne_by",
    "amount",
    "tax_free_amount",
    "supply",
    "vat",
    "expected",
    "income_tax",
    "local_income_tax",
    "paid",
    "bank",
    "account_number",
    "account_holder",
];

/// Writes the payables of the day as CSV; account numbers and holders are masked.
pub(super) fn write_csv(writer: impl Write, day: &Day<'_>) -> std::io::Result<()> {
    let mut csv = csv::Writer::from_writer(writer);
    csv.write_record(COLUMNS)?;
    for payable in day.payables() {
        csv.write_record(cells(payable))?;
    }
    csv.flush()
}

fn cells(payable: &Payable) -> [String; 20] {
    fn text(value: Option<impl ToString>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    let (tax, account) = (payable.tax.as_ref(), payable.account.as_ref());
    [
        payable.number.to_string(),
        payable.partner.to_string(),
        payable.currency.to_string(),
        payable.date.to_string(),
        payable.state.to_string(),
        payable.settled.to_string(),
        payable.reserve.to_string(),
        text(payable.fee.map(|fee| fee.amount)),
        text(payable.fee.map(|fee| fee.borne_by)),
        payable.amount.to_string(),
        payable.tax_free.to_string(),
        text(tax.map(|tax| tax.supply)),
        text(tax.map(|tax| tax.vat)),
        text(tax.map(|tax| tax.expected)),
        text(tax.map(|tax| tax.income_tax)),
        text(tax.map(|tax| tax.local_income_tax)),
        text(tax.map(|tax| tax.amount)),
        text(account.map(|account| account.bank.clone())),
        text(account.map(jeongsan::partner::Account::masked_number)),
        text(account.map(jeongsan::partner::Account::masked_holder)),
    ]
}
