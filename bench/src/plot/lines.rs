//! What becomes of something as a number grows: both axes logarithmic, a line a product, its name at the end of it.

use super::scale::{Log, number};
use super::svg::{Anchor, Drawing, series};

/// What a plot is of.
pub(crate) struct Plot<'a> {
    pub(crate) title: &'a str,
    pub(crate) across: &'a str,
    pub(crate) upwards: &'a str,
    pub(crate) lines: Vec<Line>,
}

/// One line.
pub(crate) struct Line {
    pub(crate) name: String,
    /// Its colour.
    pub(crate) series: usize,
    pub(crate) points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 80.0;
const RIGHT: f64 = 660.0;
const TOP: f64 = 46.0;
const BOTTOM: f64 = 350.0;

/// Of dots, the first line's first.
const RADII: [f64; 6] = [7.5, 6.6, 5.7, 4.8, 3.9, 3.0];

/// Names at the ends of lines are at least so far apart.
const APART: f64 = 16.0;

impl Plot<'_> {
    pub(crate) fn draw(&self) -> String {
        let mut drawing = Drawing::new(WIDTH, HEIGHT, self.title);
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let x = Log::over(points().map(|(x, _)| *x), LEFT, RIGHT);
        let y = Log::over(points().map(|(_, y)| *y), BOTTOM, TOP);
        self.axes(&mut drawing, x, y);
        // Where lines lie on each other, larger dots below smaller ones show all of them.
        for (line, radius) in
            self.lines.iter().zip(RADII.iter().skip(RADII.len().saturating_sub(self.lines.len())))
        {
            let places: Vec<_> =
                line.points.iter().map(|(across, up)| (x.place(*across), y.place(*up))).collect();
            drawing.polyline(&series(line.series), &places);
            for (x, y) in places {
                drawing.dot(&series(line.series), x, y, *radius);
            }
        }
        let ends = self.lines.iter().map(|line| line.points.last().map_or(BOTTOM, |(_, up)| y.place(*up)));
        for (line, place) in self.lines.iter().zip(spread(ends.collect())) {
            drawing.text(RIGHT + 16.0, place + 4.0, Anchor::Start, &series(line.series), &line.name);
        }
        drawing.finish()
    }

    fn axes(&self, drawing: &mut Drawing, x: Log, y: Log) {
        for tick in y.ticks() {
            let place = y.place(tick);
            drawing.line("grid", (LEFT, place), (RIGHT, place));
            drawing.text(LEFT - 8.0, place + 4.0, Anchor::End, "", number(tick));
        }
        // Across, only what was measured.
        let mut measured: Vec<f64> =
            self.lines.iter().flat_map(|line| &line.points).map(|(x, _)| *x).collect();
        measured.sort_by(f64::total_cmp);
        measured.dedup();
        for tick in measured {
            let place = x.place(tick);
            drawing.line("grid", (place, TOP), (place, BOTTOM));
            drawing.text(place, BOTTOM + 18.0, Anchor::Middle, "", number(tick));
        }
        drawing.text(f64::midpoint(LEFT, RIGHT), BOTTOM + 46.0, Anchor::Middle, "", self.across);
        drawing.text_upwards(22.0, f64::midpoint(TOP, BOTTOM), self.upwards);
    }
}

/// Moves places apart that are too close, keeping their order, and the whole on the paper.
fn spread(places: Vec<f64>) -> Vec<f64> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    let at = |places: &[f64], index: usize| places.get(index).copied().unwrap_or(BOTTOM);
    order.sort_by(|a, b| at(&places, *a).total_cmp(&at(&places, *b)));
    let mut moved = places;
    let mut least = f64::NEG_INFINITY;
    for index in &order {
        if let Some(place) = moved.get_mut(*index) {
            *place = place.max(least);
            least = *place + APART;
        }
    }
    let mut most = BOTTOM + APART;
    for index in order.iter().rev() {
        if let Some(place) = moved.get_mut(*index) {
            *place = place.min(most);
            most = *place - APART;
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_lie_on_each_other() {
        let moved = spread(vec![100.0, 101.0, 99.0, 300.0, 366.0, 366.0]);
        let mut sorted = moved.clone();
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|pair| pair[1] - pair[0] >= APART - 0.01), "{sorted:?}");
        assert!(moved[2] < moved[0] && moved[0] < moved[1], "{moved:?}");
        assert!(sorted.iter().all(|place| *place <= BOTTOM + APART));
    }
}
