//! The text literals of a source file, and its code without them.

use super::without_tests;

pub(crate) struct Texts {
    /// With the number of its first line; lines that end with a backslash are joined.
    pub(crate) literals: Vec<(usize, String)>,
    pub(crate) code: String,
}

impl Texts {
    /// Reads a file without its comments and the tests at its end.
    pub(crate) fn of(text: &str) -> Self {
        let mut texts = Self { literals: Vec::new(), code: String::new() };
        let mut rest = without_tests(text);
        let mut line = 1;
        while let Some(c) = rest.chars().next() {
            let length = texts.read(rest, line).max(c.len_utf8());
            line += rest[..length].matches('\n').count();
            rest = &rest[length..];
        }
        texts
    }

    /// Reads the literal, comment or character at the start of `rest`; returns its length in bytes.
    fn read(&mut self, rest: &str, line: usize) -> usize {
        let raw = rest.strip_prefix('r').map(|it| (it.trim_start_matches('#'), it));
        if rest.starts_with("//") {
            return rest.find('\n').unwrap_or(rest.len());
        }
        if let Some((quoted, marks)) = raw.filter(|(it, _)| it.starts_with('"')) {
            let marks = marks.len() - quoted.len();
            let end = format!("\"{}", "#".repeat(marks));
            let length = quoted[1..].find(&end).unwrap();
            self.literals.push((line, quoted[1..=length].to_owned()));
            return 1 + marks + 1 + length + end.len();
        }
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut is_escaped = false;
            let end = quoted.find(|c| {
                let is_end = c == '"' && !is_escaped;
                is_escaped = c == '\\' && !is_escaped;
                is_end
            });
            let end = end.unwrap();
            let mut lines = quoted[..end].split("\\\n");
            let first = lines.next().unwrap().to_owned();
            let whole = lines.fold(first, |whole, next| whole + next.trim_start());
            self.literals.push((line, whole.replace("\\n", " ")));
            return end + 2;
        }
        // A character literal is not a text, and a lifetime is not a character literal.
        let quoted = rest.strip_prefix('\'').and_then(|it| {
            let at = if it.starts_with('\\') { 2 } else { it.chars().next()?.len_utf8() };
            it.get(at..)?
                .find('\'')
                .filter(|more| *more == 0 || it.starts_with('\\'))
                .map(|more| at + more)
        });
        if let Some(length) = quoted {
            return length + 2;
        }
        let c = rest.chars().next().unwrap();
        self.code.push(c);
        c.len_utf8()
    }
}

#[test]
fn texts_are_separated_from_code_comments_and_characters() {
    let text = "let a = 'b'; // \"no\"\nf::<'a>(\"one \\\n     two\", '\"', r#\"th\"ree\"#, '\\'', \"\\\"\");";
    let texts = Texts::of(text);
    let literals = [(2, "one two"), (3, "th\"ree"), (3, "\\\"")];
    assert_eq!(texts.literals, literals.map(|(line, text)| (line, text.to_owned())));
    assert_eq!(texts.code, "let a = ; \nf::<'a>(, , , , );");
}
