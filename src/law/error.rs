//! What can be wrong with the parameters of a law.

use std::fmt;

/// Why a law cannot be built: which parameter is wrong and what is allowed.
#[derive(Debug, Clone, PartialEq)]
pub enum LawError {
    /// A parameter is outside of its range.
    OutOfRange {
        /// The law's name.
        law: &'static str,
        /// The parameter's name.
        parameter: &'static str,
        /// What was given.
        value: f64,
        /// What is allowed, in words.
        allowed: &'static str,
    },
    /// A parameter exceeds one that bounds it.
    OutOfOrder {
        /// The law's name.
        law: &'static str,
        /// The parameter that should be the smaller one, and its value.
        smaller: (&'static str, f64),
        /// The parameter that should be the larger one, and its value.
        larger: (&'static str, f64),
    },
    /// A list that needs an entry has none.
    Empty {
        /// The law's name.
        law: &'static str,
        /// The list's name.
        parameter: &'static str,
    },
}

impl fmt::Display for LawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfRange { law, parameter, value, allowed } => {
                write!(f, "{law}: {parameter} is {value}, but must be {allowed}")
            }
            Self::OutOfOrder { law, smaller, larger } => {
                let ((small_name, small), (large_name, large)) = (smaller, larger);
                write!(f, "{law}: {small_name} is {small} and may not exceed {large_name}, which is {large}")
            }
            Self::Empty { law, parameter } => write!(f, "{law}: {parameter} must have at least one entry"),
        }
    }
}

impl std::error::Error for LawError {}

/// `value` if it is finite and above zero.
pub(super) fn positive(law: &'static str, parameter: &'static str, value: f64) -> Result<f64, LawError> {
    within(law, parameter, value, value > 0.0 && value.is_finite(), "a finite number above 0")
}

/// `value` if it is finite and not below zero; -0 becomes 0.
pub(super) fn not_negative(law: &'static str, parameter: &'static str, value: f64) -> Result<f64, LawError> {
    let holds = value >= 0.0 && value.is_finite();
    Ok(within(law, parameter, value, holds, "a finite number, 0 or above")? + 0.0)
}

/// `value` if `holds`, else the error that says what is `allowed`.
pub(super) fn within(
    law: &'static str,
    parameter: &'static str,
    value: f64,
    holds: bool,
    allowed: &'static str,
) -> Result<f64, LawError> {
    if holds { Ok(value) } else { Err(LawError::OutOfRange { law, parameter, value, allowed }) }
}

/// Nothing if the first parameter does not exceed the second.
pub(super) fn ordered(
    law: &'static str,
    smaller: (&'static str, f64),
    larger: (&'static str, f64),
) -> Result<(), LawError> {
    if smaller.1 <= larger.1 { Ok(()) } else { Err(LawError::OutOfOrder { law, smaller, larger }) }
}
