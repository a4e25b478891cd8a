//! How the targets change an input: by bytes as libFuzzer does, or by fields of the scenario language.

use std::path::Path;
use std::sync::OnceLock;

use crate::mutation::{Dice, Mutator};

/// A changed input in `data`; its new length.
pub fn change(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    static MUTATOR: OnceLock<Mutator> = OnceLock::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mutator = MUTATOR.get_or_init(|| Mutator::of_repository(&root));
    let mut dice = Dice::new(u64::from(seed));
    let by_bytes = dice.below(4) == 0;
    let Some(text) = std::str::from_utf8(&data[..size]).ok().filter(|_| !by_bytes) else {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    };
    let changed = mutator.mutate(text, &mut dice);
    if changed.is_empty() || changed.len() > max_size {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    }
    data[..changed.len()].copy_from_slice(changed.as_bytes());
    changed.len()
}
