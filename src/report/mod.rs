//! Results and findings as text.

pub mod diagnostics;

pub use diagnostics::render_diagnostics;
