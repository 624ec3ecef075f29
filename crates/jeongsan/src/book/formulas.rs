//! The formulas and parameters of a book, as texts and compiled.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::formula::{
    Context, Formula, FormulaError, Names, UnitWarning, UserFormula, UserFormulaError, UserFormulas, Value,
};
use crate::money::Rounding;
use crate::policy::Versions;

use super::{BookProblem, FormulaExcerpt};

/// Formulas as a book states them; what is left out keeps its default, or in a later version what was in force before.
///
/// ```
/// use jeongsan::book::FormulaTexts;
///
/// let mut texts = FormulaTexts::default();
/// texts.platform_fee = Some("PAYMENT_AMOUNT * FIXED_RATE".into());
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct FormulaTexts {
    /// The platform fee.
    pub platform_fee: Option<String>,
    /// The partner's share of a discount.
    pub discount_share: Option<String>,
    /// An additional fee.
    pub additional_fee: Option<String>,
    /// The settlement. A book that states one of its own may depart from the identity; the journal carries the difference.
    pub settlement: Option<String>,
    /// The tax-free part of the settlement.
    pub settlement_tax_free: Option<String>,
    /// Figures of the merchant's own, each of which may use those before it.
    pub user: Option<Vec<UserFormulaText>>,
}

/// A figure of the merchant's own as a book states it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UserFormulaText {
    /// The key by which later formulas use it.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// The formula.
    pub formula: String,
    /// How its value becomes whole.
    pub rounding: Rounding,
}

/// The formulas and parameters that are in force together, compiled.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FormulaSet {
    /// The platform fee.
    pub platform_fee: Formula,
    /// The partner's share of a discount.
    pub discount_share: Formula,
    /// An additional fee.
    pub additional_fee: Formula,
    /// The settlement.
    pub settlement: Formula,
    /// The tax-free part of the settlement.
    pub settlement_tax_free: Formula,
    /// The merchant's own figures.
    pub user: UserFormulas,
    /// Their keys, in the same order.
    pub user_keys: Vec<Arc<str>>,
    /// The names that the formulas know.
    pub names: Names,
    /// The defaults of the parameters, in the places of the names.
    pub parameters: Vec<Value>,
    /// Terms whose units look wrong.
    pub(super) warnings: Vec<BookProblem>,
}

/// What a builder holds of formulas and parameters: each version with the path of the table it stands in.
#[derive(Clone, Debug, Default)]
pub(super) struct FormulaVersions {
    pub(super) formulas: Vec<(Option<NaiveDate>, String, FormulaTexts)>,
    pub(super) parameters: Vec<(Option<NaiveDate>, String, BTreeMap<String, Value>)>,
}

/// A text with the path of the field it stands in.
#[derive(Clone, Debug, Default)]
struct Placed<T> {
    path: String,
    text: T,
}

/// The texts in force on a day, each with its path.
#[derive(Clone, Debug, Default)]
struct Texts {
    slots: [Option<Placed<String>>; 5],
    user: Placed<Vec<UserFormulaText>>,
    parameters: BTreeMap<String, (String, Value)>,
}

const SLOTS: [(Context, &str); 5] = [
    (Context::PlatformFee, "platform_fee"),
    (Context::DiscountShare, "discount_share"),
    (Context::AdditionalFee, "additional_fee"),
    (Context::Settlement, "settlement"),
    (Context::SettlementTaxFree, "settlement_tax_free"),
];

impl FormulaVersions {
    /// Compiles every version; a text that several share is reported once.
    pub(super) fn compile(
        mut self,
        user_formulas_max: usize,
        problems: &mut Vec<BookProblem>,
    ) -> Versions<FormulaSet> {
        self.formulas.sort_by_key(|(from, ..)| *from);
        self.parameters.sort_by_key(|(from, ..)| *from);
        duplicates(self.formulas.iter().map(|(from, path, _)| (from, path)), problems);
        duplicates(self.parameters.iter().map(|(from, path, _)| (from, path)), problems);
        let mut days: BTreeSet<Option<NaiveDate>> = BTreeSet::from([None]);
        days.extend(self.formulas.iter().map(|(from, ..)| *from));
        days.extend(self.parameters.iter().map(|(from, ..)| *from));
        let mut versions = Versions::default();
        let mut found = Vec::new();
        for day in days {
            if let Some(set) = self.texts_on(day).compile(user_formulas_max, &mut found) {
                // Days are distinct.
                let _ = versions.insert(day, set);
            }
        }
        for problem in found {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        versions
    }

    /// The texts in force on a day: each version changes what it names and leaves the rest.
    fn texts_on(&self, day: Option<NaiveDate>) -> Texts {
        let mut texts = Texts::default();
        for (_, path, stated) in self.formulas.iter().filter(|(from, ..)| *from <= day) {
            let stated_slots = [
                &stated.platform_fee,
                &stated.discount_share,
                &stated.additional_fee,
                &stated.settlement,
                &stated.settlement_tax_free,
            ];
            for ((slot, text), (_, field)) in texts.slots.iter_mut().zip(stated_slots).zip(SLOTS) {
                if let Some(text) = text {
                    *slot = Some(Placed { path: format!("{path}.{field}"), text: text.clone() });
                }
            }
            if let Some(user) = &stated.user {
                texts.user = Placed { path: format!("{path}.user"), text: user.clone() };
            }
        }
        for (_, path, stated) in self.parameters.iter().filter(|(from, ..)| *from <= day) {
            for (key, value) in stated {
                texts.parameters.insert(key.clone(), (format!("{path}.{key}"), *value));
            }
        }
        texts
    }
}

fn duplicates<'v>(
    versions: impl Iterator<Item = (&'v Option<NaiveDate>, &'v String)>,
    problems: &mut Vec<BookProblem>,
) {
    let mut before = None;
    for (from, path) in versions {
        if before == Some(from) {
            let day = from.map_or_else(|| "without a date".into(), |date| format!("from {date}"));
            let message = format!("there are two versions {day}");
            problems.push(BookProblem::new(format!("{path}.applies_from"), "duplicate-version", message));
        }
        before = Some(from);
    }
}

impl Texts {
    fn compile(self, user_formulas_max: usize, problems: &mut Vec<BookProblem>) -> Option<FormulaSet> {
        let count = problems.len();
        let mut warnings = Vec::new();
        let mut names = Names::new();
        let mut parameters = Vec::new();
        for (key, (path, value)) in &self.parameters {
            match names.add_parameter(key) {
                Ok(_) => parameters.push(*value),
                Err(error) => problems.push(BookProblem::new(path.clone(), "invalid-key", error.to_string())),
            }
        }
        let without_user = names.clone();
        let user = self.compile_user(&mut names, user_formulas_max, problems);
        let mut compile = |slot: usize| {
            let (context, _) = *SLOTS.get(slot)?;
            // Fees are computed before user formulas are.
            let names = match context {
                Context::Settlement | Context::SettlementTaxFree => &names,
                _ => &without_user,
            };
            let placed = self.slots.get(slot)?.as_ref();
            let text =
                placed.map_or(context.default_formula().unwrap_or_default(), |placed| placed.text.as_str());
            let path = placed.map_or_else(String::new, |placed| placed.path.clone());
            match Formula::parse(text, context, names) {
                Ok(formula) => {
                    warnings
                        .extend(formula.warnings().iter().map(|warning| doubt(path.clone(), text, warning)));
                    Some(formula)
                }
                Err(errors) => {
                    problems.extend(errors.into_iter().map(|error| fault(path.clone(), text, error)));
                    None
                }
            }
        };
        let (platform_fee, discount_share, additional_fee) = (compile(0), compile(1), compile(2));
        let (settlement, settlement_tax_free) = (compile(3), compile(4));
        if problems.len() > count {
            return None;
        }
        let Placed { path, text: stated } = &self.user;
        for (place, ((formula, _), stated)) in
            user.iter().flat_map(UserFormulas::formulas).zip(stated).enumerate()
        {
            let path = format!("{path}[{place}].formula");
            let doubts = formula.warnings().iter();
            warnings.extend(doubts.map(|warning| doubt(path.clone(), &stated.formula, warning)));
        }
        Some(FormulaSet {
            platform_fee: platform_fee?,
            discount_share: discount_share?,
            additional_fee: additional_fee?,
            settlement: settlement?,
            settlement_tax_free: settlement_tax_free?,
            user: user?,
            user_keys: self.user.text.iter().map(|user| Arc::from(user.key.as_str())).collect(),
            names,
            parameters,
            warnings,
        })
    }

    fn compile_user(
        &self,
        names: &mut Names,
        most: usize,
        problems: &mut Vec<BookProblem>,
    ) -> Option<UserFormulas> {
        let Placed { path, text: stated } = &self.user;
        let definitions: Vec<UserFormula<'_>> = stated
            .iter()
            .map(|user| UserFormula { key: &user.key, formula: &user.formula, rounding: user.rounding })
            .collect();
        let errors = match UserFormulas::parse(&definitions, names, most) {
            Ok(user) => return Some(user),
            Err(errors) => errors,
        };
        for error in errors {
            problems.push(match error {
                UserFormulaError::Key { place, error } => {
                    BookProblem::new(format!("{path}[{place}].key"), "invalid-key", error.to_string())
                }
                UserFormulaError::Formula { place, error, .. } => {
                    let text = stated.get(place).map_or("", |user| user.formula.as_str());
                    fault(format!("{path}[{place}].formula"), text, error)
                }
                UserFormulaError::TooMany { .. } => {
                    BookProblem::new(path.clone(), "too-many-formulas", error.to_string())
                }
                _ => BookProblem::new(path.clone(), "formula-cycle", error.to_string()),
            });
        }
        None
    }
}

fn fault(path: String, text: &str, error: FormulaError) -> BookProblem {
    let formula = FormulaExcerpt { text: text.into(), span: error.span(), help: error.help() };
    BookProblem { formula: Some(formula), ..BookProblem::new(path, error.kind().as_str(), error.to_string()) }
}

fn doubt(path: String, text: &str, warning: &UnitWarning) -> BookProblem {
    let formula = FormulaExcerpt { text: text.into(), span: warning.span(), help: None };
    BookProblem { formula: Some(formula), ..BookProblem::new(path, UnitWarning::CODE, warning.to_string()) }
}

impl FormulaSet {
    /// The formulas of the slots with their fields in the document.
    pub fn formulas(&self) -> impl Iterator<Item = (&'static str, &Formula)> {
        let formulas = [
            &self.platform_fee,
            &self.discount_share,
            &self.additional_fee,
            &self.settlement,
            &self.settlement_tax_free,
        ];
        SLOTS.into_iter().map(|(_, field)| field).zip(formulas)
    }
}
