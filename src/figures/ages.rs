//! Open amounts by days overdue, as a line of text with a bar.

use strum::VariantArray;
use unicode_width::UnicodeWidthStr;

use super::summary::{Part, Weight, text_of};
use super::{Bucket, Figures};
use crate::domain::money::{Currency, format_amount, format_count};
use crate::figures::urgency::Urgency;

impl Bucket {
    pub fn urgency(self) -> Urgency {
        match self {
            Self::NotDue => Urgency::NotDue,
            Self::To30 | Self::To60 => Urgency::Open,
            Self::To90 => Urgency::Late,
            Self::Over90 => Urgency::VeryLate,
            Self::NoDate => Urgency::Unknown,
        }
    }
}

/// What the ages are measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// Cents of EUR, over all currencies.
    InEuros,
    /// All open rows are in this currency.
    Of(Currency),
    /// Several currencies without amounts in EUR.
    Rows,
}

/// The open rows of each age that has rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ages {
    measure: Measure,
    /// The size of each age, and the number of rows that are not in it.
    of: Vec<(Bucket, i128, usize)>,
}

impl Ages {
    /// `None` if nothing is open.
    pub fn of(figures: &Figures) -> Option<Self> {
        let open = &figures.open;
        let measure = match (open.in_euros(), open.sums.only_currency()) {
            (Some(_), _) | (None, Some(Currency::EUR)) => Measure::InEuros,
            (None, Some(currency)) => Measure::Of(currency),
            (None, None) => Measure::Rows,
        };
        let each = Bucket::VARIANTS.iter().filter_map(|bucket| {
            let rows = figures.of_age(*bucket);
            let (size, without) = match measure {
                Measure::InEuros => (rows.euros, rows.without_euros),
                Measure::Of(currency) => (rows.sums.of(currency), rows.not_summed.count()),
                Measure::Rows => (i128::try_from(rows.count).unwrap_or(i128::MAX), 0),
            };
            (rows.count > 0).then_some((*bucket, size, without))
        });
        (open.count > 0).then(|| Self { measure, of: each.collect() })
    }

    /// `By age in EUR`, then each age with its size, in at most `room` cells. Ages that do not fit
    /// are counted, not due first. `None` if the longest overdue do not fit.
    pub fn parts(&self, room: usize) -> Option<Vec<Part>> {
        let mut dropped =
            [Bucket::NotDue, Bucket::NoDate, Bucket::To30, Bucket::To60, Bucket::To90]
                .into_iter()
                .filter(|bucket| self.of.iter().any(|(own, ..)| own == bucket));
        let mut left_out = Vec::new();
        loop {
            let all = self.parts_but(&left_out);
            for parts in [all.as_slice(), all.get(1..).unwrap_or_default()] {
                if text_of(parts).width() <= room {
                    return Some(parts.to_vec());
                }
            }
            left_out.push(dropped.next()?);
        }
    }

    fn sized(&self, size: i128, without: usize) -> String {
        let size = match self.measure {
            Measure::InEuros => format_amount(size, Currency::EUR),
            Measure::Of(currency) => format_amount(size, currency),
            Measure::Rows => format_count(u64::try_from(size).unwrap_or(u64::MAX)),
        };
        match without as u64 {
            0 => size,
            count => format!("{size} ({} not counted)", format_count(count)),
        }
    }

    fn parts_but(&self, left_out: &[Bucket]) -> Vec<Part> {
        let title = match self.measure {
            Measure::InEuros => "By age in EUR".to_owned(),
            Measure::Of(Currency::NONE) => "By age".to_owned(),
            Measure::Of(currency) => format!("By age in {currency}"),
            Measure::Rows => "Rows by age".to_owned(),
        };
        let shown = self.of.iter().filter(|(bucket, ..)| !left_out.contains(bucket));
        let each = shown.map(|(bucket, size, without)| {
            let name: &str = bucket.into();
            let text = format!("{name} {}", self.sized(*size, *without));
            Part { weight: Weight::Of(bucket.urgency()), text }
        });
        let more = Some(left_out.len()).filter(|count| *count > 0);
        let more = more.map(|count| Part { weight: Weight::Plain, text: format!("+{count} more") });
        [Part { weight: Weight::Quiet, text: title }].into_iter().chain(each).chain(more).collect()
    }

    /// The ages as lengths of a bar of `cells`, none of them 0; empty if a size is negative.
    pub fn bar(&self, cells: usize) -> Vec<(Urgency, usize)> {
        let sizes: Vec<(Bucket, u128)> = self
            .of
            .iter()
            .filter_map(|(it, size, _)| Some((*it, (*size).try_into().ok()?)))
            .collect();
        let all: u128 = sizes.iter().map(|(_, size)| size).sum();
        if sizes.len() < self.of.len() || all == 0 || cells < sizes.len() {
            return Vec::new();
        }
        let free = (cells - sizes.len()) as u128;
        let mut before = 0;
        let mut bar = Vec::with_capacity(sizes.len());
        for (bucket, size) in sizes {
            // From start and end positions, so that rounding errors do not add up.
            let end = |at: u128| usize::try_from(at * free / all).unwrap_or(0);
            bar.push((bucket.urgency(), 1 + end(before + size) - end(before)));
            before += size;
        }
        bar
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;
    use crate::list::record::Record;

    fn figures(rows: &[(&str, i64, &str, Option<i64>)]) -> Figures {
        let spec = Spec::named("debt").unwrap();
        let record = |(due, amount, currency, euros): &(&str, i64, &str, Option<i64>)| {
            let euros = euros.map(|it| format!(r#","amount_eur":{it}"#)).unwrap_or_default();
            let json = format!(
                r#"{{"due_date":"{due}","amount":{amount},"currency":"{currency}","status":"overdue"{euros}}}"#
            );
            Record::read(spec, &json)
        };
        let rows: Vec<Record> = rows.iter().map(record).collect();
        Figures::of(&rows, "2026-11-20".parse().unwrap())
    }

    fn text(figures: &Figures) -> String {
        let parts = Ages::of(figures).unwrap().parts(200).unwrap();
        parts.into_iter().map(|part| part.text).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn ages_are_in_eur_or_in_the_only_currency_or_in_rows() {
        let day = ["2026-11-25", "2026-11-01", "2026-01-01"];
        let euros = figures(&[(day[0], 100, "EUR", None), (day[2], 900, "GBP", Some(1_000))]);
        assert_eq!(text(&euros), "By age in EUR | not due 1.00 | over 90 d 10.00");
        let some = figures(&[(day[1], 5, "CZK", None), (day[1], 100, "GBP", Some(120))]);
        assert_eq!(text(&some), "By age in EUR | 1-30 d 1.20 (1 not counted)");
        let pounds = figures(&[(day[1], 250, "GBP", None)]);
        assert_eq!(text(&pounds), "By age in GBP | 1-30 d 2.50");
        let mixed = figures(&[(day[0], 250, "GBP", None), (day[2], 5, "CZK", None)]);
        assert_eq!(text(&mixed), "Rows by age | not due 1 | over 90 d 1");
        assert_eq!(Ages::of(&figures(&[])), None);
    }

    #[test]
    fn in_little_room_what_is_late_the_longest_is_kept_and_the_others_are_counted() {
        let days = ["2026-11-25", "2026-11-01", "2026-10-10", "2026-09-10", "2026-01-01", ""];
        let rows: Vec<_> = days.into_iter().map(|day| (day, 100_000, "EUR", None)).collect();
        let ages = Ages::of(&figures(&rows)).unwrap();
        let text = |room| Some(text_of(&ages.parts(room)?));
        let all = "By age in EUR · not due 1,000.00 · 1-30 d 1,000.00 · 31-60 d 1,000.00 · \
                   61-90 d 1,000.00 · over 90 d 1,000.00 · no date 1,000.00";
        assert_eq!(text(200).as_deref(), Some(all));
        assert_eq!(text(40).as_deref(), Some("over 90 d 1,000.00 · +5 more"));
        for room in 0..200 {
            let shown = text(room);
            assert_eq!(shown.is_some(), room >= 28, "{room}: {shown:?}");
            let fits =
                |shown: String| shown.width() <= room && shown.contains("over 90 d 1,000.00");
            assert!(shown.is_none_or(fits), "{room}");
        }
    }

    #[test]
    fn a_bar_is_as_long_as_it_may_be_and_shows_each_age() {
        let day = ["2026-11-25", "2026-11-01", "2026-01-01"];
        let ages = |sizes: [i64; 3]| {
            let rows: Vec<_> =
                day.into_iter().zip(sizes).map(|(d, it)| (d, it, "EUR", None)).collect();
            Ages::of(&figures(&rows)).unwrap()
        };
        let lengths = |sizes, cells| -> Vec<usize> {
            ages(sizes).bar(cells).into_iter().map(|(_, length)| length).collect()
        };
        assert_eq!(lengths([100, 100, 200], 20), [5, 5, 10]);
        assert_eq!(lengths([1, 1, 1_000_000], 20), [1, 1, 18]);
        assert!(lengths([1, 1, 1], 2).is_empty());
        assert!(lengths([-5, 1, 1], 20).is_empty(), "what is owed the other way has no length");
        for cells in 3..60 {
            assert_eq!(lengths([7, 13, 29], cells).iter().sum::<usize>(), cells);
        }
    }
}
