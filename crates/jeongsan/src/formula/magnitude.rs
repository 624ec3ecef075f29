//! Unsigned integers of 512 bits, for the rare value that 128 bits don't hold.

use core::cmp::Ordering;

/// 64-bit digits of a magnitude.
const LIMBS: usize = 8;

/// An integer from 0 to 2⁵¹² − 1, the least digit first. What doesn't fit is `None`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Magnitude([u64; LIMBS]);

impl Magnitude {
    pub(super) const ZERO: Self = Self([0; LIMBS]);
    pub(super) const ONE: Self = Self([1, 0, 0, 0, 0, 0, 0, 0]);

    pub(super) const fn new(value: u128) -> Self {
        let (low, high) = split(value);
        Self([low, high, 0, 0, 0, 0, 0, 0])
    }

    /// The value, if 128 bits hold it.
    pub(super) fn narrow(self) -> Option<u128> {
        let [low, high, rest @ ..] = self.0;
        rest.iter().all(|&limb| limb == 0).then_some(join(low, high))
    }

    pub(super) fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    pub(super) const fn is_odd(self) -> bool {
        let [low, ..] = self.0;
        low & 1 == 1
    }

    /// The digits of the value in base two.
    fn bits(self) -> u32 {
        let mut bits = 512_u32;
        for limb in self.0.iter().rev() {
            bits = bits.saturating_sub(limb.leading_zeros());
            if *limb != 0 {
                break;
            }
        }
        bits
    }

    pub(super) fn add(self, other: Self) -> Option<Self> {
        let mut sum = Self::ZERO;
        let mut carry = 0;
        for ((to, left), right) in sum.0.iter_mut().zip(self.0).zip(other.0) {
            (*to, carry) = split(u128::from(left).wrapping_add(u128::from(right)).wrapping_add(carry.into()));
        }
        (carry == 0).then_some(sum)
    }

    /// The difference; `None` below zero.
    pub(super) fn subtract(self, other: Self) -> Option<Self> {
        let mut difference = Self::ZERO;
        let mut borrowed = false;
        for ((to, left), right) in difference.0.iter_mut().zip(self.0).zip(other.0) {
            let (step, first) = left.overflowing_sub(right);
            let (step, second) = step.overflowing_sub(borrowed.into());
            (*to, borrowed) = (step, first || second);
        }
        (!borrowed).then_some(difference)
    }

    pub(super) fn multiply(self, other: Self) -> Option<Self> {
        let mut product = Self::ZERO;
        for (shift, &digit) in other.0.iter().enumerate().filter(|&(_, &digit)| digit != 0) {
            let part = self.multiply_limb(digit)?;
            let (kept, lost) = part.0.split_at(LIMBS.saturating_sub(shift));
            if lost.iter().any(|&limb| limb != 0) {
                return None;
            }
            let mut shifted = Self::ZERO;
            for (to, &limb) in shifted.0.iter_mut().skip(shift).zip(kept) {
                *to = limb;
            }
            product = product.add(shifted)?;
        }
        Some(product)
    }

    pub(super) fn multiply_limb(self, factor: u64) -> Option<Self> {
        let mut product = Self::ZERO;
        let mut carry = 0;
        for (to, limb) in product.0.iter_mut().zip(self.0) {
            // (2⁶⁴ − 1)² + 2⁶⁴ − 1 is below 2¹²⁸.
            let step = u128::from(limb).wrapping_mul(factor.into()).wrapping_add(u128::from(carry));
            (*to, carry) = split(step);
        }
        (carry == 0).then_some(product)
    }

    /// Quotient and rest; `None` for a divisor of zero.
    pub(super) fn divide(self, divisor: Self) -> Option<(Self, Self)> {
        if let (Some(top), Some(bottom)) = (self.narrow(), divisor.narrow()) {
            return Some((Self::new(top.checked_div(bottom)?), Self::new(top.checked_rem(bottom)?)));
        }
        if let Some(limb) = divisor.narrow().and_then(|divisor| u64::try_from(divisor).ok()) {
            let (quotient, rest) = self.divide_limb(limb)?;
            return Some((quotient, Self::new(rest.into())));
        }
        let (mut quotient, mut rest) = (Self::ZERO, self);
        let Some(steps) = self.bits().checked_sub(divisor.bits()) else {
            return Some((quotient, rest));
        };
        let mut scaled = divisor;
        for _ in 0..steps {
            scaled = scaled.doubled();
        }
        for _ in 0..=steps {
            quotient = quotient.doubled();
            if let Some(less) = rest.subtract(scaled) {
                (rest, quotient.0[0]) = (less, quotient.0[0] | 1);
            }
            scaled = scaled.halved();
        }
        Some((quotient, rest))
    }

    /// Quotient and rest of a division by one digit; `None` for zero.
    pub(super) fn divide_limb(self, divisor: u64) -> Option<(Self, u64)> {
        let mut quotient = Self::ZERO;
        let mut rest = 0;
        for (to, limb) in quotient.0.iter_mut().zip(self.0).rev() {
            let step = join(limb, rest);
            // The rest is below the divisor, so each quotient has one digit.
            (*to, _) = split(step.checked_div(divisor.into())?);
            (rest, _) = split(step.checked_rem(divisor.into())?);
        }
        Some((quotient, rest))
    }

    /// Twice the value; the caller knows that it fits.
    fn doubled(self) -> Self {
        let mut carry = 0;
        Self(self.0.map(|limb| {
            let doubled = (limb << 1) | carry;
            carry = limb >> 63;
            doubled
        }))
    }

    fn halved(mut self) -> Self {
        let mut carry = 0;
        for limb in self.0.iter_mut().rev() {
            (*limb, carry) = ((*limb >> 1) | carry, *limb << 63);
        }
        self
    }

    /// The greatest common divisor; 0 of two zeros.
    pub(super) fn common_divisor(self, other: Self) -> Self {
        let (mut a, mut b) = (self, other);
        while let Some((_, rest)) = a.divide(b) {
            if let (Some(a), Some(b)) = (a.narrow(), b.narrow()) {
                return Self::new(common_divisor(a, b));
            }
            (a, b) = (b, rest);
        }
        a
    }
}

impl PartialOrd for Magnitude {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Magnitude {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.iter().rev().cmp(other.0.iter().rev())
    }
}

/// The greatest common divisor by Euclid; 0 of two zeros.
pub(super) fn common_divisor(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    loop {
        // 128-bit division is several times as slow as 64-bit.
        if let (Ok(mut low), Ok(mut rest)) = (u64::try_from(a), u64::try_from(b)) {
            while let Some(next) = low.checked_rem(rest) {
                (low, rest) = (rest, next);
            }
            return low.into();
        }
        let Some(rest) = a.checked_rem(b) else {
            return a;
        };
        (a, b) = (b, rest);
    }
}

/// The low and the high 64 bits.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "each half is cut out on purpose"
)]
const fn split(value: u128) -> (u64, u64) {
    (value as u64, (value >> 64) as u64)
}

#[expect(clippy::as_conversions, reason = "64 bits widen to 128")]
const fn join(low: u64, high: u64) -> u128 {
    (low as u128) | ((high as u128) << 64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Magnitudes of every length, with runs of zeros and ones.
    fn magnitude() -> impl Strategy<Value = Magnitude> {
        let limb = prop_oneof![Just(0), Just(1), Just(u64::MAX), any::<u64>()];
        (proptest::array::uniform8(limb), 0..=LIMBS).prop_map(|(mut limbs, used)| {
            limbs[used..].fill(0);
            Magnitude(limbs)
        })
    }

    proptest! {
        #[test]
        fn quotient_times_divisor_plus_rest_is_the_dividend(a in magnitude(), b in magnitude()) {
            match a.divide(b) {
                None => prop_assert!(b.is_zero()),
                Some((quotient, rest)) => {
                    prop_assert!(rest < b);
                    prop_assert_eq!(quotient.multiply(b).and_then(|product| product.add(rest)), Some(a));
                }
            }
        }

        #[test]
        fn sums_and_differences_turn_each_other_back(a in magnitude(), b in magnitude()) {
            match a.add(b) {
                Some(sum) => prop_assert_eq!(sum.subtract(b), Some(a)),
                // What overflows is above the room that `a` leaves.
                None => prop_assert!(b > Magnitude([u64::MAX; LIMBS]).subtract(a).unwrap()),
            }
            prop_assert_eq!(a.subtract(b).is_some(), a >= b);
        }

        #[test]
        fn a_product_fits_when_dividing_it_gives_the_factor(a in magnitude(), b in magnitude()) {
            let most = Magnitude([u64::MAX; LIMBS]);
            let fits = b.is_zero() || a <= most.divide(b).unwrap().0;
            prop_assert_eq!(a.multiply(b).is_some(), fits);
            prop_assert_eq!(a.multiply(b), b.multiply(a));
        }

        #[test]
        fn the_common_divisor_leaves_nothing_in_common(a in magnitude(), b in magnitude()) {
            let divisor = a.common_divisor(b);
            if !divisor.is_zero() {
                let ((a, no_rest), (b, none)) = (a.divide(divisor).unwrap(), b.divide(divisor).unwrap());
                prop_assert!(no_rest.is_zero() && none.is_zero());
                prop_assert_eq!(a.common_divisor(b), Magnitude::ONE);
            } else {
                prop_assert!(a.is_zero() && b.is_zero());
            }
        }
    }
}
