//! Load in words: overload, surges, what operators do.

use crate::measure::{Happening, LoadStep, Overload, ResponseStep, SurgeStep};
use crate::model::{Change, Model, SurgeId};
use crate::units::{show_percent, show_short, show_span};

/// Kind of an entry about load, as JSON calls it.
pub(super) const fn load_kind(happening: &Happening) -> &'static str {
    match happening {
        Happening::Surge { step: SurgeStep::Begins, .. } => "surge_begins",
        Happening::Surge { step: SurgeStep::Peaks, .. } => "surge_peaks",
        Happening::Surge { step: SurgeStep::Ends, .. } => "surge_ends",
        Happening::Load { step: LoadStep::Overload(step), .. } => match step {
            Overload::Begins { .. } => "overload_begins",
            Overload::Worse { .. } => "overload_worse",
            Overload::Ends { .. } => "overload_ends",
        },
        Happening::Load { step: LoadStep::Tripped { lost }, .. } if *lost > 0.0 => "parts_trip",
        Happening::Load { step: LoadStep::Tripped { .. }, .. } => "parts_back",
        Happening::Load { step: LoadStep::Scales { .. }, .. } => "scales",
        Happening::Jam { dropped, .. } if *dropped > 0.0 => "way_full",
        Happening::Jam { .. } => "way_has_room",
        Happening::SignedOut { users, .. } if *users > 0.0 => "signed_out",
        Happening::SignedOut { .. } => "signed_in_again",
        Happening::Retries { amplification, .. } if *amplification > 1.0 => "retries_pile_up",
        Happening::Retries { .. } => "retries_drained",
        Happening::Response { step, .. } => match step {
            ResponseStep::CalledFor => "response_called_for",
            ResponseStep::WaitsForCrew => "response_waits_for_crew",
            ResponseStep::Decided => "response_decided",
            ResponseStep::Applied => "response_applied",
            ResponseStep::Fails => "response_fails",
            ResponseStep::Undone => "response_undone",
        },
        _ => "other",
    }
}

fn at_most(utilisation: f64) -> String {
    if utilisation < 100.0 { format!("{utilisation:.1}") } else { "more than 100".to_owned() }
}

/// A rounded share: "41 %".
fn whole_percent(share: f64) -> String {
    show_percent((100.0 * share).round() / 100.0)
}

/// "1.7 x over capacity"; beyond 100 it does not matter by how much.
fn over_capacity(utilisation: f64) -> String {
    if utilisation < 100.0 {
        format!("{utilisation:.1} x over capacity")
    } else {
        "more than 100 x over capacity".to_owned()
    }
}

/// What happens to a unit's load or capacity.
pub(super) fn load_words(step: &LoadStep) -> String {
    match step {
        LoadStep::Overload(Overload::Begins { utilisation, refused }) => {
            format!(" {}: {} shed", over_capacity(*utilisation), whole_percent(*refused))
        }
        LoadStep::Overload(Overload::Worse { utilisation, refused }) => {
            format!(" now {}: {} shed", over_capacity(*utilisation), whole_percent(*refused))
        }
        LoadStep::Overload(Overload::Ends { lasted, most }) => {
            let lasted = show_span(lasted.micros_f64());
            format!(" within capacity again after {lasted}, {} x at most", at_most(*most))
        }
        LoadStep::Tripped { lost } if *lost > 0.0 => {
            format!(": overload has tripped {} of its capacity", whole_percent(*lost))
        }
        LoadStep::Tripped { .. } => ": all that tripped is back".to_owned(),
        LoadStep::Scales { from, to } => {
            let verb = if to > from { "grown" } else { "shrunk" };
            format!(
                ": autoscaled, {verb} from {} to {} of its declared capacity",
                whole_percent(*from),
                whole_percent(*to)
            )
        }
    }
}

/// How full a way through the network is.
pub(super) fn jam_words(dropped: f64) -> String {
    if dropped > 0.0 {
        format!(": full, {} of calls dropped", whole_percent(dropped))
    } else {
        ": has room for all calls again".to_owned()
    }
}

/// How far a surge is.
pub(super) fn surge_words(model: &Model, surge: SurgeId, step: SurgeStep, size: f64) -> String {
    let height = match model.load.surges[surge.index()].change {
        Change::Factor(_) => format!("demand x {}", show_short(size)),
        Change::Adds(_) => format!("{} users more", show_short(size)),
        Change::Moves(_) => format!("{} of calls moved", whole_percent(size)),
    };
    match step {
        SurgeStep::Begins => format!(": begins, grows to {height}"),
        SurgeStep::Peaks => format!(" at its height: {height}"),
        SurgeStep::Ends => ": over, demand is as it was".to_owned(),
    }
}

/// What operators do.
pub(super) const fn response_words(step: ResponseStep) -> &'static str {
    match step {
        ResponseStep::CalledFor => ": called for, not decided yet",
        ResponseStep::WaitsForCrew => ": decided, waits for a crew",
        ResponseStep::Decided => ": decided",
        ResponseStep::Applied => ": applied",
        ResponseStep::Fails => ": applied, but does not work",
        ResponseStep::Undone => ": undone",
    }
}
