//! What a unit serves of what it is offered.

use crate::model::Capacity;

/// Requests per second that a unit of capacity `k` serves of an offered load `a`.
///
/// # Formula
/// a up to k; beyond it k (k/a)^gamma: gamma = 0 sheds cleanly, a larger one collapses. Of a load that is limited to `most` k
/// at the door no more than that counts as offered.
pub(super) fn served(capacity: Option<&Capacity>, k: f64, a: f64, most: Option<f64>) -> f64 {
    let Some(capacity) = capacity else { return a };
    let a = most.map_or(a, |most| a.min(most * k));
    if a <= k {
        return a;
    }
    if capacity.gamma == 0.0 || k <= 0.0 {
        return k;
    }
    if capacity.gamma == 1.0 { k * k / a } else { k * libm::pow(k / a, capacity.gamma) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SimSpan;

    fn capacity(gamma: f64) -> Capacity {
        Capacity {
            per_member: 100.0,
            gamma,
            by_member: Vec::new(),
            warm_up: SimSpan::ZERO,
            trips: None,
            scaling: None,
        }
    }

    #[test]
    fn overload_is_shed_cleanly_or_eats_capacity() {
        let (clean, collapsing) = (capacity(0.0), capacity(2.0));
        assert_eq!(served(Some(&clean), 100.0, 90.0, None), 90.0);
        assert_eq!(served(Some(&clean), 100.0, 200.0, None), 100.0);
        assert_eq!(served(Some(&collapsing), 100.0, 200.0, None), 25.0);
        assert_eq!(served(None, f64::INFINITY, 200.0, None), 200.0);
        assert_eq!(served(Some(&collapsing), 0.0, 200.0, None), 0.0);
    }

    #[test]
    fn what_is_refused_at_the_door_does_no_harm() {
        assert_eq!(served(Some(&capacity(2.0)), 100.0, 200.0, Some(0.9)), 90.0);
        assert_eq!(served(Some(&capacity(2.0)), 100.0, 200.0, Some(1.0)), 100.0);
        assert_eq!(served(Some(&capacity(2.0)), 100.0, 50.0, Some(0.9)), 50.0);
    }
}
