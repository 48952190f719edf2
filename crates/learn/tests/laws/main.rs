//! What must not change a model, for every learner and everything it can predict, through the whole
//! pipeline. How far that goes is data, in `learners.rs`: a learner that is not there fails.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod learners;
mod rows;

use hedgerow_learn::{Learner, PreparationOptions, TaskChoice, TrainOptions, train};
use hedgerow_model::Raw;
use proptest::prelude::*;

use learners::{Holds, How, Laws, On, laws_of};
use rows::{NAMES, QUERIES, Row, Target, View, few_values, repeated, rows, shuffled};

fn targets(learner: &Learner) -> Vec<(Target, TaskChoice)> {
    let of = |task: &TaskChoice| match task {
        TaskChoice::Regression => vec![Target::Number],
        TaskChoice::Anomaly => vec![Target::Classes(2)],
        _ => vec![Target::Classes(2), Target::Classes(3)],
    };
    learner.tasks().iter().flat_map(|task| of(task).into_iter().map(|of| (of, *task))).collect()
}

/// What a learner under a law is given to do.
struct Trial<'a> {
    kind: &'static str,
    holds: &'a Holds,
    target: Target,
    task: TaskChoice,
}

impl Trial<'_> {
    fn compare(&self, [ours, theirs]: [Result<Vec<f64>, String>; 2]) -> Result<(), TestCaseError> {
        self.holds.compare(ours, theirs, &format!("{}, {:?}", self.kind, self.target))
    }

    /// Rows as the law asks for, and those to predict: among them some that were not learned from,
    /// unless only what was seen is sure to be as it was.
    fn rows(&self, rows: &[Row], only_seen: bool) -> [Vec<Row>; 2] {
        let few = self.holds.on == On::Few;
        let unseen: &[Row] = if self.holds.splits && only_seen { &[] } else { &QUERIES };
        [rows.to_vec(), [rows, unseen].concat()]
            .map(|rows| if few { few_values(&rows) } else { rows })
    }

    fn view(&self) -> View {
        View { whole: self.holds.on == On::Numbers, ..View::default() }
    }

    /// Outputs for `queries` after learning from `rows`, both as they are in `view`; the shares of
    /// classes are in the order of the classes, whatever their names.
    fn outputs(&self, rows: &[Row], queries: &[Row], view: &View) -> Result<Vec<f64>, String> {
        let given = (self.holds.given)(rows.len());
        let params = given.as_object().unwrap().clone();
        let standardize = if self.holds.as_is { Some(false) } else { None };
        let options = TrainOptions {
            learner: Learner::from_params(self.kind, params).unwrap(),
            task: self.task,
            features: Some(view.features()),
            sample_weight: view.weighted.then(|| "weight".to_owned()),
            preparation: PreparationOptions { standardize, ..PreparationOptions::default() },
            ..TrainOptions::new("target")
        };
        let model = train(&view.table(rows, self.target), options).map_err(|e| e.to_string())?;
        let asked = view.table(queries, self.target);
        let fields = model.schema.features.iter();
        let raw: Vec<Raw> = fields.map(|field| asked.column(&field.name).unwrap().raw()).collect();
        let values = model.predict(&raw).unwrap().values;
        let Target::Classes(n) = self.target else { return Ok(values) };
        let labels = model.schema.task.classes();
        let place = |name: &&str| labels.iter().position(|label| label == name).unwrap();
        let places: Vec<usize> = view.names[..n].iter().map(place).collect();
        Ok(values.chunks(n).flat_map(|row| places.iter().map(|&at| row[at])).collect())
    }
}

/// Holds every learner to one of its laws, on everything it can predict.
fn each(
    law: fn(&Laws) -> &[Holds],
    check: impl Fn(&Trial) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    for kind in Learner::KINDS {
        let laws = laws_of(kind);
        for (target, task) in targets(&Learner::from_params(kind, []).unwrap()) {
            for holds in law(&laws) {
                check(&Trial { kind, holds, target, task })?;
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_rows_does_not_matter((rows, others) in shuffled()) {
        each(|laws| &laws.order, |trial| {
            // Sums of numbers are rounded by their order, so one of two equally good splits may win.
            let only_seen = trial.target == Target::Number;
            let [rows, queries] = trial.rows(&rows, only_seen);
            let [others, _] = trial.rows(&others, only_seen);
            let view = trial.view();
            trial.compare([&rows, &others].map(|rows| trial.outputs(rows, &queries, &view)))
        })?;
    }

    /// Shares of the classes are summed up in their order, so one of two equally good splits may win.
    #[test]
    fn the_names_of_classes_do_not_matter(rows in rows(), by in 1..3usize) {
        each(|laws| &laws.classes, |trial| {
            let Target::Classes(n) = trial.target else { return Ok(()) };
            let [rows, queries] = trial.rows(&rows, true);
            let mut names = NAMES;
            names[..n].rotate_left(by.min(n - 1));
            let view = |names| View { names, ..trial.view() };
            trial.compare([NAMES, names].map(|names| trial.outputs(&rows, &queries, &view(names))))
        })?;
    }

    /// Scaling by a power of two changes no digit, so nothing at all.
    #[test]
    fn the_scale_of_a_feature_does_not_matter(rows in rows(), power in -20..20i32) {
        each(|laws| &laws.scale, |trial| {
            let holds = Holds { how: How::Within(0.0), ..*trial.holds };
            let trial = Trial { holds: &holds, ..*trial };
            let [rows, queries] = trial.rows(&rows, false);
            let view = |scale| View { scale, ..trial.view() };
            let scales = [1.0, libm::scalbn(1.0, power)];
            trial.compare(scales.map(|scale| trial.outputs(&rows, &queries, &view(scale))))
        })?;
    }

    /// What was not seen may lie just on a threshold.
    #[test]
    fn the_unit_of_a_feature_hardly_matters(
        rows in rows(), digits in 1.0..10.0f64, power in prop_oneof![-3..3i32, -250..250i32],
    ) {
        let unit = digits * libm::exp10(f64::from(power));
        each(|laws| &laws.scale, |trial| {
            let [rows, queries] = trial.rows(&rows, true);
            let view = |scale| View { scale, ..trial.view() };
            trial.compare([1.0, unit].map(|scale| trial.outputs(&rows, &queries, &view(scale))))
        })?;
    }

    /// Without gaps and categories: what is filled in, and which there are, is counted in rows.
    #[test]
    fn a_weight_is_so_many_repetitions(rows in rows()) {
        each(|laws| &laws.weights, |trial| {
            let [rows, queries] = trial.rows(&rows, true);
            let view = |weighted| View { weighted, whole: true, ..View::default() };
            trial.compare([
                trial.outputs(&rows, &queries, &view(true)),
                trial.outputs(&repeated(&rows), &queries, &view(false)),
            ])
        })?;
    }
}

#[test]
fn a_learner_that_cannot_be_held_to_a_law_says_why() {
    for kind in Learner::KINDS {
        let laws = laws_of(kind);
        for holds in [laws.order, laws.classes, laws.scale, laws.weights] {
            assert!(!holds.is_empty(), "{kind} is held to nothing");
            let weak = |holds: &Holds| !matches!(holds.how, How::Within(_));
            assert!(holds.iter().filter(|holds| weak(holds)).all(|holds| holds.why.len() > 20));
        }
    }
}
