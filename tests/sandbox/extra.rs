//! A list that is described elsewhere is served like the others.

use crate::http::{get, sandbox};
use serde_json::{Value, json};
use valora::sandbox::ExtraList;
use valora::sandbox::Param;
use valora::sandbox::ParamKind;

fn deposits() -> ExtraList {
    let rows = (1..=12).map(|n| {
        let state = if n % 2 == 0 { "held" } else { "back" };
        json!({"id": n, "holder": format!("Holder {n}"), "state": state, "amount": n * 100,
            "day": format!("2026-01-{n:02}"), "note": null})
    });
    let states = ["held", "back"].map(str::to_owned).into();
    ExtraList {
        path: "deposits".to_owned(),
        params: vec![
            Param::new("search", ParamKind::Text, &["holder"]),
            Param::new("state", ParamKind::OneOf(states), &["state"]),
            Param::new("holder", ParamKind::Exact, &["holder"]),
            Param::new("from", ParamKind::DateFrom, &["day"]),
            Param::new("to", ParamKind::DateTo, &["day"]),
            Param::new("amount_from", ParamKind::AmountFrom, &["amount"]),
            Param::new("amount_to", ParamKind::AmountTo, &["amount"]),
        ],
        rows: rows.map(|row: Value| row.as_object().unwrap().clone()).collect(),
    }
}

#[tokio::test]
async fn an_extra_list_has_paging_filters_and_refusals() {
    let sandbox = sandbox(|options| options.extra = vec![deposits()]).await;
    for (query, count) in [
        ("", 12),
        ("search=HOLDER+1", 4),
        ("state=held", 6),
        ("holder=Holder%201", 1),
        ("from=2026-01-05&to=2026-01-06", 2),
        ("amount_from=2&amount_to=3.50", 2),
    ] {
        let (_, body) = get(&sandbox, &format!("deposits?{query}")).await;
        assert_eq!(body["pagination"]["total"], count, "{query}");
    }
    let (_, body) = get(&sandbox, "deposits?per_page=5&page=3").await;
    assert_eq!(body["data"][1]["holder"], "Holder 12");
    assert_eq!(get(&sandbox, "deposits?state=lost").await.0, 422);
    assert_eq!(get(&sandbox, "deposits?search=none").await.0, 404);
    let (_, body) = get(&sandbox, "deposits?test=connection").await;
    assert_eq!(body["accepted_params"]["state"], "string, optional (held|back)");
}
