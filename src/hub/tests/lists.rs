//! The requests of one customer.

use tokio::time::Instant;

use super::*;
use crate::customers::state::Trouble;
use crate::customers::summary::Extent;
use crate::domain::failure::Failure;
use crate::hub::load::{LISTS, LoadedList, MOST_REQUESTS, PATIENCE, lists};
use crate::net::transport::TransportError;

const START: u64 = 1_000_000;

type Loaded = Result<[Result<LoadedList, Failure>; 3], Trouble>;

async fn load(server: &Server) -> Loaded {
    lists(&mut server.router(), LISTS, || START).await.map(|(lists, _)| lists)
}

fn extents(loaded: &Loaded) -> Vec<Result<(u64, bool), String>> {
    let extent = |Extent { loaded, is_whole, .. }| (loaded, is_whole);
    let lists = loaded.as_ref().unwrap().iter();
    lists
        .map(|list| list.as_ref().map(|it| extent(it.extent)).map_err(ToString::to_string))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn the_first_pages_are_requested_together_and_the_largest() {
    let server = Server::new(100, |_, query| {
        assert_eq!((query.per_page, query.filters.len()), (500, 0));
        page(query, 3)
    });
    let began = Instant::now();
    let loaded = load(&server).await;
    assert_eq!(began.elapsed().as_millis(), 100);
    assert_eq!((server.sent(), server.most.load(Ordering::SeqCst)), (3, 3));
    assert_eq!(extents(&loaded), [Ok((3, true)), Ok((3, true)), Ok((3, true))]);
    let keys = loaded.unwrap().map(|list| list.unwrap().spec.key);
    assert_eq!(keys, ["debt", "penalties", "scheduled"]);
}

#[tokio::test(start_paused = true)]
async fn further_pages_are_loaded_debt_first_until_the_requests_are_spent() {
    let server = Server::new(10, |_, query| page(query, 600));
    assert_eq!(extents(&load(&server).await), [Ok((600, true)), Ok((600, true)), Ok((600, true))]);
    assert_eq!(server.sent(), 6);
    let server = Server::new(10, |_, query| page(query, 6_000));
    let began = Instant::now();
    let expected = [Ok((4_000, false)), Ok((500, false)), Ok((500, false))];
    assert_eq!(extents(&load(&server).await), expected);
    assert_eq!((server.sent(), server.most.load(Ordering::SeqCst)), (MOST_REQUESTS, 3));
    assert_eq!(began.elapsed().as_millis(), 40, "none waits for the pace of requests");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_fails_leaves_the_others_and_a_later_page_the_rows_before_it() {
    for status in [500, 403] {
        let server = Server::new(10, move |request, query| match query.spec.key {
            "penalties" => refused(request, status),
            _ => page(query, 3),
        });
        let loaded = extents(&load(&server).await);
        assert!(loaded[0].is_ok() && loaded[1].is_err() && loaded[2].is_ok(), "{loaded:?}");
    }
    let server = Server::new(10, |request, query| match (query.spec.key, query.page) {
        ("debt", 2..) => refused(request, 500),
        _ => page(query, 1_400),
    });
    let expected = [Ok((500, false)), Ok((1_400, true)), Ok((1_400, true))];
    assert_eq!(extents(&load(&server).await), expected);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_not_accepted_is_trouble_of_the_customer() {
    for status in [401, 403] {
        let server = Server::new(10, move |request, _| refused(request, status));
        assert!(matches!(load(&server).await, Err(Trouble::Refused(_))), "{status}");
    }
    let server = Server::new(10, |request, query| match query.spec.key {
        "scheduled" => refused(request, 401),
        _ => page(query, 3),
    });
    assert!(matches!(load(&server).await, Err(Trouble::Refused(_))));
    let server = Server::new(10, |request, _| refused(request, 500));
    assert!(matches!(load(&server).await, Err(Trouble::Failed(_))));
}

#[tokio::test(start_paused = true)]
async fn a_limit_ends_the_load_at_once() {
    let server = Server::new(10, |request, _| limited(request, 30));
    let began = Instant::now();
    let Err(Trouble::Limited { until }) = load(&server).await else { panic!("not limited") };
    assert!((START + 30_000..=START + 31_000).contains(&until), "{until}");
    assert!(began.elapsed() < Duration::from_secs(1));
    // What had arrived before stays.
    let server = Server::new(10, |request, query| match query.page {
        1 => page(query, 600),
        _ => limited(request, 30),
    });
    let mut router = server.router();
    let (loaded, limited_until) = lists(&mut router, LISTS, || START).await.unwrap();
    assert_eq!(extents(&Ok(loaded)), [Ok((500, false)), Ok((500, false)), Ok((500, false))]);
    assert!(server.sent() < MOST_REQUESTS);
    let until = limited_until.expect("the load can go on later");
    assert!((START + 30_000..=START + 31_000).contains(&until), "{until}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_server_and_one_that_is_not_reached_make_room_in_time() {
    let server = Server::new(3_600_000, |_, query| page(query, 3));
    let began = Instant::now();
    assert!(matches!(load(&server).await, Err(Trouble::Slow)));
    assert_eq!(began.elapsed(), PATIENCE);
    let server = Server::new(10, |request, query| match query.spec.key {
        "debt" => Err(ApiError::new(request, Cause::Transport(TransportError::Timeout))),
        _ => page(query, 3),
    });
    let loaded = extents(&load(&server).await);
    assert!(loaded[0].is_err() && loaded[1].is_ok() && loaded[2].is_ok(), "{loaded:?}");
    let reset = |request: &Request, _: &ListQuery| {
        Err(ApiError::new(request, Cause::Transport(TransportError::Reset)))
    };
    let server = Server::new(10, reset);
    let began = Instant::now();
    assert!(matches!(load(&server).await, Err(Trouble::Offline(_))));
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    // One request alone ends before valora knows that the server cannot be reached.
    let server = Server::new(10, |request, _| {
        let refused = TransportError::Connect("connection refused".to_owned());
        Err(ApiError::new(request, Cause::Transport(refused)))
    });
    let alone = lists(&mut server.router(), [LISTS[0]], || START).await;
    assert!(matches!(alone, Err(Trouble::Offline(_))));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_shifts_or_repeats_is_a_part() {
    let server = Server::new(10, |_, query| {
        let rows = if query.page == 1 { 900 } else { 899 };
        let repeated = query.clone().page(1, 500);
        match query.spec.key {
            "debt" => page(query, rows),
            "penalties" => page(&repeated, 900),
            _ => page(query, 900),
        }
    });
    let loaded = extents(&load(&server).await);
    let is_whole: Vec<bool> = loaded.into_iter().map(|it| it.unwrap().1).collect();
    assert_eq!(is_whole, [false, false, true]);
}
