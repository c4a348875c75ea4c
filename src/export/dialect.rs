//! The dialects of csv: plain for programs, and one for spreadsheets with a decimal comma.

use std::io::{self, Write};

use clap::ValueEnum;
use serde::Deserialize;

use super::guard::{guarded, is_exact, is_misread, is_number};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// For programs: comma, decimal point, UTF-8
    #[default]
    Plain,
    /// For spreadsheets with a decimal comma: semicolon, decimal comma, UTF-8 with a byte order mark, CRLF
    Excel,
}

/// Marks a file as UTF-8 for spreadsheets, which otherwise read it in the encoding of the system.
const BYTE_ORDER_MARK: &str = "\u{feff}";

impl Dialect {
    /// Spreadsheets would round the digits of an account, remove the zeros before it, and make dates of
    /// decimal numbers.
    pub fn text(self, text: &str) -> String {
        match self {
            Self::Excel if is_misread(text) => {
                format!("'{}", guarded(text).trim_start_matches('\''))
            }
            _ if is_number(text) => text.to_owned(),
            _ => guarded(text),
        }
    }

    /// A plain decimal number with a point.
    pub fn number(self, plain: &str) -> String {
        match self {
            Self::Plain => plain.to_owned(),
            // It would be rounded.
            Self::Excel if !is_exact(plain) => format!("'{}", plain.replace('.', ",")),
            Self::Excel => plain.replace('.', ","),
        }
    }

    pub(super) fn writer<W: Write>(self, mut out: W) -> io::Result<csv::Writer<W>> {
        let mut builder = csv::WriterBuilder::new();
        if self == Self::Excel {
            out.write_all(BYTE_ORDER_MARK.as_bytes())?;
            builder.delimiter(b';').terminator(csv::Terminator::CRLF);
        }
        Ok(builder.from_writer(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_that_a_spreadsheet_would_change_are_texts_in_its_dialect() {
        for text in [
            "123456789012",
            "0034",
            "00",
            "049000000000001234567",
            "12E5",
            "1e3",
            "12.5",
            "1.234",
            "12E-5",
            "1.5E3",
            "12E+5",
            "00.5",
            "2026-01",
            "1/2",
            "10:30",
            "1E",
        ] {
            assert_eq!(Dialect::Excel.text(text), format!("'{text}"));
            assert_eq!(Dialect::Plain.text(text), text);
        }
        for text in ["-5", "-0034", "-123456789012345678", "-12,5", "+34600"] {
            assert_eq!(Dialect::Excel.text(text), format!("'{text}"));
        }
        for text in ["", "0", "12345678901", "ES91", "BK123456", "E5", "INV-2026-01", "1 kg"] {
            assert_eq!(Dialect::Excel.text(text), text);
        }
        assert_eq!(Dialect::Excel.number("123456789012345.67"), "'123456789012345,67");
        assert_eq!(Dialect::Excel.number("1234567890123.67"), "1234567890123,67");
        for dialect in [Dialect::Plain, Dialect::Excel] {
            assert_eq!(dialect.text("=1+1"), "'=1+1");
        }
    }

    #[test]
    fn a_file_for_spreadsheets_says_that_it_is_utf_8() {
        let mut out = Vec::new();
        let mut writer = Dialect::Excel.writer(&mut out).unwrap();
        writer.write_record(["Müller", "1,5", "a;b"]).unwrap();
        drop(writer);
        assert_eq!(String::from_utf8(out).unwrap(), "\u{feff}Müller;1,5;\"a;b\"\r\n");
    }
}
