//! The scorer answers as the library does, to the bit, for every learner.

use crate::models::{adjusted, image, models, predict, rows, score};

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn an_image_scores_as_the_model_predicts() {
    for (name, model) in models() {
        for model in [vec![model.clone()], adjusted(&model)].concat() {
            let image = image(&model).unwrap();
            for n in [0, 1, 2, 7, 300] {
                let cells = rows(&model, n, 7 + n as u64);
                let (values, classes) = predict(&model, &cells);
                let scores = score(&image, &cells, n).unwrap();
                assert_eq!(bits(&scores.values), bits(&values), "{name}, {n} rows");
                assert_eq!(scores.classes, classes, "{name}, {n} rows");
            }
        }
    }
}
