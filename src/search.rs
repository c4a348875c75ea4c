//! What a typed text means: the rows that contain it, and the server's parameters for it.

pub mod haystack;
pub mod needle;
pub mod server;

pub use haystack::Haystack;
pub use needle::Needle;

#[cfg(test)]
mod tests;
