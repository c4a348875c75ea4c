//! The manual: one Markdown file for each topic in `assets/manual`, parsed and wrapped for a screen.

pub mod block;
pub mod page;

#[derive(Debug, PartialEq, Eq)]
pub struct Topic {
    pub name: &'static str,
    pub about: &'static str,
    pub text: &'static str,
}

macro_rules! topics {
    ($($name:literal: $about:literal),* $(,)?) => {
        &[$(Topic {
            name: $name,
            about: $about,
            text: include_str!(concat!("../assets/manual/", $name, ".md")),
        }),*]
    };
}

pub static TOPICS: &[Topic] = topics! {
    "login": "tokens, profiles, and what to do if valora cannot connect",
    "screen": "the dashboard: lists, totals, details, charts, colors, mouse",
    "keys": "all keys, and how to change them",
    "filters": "filter, search, sort, choose columns, save views",
    "booking": "check whether the rows of a booking match the server's totals",
    "triage": "work through the open penalties and save your decisions",
    "changes": "see what is new, changed or gone since an earlier day",
    "customers": "all customers at once: who needs you first",
    "export": "write rows, a booking or a worklist to a file",
    "commands": "use valora in scripts: lists, formats, completion, man pages",
    "exit-codes": "the exit codes of all commands",
    "settings": "the settings file, and how to map the server's fields",
    "payments": "what the tenant paid: the Payments APIs",
    "writes": "write to the Payments API: block, cancel, match, the audit log",
    "sandbox": "the server with made-up data: faults, shapes, scripts",
    "problems": "limits, offline, proxies, slow servers, the log",
    "safety": "what valora sends, stores and opens",
    "speed": "how fast valora is: measurements",
};

impl Topic {
    pub fn named(name: &str) -> Option<&'static Self> {
        TOPICS.iter().find(|topic| topic.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use block::Block;

    #[test]
    fn each_topic_begins_with_its_title_and_each_file_is_a_topic() {
        for topic in TOPICS {
            let blocks = block::read(topic.text);
            assert!(matches!(blocks.first(), Some(Block::Title(_))), "{}", topic.name);
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/manual");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), TOPICS.len());
    }
}
