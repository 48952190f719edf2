use hedgerow_data::{CsvOptions, read_csv};
use hedgerow_learn::{Learner, TrainOptions, train};
use hedgerow_model::Raw;

use super::*;

/// Which of two classes, whose names need two lines, follows from the size; so does the price.
const CSV: &str = "size,job,class,price\n1,chef,\"lo\nw\",10.5\n2,chef,\"lo\nw\",20.25\n8,nurse,high,80.5\n9,nurse,high,90.75\n";

fn trained(target: &str) -> hedgerow_model::Model {
    let table = read_csv(CSV.as_bytes(), &CsvOptions::default()).unwrap();
    let options = TrainOptions {
        learner: Learner::from_params("decision-tree", []).unwrap(),
        features: Some(vec!["size".to_owned(), "job".to_owned()]),
        ..TrainOptions::new(target)
    };
    train(&table, options).unwrap()
}

/// An image where one may begin, for as long as the program runs.
fn image(model: &hedgerow_model::Model) -> &'static mut [u8] {
    let description = hedgerow_export::Description::of(model, "model");
    let bytes = hedgerow_export::image(model, &description).unwrap();
    let words: &mut [u64] = Vec::leak(vec![0; bytes.len().div_ceil(8)]);
    let room: &mut [u8] = &mut bytemuck::cast_slice_mut(words)[..bytes.len()];
    room.copy_from_slice(&bytes);
    room
}

fn served(target: &str) -> (hedgerow_model::Model, Model) {
    let model = trained(target);
    let served = Model::load(image(&model)).unwrap();
    (model, served)
}

/// What the library predicts of a nurse of this size.
fn expected(model: &hedgerow_model::Model, size: f64) -> Vec<f64> {
    let job = Raw::Strings { codes: &[0], dictionary: vec!["nurse"] };
    model.predict(&[Raw::Numbers(&[size]), job]).unwrap().values
}

#[test]
fn a_class_is_told_with_its_probabilities_in_one_line() {
    let (model, served) = served("class");
    let headers = served.headers(br#"{"size": 1.5, "job": "nurse", "other": null}"#);
    let [(PREDICTION, label), (PROBABILITIES, list)] = &headers[..] else { panic!("{headers:?}") };
    assert!(["lo w", "high"].contains(&label.as_str()), "{label}");
    assert_eq!(serde_json::from_str::<Vec<f64>>(list).unwrap(), expected(&model, 1.5));
}

#[test]
fn a_number_is_told_alone() {
    let (model, served) = served("price");
    let headers = served.headers(br#"{"size": 8.5, "job": "nurse"}"#);
    assert_eq!(headers, [(PREDICTION, expected(&model, 8.5)[0].to_string())]);
}

#[test]
fn a_row_without_its_fields_is_scored_as_one_of_missing_values() {
    let (_, served) = served("class");
    let nulls = served.headers(br#"{"size": null, "job": null}"#);
    assert_eq!(served.headers(b"{}"), nulls);
    assert_eq!(nulls[0].0, PREDICTION);
}

#[test]
fn what_is_no_row_is_told_by_a_code_alone() {
    let (_, served) = served("class");
    let deep = "[".repeat(100_000);
    let no_json =
        ["", " ", "{", "[1]", "1", "null", r#""size""#, r#"{"size": 1} 2"#, r#"{"size": NaN}"#];
    for body in no_json.into_iter().chain([deep.as_str(), r#"{"size": 1e999}"#]) {
        assert_eq!(served.headers(body.as_bytes()), [(ERROR, "not_json".to_owned())], "{body:.20}");
    }
    assert_eq!(served.headers(b"{\"job\": \"\xff\"}"), [(ERROR, "not_json".to_owned())]);
    for body in [r#"{"size": "1"}"#, r#"{"size": [1]}"#, r#"{"size": 1, "job": 2}"#] {
        assert_eq!(served.headers(body.as_bytes()), [(ERROR, "bad_value".to_owned())], "{body}");
    }
}

#[test]
fn the_last_of_a_field_that_comes_twice_counts() {
    let (_, served) = served("price");
    let twice = served.headers(br#"{"size": 1, "job": "chef", "size": 9}"#);
    assert_eq!(twice, served.headers(br#"{"size": 9, "job": "chef"}"#));
}

#[test]
fn an_image_that_is_damaged_or_not_there_is_no_model() {
    assert!(Model::load(&[]).is_err());
    let image = image(&trained("class"));
    let middle = image.len() / 2;
    image[middle] ^= 4;
    assert!(Model::load(image).is_err());
}
