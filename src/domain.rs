//! Money, dates, text and failures.
