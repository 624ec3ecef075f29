//! Findings: terms of a sound book that can't be meant, each with its place and, where figures are at stake, a witness.
//!
//! [`Book::warnings`] lists them. Only what the book alone decides is found, and each of the files here says how.

mod fees;
mod moments;
mod selection;
mod shortfall;
mod versions;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::contract::{Agency, Contract};
use crate::fee::{FeeRule, TieredFee};
use crate::formula::{Formula, Symbol};
use crate::id::{AdditionalFeePolicyId, ContractId, DiscountSharePolicyId, PartnerId};
use crate::partner::Partner;
use crate::policy::Versions;
use crate::rate::Rate;

use super::{Book, BookBuilder, BookProblem};

use shortfall::Deal;

/// What a book lists, in its order: the places that paths name.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    contracts: Vec<(ContractId, Option<NaiveDate>)>,
    discount_share_policies: Vec<(DiscountSharePolicyId, Option<NaiveDate>)>,
    additional_fee_policies: Vec<(AdditionalFeePolicyId, Option<NaiveDate>)>,
    partners: Vec<(PartnerId, Option<NaiveDate>)>,
    /// Each parameter with the path where it is stated first.
    parameters: Vec<(String, String)>,
}

impl Listing {
    pub(super) fn of(builder: &BookBuilder) -> Self {
        let contracts = builder.contracts.iter();
        let discount_shares = builder.discount_share_policies.iter();
        let additional_fees = builder.additional_fee_policies.iter();
        let mut parameters: Vec<(String, String)> = Vec::new();
        for (_, path, values) in &builder.formulas.parameters {
            for key in values.keys() {
                if !parameters.iter().any(|(known, _)| known == key) {
                    parameters.push((key.clone(), format!("{path}.{key}")));
                }
            }
        }
        Self {
            contracts: contracts.map(|entry| (entry.id.clone(), entry.applies_from)).collect(),
            discount_share_policies: discount_shares
                .map(|entry| (entry.id.clone(), entry.applies_from))
                .collect(),
            additional_fee_policies: additional_fees
                .map(|entry| (entry.id.clone(), entry.applies_from))
                .collect(),
            partners: builder.partners.iter().map(|entry| (entry.id.clone(), entry.applies_from)).collect(),
            parameters,
        }
    }
}

impl Listing {
    /// The agencies of every listed contract, each with its path and contract.
    pub(super) fn agencies<'b>(
        &'b self,
        contracts: &'b BTreeMap<ContractId, Versions<Contract>>,
    ) -> impl Iterator<Item = (String, &'b ContractId, &'b Agency)> {
        self.contracts.iter().enumerate().flat_map(move |(place, (id, applies_from))| {
            let versions = contracts.get(id).into_iter().flat_map(Versions::iter);
            let listed = versions.filter(move |version| version.applies_from == *applies_from);
            let agencies = listed.flat_map(|version| version.terms.agencies.iter().enumerate());
            agencies
                .map(move |(number, agency)| (format!("contracts[{place}].agencies[{number}]"), id, agency))
        })
    }
}

/// Gathers findings in the order in which they are made.
struct Finder<'b> {
    book: &'b Book,
    /// Whether some partner says when it joined, or none is listed yet.
    tells_tenure: bool,
    /// Every grade that a partner ever has, where all partners have grades by instants; elsewhere a grade can be any attribute.
    grades: Option<BTreeSet<&'b str>>,
    found: Vec<BookProblem>,
}

/// The findings of a book, in its order.
pub(super) fn of(book: &Book) -> Vec<BookProblem> {
    let partners = || book.partners.values().flat_map(Versions::iter).map(|version| &version.terms);
    let tells_tenure = book.partners.is_empty() || partners().any(|partner| partner.joined_on.is_some());
    let has_table = |partner: &Partner| !partner.grades.is_empty();
    let is_closed = !book.partners.is_empty() && partners().all(has_table);
    let grades = partners().flat_map(|partner| partner.grades.iter());
    let grades = is_closed.then(|| grades.map(|grade| grade.grade.as_str()).collect());
    let mut finder = Finder { book, tells_tenure, grades, found: Vec::new() };
    if book.options.vat_rate > Rate::ONE {
        finder.rate_above_whole("options.vat_rate", book.options.vat_rate);
    }
    finder.formulas();
    finder.parameters();
    finder.contracts();
    finder.policies();
    finder.partners();
    finder.found
}

impl<'b> Finder<'b> {
    fn note(&mut self, path: impl Into<String>, code: &'static str, message: String) {
        self.found.push(BookProblem::new(path.into(), code, message));
    }

    fn formulas(&mut self) {
        let warnings = self.book.formulas.iter().flat_map(|version| &version.terms.warnings);
        for warning in warnings {
            // A formula that several versions share is told once.
            if !self.found.contains(warning) {
                self.found.push(warning.clone());
            }
        }
    }

    /// Parameters that no formula uses in any version.
    fn parameters(&mut self) {
        let book = self.book;
        let sets = book.formulas.iter().map(|version| &version.terms);
        let formulas = sets.flat_map(|set| {
            let user = set.user.formulas().map(|(formula, _)| formula);
            set.formulas().map(|(_, formula)| formula).chain(user)
        });
        let symbols = formulas.flat_map(Formula::symbols);
        let used: BTreeSet<&str> = symbols
            .filter(|used| matches!(used.symbol, Symbol::Parameter(_)))
            .map(|used| used.name)
            .collect();
        for (key, path) in &book.listing.parameters {
            if !used.contains(key.as_str()) {
                self.note(
                    path.as_str(),
                    "unused-parameter",
                    format!("no formula uses the parameter `{key}`"),
                );
            }
        }
    }

    fn contracts(&mut self) {
        let book = self.book;
        for (place, (id, applies_from)) in book.listing.contracts.iter().enumerate() {
            let path = format!("contracts[{place}]");
            let Some(versions) = book.contracts.get(id) else { continue };
            self.redundant_version(&path, versions, *applies_from);
            let Some(version) = versions.iter().find(|version| version.applies_from == *applies_from) else {
                continue;
            };
            let contract = &version.terms;
            for (agency, listed) in contract.agencies.iter().enumerate() {
                self.terms(&format!("{path}.agencies[{agency}].share"), &TieredFee::Flat(listed.share));
            }
            for (path, fee, applies) in self.rule(&format!("{path}.platform_fee"), &contract.platform_fee) {
                self.terms(&path, fee);
                if applies && book.uses_default_settlement(*applies_from) {
                    self.shortfall(&path, &Deal { book, contract, fee });
                }
            }
        }
    }

    fn policies(&mut self) {
        let book = self.book;
        for (place, (id, applies_from)) in book.listing.discount_share_policies.iter().enumerate() {
            if let Some(versions) = book.discount_share_policies.get(id) {
                let path = format!("discount_share_policies[{place}]");
                self.redundant_version(&path, versions, *applies_from);
            }
        }
        for (place, (id, applies_from)) in book.listing.additional_fee_policies.iter().enumerate() {
            let path = format!("additional_fee_policies[{place}]");
            let Some(versions) = book.additional_fee_policies.get(id) else { continue };
            self.redundant_version(&path, versions, *applies_from);
            let version = versions.iter().find(|version| version.applies_from == *applies_from);
            if let Some(version) = version {
                for (path, fee, _) in self.rule(&format!("{path}.fee"), &version.terms.fee) {
                    self.terms(&path, fee);
                }
            }
        }
    }

    /// The fees of a rule with their paths and whether they can ever apply; what is wrong with the selection is noted.
    fn rule(&mut self, path: &str, rule: &'b FeeRule) -> Vec<(String, &'b TieredFee, bool)> {
        let mut fees = Vec::new();
        for (place, entry) in rule.entries().iter().enumerate() {
            let path = format!("{path}.select[{place}]");
            let applies = self.selection(&path, rule, place);
            fees.push((path, &entry.fee, applies));
        }
        let last = match rule.entries().len() {
            0 => path.into(),
            count => format!("{path}.select[{count}]"),
        };
        fees.push((last, rule.otherwise(), true));
        fees
    }
}
