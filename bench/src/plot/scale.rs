//! A logarithmic axis.

/// From values to places on paper.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Log {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Log {
    /// An axis on which all of `values` find a place; it begins and ends at a 1, 2 or 5 of some power of ten.
    pub(crate) fn over(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let positive: Vec<f64> = values.filter(|value| value.is_finite() && *value > 0.0).collect();
        let least = positive.iter().copied().fold(f64::INFINITY, f64::min);
        let most = positive.iter().copied().fold(0.0, f64::max);
        if positive.is_empty() {
            return Self { low: 1.0, high: 10.0, from, to };
        }
        let steps = steps(least / 10.0, most * 10.0);
        let low = steps.iter().copied().rfind(|step| *step <= least * 1.0001).unwrap_or(least);
        let high = steps.iter().copied().find(|step| *step >= most * 0.9999).unwrap_or(most);
        Self { low, high: if high > low { high } else { low * 10.0 }, from, to }
    }

    /// The place of a value; what lies outside comes to an end of the axis.
    pub(crate) fn place(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        let share = (value / self.low).ln() / (self.high / self.low).ln();
        self.from + (self.to - self.from) * share
    }

    /// Values that a line of the grid stands for.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let all = steps(self.low, self.high);
        let inside = |step: &f64| *step >= self.low * 0.9999 && *step <= self.high * 1.0001;
        all.into_iter().filter(inside).collect()
    }
}

/// 1, 2 and 5 of every power of ten around here.
fn steps(low: f64, high: f64) -> Vec<f64> {
    let mut power = 10_f64.powf(low.log10().floor());
    let mut steps = Vec::new();
    while power <= high * 1.0001 {
        steps.extend([power, 2.0 * power, 5.0 * power]);
        power *= 10.0;
    }
    steps
}

/// A tick's number: 0.2, 5, 2,000.
pub(crate) fn number(value: f64) -> String {
    if value < 0.995 {
        let digits = if value < 0.0995 { 3 } else { 1 };
        return format!("{value:.digits$}").trim_end_matches('0').to_owned();
    }
    let whole = format!("{value:.0}");
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_power_has_the_same_length() {
        let log = Log::over([1.0, 1000.0].into_iter(), 100.0, 400.0);
        for (value, place) in [(1.0, 100.0), (10.0, 200.0), (100.0, 300.0), (1000.0, 400.0), (0.1, 100.0)] {
            assert!((log.place(value) - place).abs() < 0.01, "{value}");
        }
    }

    #[test]
    fn an_axis_begins_and_ends_at_a_tick() {
        let ticks = Log::over([0.13, 44.0].into_iter(), 0.0, 1.0).ticks();
        assert_eq!(
            ticks.iter().map(|tick| number(*tick)).collect::<Vec<_>>(),
            ["0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50"]
        );
        assert_eq!(Log::over(std::iter::empty(), 0.0, 1.0).ticks().len(), 4);
        assert_eq!(number(100_000.0), "100,000");
        assert_eq!([number(0.005), number(0.05), number(0.5)], ["0.005", "0.05", "0.5"]);
    }

    #[test]
    fn one_value_is_an_axis_too() {
        let log = Log::over(std::iter::once(5.0), 0.0, 100.0);
        assert!(log.place(5.0).abs() < 0.01);
    }
}
