//! Currencies of the stories and integer arithmetic on minor units (every currency here has two
//! decimals); no float comes near an amount.

/// One whole unit in the ten-place scale of `rate_to_eur`.
const RATE_ONE: i64 = 10_000_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Currency {
    /// ISO 4217.
    pub(super) code: &'static str,
    /// Euro for one unit, times 10^10.
    rate: i64,
}

impl Currency {
    pub(super) const EUR: Self = Self { code: "EUR", rate: RATE_ONE };
    pub(super) const GBP: Self = Self { code: "GBP", rate: 11_584_213_907 };
    pub(super) const PLN: Self = Self { code: "PLN", rate: 2_331_405_126 };
    pub(super) const CZK: Self = Self { code: "CZK", rate: 398_721_450 };
    pub(super) const HUF: Self = Self { code: "HUF", rate: 24_693_817 };
    pub(super) const AED: Self = Self { code: "AED", rate: 2_519_446_208 };
    pub(super) const TRY: Self = Self { code: "TRY", rate: 243_310_592 };
    pub(super) const CAD: Self = Self { code: "CAD", rate: 6_702_187_335 };

    /// An amount of euro cents in this currency's minor units, rounded to whole units as prices are.
    pub(super) fn price(self, euro_cents: i64) -> i64 {
        if self == Self::EUR {
            return euro_cents;
        }
        let minor = i128::from(euro_cents) * i128::from(RATE_ONE) / i128::from(self.rate);
        i64::try_from(minor / 100 * 100).unwrap_or(i64::MAX)
    }

    /// An amount in this currency as euro cents, rounded half up.
    pub(super) fn to_eur(self, amount: i64) -> i64 {
        let scaled = i128::from(amount) * i128::from(self.rate);
        let half = i128::from(RATE_ONE / 2);
        i64::try_from((scaled + half).div_euclid(i128::from(RATE_ONE))).unwrap_or(i64::MAX)
    }

    /// `rate_to_eur` as the API spells it: a decimal string with ten places.
    pub(super) fn rate_text(self) -> String {
        format!("{}.{:010}", self.rate / RATE_ONE, self.rate % RATE_ONE)
    }
}

/// `percent` per cent of an amount, rounded half up.
pub(super) fn percent(amount: i64, percent: i64) -> i64 {
    (amount * percent + 50).div_euclid(100)
}

/// A net amount with 21 % VAT.
pub(super) fn gross(net: i64) -> i64 {
    percent(net, 121)
}
