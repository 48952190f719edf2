//! From raw columns to the features that an estimator reads.

use hedgerow_model::{Categories, Encoding, Model, Prepared, Scale};
use hedgerow_onnx::message::tensor_proto::DataType;
use hedgerow_onnx::{Graph, Value, tensor};

use super::dates;
use crate::ExportError;

/// All features as one matrix of doubles.
pub fn write(graph: &mut Graph, model: &Model) -> Result<Value, ExportError> {
    let fields = &model.schema.features;
    let inputs: Vec<Value> = fields
        .iter()
        .map(|field| {
            let element = if field.kind.is_numeric() { DataType::Double } else { DataType::String };
            graph.input(&field.name, element, &[None, Some(1)])
        })
        .collect();
    let mut finish = Finish::default();
    let mut features = Vec::new();
    for Prepared { column, encoding } in &model.preparation.columns {
        let (Some(input), Some(field)) = (inputs.get(*column), fields.get(*column)) else {
            continue;
        };
        let takes_numbers = matches!(encoding, Encoding::Number { .. } | Encoding::Date { .. });
        if takes_numbers != field.kind.is_numeric() {
            let what = format!("the preparation of column {:?}", field.name);
            return Err(ExportError::NotInOnnx { what });
        }
        match encoding {
            Encoding::Number { impute, scale } => {
                features.push(input.clone());
                finish.add(*impute, *scale);
            }
            Encoding::Date { parts, impute, scale } => {
                features.extend(dates::write(graph, input, parts));
                for part in 0..parts.len() {
                    let own = impute.get(part).copied().flatten();
                    finish.add(own, scale.get(part).copied().flatten());
                }
            }
            Encoding::Ordinal { categories } => {
                features.push(codes(graph, input, categories));
                finish.add(None, None);
            }
            Encoding::OneHot { categories } => {
                features.push(indicators(graph, input, categories));
                (0..categories.n_codes()).for_each(|_| finish.add(None, None));
            }
        }
    }
    if features.is_empty() {
        return Err(ExportError::NotInOnnx { what: "a model that reads no column".to_owned() });
    }
    let features = graph.concat(&features);
    Ok(finish.write(graph, features))
}

/// Codes, NaN where a category has none.
fn codes(graph: &mut Graph, input: &Value, categories: &Categories) -> Value {
    let number = |code: Option<u32>| code.map_or(f64::NAN, f64::from);
    let mut keys = categories.known.clone();
    let mut values: Vec<f64> = (0..keys.len() as u32).map(f64::from).collect();
    // Where the empty text is a category like others, none is missing.
    if !keys.iter().any(String::is_empty) {
        keys.push(String::new());
        values.push(number(categories.missing));
    }
    let n = keys.len();
    graph
        .ml("LabelEncoder", &[input])
        .with("keys_tensor", tensor(&[n], &keys))
        .with("values_tensor", tensor(&[n], &values))
        .with("default_tensor", tensor(&[1], &[number(categories.other)]))
        .value()
}

fn indicators(graph: &mut Graph, input: &Value, categories: &Categories) -> Value {
    let codes = codes(graph, input, categories);
    let all: Vec<f64> = (0..categories.n_codes()).map(f64::from).collect();
    let all = graph.constant(&[1, all.len()], &all);
    let equal = graph.call("Equal", [&codes, &all]);
    graph.cast(&equal, DataType::Double)
}

/// What is filled in, and how features are standardised: for all at once, since a row's worth of numbers
/// costs less than a node a feature.
#[derive(Default)]
struct Finish {
    /// NaN leaves a missing value missing.
    fill: Vec<f64>,
    /// 0 and 1 change nothing.
    means: Vec<f64>,
    stds: Vec<f64>,
}

impl Finish {
    fn add(&mut self, impute: Option<f64>, scale: Option<Scale>) {
        let Scale { mean, std } = scale.unwrap_or(Scale { mean: 0.0, std: 1.0 });
        self.fill.push(impute.unwrap_or(f64::NAN));
        self.means.push(mean);
        self.stds.push(std);
    }

    fn write(&self, graph: &mut Graph, mut features: Value) -> Value {
        let width = [1, self.fill.len()];
        if self.fill.iter().any(|fill| !fill.is_nan()) {
            let missing = graph.call("IsNaN", [&features]);
            let fill = graph.constant(&width, &self.fill);
            features = graph.call("Where", [&missing, &fill, &features]);
        }
        if self.means.iter().any(|&mean| mean != 0.0) || self.stds.iter().any(|&std| std != 1.0) {
            let (means, stds) =
                (graph.constant(&width, &self.means), graph.constant(&width, &self.stds));
            let centred = graph.call("Sub", [&features, &means]);
            features = graph.call("Div", [&centred, &stds]);
        }
        features
    }
}
