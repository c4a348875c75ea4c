//! Penalties and bookings for the queue of all customers: whose they are, and what they cost.

use super::customers::{Home, connector, number};
use super::*;
use crate::conciliation::Conciliation;
use crate::config::profile::Settings;
use crate::customers::state::Trouble;
use crate::domain::customer::CustomerKey;
use crate::hub::jobs::LANES;
use crate::hub::load::MOST_REQUESTS;
use crate::hub::{Hub, HubCommand, HubEvent, JobId, News};
use crate::net::response::NetEvent;
use crate::net::transport::BuildError;
use crate::state::StateFile;
use crate::triage::Decision;
use crate::triage::memory::{Entry, Memory};

fn ask_penalties(hub: &mut Hub, job: u64, profile: &str) {
    hub.run(HubCommand::Penalties { job: JobId(job), profile: profile.to_owned() });
}

fn ask_booking(hub: &mut Hub, job: u64, profile: &str) {
    let (job, profile, reference) = (JobId(job), profile.to_owned(), "BK1".to_owned());
    hub.run(HubCommand::Evidence { job, profile, reference });
}

async fn end(hub: &mut Hub) -> HubEvent {
    loop {
        let event = hub.next().await.unwrap();
        if event.news.is_last() {
            return event;
        }
    }
}

fn remember(home: &Home, profile: &str, note: &str) {
    let entry = Entry {
        note: note.to_owned(),
        decision: Some(Decision::Dispute),
        decided: crate::clock::Clock::start().now().utc,
        ..Entry::default()
    };
    let memory = Memory { entries: [("0".to_owned(), entry)].into(), ..Memory::default() };
    let customer = CustomerKey::of_profile(profile);
    let text = memory.write().unwrap();
    home.store().change(StateFile::Triage(&customer), |_| Ok(text)).unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_penalties_of_each_come_with_its_own_decisions_four_at_a_time_in_one_request_each() {
    let home = Home::new(12);
    let all = Server::new(100, |_, _| panic!("not asked"));
    let shared = all.clone();
    let mut hub = home.hub(connector(move |profile| {
        let rows = number(profile) + 1;
        Server { reply: Arc::new(move |_, query| page(query, rows)), ..shared.clone() }
    }));
    for (job, profile) in home.1.iter().enumerate() {
        remember(&home, profile, profile);
        ask_penalties(&mut hub, job as u64, profile);
    }
    let before = home.files();
    for _ in 0..home.1.len() {
        let event = end(&mut hub).await;
        let News::Penalties(penalties) = event.news else { panic!("{:?}", event.news) };
        assert_eq!(penalties.customer, CustomerKey::of_profile(&event.profile));
        assert_eq!(penalties.rows.len(), number(&event.profile) as usize + 1);
        assert_eq!(penalties.memory.entries["0"].note, event.profile);
        assert!(penalties.extent.is_whole && penalties.is_saved);
        assert_eq!(event.job, JobId(number(&event.profile).into()));
    }
    assert_eq!((all.sent(), all.most.load(Ordering::SeqCst)), (12, 4));
    assert_eq!(home.files(), before, "nothing is written");
}

#[tokio::test(start_paused = true)]
async fn a_long_list_is_a_part_and_closed_penalties_without_a_decision_are_left_out() {
    let home = Home::new(1);
    let server = Server::new(1, |_, query| page(query, 9_000));
    let own = server.clone();
    let mut hub = home.hub(connector(move |_| own.clone()));
    ask_penalties(&mut hub, 0, "customer-0");
    let News::Penalties(penalties) = end(&mut hub).await.news else { panic!("no penalties") };
    let extent = penalties.extent;
    assert_eq!((extent.loaded, extent.total, extent.is_whole), (5_000, Some(9_000), false));
    assert_eq!(server.sent(), MOST_REQUESTS);

    let closed = Server::new(1, |_, query| {
        let row = |id: u32| {
            Record::read(query.spec, &format!(r#"{{"id":"{id}","amount":1,"status":"paid"}}"#))
        };
        let rows: Vec<Record> = (0..3).map(row).collect();
        let page = Page { rows, total: Some(3), current: 1, last: Some(1), per_page: 500 };
        Ok(Response::Page(page))
    });
    remember(&home, "customer-0", "closed since");
    let mut hub = home.hub(connector(move |_| closed.clone()));
    ask_penalties(&mut hub, 1, "customer-0");
    let News::Penalties(penalties) = end(&mut hub).await.news else { panic!("no penalties") };
    assert_eq!((penalties.rows.len(), penalties.extent.loaded), (1, 3));
}

#[tokio::test]
async fn without_its_decisions_a_customer_is_not_loaded_and_their_file_stays() {
    let home = Home::new(2);
    let mut hub = home.hub(connector(|_| Server::new(0, |_, query| page(query, 2))));
    let customer = CustomerKey::of_profile("customer-1");
    let file = StateFile::Triage(&customer);
    home.store().change(file, |_| Ok("{broken".to_owned())).unwrap();
    ask_penalties(&mut hub, 0, "customer-1");
    let News::Trouble(Trouble::Failed(why)) = end(&mut hub).await.news else { panic!("loaded") };
    assert!(why.to_string().contains("the decisions file cannot be read"), "{why}");
    assert_eq!(home.store().read(file).unwrap(), "{broken");
    ask_penalties(&mut hub, 1, "customer-0");
    assert!(matches!(end(&mut hub).await.news, News::Penalties(_)));
}

#[tokio::test(start_paused = true)]
async fn a_booking_is_asked_of_its_own_customer_in_one_request_and_not_after_a_cancel() {
    let home = Home::new(3);
    let servers: Vec<Server> = (0..3)
        .map(|own| {
            Server::new(100, move |request, _| match request {
                Request::Booking(reference) if own < 2 => {
                    let body = format!(r#"{{"debt":[{{"amount":{own},"currency":"EUR"}}]}}"#);
                    let booking = Conciliation::read(reference, &body).unwrap();
                    Ok(Response::Booking(Box::new(booking)))
                }
                request => refused(request, 404),
            })
        })
        .collect();
    let all = servers.clone();
    let mut hub = home.hub(connector(move |profile| all[number(profile) as usize].clone()));
    for own in 0..3u32 {
        ask_booking(&mut hub, own.into(), &format!("customer-{own}"));
        let event = end(&mut hub).await;
        assert_eq!(event.profile, format!("customer-{own}"));
        let News::Evidence(reference, answer) = event.news else { panic!("no evidence") };
        assert_eq!((reference.as_str(), answer.is_ok()), ("BK1", own < 2));
        if let Ok(booking) = answer {
            let rows = booking.rows(crate::conciliation::Role::Debt);
            assert_eq!(rows[0].minor("amount"), Some(own.into()));
        }
        assert_eq!(servers[own as usize].sent(), 1);
    }
    // While its token is read, nothing was sent.
    ask_booking(&mut hub, 9, "customer-0");
    hub.run(HubCommand::Cancel(JobId(9)));
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(hub.try_next().is_none());
    assert_eq!(servers[0].sent(), 1, "it was cancelled before its request");
    // While its request is in flight, it is not sent again.
    ask_booking(&mut hub, 10, "customer-0");
    while servers[0].sent() == 1 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    hub.run(HubCommand::Cancel(JobId(10)));
    tokio::time::sleep(Duration::from_secs(60)).await;
    let late = hub.try_next().map(|event| event.news.is_last());
    assert_ne!(late, Some(true));
    assert_eq!(servers[0].sent(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_booking_does_not_wait_for_the_lists_of_other_customers() {
    let home = Home::new(LANES + 1);
    let mut hub = home.hub(connector(|profile| {
        let lasts = if (number(profile) as usize) < LANES { 14_000 } else { 100 };
        Server::new(lasts, |request, query| match request {
            Request::Booking(_) => refused(request, 404),
            _ => page(query, 1),
        })
    }));
    for (job, profile) in home.1.iter().take(LANES).enumerate() {
        ask_penalties(&mut hub, job as u64, profile);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    ask_booking(&mut hub, 9, &home.1[LANES]);
    assert_eq!(end(&mut hub).await.job, JobId(9), "all lanes of lists are taken");
}

#[tokio::test(start_paused = true)]
async fn the_program_of_a_token_does_not_run_for_each_booking() {
    let home = Home::new(1);
    let ran = home.store().config_file().with_file_name("ran");
    let token_command = format!(
        "[profile.customer-0]\nbase_url = \"http://127.0.0.1:9/c\"\n\
         token_command = [\"sh\", \"-c\", \"echo x >> {}; echo sd_0123456789\"]\n",
        ran.display()
    );
    home.write(&token_command);
    let runs = || std::fs::read_to_string(&ran).map_or(0, |text| text.lines().count());
    let is_refused = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let refuses = Arc::clone(&is_refused);
    let mut hub = home.hub(connector(move |_| {
        let refuses = Arc::clone(&refuses);
        Server::new(1, move |request, query| match request {
            Request::Booking(_) if refuses.load(Ordering::SeqCst) => refused(request, 401),
            Request::Booking(_) => refused(request, 404),
            _ => page(query, 1),
        })
    }));
    ask_penalties(&mut hub, 0, "customer-0");
    end(&mut hub).await;
    assert_eq!(runs(), 1);
    for job in 1..6 {
        ask_booking(&mut hub, job, "customer-0");
        end(&mut hub).await;
    }
    assert_eq!(runs(), 1, "the token of the list");
    // A refused token, another session of the customer, and a new load read it again.
    is_refused.store(true, Ordering::SeqCst);
    ask_booking(&mut hub, 6, "customer-0");
    end(&mut hub).await;
    is_refused.store(false, Ordering::SeqCst);
    ask_booking(&mut hub, 7, "customer-0");
    end(&mut hub).await;
    assert_eq!(runs(), 2, "after it was refused");
    hub.run(HubCommand::Release("customer-0".to_owned()));
    ask_booking(&mut hub, 8, "customer-0");
    end(&mut hub).await;
    assert_eq!(runs(), 3, "after the customer was shown");
    ask_penalties(&mut hub, 9, "customer-0");
    end(&mut hub).await;
    assert_eq!(runs(), 4, "a load reads it again");
    home.write(&token_command.replace("sd_0123456789", "sd_9876543210"));
    let changed = hub.follow(Settings::read(Some(&home.store())).unwrap());
    assert_eq!(changed, ["customer-0"]);
    ask_booking(&mut hub, 10, "customer-0");
    end(&mut hub).await;
    assert_eq!(runs(), 5, "after the settings changed");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_cannot_be_set_up_is_a_trouble_of_the_settings() {
    let home = Home::new(1);
    let mut hub = home.hub(Arc::new(|_, _, _| {
        let (mut router, events) = Router::without_workers();
        let worker = Worker::new(Host::Customer, Scheduler::new(Pace::Metered, 7), Log::default());
        router.add(worker, Box::new(|_| Box::pin(std::future::pending())), &events);
        events.try_send(NetEvent::Unusable(BuildError::NoCertificates)).unwrap();
        Box::pin(async move { Some(router) })
    }));
    ask_booking(&mut hub, 0, "customer-0");
    let News::Trouble(Trouble::Settings(why)) = end(&mut hub).await.news else { panic!("asked") };
    assert!(why.starts_with("this computer has no CA certificates"), "{why}");
}

#[tokio::test(start_paused = true)]
async fn a_booking_that_takes_too_long_is_a_failure_in_words() {
    let home = Home::new(1);
    let mut hub = home.hub(connector(|_| Server::new(60_000, |request, _| refused(request, 500))));
    ask_booking(&mut hub, 0, "customer-0");
    let News::Evidence(_, Err(failure)) = end(&mut hub).await.news else { panic!("answered") };
    assert_eq!(
        failure.to_string(),
        "The booking could not be loaded: the server did not respond in time"
    );
}
