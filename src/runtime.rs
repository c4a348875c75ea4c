//! What touches the clock, the network and the terminal on the app's behalf.

pub mod worker;
