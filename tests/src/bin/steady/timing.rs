//! Whether two kinds of inputs take different times: Welch's t over measurements in random order (as dudect does it).

use std::hint::black_box;
use std::time::Instant;

use fastrand::Rng;

use crate::subjects::{INPUTS, Subject, all, kind};

/// Measurements of one batch.
const MEASUREMENTS: usize = 6000;
/// Of which so many in ten are kept, the shortest: the others met somebody else on the machine.
const KEPT_OF_TEN: usize = 8;
/// Below this the kinds cannot be told apart (dudect draws its first line at 4.5).
const EQUAL: f64 = 4.5;
/// A control that does not pass this was measured on a machine too busy to tell anything.
const CLEAR: f64 = 30.0;
/// So many batches are judged together, by their median: one may have been disturbed, or lucky.
const JUDGED: usize = 9;
/// What was disturbed for longer gets a second chance, and no third.
const CHANCES: usize = 2;
/// Batches before giving up on a machine that is busy with something else.
const BATCHES: usize = 60;

/// Measures everything; true if no subject differs, and every control does whenever the others were measured.
pub(crate) fn all_hold() -> bool {
    let (controls, subjects): (Vec<_>, Vec<_>) = all().into_iter().partition(|subject| subject.is_control);
    let mut open: Vec<(&Subject, Vec<f64>)> = subjects.iter().map(|subject| (subject, Vec::new())).collect();
    let mut rng = Rng::with_seed(1);
    let (mut busy, mut least) = (0, vec![f64::INFINITY; controls.len()]);
    println!(
        "{:>8}  (|t|, the median of {JUDGED} batches; under {EQUAL} the two kinds of inputs take the same time)",
        "t"
    );
    for _ in 0..BATCHES {
        let clear: Vec<f64> = controls.iter().map(|control| batch(control, &mut rng)).collect();
        if clear.iter().any(|t| *t < CLEAR) {
            busy += 1;
            continue;
        }
        least.iter_mut().zip(&clear).for_each(|(least, t)| *least = least.min(*t));
        open.retain_mut(|(subject, seen)| {
            seen.push(batch(subject, &mut rng));
            let judged = seen.last_chunk().filter(|_| seen.len().is_multiple_of(JUDGED)).map(median);
            let holds = judged.filter(|t| *t < EQUAL);
            if let Some(t) = holds {
                println!("{t:8.1}  {} (of {} batches)", subject.name, seen.len());
            }
            holds.is_none()
        });
        if open.iter().all(|(_, seen)| seen.len() == CHANCES * JUDGED) {
            break;
        }
    }
    for (subject, seen) in &open {
        println!("DIFFERS   {}: {seen:.1?}", subject.name);
    }
    for (control, t) in controls.iter().zip(least) {
        println!("{t:8.1}  {} (the least)", control.name);
    }
    println!("{busy} batches did not count: the machine was too busy to see the controls");
    open.is_empty()
}

fn median(judged: &[f64; JUDGED]) -> f64 {
    let mut sorted = *judged;
    sorted.sort_by(f64::total_cmp);
    sorted[JUDGED / 2]
}

/// |t| between the two kinds.
fn batch(subject: &Subject, rng: &mut Rng) -> f64 {
    let mut measured: Vec<(u64, usize)> = Vec::with_capacity(MEASUREMENTS);
    for _ in 0..MEASUREMENTS {
        let number = rng.usize(..INPUTS);
        let job = (subject.job)(number);
        let begun = Instant::now();
        for _ in 0..subject.times {
            black_box(job());
        }
        let nanoseconds = begun.elapsed().as_nanos();
        measured.push((u64::try_from(nanoseconds).unwrap_or(u64::MAX), kind(number)));
    }
    // By time alone, and all of the last time or none: the clock's steps are wide, and which kind of equals is cut off
    // would count as a difference.
    measured.sort_unstable();
    let (longest, _) = measured[MEASUREMENTS * KEPT_OF_TEN / 10];
    measured.retain(|(time, _)| *time <= longest);
    let [one, other] = [0, 1].map(|kind| Moments::of(&measured, kind));
    let spread = (one.variance / one.count + other.variance / other.count).sqrt();
    if spread == 0.0 { 0.0 } else { (one.mean - other.mean).abs() / spread }
}

struct Moments {
    count: f64,
    mean: f64,
    variance: f64,
}

impl Moments {
    #[expect(clippy::cast_precision_loss, reason = "nanoseconds of a batch are far below 2^53")]
    fn of(measured: &[(u64, usize)], kind: usize) -> Self {
        let times: Vec<f64> =
            measured.iter().filter(|(_, of)| *of == kind).map(|(time, _)| *time as f64).collect();
        let count = times.len().max(2) as f64;
        let mean = times.iter().sum::<f64>() / count;
        let variance = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0);
        Self { count, mean, variance }
    }
}
