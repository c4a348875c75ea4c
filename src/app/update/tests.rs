//! Key scripts on the pure update.
