//! The picture of all customers: the figures of made-up ones, and one that is locked.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use valora::config::schema::ThemeName;
use valora::customers::state::Trouble;
use valora::customers::summary::{Extent, Inputs, Part, Summary};
use valora::domain::customer::CustomerKey;
use valora::hub::{HubCommand, HubEvent, News};
use valora::sandbox::Options;
use valora::tui::effect::Effect;
use valora::tui::msg::Msg;
use valora::tui::stack::Tui;
use valora::tui::theme::Theme;
use valora::tui::update::{start, update};
use valora::tui::view::view;

use crate::common::options;
use crate::common::still::Still;

/// The last one is locked.
const NAMES: [&str; 6] = ["acme", "globex", "hooli", "initech", "umbrella", "wayne"];

pub(crate) fn picture(size: (u16, u16)) -> Buffer {
    let mut stills: Vec<Still> = (1..)
        .zip(&NAMES[..NAMES.len() - 1])
        .map(|(seed, _)| Still::start(Options { seed, ..options() }, size))
        .collect();
    // The home loads the lists.
    for still in &mut stills {
        still.press("0");
    }
    let now = stills[0].model.cx.now;
    let names = NAMES.map(str::to_owned);
    let mut tui = Tui::of_customers(&names, size, now);
    for effect in start(&mut tui) {
        let Effect::Hub(HubCommand::Load { job, profile, .. }) = effect else {
            panic!("{effect:?}")
        };
        let place = names.iter().position(|name| *name == profile).unwrap();
        let Some(still) = stills.get(place) else {
            let news = News::Trouble(Trouble::Locked("pass".to_owned()));
            update(&mut tui, now, Msg::Hub(HubEvent { job, profile, news }));
            continue;
        };
        let is_production = place % 2 == 1;
        let environment = if is_production { "PRODUCTION" } else { "sandbox" }.to_owned();
        let summary = Box::new(summary(still, &profile));
        for news in [News::Connected { environment, is_production }, News::Summary(summary)] {
            update(&mut tui, now, Msg::Hub(HubEvent { job, profile: profile.clone(), news }));
        }
    }
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal.draw(|frame| view(&tui, &Theme::of(ThemeName::Dark), frame)).unwrap();
    terminal.backend().buffer().clone()
}

fn summary(still: &Still, profile: &str) -> Summary {
    let cx = &still.model.cx;
    let part = |key: &str| {
        let list = cx.list_at(cx.tab_of(key).unwrap());
        let rows = list.table.records();
        let extent = Extent { loaded: rows.len() as u64, total: list.total, is_whole: true };
        Ok(Part { rows, extent })
    };
    let inputs = Inputs {
        debt: part("debt"),
        penalties: part("penalties"),
        scheduled: part("scheduled"),
        memory: &cx.kept.memory,
        compared: Ok(&[]),
        at: cx.now.local,
    };
    Summary::of(CustomerKey::of_profile(profile), &inputs, cx.now.local.date())
}
