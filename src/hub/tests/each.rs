//! The same work for many customers, and the search for a booking in all of them.

use std::sync::OnceLock;

use super::customers::{Home, connector, number};
use super::*;
use crate::conciliation::Conciliation;
use crate::customers::state::Trouble;
use crate::domain::customer::CustomerKey;
use crate::hub::jobs::Access;
use crate::hub::{Hub, HubCommand, JobId, News};

/// A server with this booking, which answers nothing else.
fn with_booking(lasts: u64, known: &'static str) -> Server {
    Server::new(lasts, move |request, _| match request {
        Request::Booking(asked) if asked == known => {
            let body = format!(r#"{{"reference":"{known}","totals":{{}},"transactions":[]}}"#);
            Ok(Response::Booking(Box::new(Conciliation::read(known, &body).unwrap())))
        }
        _ => unknown(request),
    })
}

fn unknown(request: &Request) -> Outcome {
    let refusal = Refusal { status: 404, no_such_booking: true, ..Refusal::default() };
    Err(ApiError::new(request, Cause::Refused(refusal)))
}

async fn find(
    hub: &mut Hub,
    home: &Home,
    references: &[&str],
) -> Result<(String, CustomerKey, String), Vec<(String, Trouble)>> {
    let references = references.iter().map(|it| (*it).to_owned()).collect();
    let found = hub.find_booking(&home.1, references, |_| ()).await?;
    Ok((found.profile, found.customer.session.customer, found.reference))
}

#[tokio::test(start_paused = true)]
async fn work_is_done_for_four_at_once_and_reported_in_the_order_of_the_profiles() {
    let home = Home::new(30);
    let mut hub = home.hub(connector(|_| Server::new(0, |_, query| page(query, 1))));
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (now, peak) = (Arc::clone(&running), Arc::clone(&most));
    let all = hub.each(&home.1, move |customer, _router| {
        let (now, peak) = (Arc::clone(&now), Arc::clone(&peak));
        async move {
            let profile = customer.session.customer.profile().unwrap();
            peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(u64::from(40 - number(&profile)))).await;
            now.fetch_sub(1, Ordering::SeqCst);
            assert_ne!(profile, "customer-7", "a fault");
            profile
        }
    });
    let all = all.all().await;
    assert_eq!((all.len(), most.load(Ordering::SeqCst)), (30, 4));
    for (name, done) in home.1.iter().zip(all) {
        match done {
            Ok(profile) => assert_eq!(profile, *name),
            Err(trouble) => {
                assert!(name == "customer-7" && matches!(trouble, Trouble::Failed(_)), "{name}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_more_is_sent_once_the_work_is_dropped() {
    let home = Home::new(9);
    let server = Server::new(1_000, |request, _| unknown(request));
    let own = server.clone();
    let mut hub = home.hub(connector(move |_| own.clone()));
    let search = tokio::time::timeout(
        Duration::from_millis(1_500),
        find(&mut hub, &home, &["BK1", "BK2", "BK3"]),
    );
    assert!(search.await.is_err());
    let sent = server.sent();
    assert!(sent <= 8, "{sent}");
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(server.sent(), sent);
}

#[tokio::test(start_paused = true)]
async fn the_first_customer_that_has_a_booking_ends_the_search() {
    let home = Home::new(12);
    let last = with_booking(10, "BK7");
    let all = last.clone();
    // Two have it, and one of them never answers.
    let mut hub = home.hub(connector(move |profile| match number(profile) {
        1 => with_booking(3_600_000, "BK7"),
        5 => with_booking(10, "BK7"),
        2 => Server::new(10, |request, _| refused(request, 401)),
        _ => Server { reply: Arc::new(|request, _| unknown(request)), ..all.clone() },
    }));
    let began = tokio::time::Instant::now();
    let found = find(&mut hub, &home, &["BK7"]).await.unwrap();
    let owner = CustomerKey::of_profile("customer-5");
    assert_eq!(found, ("customer-5".to_owned(), owner, "BK7".to_owned()));
    assert!(began.elapsed() < Duration::from_secs(1) && last.sent() <= 9);
}

#[tokio::test(start_paused = true)]
async fn each_reference_that_may_be_meant_is_asked_for_until_one_is_known() {
    let home = Home::new(2);
    let mut hub = home.hub(connector(|profile| match number(profile) {
        0 => with_booking(10, "12345"),
        _ => with_booking(10, "BK99"),
    }));
    let (profile, _, reference) = find(&mut hub, &home, &["BK12345", "12345"]).await.unwrap();
    assert_eq!((profile.as_str(), reference.as_str()), ("customer-0", "12345"));
}

#[tokio::test(start_paused = true)]
async fn who_could_not_be_asked_is_named_and_is_not_taken_for_a_customer_without_the_booking() {
    let home = Home::new(5);
    let mut hub = home.hub(connector(|profile| match number(profile) {
        1 => Server::new(10, |request, _| refused(request, 403)),
        // Not found at this base URL.
        2 => Server::new(10, |request, _| refused(request, 404)),
        3 => Server::new(500, |request, _| refused(request, 500)),
        _ => with_booking(10, "BK7"),
    }));
    let troubles = find(&mut hub, &home, &["BK8"]).await.unwrap_err();
    let words: Vec<(&str, &str)> =
        troubles.iter().map(|(profile, trouble)| (profile.as_str(), trouble.word())).collect();
    let expected = [("customer-1", "refused"), ("customer-2", "failed"), ("customer-3", "failed")];
    assert_eq!(words, expected);
    let mut hub = home.hub(connector(|_| with_booking(10, "BK7")));
    assert_eq!(find(&mut hub, &home, &["BK8"]).await, Err(Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_reported_under_the_name_of_its_profile() {
    static WAITS: AtomicUsize = AtomicUsize::new(0);
    let home = Home::new(2);
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let mut hub = home.hub(connector(move |profile| {
        let asked = Arc::clone(&counted);
        match number(profile) {
            1 => Server::new(10, move |request, _| match asked.fetch_add(1, Ordering::SeqCst) {
                0 => limited(request, 20),
                _ => unknown(request),
            }),
            _ => with_booking(10, "BK7"),
        }
    }));
    let references = vec!["BK8".to_owned()];
    // Nothing else waits.
    let print = |text: &str| {
        assert!(
            text.starts_with("customer-1: rate limit reached") || text.contains("pacing"),
            "{text}"
        );
        WAITS.fetch_add(1, Ordering::SeqCst);
    };
    assert!(hub.find_booking(&home.1, references, print).await.is_err_and(|it| it.is_empty()));
    assert!(WAITS.load(Ordering::SeqCst) > 0);
}

#[tokio::test]
async fn a_program_that_may_prompt_is_not_run() {
    let home = Home::new(0);
    let mark = home.store().config_file().with_file_name("ran");
    let script = format!("echo x >> {}; echo sd_secret", mark.display());
    home.write(&format!(
        "[profile.asks]\ntoken_command_asks = true\ntoken_command = [\"sh\", \"-c\", \"{script}\"]\n"
    ));
    let mut hub = home.hub(connector(|_| Server::new(0, |_, query| page(query, 2))));
    let all = hub.each(&["asks".to_owned()], |_, _| async {}).all().await;
    assert_eq!(all, [Err(Trouble::Locked("sh".to_owned()))]);
    assert!(!mark.exists());
}

#[tokio::test]
async fn a_program_that_prompts_although_the_settings_do_not_say_so_names_the_setting() {
    let home = Home::new(1);
    let mut hub = home.hub(connector(|_| Server::new(0, |_, query| page(query, 2))));
    // What is remembered once the program has stopped to read the terminal.
    let prompts = Access::Prompts("my-tokens".to_owned());
    hub.access.insert(home.1[0].clone(), Arc::new(OnceLock::from(prompts)));
    let all = hub.each(&home.1, |_, _| async {}).all().await;
    let why = "my-tokens prompts for input: set token_command_asks = true in this profile";
    assert_eq!(all, [Err(Trouble::Settings(why.to_owned()))]);
    // In the dashboard, r on its row can run it.
    let (job, profile) = (JobId(0), home.1[0].clone());
    hub.run(HubCommand::Penalties { job, profile });
    let event = hub.next().await.unwrap();
    let locked = Trouble::Locked("my-tokens".to_owned());
    assert!(matches!(event.news, News::Trouble(trouble) if trouble == locked));
}
