//! The contrast of each role, the highlight of the current row, and which theme is chosen.
#![expect(clippy::float_arithmetic, reason = "contrast is a ratio")]

use super::*;

/// Common backgrounds of terminals, as red, green and blue: black and the dark grays of common
/// schemes; white and the paper tones of common schemes.
const DARK_GROUNDS: [u32; 7] =
    [0x00_00_00, 0x12_12_12, 0x1e_1e_1e, 0x28_2c_34, 0x2e_34_40, 0x00_2b_36, 0x28_2a_36];
const LIGHT_GROUNDS: [u32; 5] = [0xff_ff_ff, 0xfa_fa_fa, 0xf5_f5_f5, 0xfd_f6_e3, 0xee_ee_ee];
/// The default foregrounds on these.
const LETTERS: [u32; 2] = [0xd0_d0_d0, 0x26_26_26];

/// Red, green and blue of one of the 256 colors (xterm): the cube of 6 levels and the ramp of
/// grays.
fn rgb(color: Color) -> u32 {
    let Color::Indexed(index) = color else { panic!("{color:?} is not of the 256") };
    let index = u32::from(index);
    let level = |at: u32| if at == 0 { 0 } else { 55 + 40 * at };
    match index {
        232.. => (8 + 10 * (index - 232)) * 0x01_01_01,
        16.. => {
            let at = index - 16;
            level(at / 36) << 16 | level(at / 6 % 6) << 8 | level(at % 6)
        }
        _ => panic!("{index} is of the sixteen, which users set"),
    }
}

/// Relative luminance (WCAG 2.2).
fn luminance(rgb: u32) -> f64 {
    let part = |shift: u32| {
        let share = f64::from(rgb >> shift & 0xff) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}

fn contrast(one: u32, other: u32) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

/// Each role with its foreground, and its background if that is not the terminal's.
fn roles(theme: &Theme) -> Vec<(&'static str, Color, Option<Color>)> {
    let all = [
        ("dim", theme.dim),
        ("key", theme.key),
        ("chosen", theme.chosen),
        ("header", theme.header),
        ("column", theme.column),
        ("warning", theme.warning),
        ("failure", theme.failure),
        ("very late", theme.very_late),
        ("good", theme.good),
        ("notice", theme.notice),
        ("odd", theme.odd),
        // Reversed: the color is the background, and the letters are the terminal's background.
        ("production", theme.production),
        ("sandbox", theme.sandbox),
        ("badge", theme.badges.good),
        ("bad badge", theme.badges.bad),
        ("open badge", theme.badges.open),
    ];
    all.into_iter().map(|(name, style)| (name, style.fg.unwrap(), style.bg)).collect()
}

#[test]
fn every_role_can_be_read_on_usual_backgrounds_on_the_band_and_on_the_current_row() {
    let themes = [(ThemeName::Dark, &DARK_GROUNDS[..]), (ThemeName::Light, &LIGHT_GROUNDS[..])];
    for ((name, grounds), letters) in themes.into_iter().zip(LETTERS) {
        let theme = Theme::of(name);
        let current = rgb(theme.current.bg.unwrap());
        for (role, color, ground) in roles(&theme) {
            let own = ground.map(rgb);
            for ground in own.map_or(grounds.to_vec(), |own| vec![own]) {
                let contrast = contrast(rgb(color), ground);
                assert!(contrast >= 4.5, "{name:?} {role} on {ground:06x}: {contrast:.2}");
            }
            // Dim text is plain on the current row.
            if Some(color) != theme.dim.fg {
                let contrast = contrast(rgb(color), current);
                assert!(contrast >= 4.5, "{name:?} {role} on the current row: {contrast:.2}");
            }
        }
        let plain = contrast(letters, current);
        assert!(plain >= 4.5, "{name:?}: {plain:.2}");
    }
}

#[test]
fn the_current_row_is_lit_over_all_of_its_cells_in_each_theme() {
    for name in [ThemeName::Sixteen, ThemeName::Dark, ThemeName::Light, ThemeName::Mono] {
        let theme = Theme::of(name);
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 3));
        buffer.set_string(1, 1, "a", theme.dim);
        buffer.set_string(3, 1, "b", theme.failure);
        theme.light(&mut buffer, Rect::new(0, 1, 12, 1));
        let lit: Vec<u16> = (0..3)
            .filter(|y| {
                (0..12).all(|x| {
                    let cell = buffer.cell((x, *y)).unwrap();
                    cell.bg != Color::Reset || cell.modifier.contains(Modifier::REVERSED)
                })
            })
            .collect();
        assert_eq!(lit, [1], "{name:?}");
        theme.light(&mut buffer, Rect::new(0, 1, 500, 9));
    }
}

#[test]
fn the_background_decides_once_and_only_where_no_theme_was_chosen() {
    let mut looks = Looks { follows_background: true, ..Looks::default() };
    looks.follow_background(true);
    assert_eq!(looks.theme, ThemeName::Light);
    looks.follow_background(false);
    assert_eq!(looks.theme, ThemeName::Light);
    let mut chosen = Looks { theme: ThemeName::Mono, ..Looks::default() };
    chosen.follow_background(true);
    assert_eq!(chosen.theme, ThemeName::Mono);
}
