//! Rows as a table for a mail or a ticket: HTML or Markdown, with the columns of the screen.

use std::io::{self, Write};

use super::values::shown;
use super::{Ending, Layout};
use crate::export::{Format, Side, html, markdown};
use crate::figures::summary::{summary, text_of};
use crate::list::record::Record;

pub(super) struct Page<W> {
    out: W,
    sides: Vec<Side>,
}

impl<W: Write> Page<W> {
    pub(super) fn start(layout: &Layout, mut out: W) -> io::Result<Self> {
        let described = || layout.columns.iter().map(|at| layout.spec.described(*at));
        let titles = described().map(|it| it.map_or("", |column| column.label).to_owned());
        let titles: Vec<String> = titles.collect();
        let is_right = described().map(|it| it.is_some_and(|it| it.kind.is_right_aligned()));
        let sides = is_right.map(|is_right| if is_right { Side::Right } else { Side::Left });
        let sides: Vec<Side> = sides.collect();
        if layout.format == Format::Html {
            out.write_all(html::start(layout.spec.title, &layout.about).as_bytes())?;
            out.write_all(html::table_start(&titles, &sides).as_bytes())?;
        } else {
            out.write_all(markdown::head(&titles, &sides).as_bytes())?;
        }
        Ok(Self { out, sides })
    }

    pub(super) fn write(&mut self, row: &Record, layout: &Layout) -> io::Result<()> {
        let mut cells = shown(row, layout);
        cells.resize(self.sides.len(), String::new());
        let line = match layout.format {
            Format::Html => html::row(&cells, &self.sides),
            _ => markdown::row(&cells),
        };
        self.out.write_all(line.as_bytes())
    }

    pub(super) fn finish(&mut self, layout: &Layout, ending: &Ending<'_>) -> io::Result<()> {
        let figures = text_of(&summary(layout.spec, ending.figures, ending.scope, usize::MAX));
        let lines = [figures, ending.part.to_owned()];
        if layout.format == Format::Html {
            self.out.write_all(html::TABLE_END.as_bytes())?;
            return self.out.write_all(html::end(&lines).as_bytes());
        }
        let [figures, part] = lines;
        let lines = markdown::lines(&[layout.about.clone(), figures, part]);
        self.out.write_all(lines.as_bytes())
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
