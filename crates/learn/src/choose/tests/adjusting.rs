//! Calibration and threshold of a whole training.

use super::*;

/// The class follows from `x` by chance: at `x` of 10 in `x * x` percent of the rows.
fn chances(rows: usize) -> Table {
    let mut csv = String::from("x,class\n");
    for row in 0..rows {
        let (x, chance) = (row % 10, (row * 7919) % 101);
        let class = if chance < x * x { "yes" } else { "no" };
        csv += &format!("{x},{class}\n");
    }
    read_csv(csv.as_bytes(), &CsvOptions::default()).unwrap()
}

fn adjusted(table: &Table, adjust: AdjustOptions) -> Result<hedgerow_model::Model, LearnError> {
    let options = options(StudyKind::Adjustment(adjust));
    let mut model = crate::train(table, options.train.clone())?;
    let plan = Arc::new(Plan::new(table, options)?);
    let mut study = Study::new(Arc::clone(&plan));
    while let Some(task) = study.next_task() {
        let result = done(&plan, table, task).map_err(|error| Failure::new(&error));
        study.add(task, result, 1.0)?;
    }
    study.adjust(&mut model)?;
    Ok(model)
}

#[test]
fn calibration_makes_probabilities_come_true() {
    let table = chances(1_000);
    let balanced = crate::forest::ClassWeight::Balanced;
    let evaluate = |adjust: AdjustOptions| {
        let mut options = options(StudyKind::Adjustment(adjust));
        // Weights make its probabilities wrong on purpose.
        options.train.learner = RandomForest {
            n_estimators: 20,
            class_weight: balanced.clone(),
            ..RandomForest::default()
        }
        .into();
        let mut model = crate::train(&table, options.train.clone()).unwrap();
        let plan = Arc::new(Plan::new(&table, options).unwrap());
        let mut study = Study::new(Arc::clone(&plan));
        while let Some(task) = study.next_task() {
            study.add(task, Ok(done(&plan, &table, task).unwrap()), 1.0).unwrap();
        }
        study.adjust(&mut model).unwrap();
        let model = hedgerow_model::Model::from_bytes(&model.to_bytes()).unwrap();
        let report = hedgerow_evaluate::evaluate(&model, &table, &Default::default()).unwrap();
        let hedgerow_evaluate::Report::Classification(report) = report else { panic!("classes") };
        report.metrics.log_loss
    };
    let bare = evaluate(AdjustOptions::default());
    for method in [CalibrationMethod::Sigmoid, CalibrationMethod::Isotonic] {
        let calibrated = evaluate(AdjustOptions { calibrate: Some(method), threshold: None });
        assert!(calibrated < bare - 0.02, "{method:?}: {calibrated} {bare}");
    }
}

#[test]
fn a_threshold_decides_in_the_model_and_in_its_evaluation() {
    let table = chances(500);
    let costs = ErrorCosts { false_positive: 1.0, false_negative: 20.0 };
    let threshold = Some(ThresholdChoice::Cost(costs));
    let model = adjusted(&table, AdjustOptions { calibrate: None, threshold }).unwrap();
    assert!(model.threshold.unwrap() < 0.3, "{:?}", model.threshold);
    let report = hedgerow_evaluate::evaluate(&model, &table, &Default::default()).unwrap();
    let hedgerow_evaluate::Report::Classification(report) = report else { panic!("classes") };
    let columns = hedgerow_evaluate::columns_for(&model, &table).unwrap();
    let predicted = model.predict(&columns.raw()).unwrap().classes();
    let yes = predicted.iter().filter(|&&code| code == 1).count() as u32;
    assert_eq!(report.confusion.iter().map(|row| row[1]).sum::<u32>(), yes);
    assert!(report.per_class[1].recall.unwrap() > 0.95);
}

#[test]
fn numbers_and_many_classes_are_not_adjusted_by_what_they_have_not() {
    let calibrate = Some(CalibrationMethod::Sigmoid);
    let threshold = Some(ThresholdChoice::F1);
    let three = table(100, 3);
    assert!(adjusted(&three, AdjustOptions { calibrate, threshold: None }).is_ok());
    let error = adjusted(&three, AdjustOptions { calibrate, threshold }).unwrap_err();
    assert_eq!(error.code(), "not_adjustable");
    let mut numbers = options(StudyKind::Adjustment(AdjustOptions { calibrate, threshold: None }));
    numbers.train.target = Some("number".into());
    assert_eq!(code(&three, numbers), "not_adjustable");
}
