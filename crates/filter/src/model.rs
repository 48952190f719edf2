//! The embedded model, and what headers tell of a row.

use hedgerow_scorer::{Fault, Input, Scorer};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::row::{self, Feature};

const PREDICTION: &str = "x-hedgerow-prediction";
const PROBABILITIES: &str = "x-hedgerow-probabilities";
const ERROR: &str = "x-hedgerow-error";

/// The headers that only a filter may set.
pub const HEADERS: [&str; 3] = [PREDICTION, PROBABILITIES, ERROR];

/// What scores rows.
pub struct Model {
    scorer: Scorer<'static>,
    classes: Vec<String>,
    features: Vec<Feature>,
}

/// What of an image's description is of use here.
#[derive(Deserialize)]
struct Description {
    classes: Vec<String>,
    features: Vec<Feature>,
}

impl Model {
    /// Reads an image that begins at a multiple of 8.
    ///
    /// # Errors
    /// Those of [`Scorer::load`].
    pub fn load(image: &'static [u8]) -> Result<Self, Fault> {
        let scorer = Scorer::load(image)?;
        let Description { classes, features } =
            serde_json::from_slice(scorer.description()).map_err(|_| Fault::Damaged)?;
        Ok(Self { scorer, classes, features })
    }

    /// Headers for a request with this body: the predicted class with the probability of each, or the
    /// predicted number; or a code, where the body is no row of the model.
    pub fn headers(&self, body: &[u8]) -> Vec<(&'static str, String)> {
        self.predicted(body).unwrap_or_else(|code| vec![(ERROR, code.to_owned())])
    }

    fn predicted(&self, body: &[u8]) -> Result<Vec<(&'static str, String)>, &'static str> {
        let row: Map<String, Value> = serde_json::from_slice(body).map_err(|_| "not_json")?;
        let (cells, texts) = row::cells(&self.features, &row)?;
        let input = Input { rows: 1, cells: &cells, texts: &texts };
        let scores = self.scorer.score(&input).map_err(|_| "not_finite")?;
        let Some(label) =
            scores.classes.first().and_then(|&class| self.classes.get(class as usize))
        else {
            return Ok(scores
                .values
                .first()
                .map(|value| (PREDICTION, value.to_string()))
                .into_iter()
                .collect());
        };
        Ok(vec![
            (PREDICTION, visible(label)),
            (PROBABILITIES, Value::from(scores.values).to_string()),
        ])
    }
}

/// A header has one line.
fn visible(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}

#[cfg(test)]
mod tests;
