//! Named random streams: every draw has a key of its own.
//!
//! A draw depends on (seed, replication, name of the process, purpose, number of the draw) and on nothing
//! else. So a component's draws stay what they were when others are added, and the k-th draw of a process
//! is the same in every architecture that has it (common random numbers).

use std::convert::Infallible;

use rand::TryRng;

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Scatters 64 bits so that inputs which differ in one bit give unrelated outputs.
///
/// Source: the finaliser rrmxmx by P. Evensen (2018), which passes PractRand at 2^44 bytes as a counter
/// generator.
#[inline]
const fn scatter(mut v: u64) -> u64 {
    v ^= v.rotate_right(49) ^ v.rotate_right(24);
    v = v.wrapping_mul(0x9FB2_1C65_1E98_DF25);
    v ^= v >> 28;
    v = v.wrapping_mul(0x9FB2_1C65_1E98_DF25);
    v ^ (v >> 28)
}

/// The name of a random process, folded to 64 bits (FNV-1a, then scattered).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamName(u64);

impl StreamName {
    /// The stream of process `name` for `purpose` ("fail", "repair work", ...).
    #[must_use]
    pub fn new(name: &str, purpose: &str) -> Self {
        const OFFSET: u64 = 0xCBF2_9CE4_8422_2325;
        const PRIME: u64 = 0x0000_0100_0000_01B3;
        // The zero byte keeps ("ab", "c") apart from ("a", "bc").
        let bytes = name.bytes().chain(std::iter::once(0)).chain(purpose.bytes());
        Self(scatter(bytes.fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))))
    }
}

/// The source of all draws of one replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replication(u64);

impl Replication {
    /// Replication `number` under `seed`.
    #[must_use]
    pub const fn new(seed: u64, number: u64) -> Self {
        Self(scatter(scatter(seed ^ GOLDEN).wrapping_add(number.wrapping_mul(GOLDEN))))
    }

    /// Draw `number` (from 0) of the stream `name`.
    #[inline]
    #[must_use]
    pub const fn draw(self, name: StreamName, number: u32) -> Draw {
        self.stream(name).draw(number)
    }

    /// The stream `name`, for several draws in a row.
    #[inline]
    #[must_use]
    pub const fn stream(self, name: StreamName) -> Stream {
        Stream(scatter(self.0 ^ name.0))
    }
}

/// The draws of one random process in one replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream(u64);

impl Stream {
    /// Draw `number` (from 0).
    #[inline]
    #[must_use]
    pub const fn draw(self, number: u32) -> Draw {
        Draw(scatter(self.0.wrapping_add((number as u64).wrapping_mul(GOLDEN))))
    }
}

/// One draw: 64 bits that nothing else in the run shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw(u64);

impl Draw {
    /// A number between 0 and 1, both excluded, on a grid of 2^-52.
    ///
    /// Neither end occurs, and 1 - u is exact, so every quantile function may be called with it.
    #[inline]
    #[must_use]
    pub fn uniform(self) -> f64 {
        ((self.0 >> 12) as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64)
    }

    /// True with probability `p`.
    #[inline]
    #[must_use]
    pub fn happens(self, p: f64) -> bool {
        self.uniform() < p
    }

    /// A generator inside this draw, for laws that reject: its length never shifts another draw.
    #[must_use]
    pub const fn generator(self) -> DrawGenerator {
        DrawGenerator { state: self.0, step: 0 }
    }
}

/// A counter-based generator that belongs to one [`Draw`].
#[derive(Debug, Clone)]
pub struct DrawGenerator {
    state: u64,
    step: u64,
}

impl DrawGenerator {
    /// The next number between 0 and 1, both excluded.
    pub fn uniform(&mut self) -> f64 {
        self.draw().uniform()
    }

    /// The next draw of its own, for laws that are made of other laws.
    pub fn draw(&mut self) -> Draw {
        Draw(self.next())
    }

    fn next(&mut self) -> u64 {
        self.step = self.step.wrapping_add(GOLDEN);
        scatter(self.state.wrapping_add(self.step))
    }
}

impl TryRng for DrawGenerator {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_pinned() {
        let draw = Replication::new(1, 0).draw(StreamName::new("eu-west-1/az1/cooling", "fail"), 0);
        assert_eq!((draw.0, draw.uniform()), (17_382_066_587_907_646_721, 0.942_283_717_844_858_5));
    }

    #[test]
    fn uniform_never_reaches_its_ends() {
        assert!(Draw(0).uniform() > 0.0);
        assert!(Draw(u64::MAX).uniform() < 1.0);
        assert!(1.0 - Draw(u64::MAX).uniform() > 0.0);
    }

    /// Mean and variance of 10,000 uniforms across each axis of the key (draw, stream, replication).
    /// Standard error of the mean is sqrt(1/12/10000) = 0.0029, of the variance 0.00075; 4 of each.
    #[test]
    fn uniform_along_every_axis() {
        let name = StreamName::new("a", "fail");
        let base = Replication::new(7, 3);
        let axes: [Vec<f64>; 3] = [
            (0..10_000).map(|k| base.draw(name, k).uniform()).collect(),
            (0..10_000).map(|k| base.draw(StreamName::new(&format!("c{k}"), "fail"), 0).uniform()).collect(),
            (0..10_000).map(|k| Replication::new(7, k).draw(name, 0).uniform()).collect(),
        ];
        for axis in axes {
            let mean = axis.iter().sum::<f64>() / 1e4;
            let variance = axis.iter().map(|u| (u - mean).powi(2)).sum::<f64>() / 1e4;
            let lag: f64 = axis.windows(2).map(|w| (w[0] - 0.5) * (w[1] - 0.5)).sum::<f64>() / 1e4;
            assert!((mean - 0.5).abs() < 4.0 * 0.0029, "mean {mean}");
            assert!((variance - 1.0 / 12.0).abs() < 4.0 * 0.00075, "variance {variance}");
            // Products of independent centred uniforms have standard deviation 1/12.
            assert!(lag.abs() < 4.0 / 12.0 / 100.0, "lag-one covariance {lag}");
        }
    }
}
