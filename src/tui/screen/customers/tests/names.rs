//! Nothing of one customer is shown under the name of another, in whatever order its news arrive.

use proptest::prelude::*;

use super::{NAMES, opened, send, state, summary};
use crate::customers::state::Trouble;
use crate::hub::{JobId, News};
use crate::tui::effect::Effect;
use crate::tui::keymap::BINDINGS;
use crate::tui::tests::press;
use crate::tui::update::start;

#[derive(Debug, Clone)]
enum Step {
    /// News of a job, of a profile, with the figures of a customer: each its own, or not.
    News(u64, usize, usize),
    Trouble(u64, usize),
    Key(usize),
    Leave(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let (job, name) = (1u64..14, 0..NAMES.len());
    prop_oneof![
        (job.clone(), name.clone(), name.clone())
            .prop_map(|(job, of, with)| Step::News(job, of, with)),
        (job, name.clone()).prop_map(|(job, of)| Step::Trouble(job, of)),
        (0usize..400).prop_map(Step::Key),
        name.prop_map(Step::Leave),
    ]
}

proptest! {
    #[test]
    fn each_row_shows_only_the_figures_of_its_own_customer(
        steps in proptest::collection::vec(step(), 0..60)
    ) {
        let names: Vec<&str> = BINDINGS.iter().flat_map(|it| it.keys.iter().copied()).collect();
        let (mut tui, _) = opened();
        for step in steps {
            let effects = match step {
                Step::News(job, of, with) => {
                    let news = News::Summary(summary(NAMES[with]));
                    send(&mut tui, JobId(job), NAMES[of], news)
                }
                Step::Trouble(job, of) => {
                    send(&mut tui, JobId(job), NAMES[of], News::Trouble(Trouble::Slow))
                }
                Step::Key(key) => press(&mut tui, names[key % names.len()]),
                Step::Leave(of) => {
                    tui.left_for(NAMES[of]);
                    start(&mut tui)
                }
            };
            tui.cx.switching = None;
            for name in NAMES {
                if let Some(figures) = state(&tui, name).figures() {
                    prop_assert_eq!(figures.customer.profile(), Some(name.to_owned()));
                    prop_assert_eq!(figures, &*summary(name));
                }
            }
            // No request reaches a server, and nothing is saved under any name.
            let is_foreign = |it: &&Effect| matches!(it, Effect::Network(_) | Effect::Keep(_));
            prop_assert_eq!(effects.iter().find(is_foreign), None);
        }
    }
}
