//! Many customers at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::clock::Clock;
use crate::config::profile::Settings;
use crate::config::secret::{Credentials, SecretText};
use crate::customers::state::{CustomerRow, RowState, Trouble};
use crate::customers::summary::Summary;
use crate::domain::customer::CustomerKey;
use crate::hub::jobs::{Connector, Desk};
use crate::hub::{Hub, HubCommand, HubEvent, JobId, News, Unlock};
use crate::state::{StateFile, Store};

/// A user with profiles, each with a saved token.
pub(super) struct Home(TempDir, pub(super) Vec<String>);

impl Home {
    pub(super) fn new(profiles: usize) -> Self {
        let home = Self(tempfile::tempdir().unwrap(), Vec::new());
        let names: Vec<String> = (0..profiles).map(|number| format!("customer-{number}")).collect();
        let table =
            |name: &String| format!("[profile.{name}]\nbase_url = \"http://127.0.0.1:9/c\"\n");
        home.write(&names.iter().map(table).collect::<String>());
        let credentials = Credentials::of(&home.store());
        for name in &names {
            credentials.keep(name, &SecretText::new(&format!("sd_{name}"))).unwrap();
        }
        Self(home.0, names)
    }

    pub(super) fn store(&self) -> Store {
        Store::below(&self.0.path().join("c"), &self.0.path().join("s"))
    }

    pub(super) fn write(&self, settings: &str) {
        let path = self.store().config_file();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        crate::state::replace(&path, settings).unwrap();
    }

    pub(super) fn hub(&self, connect: Connector) -> Hub {
        let store = self.store();
        let settings = Settings::read(Some(&store)).unwrap();
        Hub::with(Desk::new(settings, Some(store), connect, Clock::start()))
    }

    fn load_all(&self, hub: &mut Hub) {
        for (job, profile) in self.1.iter().enumerate() {
            load(hub, job as u64, profile, Unlock::NotAsked);
        }
    }

    /// All files with their contents.
    pub(super) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        fn walk(folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    found.insert(path.display().to_string(), fs::read(&path).unwrap());
                }
            }
        }
        let mut found = BTreeMap::new();
        walk(self.0.path(), &mut found);
        found
    }
}

fn load(hub: &mut Hub, job: u64, profile: &str, unlock: Unlock) {
    hub.run(HubCommand::Load { job: JobId(job), profile: profile.to_owned(), unlock });
}

/// Connects each customer to its own server.
pub(super) fn connector(server: impl Fn(&str) -> Server + Send + Sync + 'static) -> Connector {
    Arc::new(move |customer: CustomerKey, _, _| {
        let router = server(&customer.profile().unwrap()).router();
        Box::pin(async move { Some(router) })
    })
}

/// The last event of each of so many jobs.
async fn ends(hub: &mut Hub, jobs: usize) -> Vec<HubEvent> {
    let mut ends = Vec::new();
    while ends.len() < jobs {
        let event = hub.next().await.unwrap();
        if event.news.is_last() {
            ends.push(event);
        }
    }
    ends
}

async fn end(hub: &mut Hub) -> News {
    ends(hub, 1).await.remove(0).news
}

pub(super) fn number(profile: &str) -> u32 {
    profile.trim_start_matches("customer-").parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn thirty_customers_load_four_at_a_time_and_each_under_its_own_name() {
    let home = Home::new(30);
    // Each list of a customer has as many rows as its number, so that each summary differs.
    let all = Server::new(100, |_, _| panic!("not asked"));
    let shared = all.clone();
    let mut hub = home.hub(connector(move |profile| {
        let rows = number(profile);
        let lasts = u64::from(100 + rows % 7 * 30);
        Server {
            lasts,
            ..Server { reply: Arc::new(move |_, query| page(query, rows)), ..shared.clone() }
        }
    }));
    home.load_all(&mut hub);
    let mut profiles = BTreeSet::new();
    for event in ends(&mut hub, 30).await {
        let News::Summary(summary) = event.news else { panic!("{event:?}") };
        let rows = usize::try_from(number(&event.profile)).unwrap();
        assert_eq!(summary.customer, CustomerKey::of_profile(&event.profile));
        assert_eq!(event.job, JobId(rows as u64));
        assert_eq!(summary.debt.as_ref().unwrap().open.count, rows);
        assert_eq!(summary.penalties.as_ref().unwrap().to_decide.count, rows);
        profiles.insert(event.profile);
    }
    assert_eq!(profiles.len(), 30);
    assert_eq!((all.sent(), all.most.load(Ordering::SeqCst)), (90, 12), "three for each of four");
}

#[tokio::test(start_paused = true)]
async fn one_that_is_slow_or_at_its_limit_holds_up_no_other_for_long() {
    let home = Home::new(8);
    let mut hub = home.hub(connector(|profile| match number(profile) {
        0..3 => Server::new(3_600_000, |_, query| page(query, 1)),
        3 => Server::new(10, |request, _| limited(request, 900)),
        _ => Server::new(10, |_, query| page(query, 1)),
    }));
    home.load_all(&mut hub);
    let began = tokio::time::Instant::now();
    let order = ends(&mut hub, 8).await;
    let order: Vec<(u32, bool)> =
        order.iter().map(|it| (number(&it.profile), matches!(it.news, News::Summary(_)))).collect();
    assert_eq!(order[..5], [(3, false), (4, true), (5, true), (6, true), (7, true)]);
    assert!(began.elapsed() < Duration::from_secs(16), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_job_sends_and_reports_nothing_more() {
    let home = Home::new(2);
    let server = Server::new(1_000, |_, query| page(query, 3_000));
    let own = server.clone();
    let mut hub = home.hub(connector(move |_| own.clone()));
    for command in [HubCommand::Cancel(JobId(7)), HubCommand::Release("customer-0".to_owned())] {
        let before = server.sent();
        load(&mut hub, 7, "customer-0", Unlock::NotAsked);
        let connected = hub.next().await.unwrap();
        assert!(matches!(connected.news, News::Connected { .. }));
        tokio::time::sleep(Duration::from_millis(500)).await;
        hub.run(command);
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(server.sent() - before, 3);
        assert!(hub.try_next().is_none());
    }
    load(&mut hub, 8, "customer-1", Unlock::NotAsked);
    assert!(matches!(end(&mut hub).await, News::Summary(_)), "its lane is free");
}

#[tokio::test]
async fn an_overview_writes_no_file_and_leaves_what_it_cannot_read() {
    let home = Home::new(1);
    let mut hub = home.hub(connector(|_| Server::new(0, |_, query| page(query, 2))));
    let customer = CustomerKey::of_profile("customer-0");
    let before = home.files();
    load(&mut hub, 0, "customer-0", Unlock::NotAsked);
    let News::Summary(summary) = end(&mut hub).await else { panic!("no summary") };
    assert_eq!((summary.changed, summary.coverage.len()), (None, 3));
    assert_eq!(home.files(), before);

    let files = [StateFile::Triage(&customer), StateFile::Journal(&customer)];
    for file in files {
        home.store().change(file, |_| Ok("{broken".to_owned())).unwrap();
    }
    let before = home.files();
    load(&mut hub, 1, "customer-0", Unlock::NotAsked);
    let News::Summary(summary) = end(&mut hub).await else { panic!("no summary") };
    let Summary { debt, penalties, payouts, coverage, .. } = *summary;
    assert!(debt.is_ok() && payouts.is_ok());
    let why = penalties.unwrap_err().to_string();
    assert!(why.contains("the decisions file cannot be read"), "{why}");
    assert!(coverage[0].contains("Changes are unknown"), "{coverage:?}");
    assert_eq!(home.files(), before);
}

#[tokio::test]
async fn a_program_that_may_prompt_runs_only_when_the_user_asks_and_only_once() {
    let home = Home::new(0);
    let mark = home.0.path().join("ran");
    let script = format!("echo x >> {}; echo sd_secret", mark.display());
    home.write(&format!(
        "[profile.asks]\ntoken_command_asks = true\ntoken_command = [\"sh\", \"-c\", \"{script}\"]\n\
         [profile.quiet]\ntoken_command = [\"sh\", \"-c\", \"echo sd_quiet\"]\n"
    ));
    let mut hub = home.hub(connector(|_| Server::new(0, |_, query| page(query, 2))));
    load(&mut hub, 0, "asks", Unlock::NotAsked);
    let locked = Trouble::Locked("sh".to_owned());
    assert!(matches!(end(&mut hub).await, News::Trouble(trouble) if trouble == locked));
    assert!(!mark.exists());
    for (job, unlock) in [(1, Unlock::ByUser), (2, Unlock::NotAsked), (3, Unlock::NotAsked)] {
        load(&mut hub, job, "asks", unlock);
        assert!(matches!(end(&mut hub).await, News::Summary(_)), "{job}");
    }
    assert_eq!(fs::read_to_string(&mark).unwrap(), "x\n");
    load(&mut hub, 4, "quiet", Unlock::NotAsked);
    assert!(matches!(end(&mut hub).await, News::Summary(_)));
}

#[tokio::test]
async fn a_profile_without_a_usable_token_is_trouble_in_one_line_without_the_token() {
    let home = Home::new(2);
    let credentials = Credentials::of(&home.store());
    credentials.forget("customer-0").unwrap();
    credentials.keep("customer-1", &SecretText::new("canary of two words")).unwrap();
    let mut hub = home.hub(connector(|_| Server::new(0, |_, query| page(query, 2))));
    load(&mut hub, 0, "customer-0", Unlock::NotAsked);
    assert!(matches!(end(&mut hub).await, News::Trouble(Trouble::NoToken)));
    load(&mut hub, 1, "customer-1", Unlock::NotAsked);
    let News::Trouble(Trouble::Settings(why)) = end(&mut hub).await else { panic!("accepted") };
    assert!(!why.contains('\n') && !why.contains("canary"), "{why}");
    load(&mut hub, 2, "nobody", Unlock::NotAsked);
    let News::Trouble(Trouble::Settings(why)) = end(&mut hub).await else { panic!("known") };
    assert!(why.contains("there is no profile nobody"), "{why}");
}

#[tokio::test]
async fn a_fault_of_valora_is_trouble_of_one_customer() {
    let home = Home::new(2);
    let mut hub = home.hub(connector(|profile| {
        assert_ne!(profile, "customer-0", "a fault");
        Server::new(0, |_, query| page(query, 2))
    }));
    home.load_all(&mut hub);
    let ends = ends(&mut hub, 2).await;
    let of = |name: &str| &ends.iter().find(|it| it.profile == name).unwrap().news;
    assert!(matches!(of("customer-0"), News::Trouble(Trouble::Failed(_))));
    assert!(matches!(of("customer-1"), News::Summary(_)));
}

#[tokio::test]
async fn news_are_accepted_only_for_their_own_customer_and_figures_stay() {
    let home = Home::new(1);
    let mut hub = home.hub(connector(|_| Server::new(0, |_, query| page(query, 2))));
    load(&mut hub, 0, "customer-0", Unlock::NotAsked);
    let News::Summary(summary) = end(&mut hub).await else { panic!("no summary") };
    let new = |profile: &str| CustomerRow {
        profile: profile.to_owned(),
        environment: String::new(),
        is_production: false,
        state: RowState::Loading,
    };
    let event = |profile: &str, news| HubEvent { job: JobId(0), profile: profile.to_owned(), news };
    let mut other = new("customer-1");
    event("customer-0", News::Summary(summary.clone())).apply(&mut other);
    assert_eq!(other.state, RowState::Loading);
    event("customer-1", News::Summary(summary.clone())).apply(&mut other);
    assert!(matches!(other.state, RowState::Failed(Trouble::Failed(_))), "{other:?}");
    let mut own = new("customer-0");
    event("customer-0", News::Trouble(Trouble::Slow)).apply(&mut own);
    assert_eq!(own.state, RowState::Failed(Trouble::Slow));
    let connected = News::Connected { environment: "sandbox".to_owned(), is_production: false };
    event("customer-0", connected).apply(&mut own);
    event("customer-0", News::Summary(summary.clone())).apply(&mut own);
    assert_eq!(
        (own.environment.as_str(), &own.state),
        ("sandbox", &RowState::Ready(summary.clone()))
    );
    for _ in 0..2 {
        event("customer-0", News::Trouble(Trouble::Slow)).apply(&mut own);
        assert_eq!(own.state, RowState::Stale(summary.clone(), Trouble::Slow));
    }
}
