//! Formulas that are a known sum of products, however they are written.

use super::Variable;
use super::polynomial::{Atom, Factors, Polynomial, Term};

/// What a formula is once multiplied out, where an engine can have the arithmetic built in.
///
/// The order of operands, parentheses and factors that cancel make no difference: `FIXED_AMOUNT + FIXED_RATE * ORDER_AMOUNT` has the
/// shape of the default platform fee. A formula that rounds, compares or chooses on the way is [`Shape::Custom`].
///
/// ```
/// use jeongsan::formula::{Context, Formula, Names, Shape, Variable};
///
/// let names = Names::new();
/// let formula = Formula::parse("정액 + 정률 * 주문금액", Context::PlatformFee, &names).unwrap();
/// assert_eq!(formula.shape(), Shape::RatePlusFixed { base: Variable::OrderAmount });
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Shape {
    /// `base × FIXED_RATE`.
    Rate {
        /// The amount that the rate is of.
        base: Variable,
    },
    /// `base × FIXED_RATE + FIXED_AMOUNT`.
    RatePlusFixed {
        /// The amount that the rate is of.
        base: Variable,
    },
    /// Amounts added and subtracted, each once.
    Signed(SignedSum),
    /// The default of the settlement's tax-free part:
    /// `(SETTLEMENT_AMOUNT + DISCOUNT_SHARE) × ORDER_TAX_FREE_RATIO − DISCOUNT_SHARE_TAX_FREE`.
    TaxFreePart,
    /// Anything else.
    Custom,
}

/// A sum of amounts, each with its sign.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SignedSum([i8; Variable::COUNT]);

impl SignedSum {
    /// 1 where the variable is added, −1 where it is subtracted, else 0.
    #[must_use]
    pub fn sign(&self, variable: Variable) -> i8 {
        self.0.get(variable.index()).copied().unwrap_or(0)
    }

    /// The variables that occur, with their signs.
    pub fn signs(&self) -> impl Iterator<Item = (Variable, i8)> {
        Variable::ALL.iter().map(|&variable| (variable, self.sign(variable))).filter(|&(_, sign)| sign != 0)
    }
}

/// The shape of a polynomial.
pub(super) fn shape(polynomial: &Polynomial) -> Shape {
    let Polynomial { terms, denominator: 1 } = polynomial else {
        return Shape::Custom;
    };
    let named = |expected: &[_]| is_sum_of(terms, expected);
    let rate = |base| [Some(Atom::Variable(base)), Some(Atom::Variable(Variable::FixedRate)), None];
    let amounts = Variable::ALL.iter().copied().filter(|variable| !variable.is_rate());
    for base in amounts {
        if named(&[(1, rate(base))]) {
            return Shape::Rate { base };
        }
        if named(&[(1, rate(base)), (1, single(Variable::FixedAmount))]) {
            return Shape::RatePlusFixed { base };
        }
    }
    let ratio =
        |amount| [Some(Atom::Variable(amount)), Some(Atom::Variable(Variable::OrderTaxFreeRatio)), None];
    let tax_free_part = [
        (1, ratio(Variable::SettlementAmount)),
        (1, ratio(Variable::DiscountShare)),
        (-1, single(Variable::DiscountShareTaxFree)),
    ];
    if named(&tax_free_part) {
        return Shape::TaxFreePart;
    }
    signed_sum(terms).map_or(Shape::Custom, Shape::Signed)
}

const fn single(variable: Variable) -> Factors {
    [Some(Atom::Variable(variable)), None, None]
}

/// Whether the terms are exactly these, in any order; the factors of each in any order too.
fn is_sum_of(terms: &[Term], expected: &[(i64, Factors)]) -> bool {
    terms.len() == expected.len()
        && expected.iter().all(|&(coefficient, mut factors)| {
            // Terms hold their factors in order with the free places last.
            if let [Some(first), Some(second), None] = factors {
                factors = [Some(first.min(second)), Some(first.max(second)), None];
            }
            terms.contains(&Term { factors, coefficient })
        })
}

fn signed_sum(terms: &[Term]) -> Option<SignedSum> {
    let mut signs = [0; Variable::COUNT];
    for term in terms {
        let [Some(Atom::Variable(variable)), None, None] = term.factors else {
            return None;
        };
        let sign =
            i8::try_from(term.coefficient).ok().filter(|sign| sign.abs() == 1 && !variable.is_rate())?;
        *signs.get_mut(variable.index())? = sign;
    }
    Some(SignedSum(signs))
}
