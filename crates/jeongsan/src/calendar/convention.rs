//! The named rules of moving and counting.

use crate::money::text_enum;

text_enum! {
    /// Where a date goes that is no business day. A business day stays where it is under every convention.
    pub enum Convention ("convention") or UnknownConvention {
        /// Nowhere.
        Unadjusted = "unadjusted",
        /// To the next business day.
        Following = "following",
        /// To the next business day, but to the previous one when that leaves the month.
        ModifiedFollowing = "modified-following",
        /// To the previous business day.
        Preceding = "preceding",
        /// To the previous business day, but to the next one when that leaves the month.
        ModifiedPreceding = "modified-preceding",
        /// As [`Convention::ModifiedFollowing`], and to the previous one too when a day up to the 15th would end after it.
        HalfMonthModifiedFollowing = "half-month-modified-following",
        /// To the business day fewest days away, forward when two are equally near.
        Nearest = "nearest",
        /// From a Sunday or a Monday to the next business day, from any other day to the previous one.
        NearestSunMon = "nearest-sun-mon",
    }
}

text_enum! {
    /// What a shift by business days does when it starts on a closed day.
    pub enum StartRule ("start rule") or UnknownStartRule {
        /// Counts the business days after it (before it, for a negative shift); a shift of zero leaves it alone.
        Strict = "strict",
        /// Moves to the next business day first.
        RollForward = "roll-forward",
        /// Moves to the previous business day first.
        RollBackward = "roll-backward",
        /// Refuses.
        Reject = "reject",
    }
}

text_enum! {
    /// Which ends of an interval of days are counted with it.
    pub enum CountedEnds ("counted ends") or UnknownCountedEnds {
        /// The earlier end alone, `[a, b)`: counts of adjoining intervals add up.
        Earlier = "earlier",
        /// The later end alone, `(a, b]`.
        Later = "later",
        /// Both ends, `[a, b]`.
        Both = "both",
        /// Neither end, `(a, b)`.
        Neither = "neither",
    }
}
