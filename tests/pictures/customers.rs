//! The pictures of all customers and of their penalties: made-up ones, and one that is locked.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use valora::config::schema::ThemeName;
use valora::customers::state::Trouble;
use valora::customers::summary::{Extent, Inputs, Part, Summary};
use valora::domain::customer::CustomerKey;
use valora::hub::penalties::Penalties;
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

/// All customers, and the queue of their penalties.
pub(crate) fn pictures(size: (u16, u16)) -> [Buffer; 2] {
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
    let effects = start(&mut tui);
    answer(&mut tui, effects, &names, &stills);
    let customers = drawn(&tui);
    let key = KeyEvent::new(KeyCode::Char('t'), KeyModifiers::NONE);
    let effects = update(&mut tui, now, Msg::Key(key));
    answer(&mut tui, effects, &names, &stills);
    [customers, drawn(&tui)]
}

fn drawn(tui: &Tui) -> Buffer {
    let (width, height) = tui.cx.size;
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| view(tui, &Theme::of(ThemeName::Dark), frame)).unwrap();
    terminal.backend().buffer().clone()
}

fn answer(tui: &mut Tui, effects: Vec<Effect>, names: &[String], stills: &[Still]) {
    let now = tui.cx.now;
    for effect in effects {
        let (job, profile, is_load) = match effect {
            Effect::Hub(HubCommand::Load { job, profile, .. }) => (job, profile, true),
            Effect::Hub(HubCommand::Penalties { job, profile, .. }) => (job, profile, false),
            _ => continue,
        };
        let place = names.iter().position(|name| *name == profile).unwrap();
        let Some(still) = stills.get(place) else {
            let news = News::Trouble(Trouble::Locked("pass".to_owned()));
            update(tui, now, Msg::Hub(HubEvent { job, profile, news }));
            continue;
        };
        let is_production = place % 2 == 1;
        let environment = if is_production { "PRODUCTION" } else { "sandbox" }.to_owned();
        let loaded = if is_load {
            News::Summary(Box::new(summary(still, &profile)))
        } else {
            News::Penalties(Box::new(penalties(still, &profile)))
        };
        for news in [News::Connected { environment, is_production }, loaded] {
            update(tui, now, Msg::Hub(HubEvent { job, profile: profile.clone(), news }));
        }
    }
}

fn penalties(still: &Still, profile: &str) -> Penalties {
    let cx = &still.model.cx;
    let list = cx.list_at(cx.tab_of("penalties").unwrap());
    let rows = list.table.records();
    Penalties {
        customer: CustomerKey::of_profile(profile),
        rows: rows.iter().filter(|row| row.is_open()).cloned().collect(),
        extent: Extent { loaded: rows.len() as u64, total: list.total, is_whole: true },
        memory: cx.kept.memory.clone(),
        is_saved: true,
    }
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
