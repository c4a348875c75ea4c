//! Cuts texts to a number of cells, with an ellipsis.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

pub fn truncate(text: Cow<'_, str>, cells: u16) -> Cow<'_, str> {
    let cells = usize::from(cells);
    if text.width() <= cells {
        return text;
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let width = grapheme.width();
        if used + width + 1 > cells {
            break;
        }
        used += width;
        out.push_str(grapheme);
    }
    if cells > 0 {
        out.push('…');
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_letters_and_marks_are_not_split() {
        let table = [
            ("John Smith", 10, "John Smith"),
            ("John Smith", 6, "John …"),
            ("李小龍", 5, "李小…"),
            ("李小龍", 4, "李…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
        ];
        for (text, cells, shown) in table {
            assert_eq!(truncate(Cow::Borrowed(text), cells), shown, "{text} in {cells}");
        }
    }
}
