//! Data at risk, for the terminal: printed only where regions copy their data.

use super::grid::{Cell, Column, Grid};
use super::sheet::Section;
use super::table::{mean_seconds, part, quantile_seconds, seconds, with_interval};
use crate::stats::MeanEstimate;
use crate::study::{CopySummary, DataLoss, DataSummary};
use crate::units::show_percent;

/// The table of copies, and a line for each region that may be lost.
pub(super) fn section(data: &DataSummary, horizon_s: f64) -> Section {
    let row = |copy: &CopySummary| {
        let mean = |estimate: &MeanEstimate| Cell::value(mean_seconds(estimate), estimate.mean, "s");
        let not_current = copy.not_current_s.mean / horizon_s.max(1.0);
        vec![
            copy.copy.clone().into(),
            mean(&copy.exposure_s),
            mean(&copy.peak_exposure_s),
            quantile_seconds(copy.peak_exposure_p99_s.value).into(),
            Cell::value(part(not_current), not_current, ""),
        ]
    };
    let rows: Vec<Vec<Cell>> = data.copies.iter().map(row).collect();
    let columns = vec![
        Column::names("data at risk"),
        Column::values("exposure, mean"),
        Column::values("peak, mean"),
        Column::values("peak, p99"),
        Column::values("not current"),
    ];
    let notes = data.regions.iter().map(|loss| format!("lost for good: {}", sentence(loss))).collect();
    Section::of(Grid::of(columns, rows), notes)
}

fn sentence(loss: &DataLoss) -> String {
    let interval = &loss.loss_interval;
    let Some(lost) = &loss.data_lost_s else {
        return format!(
            "{} in no replication (probability below {})",
            loss.region,
            show_percent(interval.high)
        );
    };
    let mean = match &lost.interval {
        Some(interval) => {
            let (mean, ends) = with_interval(lost.mean, interval);
            format!("{mean} of data in the mean (95 % interval {ends})")
        }
        None => format!("{} of data in the mean (few events)", seconds(lost.mean)),
    };
    format!(
        "{} with probability {} (95 % interval {} to {}), with {mean}, p99 {}",
        loss.region,
        show_percent(loss.loss_probability),
        show_percent(interval.low),
        show_percent(interval.high),
        quantile_seconds(loss.data_lost_p99_s.value),
    )
}
