//! One login, by scenario: a box from the first to the third quarter, the median in it, and whiskers to the fastest and
//! to the 99th of a hundred.

use super::scale::{Log, number};
use super::svg::{Anchor, Drawing, series};
use crate::stats::Summary;

/// Bars under one heading.
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) bars: Vec<Bar>,
}

/// One bar.
pub(crate) struct Bar {
    pub(crate) name: String,
    /// Its colour.
    pub(crate) series: usize,
    pub(crate) summary: Summary,
}

const WIDTH: f64 = 860.0;
const LEFT: f64 = 230.0;
const RIGHT: f64 = 785.0;
const TOP: f64 = 46.0;
const BAR: f64 = 17.0;
const HEADING: f64 = 24.0;

/// The whole plot.
pub(crate) fn plot(title: &str, groups: &[Group]) -> String {
    let bars = || groups.iter().flat_map(|group| &group.bars);
    let depth: f64 = groups.iter().map(|group| heading(group) + rows(group)).sum();
    let (bottom, height) = (TOP + depth + 6.0, TOP + depth + 66.0);
    let mut drawing = Drawing::new(WIDTH, height, title);
    let values = bars().flat_map(|bar| [milli(bar.summary.min), milli(bar.summary.p99)]);
    let axis = Log::over(values, LEFT, RIGHT);
    for tick in axis.ticks() {
        let x = axis.place(tick);
        drawing.line("grid", (x, TOP), (x, bottom));
        drawing.text(x, bottom + 16.0, Anchor::Middle, "", number(tick));
    }
    let legend = "milliseconds, logarithmic. Box: half of all; line in it: median (the number); whiskers: fastest, 99 %";
    drawing.text(16.0, bottom + 40.0, Anchor::Start, "", legend);
    let mut y = TOP;
    for group in groups {
        if heading(group) > 0.0 {
            drawing.text(16.0, y + 17.0, Anchor::Start, "title", &group.name);
        }
        y += heading(group);
        for bar in &group.bars {
            draw(&mut drawing, axis, bar, y);
            y += BAR;
        }
    }
    drawing.finish()
}

/// One group alone needs no name but the title's.
fn heading(group: &Group) -> f64 {
    if group.name.is_empty() { 0.0 } else { HEADING }
}

#[expect(clippy::cast_precision_loss, reason = "a few bars")]
fn rows(group: &Group) -> f64 {
    group.bars.len() as f64 * BAR
}

fn draw(drawing: &mut Drawing, axis: Log, bar: &Bar, y: f64) {
    let (class, s) = (series(bar.series), &bar.summary);
    let [min, quarter, median, three_quarters, p99] =
        [s.min, s.quarter, s.median, s.three_quarters, s.p99].map(|value| axis.place(milli(value)));
    let (middle, top, thick) = (y + BAR / 2.0, y + 3.0, BAR - 6.0);
    drawing.text(LEFT - 8.0, middle + 4.0, Anchor::End, &class, &bar.name);
    drawing.line(&class, (min, middle), (p99, middle));
    for end in [min, p99] {
        drawing.line(&class, (end, top + 2.0), (end, top + thick - 2.0));
    }
    drawing.rect(&class, quarter, top, (three_quarters - quarter).max(3.0), thick);
    if three_quarters - quarter > 5.0 {
        drawing.line("median", (median, top), (median, top + thick));
    }
    drawing.text(p99 + 6.0, middle + 4.0, Anchor::Start, &class, short(milli(s.median)));
}

fn milli(microseconds: f64) -> f64 {
    microseconds / 1000.0
}

/// As many digits as mean something.
fn short(value: f64) -> String {
    let digits = if value < 0.1 {
        3
    } else if value < 10.0 {
        2
    } else if value < 100.0 {
        1
    } else {
        0
    };
    format!("{value:.digits$}")
}
