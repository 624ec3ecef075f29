//! Figures by formulas of the book's own.

use alloc::vec::Vec;

use crate::figures::{Figure, Figures};
use crate::formula::{Context, EvaluationError, Formula, Inputs, UserFormulas, Value, Variable, Variables};
use crate::money::{Amount, Rounding};
use crate::order::Order;
use crate::settle::SettleError;
use crate::settle::engine::OwnFormulas;
use crate::trace::Reason;

use super::{Place, Reckoner, Result};

/// The amounts of figures, as formulas name them.
pub(super) fn variables(figures: &Figures) -> Variables {
    let named = [
        (Variable::OrderAmount, figures.order),
        (Variable::PaymentAmount, figures.payment),
        (Variable::PaymentVatAmount, figures.payment_vat),
        (Variable::PaymentVatBurdenAmount, figures.payment_vat_burden),
        (Variable::DiscountAmount, figures.discount),
        (Variable::DiscountShare, figures.discount_share),
        (Variable::PlatformFee, figures.platform_fee),
        (Variable::PlatformFeeVat, figures.platform_fee_vat),
        (Variable::AdditionalFee, figures.additional_fee),
        (Variable::AdditionalFeeVat, figures.additional_fee_vat),
        (Variable::SettlementAmount, figures.settlement),
        (Variable::DiscountShareTaxFree, figures.discount_share_tax_free),
    ];
    let mut variables = Variables::new();
    for (variable, amount) in named {
        variables.set(variable, amount);
    }
    variables
}

/// The parameters of an order: the book's, but for those that it overrides. `None` where it overrides none.
pub(super) fn overridden(formulas: &OwnFormulas, order: &Order) -> Result<Option<Vec<Value>>> {
    if order.parameters.is_empty() {
        return Ok(None);
    }
    let mut parameters = formulas.parameters.clone();
    for (key, number) in &order.parameters {
        let place = formulas.names.parameter(key).and_then(|place| parameters.get_mut(place));
        *place.ok_or_else(|| SettleError::UnknownParameter { key: key.clone() })? = Value::from(*number);
    }
    Ok(Some(parameters))
}

impl<'o> Reckoner<'_, 'o, '_> {
    /// A figure by a formula, on the parameters of the order.
    pub(super) fn by_formula(
        &mut self,
        formula: &Formula,
        (variables, user): (&Variables, &[Amount]),
        rounding: Rounding,
        (figure, place): (Figure, Place<'o>),
    ) -> Result<Amount> {
        let parameters = self.overridden.as_deref().unwrap_or(&self.formulas.parameters);
        let inputs = Inputs { variables, parameters, user_formulas: user };
        let failed = |error| SettleError::Formula { context: formula.context(), key: None, error };
        let amount = formula.evaluate(inputs, rounding).map_err(failed)?;
        self.recorder.note(place.product(), figure, amount, || Reason::Formula {
            formula: alloc::format!("{formula}"),
            steps: formula
                .explain(inputs, rounding)
                .map(|steps| alloc::format!("{steps}"))
                .unwrap_or_default(),
            rounding,
        });
        Ok(amount)
    }

    /// The user formulas on the figures of an order, in their order.
    pub(super) fn user_formulas(&self, figures: &Figures) -> Result<Vec<Amount>> {
        if self.formulas.user_keys.is_empty() {
            return Ok(Vec::new());
        }
        self.evaluate_user(|user, parameters, results| {
            user.evaluate_into(&variables(figures), parameters, results)
        })
    }

    /// The user formulas that the settlement of a line needs; those that it doesn't are zero.
    pub(super) fn user_formulas_of_line(&self, figures: &Figures) -> Result<Vec<Amount>> {
        let needed = &self.formulas.user_of_lines;
        if !needed.contains(&true) {
            return Ok(Vec::new());
        }
        self.evaluate_user(|user, parameters, results| {
            user.evaluate_needed_into(needed, &variables(figures), parameters, results)
        })
    }

    fn evaluate_user(
        &self,
        evaluate: impl FnOnce(
            &UserFormulas,
            &[Value],
            &mut Vec<Amount>,
        ) -> core::result::Result<(), (usize, EvaluationError)>,
    ) -> Result<Vec<Amount>> {
        let mut results = Vec::new();
        let parameters = self.overridden.as_deref().unwrap_or(&self.formulas.parameters);
        let evaluated = evaluate(&self.formulas.user, parameters, &mut results);
        evaluated.map_err(|(place, error): (usize, EvaluationError)| {
            let key = self.formulas.user_keys.get(place).map(|key| (&**key).into());
            SettleError::Formula { context: Context::User, key, error }
        })?;
        Ok(results)
    }
}
