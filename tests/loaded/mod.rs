//! Systems under load, for tests of what is measured and told.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

use blackstart::law::Law;
use blackstart::model::{
    ActDraft, Autoscaling, Builder, CallDraft, CallTreeDraft, Capacity, Change, CompId, ComponentDraft,
    Effect, Expression, HazardDraft, Journey, JourneyId, Kind, Model, Objective, OccursDraft, Population,
    PopulationId, Profile, RepairDraft, ResponseDraft, RouteDraft, ServiceId, Session, StrikeDraft,
    SurgeDraft, Trips, UnitLoad, UnitLoadDraft, UsageDraft, UsageId, UsageLoad, UsageLoadDraft, Watched,
};
use blackstart::random::StreamName;
use blackstart::time::{SimSpan, SimTime};

pub fn seconds(s: f64) -> SimTime {
    SimTime::from_micros((s * 1e6).round() as i64)
}

pub fn fixed(s: f64) -> Law {
    Law::fixed(s * 1e6).unwrap()
}

pub fn capacity(per_member: f64, gamma: f64) -> Capacity {
    Capacity { per_member, gamma, by_member: Vec::new(), warm_up: SimSpan::ZERO, trips: None, scaling: None }
}

/// One service of one unit, and its users, to which tests add what happens.
pub struct Shop {
    pub builder: Builder,
    pub service: ServiceId,
    pub unit: CompId,
    pub journey: JourneyId,
    pub population: PopulationId,
    pub usage: UsageId,
}

impl Shop {
    /// Users who make `demand` requests per second and try again after each of `backoffs`, seconds.
    pub fn new(horizon: f64, demand: f64, backoffs: &[f64], capacity: Capacity) -> Self {
        let mut b = Builder::new("load", seconds(horizon));
        let service = b.service("shop", None);
        let mut draft = ComponentDraft::new("shop", Kind::Unit);
        draft.unit_of = Some(service);
        let unit = b.component(draft);
        let journey = b.journey(Journey { name: "buy".into(), objective: Objective::default() });
        let population =
            b.population(Population { name: "users".into(), users: 1_000.0, profile: Profile::Flat });
        let route = b.route(RouteDraft {
            name: "users to shop".into(),
            population,
            service,
            units: vec![unit],
            failover: None,
        });
        let calls = vec![CallDraft { to: CallTreeDraft::Service(vec![(route, 1.0)]), times: 1.0 }];
        let usage = b.usage(UsageDraft { population, journey, requests_per_second: demand, calls });
        let load = UnitLoad { unit, capacity: Some(capacity), calls: Vec::new() };
        b.unit_load(UnitLoadDraft { load, scaling_needs: None });
        let load = UsageLoad { admit: 1.0, backoffs: backoffs.to_vec(), ..UsageLoad::default() };
        b.usage_load(usage, UsageLoadDraft { priority: 0, load });
        Self { builder: b, service, unit, journey, population, usage }
    }

    /// Leaves this share of the unit's level, from when, for how long: seconds.
    pub fn dip(mut self, left: f64, from: f64, lasts: f64) -> Self {
        let down = StrikeDraft::down("dip", vec![self.unit], RepairDraft::of(fixed(lasts)));
        let effect = if left > 0.0 { Effect::Capacity(Law::fixed(left).unwrap()) } else { Effect::Down };
        let at = OccursDraft::At(vec![seconds(from)]);
        let hazard = HazardDraft::new(format!("dip at {from}"), at, vec![StrikeDraft { effect, ..down }]);
        self.builder.hazard(hazard);
        self
    }

    /// Demand times `factor` from `from` on, at once, for so long.
    pub fn surge(mut self, factor: f64, from: f64, (ramp, lasts, decay): (f64, f64, f64)) -> Self {
        self.builder.surge(SurgeDraft {
            hazard: HazardDraft::new("rush", OccursDraft::At(vec![seconds(from)]), Vec::new()),
            change: Change::Factor(Law::fixed(factor).unwrap()),
            journeys: Vec::new(),
            populations: Vec::new(),
            ramp: fixed(ramp),
            lasts: fixed(lasts),
            decay: fixed(decay),
        });
        self
    }

    /// Operators who let in only this share of requests once a third of them has failed for 10 min, after 5 min to decide and
    /// 10 min of work, and let all in again once less than 2 % have failed for an hour.
    pub fn limits(mut self, share: f64) -> Self {
        let watches = || Watched::Utilisation(vec![self.unit]);
        let (_, alarm) = self.builder.signal(
            "shop overloaded",
            watches(),
            (1.2, false),
            SimSpan::from_micros(600_000_000),
        );
        let (calm, _) =
            self.builder.signal("shop calm", watches(), (0.7, true), SimSpan::from_micros(3_600_000_000));
        self.builder.response(ResponseDraft {
            name: "limit sales".into(),
            when: Expression::Up(alarm),
            repair: RepairDraft { detect: fixed(300.0), ..RepairDraft::of(fixed(600.0)) },
            works: 1.0,
            acts: vec![ActDraft::Admit(self.journey, share)],
            undo: Some(calm),
        });
        self
    }

    pub fn build(self) -> Model {
        self.builder.build().unwrap()
    }
}

/// One retry after 10 min, collapse under overload: a dip of 10 min leaves the shop down until operators limit sales.
pub fn metastable() -> Shop {
    Shop::new(40_000.0, 90.0, &[600.0], capacity(100.0, 2.0)).dip(0.0, 3_600.0, 600.0).limits(0.5)
}

/// Users who stay signed in for an hour: an outage of an hour signs most of them out, and all come back at once, in a rush.
pub fn sign_in_storm() -> Model {
    let shop = Shop::new(40_000.0, 10.0, &[30.0, 30.0], capacity(30.0, 0.0));
    let mut model = shop.dip(0.0, 7_200.0, 3_600.0).surge(3.0, 5_400.0, (600.0, 1_800.0, 600.0)).build();
    model.load.usages[0].sessions = vec![Some(Session { mean: 3_600.0, retry: 30.0, kept_in: Vec::new() })];
    model
}

/// A surge that trips parts of a unit, which autoscaling then makes up for.
pub fn trips() -> Model {
    let trips = Trips {
        at: 1.1,
        after: SimSpan::from_micros(60_000_000),
        loses: 0.2,
        restart: fixed(1_800.0),
        restart_stream: StreamName::new("shop", "trip restart"),
        rate: 0.001,
    };
    let scaling = Autoscaling {
        target: 0.6,
        every: SimSpan::from_micros(300_000_000),
        lag: fixed(600.0),
        lag_stream: StreamName::new("shop", "scaling lag"),
        step: 2.0,
        between: (0.5, 4.0),
        down_after: SimSpan::from_micros(40_000_000_000),
        needs: None,
    };
    let capacity = Capacity { trips: Some(trips), scaling: Some(scaling), ..capacity(100.0, 0.0) };
    Shop::new(40_000.0, 60.0, &[], capacity).surge(2.0, 7_200.0, (300.0, 3_600.0, 300.0)).build()
}
