//! Currencies of the stories and integer arithmetic on minor units (every currency here has two
//! decimals); no float comes near an amount.

/// One whole unit in the ten-place scale of `rate_to_eur`.
const RATE_ONE: i64 = 10_000_000_000;

/// A currency that the stories are paid in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Currency {
    Eur,
    Gbp,
    Pln,
    Czk,
    Huf,
    Aed,
    Try,
    Cad,
}

impl Currency {
    /// The ISO 4217 code.
    pub(super) fn code(self) -> &'static str {
        self.row().0
    }

    /// Euro for one unit, times 10^10.
    pub(super) fn rate(self) -> i64 {
        self.row().1
    }

    fn row(self) -> (&'static str, i64) {
        match self {
            Self::Eur => ("EUR", RATE_ONE),
            Self::Gbp => ("GBP", 11_584_213_907),
            Self::Pln => ("PLN", 2_331_405_126),
            Self::Czk => ("CZK", 398_721_450),
            Self::Huf => ("HUF", 24_693_817),
            Self::Aed => ("AED", 2_519_446_208),
            Self::Try => ("TRY", 243_310_592),
            Self::Cad => ("CAD", 6_702_187_335),
        }
    }

    /// An amount of euro cents in this currency's minor units, rounded to whole units as prices are.
    pub(super) fn price(self, euro_cents: i64) -> i64 {
        if self == Self::Eur {
            return euro_cents;
        }
        let minor = i128::from(euro_cents) * i128::from(RATE_ONE) / i128::from(self.rate());
        i64::try_from(minor / 100 * 100).unwrap_or(i64::MAX)
    }

    /// An amount in this currency as euro cents, rounded half up.
    pub(super) fn to_eur(self, amount: i64) -> i64 {
        let scaled = i128::from(amount) * i128::from(self.rate());
        let half = i128::from(RATE_ONE / 2);
        i64::try_from((scaled + half).div_euclid(i128::from(RATE_ONE))).unwrap_or(i64::MAX)
    }

    /// `rate_to_eur` as the API spells it: a decimal string with ten places.
    pub(super) fn rate_text(self) -> String {
        format!("{}.{:010}", self.rate() / RATE_ONE, self.rate() % RATE_ONE)
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
