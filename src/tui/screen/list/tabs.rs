//! The line of tabs: what stands on it, and where, for the screen and for the mouse.

use unicode_width::UnicodeWidthStr;

use crate::domain::money::format_count;
use crate::tui::cx::Cx;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tabs {
    pub labels: Vec<String>,
    /// What stands between two of them.
    pub gap: &'static str,
}

/// Whose counts are on the tabs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    All,
    Here,
    None,
}

impl Tabs {
    /// The fullest form that fits so many cells.
    pub fn of(cx: &Cx, width: u16) -> Self {
        use Counts::{All, Here, None as Without};
        let forms = [(true, All, " │ "), (true, All, "│"), (true, Here, "│"), (true, Without, "│")];
        let made = |(has_titles, counts, gap)| Self { labels: labels(cx, has_titles, counts), gap };
        let fitting = forms.into_iter().map(made).find(|tabs| tabs.width() <= usize::from(width));
        fitting.unwrap_or_else(|| made((false, Without, "│")))
    }

    fn width(&self) -> usize {
        let gaps = self.gap.width() * self.labels.len().saturating_sub(1);
        1 + gaps + self.labels.iter().map(|label| label.width()).sum::<usize>()
    }

    /// The list whose tab is at this cell.
    pub fn at(&self, x: u16) -> Option<usize> {
        let mut from = 1;
        for (index, label) in self.labels.iter().enumerate() {
            let until = from + label.width();
            if (from..until).contains(&usize::from(x)) {
                return Some(index);
            }
            from = until + self.gap.width();
        }
        None
    }
}

/// Without titles only the list that is shown has its name.
fn labels(cx: &Cx, has_titles: bool, counts: Counts) -> Vec<String> {
    let label = |(index, list): (usize, &crate::tui::screen::list::state::List)| {
        let is_here = index == cx.tab;
        let mut text = format!("{}{}", if is_here { "▸" } else { "" }, index + 1);
        if has_titles || is_here {
            text = format!("{text} {}", list.spec().title);
        }
        let is_counted = counts == Counts::All || counts == Counts::Here && is_here;
        if let Some(total) = list.total.filter(|_| is_counted) {
            text = format!("{text} {}", format_count(total));
        }
        let news = cx.since.count(list.spec().key) as u64;
        if news > 0 && is_counted {
            text = format!("{text} +{}", format_count(news));
        }
        if !list.settings().is_empty() {
            text.push('*');
        }
        if list.failure.is_some() {
            text.push('!');
        }
        text
    };
    cx.lists.iter().enumerate().map(label).collect()
}
