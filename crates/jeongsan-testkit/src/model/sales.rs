//! What partners sold by month, as far as somebody vouches for it.

use serde_json::Value;

use super::book::Book;
use super::code::Code;
use super::number::Whole;

/// Partner, month as `YYYY-MM`, amount.
type Sold = (String, String, Whole);

#[derive(Debug, Default)]
pub(super) struct SalesRecord {
    openings: Vec<Sold>,
    sold: Vec<Sold>,
}

impl SalesRecord {
    /// Takes a statement of opening sales; it is taken to be well formed.
    pub(super) fn open(&mut self, book: &Book, record: &Value) -> Result<(), Code> {
        let text = |name: &str| record[name].as_str().map(str::to_owned).ok_or(Code::InvalidEvent);
        let (partner, month) = (text("partner")?, text("month")?);
        let amount = Whole::from(record["amount"].as_i64().ok_or(Code::InvalidEvent)?);
        if !book.partners.contains_key(&partner) {
            return Err(Code::UnknownPartner);
        }
        // Where no fee goes by sales, nothing can have gone by too few.
        if book.measures_sales() && self.sold.iter().any(|(seller, ..)| *seller == partner) {
            return Err(Code::LateSales);
        }
        if self.openings.iter().any(|(seller, opened, _)| *seller == partner && *opened == month) {
            return Err(Code::DuplicateSales);
        }
        self.openings.push((partner, month, amount));
        Ok(())
    }

    pub(super) fn add(&mut self, partner: &str, date: &str, amount: Whole) {
        self.sold.push((partner.to_owned(), date.chars().take(7).collect(), amount));
    }

    /// The sales of a month, `YYYY-MM`.
    pub(super) fn of(&self, book: &Book, partner: &str, month: &str) -> Option<Whole> {
        let of_partner = |list: &[Sold]| -> Vec<Sold> {
            list.iter().filter(|(seller, ..)| seller == partner).cloned().collect()
        };
        let (openings, sold) = (of_partner(&self.openings), of_partner(&self.sold));
        let joined = book.partners.get(partner).and_then(|partner| partner.joined_on);
        let before_joining = joined.is_some_and(|day| *month < *day.format("%Y-%m").to_string());
        let last = openings.iter().map(|(_, opened, _)| opened.clone()).max();
        let covered = last.or_else(|| book.sales_known_from.clone()).is_some_and(|from| *from <= *month);
        let opened = openings.iter().any(|(_, opened, _)| opened == month);
        let all = openings.into_iter().chain(sold).filter(|(_, of, _)| of == month);
        (opened || before_joining || covered).then(|| all.map(|(.., amount)| amount).sum())
    }
}
