//! A set of ranks that gives back its lowest member: what is to be solved next.

/// Bits by rank, with the lowest word that holds any.
#[derive(Debug, Clone, Default)]
pub(super) struct RankSet {
    words: Vec<u64>,
    lowest: usize,
}

impl RankSet {
    /// An empty set for ranks below `size`.
    pub(super) fn new(size: usize) -> Self {
        let words = size.div_ceil(64);
        Self { words: vec![0; words], lowest: words }
    }

    /// Adds a rank.
    #[inline]
    pub(super) fn add(&mut self, rank: u32) {
        let word = rank as usize / 64;
        self.words[word] |= 1 << (rank % 64);
        self.lowest = self.lowest.min(word);
    }

    /// Takes the lowest rank out.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<u32> {
        let word = self.words.get_mut(self.lowest)?;
        let rank = self.lowest as u32 * 64 + word.trailing_zeros();
        *word &= *word - 1;
        while self.words.get(self.lowest).is_some_and(|word| *word == 0) {
            self.lowest += 1;
        }
        Some(rank)
    }

    /// True if no rank is in it.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.lowest == self.words.len()
    }

    pub(super) fn clear(&mut self) {
        self.words.fill(0);
        self.lowest = self.words.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_come_out_in_order() {
        let mut set = RankSet::new(200);
        for rank in [130, 5, 199, 64, 5, 63] {
            set.add(rank);
        }
        assert_eq!(set.pop(), Some(5));
        set.add(0);
        let rest: Vec<u32> = std::iter::from_fn(|| set.pop()).collect();
        assert_eq!(rest, [0, 63, 64, 130, 199]);
        assert!(set.is_empty());
        assert_eq!(set.pop(), None);
    }
}
