//! The figures of a settlement: what is counted, by name, and the identity that ties them together.
//!
//! [`Figures`] holds one [`Amount`] a [`Figure`], all of one currency. An order's are from 0 up; a cancellation's are
//! signed, so that any set of settlements adds up.

use crate::money::{Amount, text_enum};

macro_rules! figures {
    ($($(#[$doc:meta])* $field:ident $variant:ident = $text:literal,)*) => {
        text_enum! {
            /// The name of a figure.
            pub enum Figure ("figure") or UnknownFigure {
                $($(#[$doc])* $variant = $text,)*
            }
        }

        /// The money of one settlement, or of one of its lines, in minor units of one currency.
        #[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
        pub struct Figures {
            $($(#[$doc])* pub $field: Amount,)*
        }

        impl Figures {
            /// Every figure zero.
            pub const ZERO: Self = Self { $($field: Amount::ZERO,)* };

            /// The figures that a function gives by name.
            #[must_use]
            pub fn from_fn(mut amount: impl FnMut(Figure) -> Amount) -> Self {
                Self { $($field: amount(Figure::$variant),)* }
            }

            /// One figure by its name.
            #[must_use]
            pub const fn get(&self, figure: Figure) -> Amount {
                match figure {
                    $(Figure::$variant => self.$field,)*
                }
            }

            /// One figure by its name, to be changed.
            pub(crate) const fn get_mut(&mut self, figure: Figure) -> &mut Amount {
                match figure {
                    $(Figure::$variant => &mut self.$field,)*
                }
            }

            /// The sum, figure by figure.
            ///
            /// # Errors
            /// The first figure that leaves the range of an amount.
            pub fn checked_add(&self, other: &Self) -> Result<Self, Figure> {
                Ok(Self { $($field: self.$field.checked_add(other.$field).ok_or(Figure::$variant)?,)* })
            }

            /// Adds other figures to these; tells whether every sum is an amount, and changes nothing where one isn't.
            pub(crate) fn add_in_place(&mut self, other: &Self) -> bool {
                // All sums first and one look at their overflows, so that a processor adds several at a time.
                let mut overflows = 0_i64;
                let sums = Self { $($field: {
                    let (ours, theirs) = (self.$field.minor(), other.$field.minor());
                    let sum = ours.wrapping_add(theirs);
                    overflows |= (ours ^ sum) & (theirs ^ sum);
                    Amount::new(sum)
                },)* };
                let fits = overflows >= 0;
                if fits {
                    *self = sums;
                }
                fits
            }

            /// The difference, figure by figure.
            ///
            /// # Errors
            /// The first figure that leaves the range of an amount.
            pub fn checked_sub(&self, other: &Self) -> Result<Self, Figure> {
                Ok(Self { $($field: self.$field.checked_sub(other.$field).ok_or(Figure::$variant)?,)* })
            }
        }
    };
}

figures! {
    /// The order before discounts (주문금액).
    order Order = "order",
    /// The tax-free part of the order (면세).
    order_tax_free OrderTaxFree = "order_tax_free",
    /// All discounts (할인금액).
    discount Discount = "discount",
    /// The tax-free part of the discounts.
    discount_tax_free DiscountTaxFree = "discount_tax_free",
    /// What the customer pays: order − discount (결제금액).
    payment Payment = "payment",
    /// The tax-free part of the payment.
    payment_tax_free PaymentTaxFree = "payment_tax_free",
    /// The supply value of the payment's taxable part (공급가액).
    payment_supply PaymentSupply = "payment_supply",
    /// The VAT in the payment's taxable part (부가세).
    payment_vat PaymentVat = "payment_vat",
    /// That VAT if the contract takes it off the partner, else 0 (결제금액 부가세 부담금).
    payment_vat_burden PaymentVatBurden = "payment_vat_burden",
    /// The contract's fee (플랫폼 중개수수료).
    platform_fee PlatformFee = "platform_fee",
    /// Its VAT, as far as the partner bears it (중개수수료 부가세 부담금).
    platform_fee_vat PlatformFeeVat = "platform_fee_vat",
    /// The additional fees (추가 수수료).
    additional_fee AdditionalFee = "additional_fee",
    /// Their VAT, as far as the partner bears it.
    additional_fee_vat AdditionalFeeVat = "additional_fee_vat",
    /// The partner's part of the discounts (할인 분담금).
    discount_share DiscountShare = "discount_share",
    /// The tax-free part of that share.
    discount_share_tax_free DiscountShareTaxFree = "discount_share_tax_free",
    /// What the partner is owed (정산금액).
    settlement Settlement = "settlement",
    /// The tax-free part of it (정산 면세액).
    settlement_tax_free SettlementTaxFree = "settlement_tax_free",
}

impl Figures {
    /// How far the settlement is from the default identity: settlement − (order − payment VAT burden − platform fee and
    /// its VAT − additional fees and their VAT − discount share). Zero under the default formulas.
    #[must_use]
    pub fn identity_difference(&self) -> i128 {
        let wide = |amount: Amount| i128::from(amount.minor());
        let taken = [
            self.payment_vat_burden,
            self.platform_fee,
            self.platform_fee_vat,
            self.additional_fee,
            self.additional_fee_vat,
            self.discount_share,
        ];
        // Eight numbers of 64 bits can't overflow 128.
        let kept = taken.into_iter().fold(wide(self.order), |left, amount| left.wrapping_sub(wide(amount)));
        wide(self.settlement).wrapping_sub(kept)
    }

    /// Every figure with its name, in the order of the settlement document.
    pub fn iter(&self) -> impl Iterator<Item = (Figure, Amount)> + '_ {
        Figure::ALL.iter().map(|&figure| (figure, self.get(figure)))
    }

    /// Whether every figure is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }
}
