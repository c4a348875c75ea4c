//! A clean clone: how long it takes to the first frame, and then to the end of the tests; the size
//! of what is handed out.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::terminal::Terminal;
use crate::{Add, in_ms};

/// Without downloads: `cargo fetch` is done before.
pub(crate) fn measure(add: Add<'_>) {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path();
    let in_seconds = |time: Duration| format!("{} s", time.as_secs());
    let built = cargo(target, &["build", "--release"]);
    let first =
        Terminal::spawn(&target.join("release/valora"), &["demo"], &[]).time_to(b"row 1 of");
    let shown = format!("{} and {}", in_seconds(built), in_ms(first));
    add("clean clone, downloads aside: to the rows of `demo`", "130 s", shown);
    add("`cargo test --locked` after that", "120 s", in_seconds(cargo(target, &["test"])));
    cargo(target, &["build", "--profile", "dist"]);
    let size = |folder| std::fs::metadata(target.join(folder).join("valora")).unwrap().len();
    let megabytes = |bytes: u64| format!("{}.{:02} MB", bytes / 1_000_000, bytes / 10_000 % 100);
    let sizes = [size("dist"), size("release")].map(megabytes).join(" · ");
    add("binary: `--profile dist` · `--release`", "7 MB · -", sizes);
}

fn cargo(target: &Path, arguments: &[&str]) -> Duration {
    let began = Instant::now();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(arguments).arg("--locked").current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.env("CARGO_TARGET_DIR", target).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(cargo.status().unwrap().success(), "cargo {arguments:?}");
    began.elapsed()
}
