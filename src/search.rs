//! What a typed text means: the rows that hold it, and what is asked of the server for it.

pub mod haystack;
pub mod needle;
pub mod server;

pub use haystack::Haystack;
pub use needle::Needle;

#[cfg(test)]
mod tests;
