//! The tabs: key, name and main count of each list. In a narrow terminal, counts are dropped first,
//! from the right, then names.

use ratatui::Frame;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::domain::money::format_count;
use crate::tui::cx::Cx;
use crate::tui::screen::list::state::List;
use crate::tui::theme::Theme;

/// How much of each tab is shown.
#[derive(Debug, Clone, Copy)]
struct Form {
    has_names: bool,
    /// How many tabs from the left have counts, besides the active one; `None` for no counts at
    /// all.
    counted: Option<usize>,
    has_news: bool,
    /// With only one blank between two tabs.
    is_tight: bool,
}

impl Form {
    const NUMBERS: Self = Self { has_names: false, counted: None, has_news: false, is_tight: true };

    /// From the fullest form: counts are dropped first, from the right, then news, then blanks.
    fn all(tabs: usize) -> impl Iterator<Item = Self> {
        let full = Self { has_names: true, has_news: true, is_tight: false, ..Self::NUMBERS };
        let counted = (0..=tabs).rev().map(move |counted| Self { counted: Some(counted), ..full });
        counted.chain([full, Self { has_news: false, ..full }]).chain([
            Self { is_tight: true, ..full },
            Self { has_news: false, is_tight: true, ..full },
        ])
    }
}

/// The tab of one list. The active one is a field with a blank on each side; the others reserve
/// that space, so that tabs do not move.
struct Tab {
    number: String,
    name: String,
    count: String,
    news: String,
    signs: String,
    is_current: bool,
    is_tight: bool,
}

pub struct Tabs(Vec<Tab>);

impl Tabs {
    /// The fullest form that fits `width` cells.
    pub fn of(cx: &Cx, width: u16) -> Self {
        let forms = Form::all(cx.lists.len());
        let made = |form: Form| {
            Self(cx.lists.iter().enumerate().map(|(at, list)| tab(cx, list, at, form)).collect())
        };
        let fitting = forms.map(made).find(|tabs| tabs.width() <= usize::from(width));
        fitting.unwrap_or_else(|| made(Form::NUMBERS))
    }

    fn width(&self) -> usize {
        self.0.iter().map(Tab::width).sum()
    }

    pub fn at(&self, x: u16) -> Option<usize> {
        let mut from = 0;
        for (index, tab) in self.0.iter().enumerate() {
            let until = from + tab.width();
            if (from..until).contains(&usize::from(x)) {
                return Some(index);
            }
            from = until;
        }
        None
    }
}

impl Tab {
    fn parts(&self) -> [&str; 5] {
        [&self.number, &self.name, &self.count, &self.news, &self.signs]
    }

    fn width(&self) -> usize {
        let texts = self.parts().map(|part| part.width() + usize::from(!part.is_empty()));
        usize::from(!self.is_tight) + texts.iter().sum::<usize>()
    }

    fn spans(&self, theme: &Theme) -> Vec<Span<'static>> {
        let styles = [theme.key, theme.plain, theme.dim, theme.warning, theme.failure];
        let mut spans = vec![Span::raw(if self.is_current { "▸" } else { " " })];
        for (text, style) in self.parts().into_iter().zip(styles).filter(|(it, _)| !it.is_empty()) {
            spans.push(Span::styled(text.to_owned(), style));
            spans.push(Span::raw(" "));
        }
        if self.is_tight {
            spans.pop();
        }
        if self.is_current {
            for span in &mut spans {
                span.style = theme.tab;
            }
        }
        spans
    }
}

/// Without names, only the current list has its name.
fn tab(cx: &Cx, list: &List, at: usize, form: Form) -> Tab {
    let is_current = at == cx.tab;
    let is_counted = form.counted.is_some_and(|counted| at < counted || is_current);
    let news = cx.since.count(list.spec().key) as u64;
    let signs = [(list.has_chips(), '*'), (list.failure.is_some(), '!')];
    Tab {
        number: (at + 1).to_string(),
        name: if form.has_names || is_current { list.spec().title } else { "" }.to_owned(),
        count: if is_counted { count(list) } else { String::new() },
        news: if form.has_news && news > 0 {
            format!("+{}", format_count(news))
        } else {
            String::new()
        },
        signs: signs.iter().filter(|(is_so, _)| *is_so).map(|(_, sign)| *sign).collect(),
        is_current,
        is_tight: form.is_tight,
    }
}

/// The number of open rows if all rows are loaded and rows can be closed, else of all rows.
fn count(list: &List) -> String {
    let open = list.table.all_figures().open.count as u64;
    let is_all = list.fetched.is_some() && list.scope().part.is_none();
    match list.total {
        _ if is_all && list.spec().has_closed_rows() => format!("{} open", format_count(open)),
        Some(total) => format_count(total),
        None => String::new(),
    }
}

pub fn draw(cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.tabs;
    let mut spans = Vec::new();
    for tab in &Tabs::of(cx, area.width).0 {
        spans.extend(tab.spans(theme));
    }
    frame.render_widget(Paragraph::new(Line::from(spans)), area);
}
