//! Any bytes as a scenario: read or refused, and what is read prints to the same system.
#![no_main]

#[path = "../changes.rs"]
mod changes;
#[path = "../../tests/mutation/mod.rs"]
mod mutation;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        mutation::read::read(text);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    changes::change(data, size, max_size, seed)
});
