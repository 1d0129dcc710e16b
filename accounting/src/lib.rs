//! What a regime accounts for, as files.
//!
//! ```text
//! Accounting ─┬──────────▶ csv    for a spreadsheet
//! Report ─────┼──────────▶ html   to read and to print
//!             └──────────▶ json   for a program
//! ```
//!
//! The command line and the npm binding write with these functions, so that their files are the same to the
//! byte. The library decides what is in them.
#![forbid(unsafe_code)]

/// Appends a line. Writing into a string cannot fail.
macro_rules! line {
    ($out:expr, $($arg:tt)*) => {{ let _always: fmt::Result = writeln!($out, $($arg)*); }};
}

pub mod csv;
pub mod html;
pub mod json;
mod visible;

pub use visible::visible;
