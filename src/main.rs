//! The program `valora`: a thin entry to the library.

fn main() {}
