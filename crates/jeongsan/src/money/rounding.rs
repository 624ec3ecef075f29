//! How a fraction of a minor unit becomes whole.

/// An enum whose variants have stable texts: `Display`, `FromStr` and an error that lists what is known.
macro_rules! text_enum {
    (
        $(#[$doc:meta])*
        pub enum $name:ident ($what:literal) or $error:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// Every value, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The text by which documents name it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl core::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> core::result::Result<Self, $error> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    _ => Err($error(text.chars().take(40).collect())),
                }
            }
        }

        #[doc = concat!("A text that names no ", $what, ".")]
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct $error(alloc::string::String);

        impl core::fmt::Display for $error {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!($what, " `{}` is none of"), self.0)?;
                for (i, known) in $name::ALL.iter().enumerate() {
                    write!(f, "{} `{known}`", if i == 0 { "" } else { "," })?;
                }
                Ok(())
            }
        }

        impl core::error::Error for $error {}
    };
}
pub(crate) use text_enum;

text_enum! {
    /// How a fraction of a minor unit becomes whole. Every rule is symmetric about zero: rounding −a gives minus
    /// the rounding of a.
    ///
    /// ```
    /// use jeongsan::money::Rounding;
    ///
    /// // 2.5, and its mirror image
    /// assert_eq!(Rounding::Down.divide(5, 2), Some(2));
    /// assert_eq!(Rounding::HalfUp.divide(5, 2), Some(3));
    /// assert_eq!(Rounding::HalfEven.divide(5, 2), Some(2));
    /// assert_eq!(Rounding::HalfUp.divide(-5, 2), Some(-3));
    /// assert_eq!("half-up".parse(), Ok(Rounding::HalfUp));
    /// ```
    pub enum Rounding ("rounding") or UnknownRounding {
        /// Towards zero (내림).
        Down = "down",
        /// Away from zero (올림).
        Up = "up",
        /// To the nearest, a half away from zero (반올림).
        HalfUp = "half-up",
        /// To the nearest, a half to the even neighbour.
        HalfEven = "half-even",
    }
}

impl Rounding {
    /// `numerator / denominator` made whole; `None` for a denominator of 0 or a result out of range.
    #[must_use]
    pub fn divide(self, numerator: i128, denominator: i128) -> Option<i128> {
        let negative = (numerator < 0) != (denominator < 0);
        let (top, bottom) = (numerator.unsigned_abs(), denominator.unsigned_abs());
        // 128-bit division is several times as slow as 64-bit, and nearly every amount is small.
        let size = match (u64::try_from(top), u64::try_from(bottom)) {
            (Ok(top), Ok(bottom)) => u128::from(self.divide_magnitude(top, bottom)?),
            _ => {
                let quotient = top.checked_div(bottom)?;
                let rest = top.checked_rem(bottom)?;
                let step = self.steps_up(quotient & 1 == 1, rest == 0, rest.cmp(&bottom.checked_sub(rest)?));
                quotient.checked_add(u128::from(step))?
            }
        };
        let size = i128::try_from(size).ok()?;
        if negative { size.checked_neg() } else { Some(size) }
    }

    /// The same for magnitudes of 64 bits; it can't overflow but for a denominator of 0.
    pub(crate) fn divide_magnitude(self, top: u64, bottom: u64) -> Option<u64> {
        let quotient = top.checked_div(bottom)?;
        let rest = top.checked_rem(bottom)?;
        let step = self.steps_up(quotient & 1 == 1, rest == 0, rest.cmp(&bottom.checked_sub(rest)?));
        quotient.checked_add(u64::from(step))
    }

    /// Whether the quotient's magnitude grows by one, given how the rest compares with its complement.
    pub(crate) const fn steps_up(self, is_odd: bool, is_exact: bool, half: core::cmp::Ordering) -> bool {
        match self {
            Self::Down => false,
            Self::Up => !is_exact,
            Self::HalfUp => half.is_ge(),
            Self::HalfEven => half.is_gt() || (half.is_eq() && is_odd),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    /// The definition, on small numbers: the nearest whole numbers around `n / d`, chosen by comparing doubled rests.
    fn by_definition(rule: Rounding, n: i128, d: i128) -> i128 {
        let (n, sign) = if n < 0 { (-n, -1) } else { (n, 1) };
        let floor = n / d;
        let twice = 2 * (n - floor * d);
        let up = match rule {
            Rounding::Down => false,
            Rounding::Up => twice > 0,
            Rounding::HalfUp => twice >= d,
            Rounding::HalfEven => twice > d || (twice == d && floor % 2 == 1),
        };
        sign * (floor + i128::from(up))
    }

    #[test]
    fn every_small_fraction_follows_the_definition() {
        for &rule in Rounding::ALL {
            for n in -200..=200 {
                for d in 1..=40 {
                    assert_eq!(rule.divide(n, d), Some(by_definition(rule, n, d)), "{rule} {n}/{d}");
                    assert_eq!(rule.divide(-n, -d), rule.divide(n, d));
                }
            }
        }
    }

    #[test]
    fn wide_and_narrow_paths_agree_at_their_border() {
        let border = i128::from(u64::MAX);
        for &rule in Rounding::ALL {
            for top in border - 4..=border + 4 {
                for bottom in [1, 2, 3, 10, border - 1, border, border + 1] {
                    assert_eq!(
                        rule.divide(top, bottom),
                        Some(by_definition(rule, top, bottom)),
                        "{top}/{bottom}"
                    );
                }
            }
        }
    }

    #[test]
    fn zero_denominator_and_overflow_are_none() {
        assert_eq!(Rounding::Down.divide(1, 0), None);
        assert_eq!(Rounding::Down.divide(i128::MIN, 1), None);
        assert_eq!(Rounding::Up.divide(i128::MAX, 1), Some(i128::MAX));
    }

    #[test]
    fn texts_parse_back_and_others_are_told() {
        for &rule in Rounding::ALL {
            assert_eq!(rule.to_string().parse(), Ok(rule));
        }
        assert_eq!(
            "HALF_UP".parse::<Rounding>().unwrap_err().to_string(),
            "rounding `HALF_UP` is none of `down`, `up`, `half-up`, `half-even`"
        );
    }
}
