//! Every law against its own cdf, its closed forms and its pinned draws.

use super::*;
use crate::random::{Replication, StreamName};

/// One law with its mean and mean square, both by hand.
struct Case {
    name: &'static str,
    law: Law,
    mean: f64,
    mean_square: f64,
}

fn case(name: &'static str, law: Result<Law, LawError>, mean: f64, mean_square: f64) -> Case {
    Case { name, law: law.unwrap(), mean, mean_square }
}

/// Gamma variables of mean m and coefficient of variation c have mean square m^2 (1 + c^2); log-normal ones
/// median^2 exp(2 sigma^2); triangular ones (a^2 + b^2 + c^2 + ab + ac + bc) / 6; Weibull ones scale^2
/// Gamma(1 + 2 / shape), and Gamma(1.5) = sqrt(pi) / 2, Gamma(5) = 24.
fn cases() -> Vec<Case> {
    let half_sqrt_pi = 0.886_226_925_452_758;
    let exp_of = libm::exp;
    let mix = vec![
        (3.0, Law::fixed(2.0).unwrap()),
        (1.0, Law::exp(4.0).unwrap()),
        (
            2.0,
            Law::mix(vec![(1.0, Law::gamma(3.0, 0.5).unwrap()), (1.0, Law::uniform(0.0, 6.0).unwrap())])
                .unwrap(),
        ),
    ];
    vec![
        case("exp", Law::exp(5.0), 5.0, 50.0),
        case("log-normal", Law::log_normal(4.0, 0.8), 4.0 * exp_of(0.32), 16.0 * exp_of(1.28)),
        case("weibull, wear", Law::weibull(3.0, 2.0), 3.0 * half_sqrt_pi, 9.0),
        case("weibull, teething", Law::weibull(3.0, 0.5), 6.0, 9.0 * 24.0),
        case("gamma, cv 0.5", Law::gamma(10.0, 0.5), 10.0, 125.0),
        case("gamma, cv 1", Law::gamma(10.0, 1.0), 10.0, 200.0),
        case("gamma, cv 1.5", Law::gamma(10.0, 1.5), 10.0, 325.0),
        case("fixed", Law::fixed(7.0), 7.0, 49.0),
        case("uniform", Law::uniform(2.0, 5.0), 3.5, 13.0),
        case("triangular", Law::triangular(1.0, 2.0, 6.0), 3.0, (1.0 + 4.0 + 36.0 + 2.0 + 6.0 + 12.0) / 6.0),
        case("empirical", Law::empirical(vec![4.0, 1.0, 9.0, 1.0, 0.0]), 3.0, 99.0 / 5.0),
        case("mix", Law::mix(mix), (3.0 * 2.0 + 4.0 + 2.0 * 3.0) / 6.0, (12.0 + 32.0 + 11.25 + 12.0) / 6.0),
    ]
}

fn draws(stream: &str, count: u32) -> impl Iterator<Item = Draw> {
    let name = StreamName::new(stream, "test");
    (0..count).map(move |number| Replication::new(11, 0).draw(name, number))
}

/// Kolmogorov and Smirnov's distance between a sample and a cdf, which may have jumps.
fn distance(sample: &mut [f64], cdf: impl Fn(f64) -> f64) -> f64 {
    sample.sort_by(f64::total_cmp);
    let count = sample.len() as f64;
    let at = |x: f64| sample.partition_point(|value| *value <= x) as f64 / count;
    let gaps = sample.iter().flat_map(|x| {
        let before = x.next_down();
        [(at(*x) - cdf(*x)).abs(), (at(before) - cdf(before)).abs()]
    });
    gaps.fold(0.0, f64::max)
}

/// 10,000 draws each; the distance exceeds 1.95 / sqrt(10000) = 0.0195 once in a thousand times.
#[test]
fn draws_follow_the_cdf() {
    for Case { name, law, .. } in cases() {
        let mut sample: Vec<f64> = draws(name, 10_000).map(|draw| law.draw(draw)).collect();
        let distance = distance(&mut sample, |x| law.cdf(x));
        assert!(distance < 0.0195, "{name}: {distance}");
    }
}

/// The stationary residual life has the cdf (integral of 1 - F from 0 to x) / mean; for three laws by hand.
#[test]
fn residual_draws_follow_the_equilibrium_law() {
    type Closed = (&'static str, Law, fn(f64) -> f64);
    let closed: [Closed; 3] = [
        ("exp", Law::exp(5.0).unwrap(), |x| 1.0 - libm::exp(-x / 5.0)),
        ("fixed", Law::fixed(7.0).unwrap(), |x| (x / 7.0).clamp(0.0, 1.0)),
        ("uniform", Law::uniform(0.0, 6.0).unwrap(), |x| (x - x * x / 12.0) / 3.0),
    ];
    for (name, law, cdf) in closed {
        let mut sample: Vec<f64> = draws(name, 10_000).map(|draw| law.draw_residual(draw)).collect();
        let distance = distance(&mut sample, cdf);
        assert!(distance < 0.0195, "{name}: {distance}");
    }
}

#[test]
fn residual_mean_is_half_the_mean_square_over_the_mean() {
    for Case { name, law, mean, mean_square } in cases() {
        let count = 20_000;
        let sample: Vec<f64> = draws(name, count).map(|draw| law.draw_residual(draw)).collect();
        let estimate = sample.iter().sum::<f64>() / f64::from(count);
        let variance = sample.iter().map(|x| (x - estimate).powi(2)).sum::<f64>() / f64::from(count);
        let z = (estimate - mean_square / (2.0 * mean)) / (variance / f64::from(count)).sqrt();
        assert!(z.abs() < 4.0, "{name}: {z} standard errors");
    }
}

#[test]
fn mean_is_the_closed_form() {
    for Case { name, law, mean, .. } in cases() {
        assert!((law.mean() / mean - 1.0).abs() < 1e-14, "{name}: {}", law.mean());
    }
}

#[test]
fn quantile_undoes_the_cdf() {
    for Case { name, law, .. } in cases() {
        for step in 1..200 {
            let x = law.quantile(f64::from(step) / 200.0);
            let back = law.quantile(law.cdf(x));
            assert!((back - x).abs() <= 1e-11 * x, "{name}: {x} came back as {back}");
        }
    }
}

#[test]
fn quantile_is_the_smallest_value_that_reaches_p() {
    let dice = Law::empirical((1..=6).map(f64::from).collect()).unwrap();
    for face in 1..=6 {
        let p = f64::from(face) / 6.0;
        assert_eq!(dice.quantile(p), f64::from(face));
        assert_eq!(dice.quantile(p.next_down()), f64::from(face));
        assert_eq!(dice.quantile(p.next_up()), f64::from(face + 1).min(6.0));
    }
    let coin = Law::mix(vec![(1.0, Law::fixed(1.0).unwrap()), (1.0, Law::fixed(2.0).unwrap())]).unwrap();
    assert_eq!((coin.quantile(0.5), coin.quantile(0.5_f64.next_up())), (1.0, 2.0));
}

#[test]
fn ends_of_the_range_are_the_ends_of_the_support() {
    for Case { name, law, .. } in cases() {
        assert_eq!(law.quantile(-1.0).to_bits(), law.quantile(0.0).to_bits(), "{name}");
        assert_eq!(law.cdf(law.quantile(1.0)), 1.0, "{name}");
        assert_eq!(law.cdf(-1.0), 0.0, "{name}");
        assert!(law.cdf(law.quantile(0.0).next_down()) == 0.0, "{name}");
    }
}

/// A repair of median 10 min and 90 % quantile 2 h: sigma 1.9389, mean 10 exp(1.8797) = 65.5 min, 99 %
/// quantile 10 exp(2.3263 * 1.9389) min = 15.2 h.
#[test]
fn log_normal_by_p90() {
    let minutes = Law::log_normal_p90(10.0, 120.0).unwrap();
    assert!((minutes.quantile(0.5) - 10.0).abs() < 1e-12);
    assert!((minutes.quantile(0.9) - 120.0).abs() < 1e-11);
    assert!((minutes.mean() - 65.5).abs() < 0.05, "{}", minutes.mean());
    assert!((minutes.quantile(0.99) / 60.0 - 15.2).abs() < 0.05, "{}", minutes.quantile(0.99) / 60.0);
}

#[test]
fn exponential_laws_agree() {
    let exp = Law::exp(10.0).unwrap();
    let same = [Law::weibull(10.0, 1.0).unwrap(), Law::gamma(10.0, 1.0).unwrap()];
    for law in same {
        for x in [0.1, 1.0, 10.0, 100.0] {
            assert!((law.cdf(x) - exp.cdf(x)).abs() < 1e-14);
        }
    }
    assert_eq!(exp.is_exponential(), Some(10.0));
    assert_eq!(Law::fixed(10.0).unwrap().is_exponential(), None);
}

#[test]
fn zero_laws_are_zero() {
    let zero = || Law::fixed(0.0).unwrap();
    let laws = [
        zero(),
        Law::fixed(-0.0).unwrap(),
        Law::uniform(0.0, 0.0).unwrap(),
        Law::triangular(0.0, 0.0, 0.0).unwrap(),
        Law::empirical(vec![0.0, 0.0]).unwrap(),
        Law::mix(vec![(1.0, zero()), (2.0, Law::uniform(0.0, 0.0).unwrap())]).unwrap(),
    ];
    for (law, draw) in laws.iter().zip(draws("zero", 6)) {
        assert!(law.is_zero(), "{law:?}");
        let values = [law.draw(draw), law.draw_residual(draw), law.quantile(0.5), law.mean()];
        assert_eq!(values.map(f64::to_bits), [0; 4], "{law:?}");
        assert_eq!(law.cdf(0.0), 1.0, "{law:?}");
    }
    assert!(!Law::uniform(0.0, 1.0).unwrap().is_zero());
    assert!(!Law::NEVER.is_zero());
}

#[test]
fn never_is_infinite_alone_and_in_mixtures() {
    let sometimes = Law::mix(vec![(3.0, Law::exp(1.0).unwrap()), (1.0, Law::NEVER)]).unwrap();
    assert_eq!(sometimes.mean(), f64::INFINITY);
    assert_eq!(sometimes.quantile(0.8), f64::INFINITY);
    assert!((sometimes.quantile(0.375) - libm::log(2.0)).abs() < 1e-15);
    for draw in draws("never", 10) {
        assert_eq!(Law::NEVER.draw(draw), f64::INFINITY);
        assert_eq!(Law::NEVER.draw_residual(draw), f64::INFINITY);
        assert_eq!(sometimes.draw_residual(draw), f64::INFINITY);
    }
    let finite = draws("never", 10_000).filter(|draw| sometimes.draw(*draw).is_finite()).count();
    // Standard error sqrt(10000 * 3/16) = 43.3.
    assert!(finite.abs_diff(7_500) < 4 * 43, "{finite}");
}

#[test]
fn degenerate_parameters_give_the_fixed_value() {
    let fixed = Law::fixed(3.0).unwrap();
    assert_eq!(Law::log_normal(3.0, 0.0).unwrap(), fixed);
    assert_eq!(Law::log_normal_p90(3.0, 3.0).unwrap(), fixed);
    assert_eq!(Law::gamma(3.0, 0.0).unwrap(), fixed);
}

#[test]
fn errors_say_what_is_allowed() {
    let errors = [
        Law::exp(0.0),
        Law::log_normal(1.0, -1.0),
        Law::log_normal_p90(120.0, 10.0),
        Law::weibull(1.0, 0.0),
        Law::gamma(f64::INFINITY, 1.0),
        Law::gamma(1.0, 1e-9),
        Law::fixed(f64::NAN),
        Law::uniform(2.0, 1.0),
        Law::triangular(1.0, 5.0, 4.0),
        Law::empirical(vec![]),
        Law::empirical(vec![1.0, -1.0]),
        Law::mix(vec![]),
        Law::mix(vec![(0.0, Law::NEVER)]),
    ];
    let text: Vec<String> = errors.into_iter().map(|law| law.unwrap_err().to_string()).collect();
    insta::assert_snapshot!(text.join("\n"), @"
    Exp: mean is 0, but must be a finite number above 0
    LogNormal: sigma is -1, but must be a number from 0 to 20
    LogNormal: median is 120 and may not exceed p90, which is 10
    Weibull: shape is 0, but must be a number from 0.05 to 1000
    Gamma: mean is inf, but must be a finite number above 0
    Gamma: cv is 0.000000001, but must be 0 or a number from 0.001 to 100
    Fixed: value is NaN, but must be a finite number, 0 or above
    Uniform: low is 2 and may not exceed high, which is 1
    Triangular: mode is 5 and may not exceed high, which is 4
    Empirical: values must have at least one entry
    Empirical: value is -1, but must be a finite number, 0 or above
    Mix: parts must have at least one entry
    Mix: weight is 0, but must be a finite number above 0
    ");
}

/// A change of these bits changes every result ever published with them.
#[test]
fn draws_are_pinned() {
    let line = |case: &Case| {
        let bits = |draw: Draw| {
            let values = [case.law.draw(draw), case.law.draw_residual(draw)];
            values.map(|value| format!("{:016x}", value.to_bits())).join(" ")
        };
        format!("{}: {}", case.name, draws("pinned", 2).map(bits).collect::<Vec<_>>().join(", "))
    };
    let text: Vec<String> = cases().iter().map(line).collect();
    insta::assert_snapshot!(text.join("\n"), @"
    exp: 40120fb5b83236ba 40120fb5b83236ba, 402cbc8f2e8c3d2d 402cbc8f2e8c3d2d
    log-normal: 4013615fe5c30f14 4012aa5220339e77, 402c6d9a18628aaf 3ffde530fdd1287b
    weibull, wear: 4006cea333918972 40078b099bf2fc69, 4014579c9c261278 4007eba843263a3f
    weibull, teething: 400392a18fe5f948 4038d589585e4b14, 4038c610f19d21be 403faf5d0df0b7e4
    gamma, cv 0.5: 402a96fa098ad7c9 40254482625e1998, 402838cbafd2eeb0 4025ce185e575264
    gamma, cv 1: 40288c7ba52664e1 4030be431dd0265d, 400cbf568e0f335d 4032a3c94750f26b
    gamma, cv 1.5: 402ac8a0fb9bec1d 403a7b48ea4e7c3f, 40039a435f50ef86 403ec59787baa7a6
    fixed: 401c000000000000 4015f43426f2de00, 401c000000000000 40139c830dec1b48
    uniform: 400e45b057aeb17f 4005b9e9cadd43e2, 40135274df24b9f2 3ffb791dec25e109
    triangular: 400938f54d029b86 40031c609f736b0f, 4013bf8ccc323ad0 3fff2d9764e9706c
    empirical: 3ff0000000000000 4009171707f0fdb7, 4022000000000000 3fe669ba590dd609
    mix: 4017b5cd54ae6b49 402fd4e0285396d3, 401304c1ebc7c62a 401101a2ef5ba4b9
    ");
}

/// Once its weights and the laws inside are drawn, a mixture is the one of these values; before, that of what stands in for them.
#[test]
fn a_mixture_of_what_is_not_known() {
    let values = vec![Value::Known(2.0), Value::Unknown(0)];
    let inner = Uncertain::new(Form::Empirical, values, &[4.0]).unwrap();
    let unknown = Law::Uncertain(Box::new(inner));
    let parts = vec![(Value::Unknown(1), unknown), (Value::Known(1.0), Law::exp(6.0).unwrap())];
    let law = Uncertain::mix(parts, &[f64::NAN, 3.0]).unwrap();
    let mixed = |weight: f64, value: f64| {
        let observed = Law::empirical(vec![2.0, value]).unwrap();
        Law::mix(vec![(weight, observed), (1.0, Law::exp(6.0).unwrap())]).unwrap()
    };
    assert_eq!(law.nominal(), &mixed(3.0, 4.0));
    assert_eq!(law.known(&[8.0, 2.0]), mixed(2.0, 8.0));
    // What makes no law leaves what stood in for it, also inside.
    assert_eq!(law.known(&[8.0, 0.0]), mixed(3.0, 4.0));
    assert_eq!(law.known(&[-1.0, 2.0]), mixed(2.0, 4.0));
    assert_eq!(Law::ZERO.known(&[1.0]), Law::ZERO);
}
