//! The booking of a row: asked of its own customer, and known only there.

use super::*;

#[test]
fn evidence_is_asked_of_the_own_customer_after_a_rest_and_known_only_there() {
    let mut tui = queue();
    press(&mut tui, "j");
    let rest = wake_at(&tui).unwrap();
    assert_eq!(rest, 150);
    let effects = update(&mut tui, at(rest), Msg::Woken);
    let [(job, profile, reference)] = &asked(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!((profile.as_str(), reference.as_str()), ("initech", "BK1"));
    let booking = |body| Ok(Box::new(Conciliation::read("BK1", body).unwrap()));
    let came = || News::Evidence("BK1".to_owned(), booking(r#"{"debt":[{"status":"pending"}]}"#));
    let pane = |tui: &Tui| {
        let lines = tui.top().detail_lines(&tui.cx, 60);
        lines.into_iter().map(|line| line.text).collect::<Vec<_>>().join("\n")
    };
    for (job, profile) in [(*job, "globex"), (JobId(99), "initech")] {
        send(&mut tui, job, profile, came());
        assert!(pane(&tui).contains("loading totals…"), "crossed: {}", pane(&tui));
    }
    send(&mut tui, *job, "initech", came());
    assert!(!pane(&tui).contains("loading totals…"), "{}", pane(&tui));
    // The same reference in another customer is another booking.
    press(&mut tui, "j");
    assert!(pane(&tui).contains("globex") && pane(&tui).contains("loading totals…"));
    let rest = wake_at(&tui).unwrap();
    let effects = update(&mut tui, at(rest), Msg::Woken);
    let [(later, profile, _)] = &asked(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(profile, "globex");
    send(&mut tui, *job, "initech", came());
    assert!(pane(&tui).contains("loading totals…"), "repeated: {}", pane(&tui));
    send(&mut tui, *later, "globex", News::Trouble(Trouble::Slow));
    assert!(pane(&tui).contains("not loaded: the server did not respond in time"));
    // Moving on cancels a request; going back to a known booking requests nothing.
    press(&mut tui, "k");
    assert_eq!(wake_at(&tui), None);
    press(&mut tui, "j j");
    let rest = wake_at(&tui).unwrap();
    let [(job, ..)] = &asked(&update(&mut tui, at(rest), Msg::Woken))[..] else { panic!() };
    assert!(press(&mut tui, "j").contains(&Effect::Hub(HubCommand::Cancel(*job))));
}
