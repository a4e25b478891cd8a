//! Known answers, to all digits that are printed.

use super::closed::*;
use super::markov::Chain;
use super::repair::*;
use super::*;

/// Half a unit of the last printed digit.
fn assert_prints(found: f64, printed: &str) {
    let exponent = printed.split_once('e').map_or(0, |(_, exponent)| exponent.parse().unwrap());
    let mantissa = printed.split('e').next().unwrap();
    let decimals = mantissa.split_once('.').map_or(0, |(_, digits)| digits.len() as i32);
    let tolerance = 0.5000001 * 10_f64.powi(exponent - decimals);
    let value: f64 = printed.parse().unwrap();
    assert!((found - value).abs() <= tolerance, "{found} instead of {printed}");
}

#[test]
fn one_component() {
    assert_prints(renewal_availability(1000.0, 1.0), "0.999000999");
    let (l, mu) = (0.3, 0.5);
    let chain = Chain::new(vec![(0, 1, l), (1, 0, mu)]).unwrap();
    for time in [0.0, 0.1, 1.0, 7.0, 500.0] {
        let state = chain.transient(&[1.0, 0.0], time).unwrap();
        assert!((state[0] - point_availability(l, mu, time)).abs() < 1e-14, "{time}: {state:?}");
    }
    for horizon in [0.1, 1.0, 7.0, 500.0] {
        let spent = chain.occupancy(&[1.0, 0.0], horizon).unwrap();
        let average = average_availability(l, mu, horizon);
        assert!((spent[0] / horizon - average).abs() < 1e-14, "{horizon}: {spent:?}");
        assert!((spent[0] + spent[1] - horizon).abs() < 1e-12 * horizon);
    }
    assert_eq!(chain.occupancy(&[1.0, 0.0], 0.0).unwrap(), [0.0, 0.0]);
    assert!((average_availability(l, mu, 1e9) - point_availability(l, mu, 1e9)).abs() < 1e-8);
}

#[test]
fn independent_components() {
    let unequal = [0.9, 0.8, 0.7];
    assert!((series(&unequal) - 0.504).abs() < 1e-15);
    assert!((parallel(&unequal) - 0.994).abs() < 1e-15);
    // 0.9 * 0.8 * 0.3 + 0.9 * 0.2 * 0.7 + 0.1 * 0.8 * 0.7 + 0.504
    assert!((at_least(2, &unequal) - 0.902).abs() < 1e-15);
    assert!((at_least(1, &unequal) - parallel(&unequal)).abs() < 1e-15);
    assert!((at_least(3, &unequal) - series(&unequal)).abs() < 1e-15);
    assert_eq!((at_least(0, &[]), at_least(1, &[]), at_least(4, &unequal)), (1.0, 0.0, 0.0));
    // Crews of their own make components independent: 2 of 3 with 100 h and 10 h.
    assert_prints(at_least(2, &[renewal_availability(100.0, 10.0); 3]), "0.976709241172");
}

/// J. Villen-Altamirano, Importance splitting for a database with redundancy 2.
#[test]
fn redundant_database() {
    let unit = renewal_availability(50.0, 1.5);
    let disk = renewal_availability(150.0, 1.5);
    let group = |needed: usize, a: f64, of: usize| at_least(needed, &vec![a; of]);
    let mut groups = vec![group(1, unit, 2); 4];
    groups.extend([group(3, disk, 4); 6]);
    assert_prints(1.0 - series(&groups), "6.854844623e-3");
}

#[test]
fn machine_repair() {
    let of_three = |crews| {
        let model = MachineRepair { machines: 3, failure_rate: 0.01, repair_rate: 0.1, crews, needed: 2 };
        model.long_run().unwrap().availability
    };
    assert_prints(of_three(1), "0.951683748170");
    assert_prints(of_three(3), "0.976709241172");
    let five = MachineRepair { machines: 5, failure_rate: 0.05, repair_rate: 1.0, crews: 2, needed: 3 };
    let long_run = five.long_run().unwrap();
    assert_prints(long_run.availability, "0.998456430408");
    assert_prints(long_run.mean_up_time, "340.000");
    assert_prints(long_run.mean_down_time, "0.525625");
    let none = MachineRepair { needed: 6, ..five };
    assert_eq!(none.long_run(), Err(ExactError::Units { needed: 6, units: 5 }));
}

#[test]
fn standby() {
    let warm = Standby { units: 2, failure_rate: 0.01, dormancy: 0.4, repair_rate: 0.5, crews: 2 };
    assert_prints(warm.unavailability().unwrap(), "2.722994e-4");
    assert_prints(Standby { dormancy: 0.0, ..warm }.unavailability().unwrap(), "1.960400e-4");
    assert_prints(Standby { crews: 1, ..warm }.unavailability().unwrap(), "5.444505e-4");
    // Hot standby is two machines of which one is needed.
    let hot = Standby { dormancy: 1.0, ..warm }.unavailability().unwrap();
    let pair = MachineRepair { machines: 2, failure_rate: 0.01, repair_rate: 0.5, crews: 2, needed: 1 };
    assert!((1.0 - hot - pair.long_run().unwrap().availability).abs() < 1e-15);
}

/// The chain of the shocks gives the closed form.
#[test]
fn common_shocks() {
    let (l1, l2, common) = (0.2, 0.3, 0.1);
    let chain =
        Chain::new(vec![(0, 1, l1), (0, 2, l2), (0, 3, common), (1, 3, l2 + common), (2, 3, l1 + common)]);
    for time in [0.5, 2.0, 10.0] {
        let state = chain.clone().unwrap().transient(&[1.0, 0.0, 0.0, 0.0], time).unwrap();
        assert!((state[0] - marshall_olkin(l1, l2, common, time, time)).abs() < 1e-14);
        let first = marshall_olkin(l1, l2, common, time, 0.0);
        assert!((state[0] + state[2] - first).abs() < 1e-14);
    }
}

/// Outages per year of 8766 h behind one hour of holdover. For a log-normal D the mean of what exceeds h is
/// mean * Phi(d + sigma) - h Phi(d), d = ln(median / h) / sigma.
#[test]
fn holdover() {
    let year = 8766.0;
    let exp = behind_holdover(1000.0, 2.0, libm::exp(-0.5), 2.0 * libm::exp(-0.5));
    assert_prints(exp.rate * year, "5.306235");
    assert_prints(exp.mean_length, "2.000000");
    let fixed = behind_holdover(1000.0, 2.0, 1.0, 1.0);
    assert_prints(fixed.rate * year, "8.748503");
    assert_prints(fixed.mean_length, "1.000000");
    let phi = |z: f64| 0.5 * libm::erfc(-z / 2.0_f64.sqrt());
    let (sigma, mean) = (0.8, 1.5 * libm::exp(0.32));
    let d = libm::log(1.5) / sigma;
    let log_normal = behind_holdover(1000.0, mean, phi(d), mean * phi(d + sigma) - phi(d));
    assert_prints(log_normal.rate * year, "6.069868");
    assert_prints(log_normal.mean_length, "1.692373");
}

#[test]
fn black_start() {
    assert!((black_start_cycle(2, 1000.0, 2.0, 3.0) - 5.0 / 505.0).abs() < 1e-15);
    assert_prints(black_start_cycle(2, 1000.0, 2.0, 3.0), "0.00990099");
}

/// Storm's `voting3.dft`: one bit a component that is down.
#[test]
fn storm_voting() {
    let rates = [0.3, 0.4, 1.0];
    let transitions = (0..8_usize).flat_map(|state| {
        let whole = (0..3).filter(move |part| state & (1 << part) == 0);
        whole.map(move |part| (state, state | (1 << part), rates[part]))
    });
    let chain = Chain::new(transitions.collect()).unwrap();
    let mut new = [0.0; 8];
    new[0] = 1.0;
    let failed = |state: &usize| state.count_ones() >= 2;
    let at_one = chain.transient(&new, 1.0).unwrap();
    assert_prints((0..8).filter(failed).map(|state| at_one[state]).sum(), "0.3496529873");
    let targets: Vec<usize> = (0..8).filter(failed).collect();
    assert!((chain.mean_time_to(&new, &targets).unwrap() - 2685.0 / 1547.0).abs() < 1e-14);
}

/// Storm's `spare.dft`.
#[test]
fn storm_spare() {
    let chain = Chain::new(vec![(0, 1, 0.5 + 0.3 * 0.5), (1, 2, 0.5)]).unwrap();
    assert_prints(chain.transient(&[1.0, 0.0, 0.0], 1.0).unwrap()[2], "0.1118530638");
    assert!((chain.mean_time_to(&[1.0, 0.0, 0.0], &[2]).unwrap() - 46.0 / 13.0).abs() < 1e-14);
}

/// A trigger T strikes A and B with probability `hit` each; bit 0 is T, bits 1 and 2 are A and B.
fn trigger(hit: f64) -> Chain {
    let mut transitions = Vec::new();
    for state in 0..8_usize {
        for part in (1..3).filter(|part| state & (1 << part) == 0) {
            transitions.push((state, state | (1 << part), 0.5));
        }
        if state & 1 == 0 {
            for (struck, p) in
                [(0, (1.0 - hit).powi(2)), (2, hit * (1.0 - hit)), (4, (1.0 - hit) * hit), (6, hit * hit)]
            {
                if p > 0.0 {
                    transitions.push((state, state | 1 | struck, 0.5 * p));
                }
            }
        }
    }
    Chain::new(transitions).unwrap()
}

#[test]
fn storm_trigger() {
    let mut new = [0.0; 8];
    new[0] = 1.0;
    for (hit, printed, mean) in [(0.2, "0.1981688680", 68.0 / 25.0), (0.0, "0.1548181217", 3.0)] {
        let chain = trigger(hit);
        let at_one = chain.transient(&new, 1.0).unwrap();
        assert_prints(at_one[6] + at_one[7], printed);
        assert!((chain.mean_time_to(&new, &[6, 7]).unwrap() - mean).abs() < 1e-14);
    }
}

/// The fault-tolerant workstation cluster (qcomp benchmark `cluster`, N = 2): classes are left and right
/// hosts, left and right switch, backbone.
const CLUSTER: [(u8, f64, f64); 5] = [
    (2, 1.0 / 500.0, 2.0),
    (2, 1.0 / 500.0, 2.0),
    (1, 1.0 / 4000.0, 0.25),
    (1, 1.0 / 4000.0, 0.25),
    (1, 1.0 / 5000.0, 0.125),
];

/// Failed ones per class, and the class that the one crew works at.
type ClusterState = ([u8; 5], Option<usize>);

/// What follows a state, with rates; a free crew goes to each waiting class at rate 10.
fn cluster_follows((failed, crew): ClusterState) -> Vec<(ClusterState, f64)> {
    let changed = |class: usize, count: u8| {
        let mut failed = failed;
        failed[class] = count;
        failed
    };
    let mut follows = Vec::new();
    for (class, (units, failure, repair)) in CLUSTER.into_iter().enumerate() {
        if failed[class] < units {
            let rate = f64::from(units - failed[class]) * failure;
            follows.push(((changed(class, failed[class] + 1), crew), rate));
        }
        if crew == Some(class) {
            follows.push(((changed(class, failed[class] - 1), None), repair));
        }
        if crew.is_none() && failed[class] > 0 {
            follows.push(((failed, Some(class)), 10.0));
        }
    }
    follows
}

#[test]
fn workstation_cluster() {
    let mut states: Vec<ClusterState> = vec![([0; 5], None)];
    let mut transitions = Vec::new();
    let mut index = 0;
    while index < states.len() {
        for (next, rate) in cluster_follows(states[index]) {
            let to = states.iter().position(|state| *state == next).unwrap_or(states.len());
            if to == states.len() {
                states.push(next);
            }
            transitions.push((index, to, rate));
        }
        index += 1;
    }
    let chain = Chain::new(transitions).unwrap();
    let reaches = |[left, right, left_switch, right_switch, backbone]: [u8; 5], hosts: u8| {
        let (left, right) = (2 - left, 2 - right);
        let joined = left_switch + right_switch + backbone == 0;
        (left >= hosts && left_switch == 0)
            || (right >= hosts && right_switch == 0)
            || (left + right >= hosts && joined)
    };
    let sum = |shares: &[f64], value: &dyn Fn(&ClusterState) -> f64| -> f64 {
        states.iter().zip(shares).map(|(state, share)| value(state) * share).sum()
    };
    let lacks = |hosts| move |(failed, _): &ClusterState| f64::from(u8::from(!reaches(*failed, hosts)));
    let mut new = vec![0.0; states.len()];
    new[0] = 1.0;
    let spent = chain.occupancy(&new, 2000.0).unwrap();
    assert_prints(sum(&spent, &|(_, crew)| crew.map_or(0.0, |class| CLUSTER[class].2)), "17.36977828");
    // In arithmetic of 34 digits; published as 0.004659192406.
    let below_minimum = 0.004_659_192_405_474_62;
    assert!((sum(&spent, &lacks(1)) / below_minimum - 1.0).abs() < 1e-12);
    assert_prints(sum(&spent, &lacks(2)), "0.076576856");
    let premium = 1.0 - sum(&chain.steady_state().unwrap(), &lacks(2));
    assert_prints(premium, "0.9999615335623628");
}

/// Rates twenty orders of magnitude apart: no probability loses a digit.
#[test]
fn steady_state_keeps_all_digits() {
    let chain = Chain::new(vec![(0, 1, 1e-10), (1, 0, 1.0), (1, 2, 1e-10), (2, 1, 1.0)]).unwrap();
    let shares = chain.steady_state().unwrap();
    assert!((shares[2] / 1e-20 * (1.0 + 1e-10 + 1e-20) - 1.0).abs() < 1e-15, "{shares:?}");
}

#[test]
fn chains_without_an_answer_say_so() {
    assert_eq!(Chain::new(vec![]), Err(ExactError::NoTransitions));
    assert!(Chain::new(vec![(0, 0, 1.0)]).is_err());
    assert!(Chain::new(vec![(0, 1, f64::NAN)]).is_err());
    let one_way = Chain::new(vec![(0, 1, 1.0), (0, 2, 1.0), (2, 0, 1.0)]).unwrap();
    assert_eq!(one_way.steady_state(), Err(ExactError::NoWayBack { state: 1 }));
    assert_eq!(one_way.mean_time_to(&[1.0, 0.0, 0.0], &[2]), Ok(f64::INFINITY));
    assert_eq!(one_way.mean_time_to(&[0.0, 0.0, 1.0], &[2]), Ok(0.0));
    assert_eq!(one_way.mean_time_to(&[1.0], &[2]), Err(ExactError::Initial));
    assert_eq!(one_way.transient(&[1.0, 0.0, 0.0], -1.0), Err(ExactError::Time(-1.0)));
}
