//! All customers at once, each with a server of its own that answers after 100 ms.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use valora::clock::Clock;
use valora::sandbox::{Options, Sandbox};

use crate::terminal::Terminal;
use crate::{Add, in_ms};

const LATENCY: Duration = Duration::from_millis(100);

pub(crate) fn measure(add: Add<'_>) {
    let mut figures = Vec::new();
    let (mut peaks, mut idle) = (Vec::new(), Vec::new());
    for customers in [30, 100] {
        let home = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let servers = runtime.block_on(servers(customers));
        write_profiles(home.path(), &servers);
        let below = |name| home.path().join(name).to_string_lossy().into_owned();
        let (config, state) = (below("c"), below("s"));
        let folders = [("XDG_CONFIG_HOME", config.as_str()), ("XDG_STATE_HOME", state.as_str())];
        let mut terminal = Terminal::run(&[], &folders);
        let is_first = |shown: &str| shown.contains(" ready");
        let are_all = |shown: &str| is_first(shown) && !shown.contains("loading:");
        let times = terminal.wait_until(&[&is_first, &are_all]);
        let times: Vec<String> = times.into_iter().map(in_ms).collect();
        figures.push(times.join(" · "));
        peaks.push(format!("{} MB", terminal.peak_kilobytes() / 1_000));
        let requests: Vec<usize> = servers.iter().map(|server| server.requests().len()).collect();
        assert!(requests.iter().all(|sent| *sent == 3), "{requests:?}");
        terminal.rest();
        let sleeps = terminal.sleeps();
        std::thread::sleep(Duration::from_secs(10));
        idle.push(format!("{}, {}", terminal.sleeps_since(&sleeps), terminal.rest()));
        runtime.shutdown_background();
    }
    let what = "customers 100 ms away: first row · all of 30, then of 100";
    add(what, "150 ms · 2 s", figures.join("; "));
    add("30 · 100 customers: idle for 10 s", "0 wake-ups, 0 bytes", idle.join(" · "));
    add("peak memory: 30 · 100 customers", "30 MB", peaks.join(" · "));
}

async fn servers(customers: u64) -> Vec<Sandbox> {
    let mut servers = Vec::new();
    for seed in 1..=customers {
        let today = Clock::start().today();
        let options = Options { seed, latency: LATENCY, ..Options::for_day(today) };
        servers.push(Sandbox::start(options).await.unwrap());
    }
    servers
}

fn write_profiles(home: &Path, servers: &[Sandbox]) {
    let tokens = home.join("s/valora/credentials");
    let settings = home.join("c/valora");
    for folder in [&tokens, &settings] {
        fs::create_dir_all(folder).unwrap();
        fs::set_permissions(folder, Permissions::from_mode(0o700)).unwrap();
    }
    for (number, server) in servers.iter().enumerate() {
        write(&tokens.join(format!("customer-{number}.token")), server.token());
    }
    let table = |(number, server): (usize, &Sandbox)| {
        format!("[profile.customer-{number}]\nbase_url = \"{}\"\n", server.base_url())
    };
    let tables: String = servers.iter().enumerate().map(table).collect();
    write(&settings.join("config.toml"), &tables);
}

/// Only the user can read it.
fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}
