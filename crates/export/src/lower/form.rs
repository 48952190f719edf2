//! Every fitted form, as the scorer reads it.

use hedgerow_model::{
    Activation, Answers, Bins, Combine, Estimator, Factor, Linear, Link, Metric, Mlp, NaiveBayes,
    Neighbors, TreeEnsemble, Votes,
};
use hedgerow_scorer::{BinRecord, form_tag as tag};

use crate::ExportError;
use crate::writer::{Writer, fits};

/// A tag, and the arrays of that form.
pub fn write(estimator: &Estimator, writer: &mut Writer) -> Result<(), ExportError> {
    match estimator {
        Estimator::Trees(form) => trees(form, writer),
        Estimator::Linear(form) => linear(form, writer),
        Estimator::Mlp(form) => mlp(form, writer),
        Estimator::Neighbors(form) => neighbors(form, writer),
        Estimator::Bayes(form) => bayes(form, writer),
    }
}

/// The number of a choice: its place among all.
fn place<T: PartialEq>(all: &[T], one: &T) -> u32 {
    all.iter().position(|other| other == one).unwrap_or(all.len()) as u32
}

fn trees(form: &TreeEnsemble, writer: &mut Writer) -> Result<(), ExportError> {
    let nodes = form.packed_nodes().ok_or_else(|| ExportError::TooLarge {
        reason: "it has too many nodes, leaves or thresholds for packed trees".to_owned(),
    })?;
    let (combine, link, numbers): (u32, u32, &[f64]) = match &form.combine {
        Combine::Mean => (tag::MEAN, 0, &[]),
        Combine::Sum { base, link } => (tag::SUM, place(&Link::ALL, link), base),
        Combine::Anomaly { normalizer } => (tag::ANOMALY, 0, std::slice::from_ref(normalizer)),
    };
    writer.array(&[tag::TREES])?;
    writer.array(&[combine, link, fits(form.n_outputs)?])?;
    writer.array(numbers)?;
    let record = |bins: &Bins| match bins {
        Bins::Numeric { edges } => BinRecord { categorical: 0, n: edges.len() as u32 },
        Bins::Categorical { n } => BinRecord { categorical: 1, n: *n },
    };
    let edges = |bins: &Bins| match bins {
        Bins::Numeric { edges } => edges.clone(),
        Bins::Categorical { .. } => Vec::new(),
    };
    writer.array(&form.bins.iter().map(record).collect::<Vec<_>>())?;
    writer.array(&form.bins.iter().flat_map(edges).collect::<Vec<_>>())?;
    writer.array(&form.roots)?;
    writer.array(&nodes)?;
    let has_sets = nodes.iter().any(|node| node.has_set());
    let splits: Vec<u32> = if has_sets {
        let split = |(node, &split): (&hedgerow_score::trees::Node, &u32)| {
            if node.has_set() { split } else { 0 }
        };
        nodes.iter().zip(&form.split).map(split).collect()
    } else {
        Vec::new()
    };
    writer.array(&splits)?;
    writer.array(&form.category_sets)?;
    writer.array(&form.values)
}

fn linear(form: &Linear, writer: &mut Writer) -> Result<(), ExportError> {
    writer.array(&[tag::LINEAR])?;
    writer.array(&[place(&Link::ALL, &form.link)])?;
    writer.array(&form.coefficients)?;
    writer.array(&form.intercepts)
}

fn mlp(form: &Mlp, writer: &mut Writer) -> Result<(), ExportError> {
    writer.array(&[tag::MLP])?;
    writer.array(&[place(&Activation::ALL, &form.activation), place(&Link::ALL, &form.link)])?;
    let units = form.layers.iter().map(|layer| layer.units());
    let widths = [form.n_features()].into_iter().chain(units).map(fits);
    writer.array(&widths.collect::<Result<Vec<u32>, _>>()?)?;
    let weights = form.layers.iter().flat_map(|layer| &layer.weights);
    writer.array(&weights.copied().collect::<Vec<f32>>())?;
    let biases = form.layers.iter().flat_map(|layer| &layer.biases);
    writer.array(&biases.copied().collect::<Vec<f32>>())?;
    let target: Vec<f64> = form.target.iter().flat_map(|scale| [scale.mean, scale.std]).collect();
    writer.array(&target)
}

fn neighbors(form: &Neighbors, writer: &mut Writer) -> Result<(), ExportError> {
    let (codes, values, classes): (&[u16], &[f64], usize) = match &form.answers {
        Answers::Classes { codes, n } => (codes, &[], *n),
        Answers::Values(values) => (&[], values, 0),
    };
    writer.array(&[tag::NEIGHBORS])?;
    writer.array(&[
        fits(form.n_neighbors)?,
        place(&Metric::ALL, &form.metric),
        place(&Votes::ALL, &form.votes),
        fits(form.n_features())?,
        fits(classes)?,
    ])?;
    writer.array(&form.points())?;
    writer.array(form.order())?;
    writer.array(&form.weights)?;
    writer.array(codes)?;
    writer.array(values)
}

fn bayes(form: &NaiveBayes, writer: &mut Writer) -> Result<(), ExportError> {
    let categories = |factor: &Factor| match factor {
        Factor::Gaussian { .. } => 0,
        Factor::Categorical { n, .. } => *n,
    };
    let mut factors: Vec<f64> = Vec::new();
    for factor in &form.factors {
        match factor {
            Factor::Gaussian { means, variances } => {
                factors.extend(means);
                factors.extend(variances);
            }
            Factor::Categorical { log_probabilities, .. } => factors.extend(log_probabilities),
        }
    }
    writer.array(&[tag::BAYES])?;
    writer.array(&form.factors.iter().map(categories).collect::<Vec<u32>>())?;
    writer.array(&form.log_priors)?;
    writer.array(&factors)
}
