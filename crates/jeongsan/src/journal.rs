//! The double-entry journal of a settlement: where its money comes from and where it goes.
//!
//! On one side stand what the customer paid and the parts of the discounts that the merchant and other funders bear, on the other what the
//! partner is owed, the merchant's fees and the VAT on them. [`Journal::balance`] is zero, always.

use alloc::string::String;
use alloc::vec::Vec;

use crate::figures::Figures;
use crate::funding::FunderParts;
use crate::id::PartnerId;
use crate::money::{Amount, Currency, text_enum};

text_enum! {
    /// An account that settlements post to.
    pub enum Account ("account") or UnknownAccount {
        /// What customers paid (debit).
        CustomerPayment = "customer-payment",
        /// Discounts that the merchant bears (debit).
        MerchantDiscount = "merchant-discount",
        /// Discounts that others bear, such as brands and card companies (debit).
        FunderDiscount = "funder-discount",
        /// Amounts put down by hand (debit).
        ManualAdjustment = "manual-adjustment",
        /// Shipping that customers or partners are charged behind an order, and what it is paid on to (debit).
        Shipping = "shipping",
        /// Agencies' shares: of a fee, borne by the merchant (debit); of a settlement, taken off its partner (nil in sum).
        AgencyShare = "agency-share",
        /// What partners are owed (credit).
        PartnerPayable = "partner-payable",
        /// The contract's fees (credit).
        PlatformFeeRevenue = "platform-fee-revenue",
        /// Additional fees (credit).
        AdditionalFeeRevenue = "additional-fee-revenue",
        /// VAT on fees, as far as partners bear it (credit).
        FeeVat = "fee-vat",
        /// VAT inside payments that the merchant keeps to pay it (credit).
        PaymentVat = "payment-vat",
        /// What a settlement formula of the book's own gives beyond the identity (debit), or takes (credit).
        FormulaDifference = "formula-difference",
        /// Adjustments that were approved (debit).
        ApprovedAdjustment = "approved-adjustment",
        /// Partners' debts that the merchant gave up (debit).
        WriteOff = "write-off",
        /// VAT that payouts add to settlements without it (debit).
        VatAdded = "vat-added",
        /// What of disputes the merchant bears itself (debit).
        DisputeLoss = "dispute-loss",
        /// What disputes give back to customers (credit).
        Dispute = "dispute",
        /// What partners are owed and holds keep back (credit).
        Held = "held",
        /// What was due and wasn't paid, or debts of partners (credit).
        Carried = "carried",
        /// Reserves that wait for their release (credit).
        Reserve = "reserve",
        /// What is about to be paid (credit).
        Payable = "payable",
        /// What is on its way to a bank (credit).
        InTransit = "in-transit",
        /// What was paid (credit).
        Paid = "paid",
        /// Income taxes withheld from payouts, to be paid to the tax office (credit).
        Withholding = "withholding",
        /// Fees of payouts, whoever bears them (credit).
        PayoutFee = "payout-fee",
        /// Fees of payouts that the merchant bears (debit).
        PayoutFeeCost = "payout-fee-cost",
    }
}

/// One posting: an amount on an account, debits positive and credits negative.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Posting {
    /// The account.
    pub account: Account,
    /// The amount: above zero a debit, below a credit.
    pub amount: i128,
}

/// The postings of one settlement, those of zero left out.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Journal {
    /// The postings, in the order of [`Account::ALL`].
    pub postings: Vec<Posting>,
}

/// What a step of the ledger posts: for whom, on account of what, and the balanced postings.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// The partner whose money moves.
    pub partner: PartnerId,
    /// What made it move: the id of a fact, or the day of a closing.
    pub cause: String,
    /// The currency of every posting.
    pub currency: Currency,
    /// The postings; they balance.
    pub journal: Journal,
}

impl Journal {
    /// The journal of a settlement's figures, and of what others bear of its discounts. Where no payment stands behind the settlement, as with a manual entry, the
    /// other side is a manual adjustment.
    ///
    /// ```
    /// use jeongsan::figures::Figures;
    /// use jeongsan::funding::FunderParts;
    /// use jeongsan::journal::Journal;
    /// use jeongsan::money::Amount;
    ///
    /// let figures = Figures { order: Amount::new(100), payment: Amount::new(100), platform_fee: Amount::new(10),
    ///     settlement: Amount::new(90), ..Figures::ZERO };
    /// let journal = Journal::of_order(&figures, &FunderParts::default());
    /// assert_eq!(journal.balance(), 0);
    /// assert_eq!(journal.postings.len(), 3);
    /// ```
    #[must_use]
    pub fn of_order(figures: &Figures, funders: &FunderParts) -> Self {
        let wide = |amount: Amount| i128::from(amount.minor());
        let funded = funders.sum();
        // Sums of a few 64-bit numbers can't overflow 128 bits.
        let postings = [
            (Account::CustomerPayment, wide(figures.payment)),
            (
                Account::MerchantDiscount,
                wide(figures.discount).wrapping_sub(wide(figures.discount_share)).wrapping_sub(funded),
            ),
            (Account::FunderDiscount, funded),
            (Account::PartnerPayable, wide(figures.settlement).wrapping_neg()),
            (Account::PlatformFeeRevenue, wide(figures.platform_fee).wrapping_neg()),
            (Account::AdditionalFeeRevenue, wide(figures.additional_fee).wrapping_neg()),
            (
                Account::FeeVat,
                wide(figures.platform_fee_vat).wrapping_add(wide(figures.additional_fee_vat)).wrapping_neg(),
            ),
            (Account::PaymentVat, wide(figures.payment_vat_burden).wrapping_neg()),
            (Account::FormulaDifference, figures.identity_difference()),
        ];
        Self::of_postings(&postings)
    }

    /// The journal of a settlement that has one other side.
    #[must_use]
    pub fn between(account: Account, figures: &Figures) -> Self {
        let settlement = i128::from(figures.settlement.minor());
        Self::of_postings(&[(account, settlement), (Account::PartnerPayable, settlement.wrapping_neg())])
    }

    /// Debits less credits: zero when every unit has its other side.
    #[must_use]
    pub fn balance(&self) -> i128 {
        self.postings.iter().fold(0, |sum, posting| sum.wrapping_add(posting.amount))
    }

    /// A journal of these postings, those of zero left out.
    #[must_use]
    pub fn of_postings(postings: &[(Account, i128)]) -> Self {
        let kept = postings.iter().filter(|posting| posting.1 != 0);
        Self { postings: kept.map(|&(account, amount)| Posting { account, amount }).collect() }
    }
}
