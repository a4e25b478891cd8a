//! The command `blackstart`.
fn main() {}
