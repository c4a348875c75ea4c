//! Whose money is shown: the name of the profile and the environment, at every width.

use ratatui::buffer::Buffer;

use crate::domain::customer::CustomerKey;
use crate::tui::theme::Theme;
use crate::tui::view::tests::Screen;

fn of_profile(name: &str, size: (u16, u16)) -> Screen {
    let mut screen = Screen::loaded(size, 1_234);
    screen.0.cx.session.environment = "PRODUCTION".to_owned();
    screen.0.cx.session.place = "valora.spotahome.com".to_owned();
    screen.0.cx.session.is_production = true;
    screen.0.cx.session.customer = CustomerKey::of_profile(name);
    screen.0.cx.profiles = vec![name.to_owned(), "globex".to_owned()];
    screen
}

fn line(buffer: &Buffer, y: u16) -> String {
    (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect()
}

#[test]
fn the_profile_and_its_environment_are_in_the_header_at_every_width() {
    let long = "a-name-as-long-as-a-name-may-be1";
    for width in [40, 60, 80, 140] {
        for name in ["acme", long] {
            let header = line(&of_profile(name, (width, 24)).buffer(&Theme::sixteen()), 0);
            assert!(header.contains("PRODUCTION"), "{width}: {header}");
            let begin = name.get(..name.len().min(20)).unwrap();
            assert!(header.contains(begin), "{width}: {header}");
            assert_eq!(header.contains(name), width > 40 || name == "acme", "{width}: {header}");
        }
    }
    let header = line(&of_profile("acme", (80, 24)).buffer(&Theme::sixteen()), 0);
    assert!(header.starts_with(" valora  acme   PRODUCTION "), "{header}");
}
