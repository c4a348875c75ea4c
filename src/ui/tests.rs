//! Snapshots of each screen and state.
