//! The fitted forms in an image: `[tag]`, then the arrays of that form. What is done for few forms only is a
//! function of its own, never inlined: engines compile a function when it is first called, and a cold start
//! is mostly that.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use bytemuck::{Pod, Zeroable};
use hedgerow_score::trees::{Bins, Combine, Ensemble, Parts, Sets};
use hedgerow_score::{
    Activation, Answers, Dense, Factor, Linear, Link, Metric, Mlp, NaiveBayes, NeighborRows,
    Neighbors, Scale, Votes,
};

use crate::Fault;
use crate::image::Reader;

/// Which form follows, and with which arrays.
pub mod tag {
    /// `[combine, link, leaf width]`, normalizer or base (`f64`), bins, edges, roots, nodes, set
    /// begins, set words, leaf values.
    pub const TREES: u32 = 0;
    /// `[link]`, coefficients, intercepts.
    pub const LINEAR: u32 = 1;
    /// `[activation, link]`, widths, weights, biases, target scale (two numbers, or none).
    pub const MLP: u32 = 2;
    /// `[neighbours, metric, votes, features, classes or 0]`, points, order, weights, classes
    /// (`u16`), values.
    pub const NEIGHBORS: u32 = 3;
    /// Categories of each feature or 0 for a number, priors, factors one after the other.
    pub const BAYES: u32 = 4;

    pub const MEAN: u32 = 0;
    pub const SUM: u32 = 1;
    pub const ANOMALY: u32 = 2;
}

/// How a feature becomes a code: by so many edges, or as one of so many categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct BinRecord {
    /// 1 for categories.
    pub categorical: u32,
    pub n: u32,
}

/// A form whose arrays lie in an image.
pub enum Form<'a> {
    Trees(Ensemble<'a>),
    Linear(Linear<&'a [f64]>),
    Mlp(Mlp<&'a [f32]>),
    Neighbors(Neighbors),
    Bayes(NaiveBayes<&'a [f64]>),
}

impl<'a> Form<'a> {
    /// Reads and checks a form.
    ///
    /// # Errors
    /// [`Fault::Damaged`].
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let [tag] = reader.values::<u32, 1>()?;
        match tag {
            tag::TREES => trees(reader).map(Self::Trees),
            tag::LINEAR => linear(reader).map(Self::Linear),
            tag::MLP => mlp(reader).map(Self::Mlp),
            tag::NEIGHBORS => neighbors(reader).map(Self::Neighbors),
            tag::BAYES => bayes(reader).map(Self::Bayes),
            _ => Err(Fault::Damaged),
        }
    }

    /// Number of features.
    pub fn n_features(&self) -> usize {
        match self {
            Self::Trees(trees) => trees.n_features(),
            Self::Linear(linear) => linear.n_features(),
            Self::Mlp(network) => network.n_features(),
            Self::Neighbors(neighbors) => neighbors.n_features(),
            Self::Bayes(bayes) => bayes.factors.len(),
        }
    }

    /// Numbers an output row has.
    pub fn n_outputs(&self) -> usize {
        match self {
            Self::Trees(trees) => trees.n_outputs(),
            Self::Linear(linear) => linear.n_outputs(),
            Self::Mlp(network) => network.n_outputs(),
            Self::Neighbors(neighbors) => neighbors.n_outputs(),
            Self::Bayes(bayes) => bayes.n_classes(),
        }
    }

    /// Whether it calculates with the features' values, so that an infinite one has no answer.
    pub fn calculates(&self) -> bool {
        !matches!(self, Self::Trees(_))
    }

    /// Outputs for `rows` rows, row by row.
    pub fn predict(&self, features: &[Cow<[f64]>], rows: usize) -> Vec<f64> {
        match self {
            Self::Trees(trees) => trees.predict(features, rows),
            Self::Linear(linear) => linear.predict(features, rows),
            Self::Mlp(network) => network.predict(features, rows),
            Self::Neighbors(neighbors) => neighbors.predict(features, rows),
            Self::Bayes(bayes) => bayes.predict(features, rows),
        }
    }
}

fn link(code: u32) -> Result<Link, Fault> {
    Link::ALL.get(code as usize).copied().ok_or(Fault::Damaged)
}

/// The first `n` of what is left.
fn take<'a, T>(rest: &mut &'a [T], n: usize) -> Result<&'a [T], Fault> {
    let (own, others) = rest.split_at_checked(n).ok_or(Fault::Damaged)?;
    *rest = others;
    Ok(own)
}

/// What `make` makes of each. (Collecting results takes twice the code.)
fn each<T, U>(
    items: impl Iterator<Item = T>,
    mut make: impl FnMut(T) -> Result<U, Fault>,
) -> Result<Vec<U>, Fault> {
    let mut made = Vec::new();
    for item in items {
        made.push(make(item)?);
    }
    Ok(made)
}

fn all_taken<T>(rest: &[T]) -> Result<(), Fault> {
    if rest.is_empty() { Ok(()) } else { Err(Fault::Damaged) }
}

fn trees<'a>(reader: &mut Reader<'a>) -> Result<Ensemble<'a>, Fault> {
    let [combine, link_code, width] = reader.values::<u32, 3>()?;
    let numbers = reader.array::<f64>()?;
    let combine = match (combine, numbers) {
        (tag::MEAN, []) => Combine::Mean,
        (tag::SUM, base) => Combine::Sum { base: base.to_vec(), link: link(link_code)? },
        (tag::ANOMALY, &[normalizer]) => Combine::Anomaly { normalizer },
        _ => return Err(Fault::Damaged),
    };
    let records = reader.array::<BinRecord>()?;
    let mut edges = reader.array::<f64>()?;
    let bin = |record: &BinRecord| match record.categorical {
        0 => Ok(Bins::Numeric { edges: take(&mut edges, record.n as usize)? }),
        _ => Ok(Bins::Categorical { n: record.n }),
    };
    let bins = each(records.iter(), bin)?;
    let parts = Parts {
        bins,
        roots: reader.array()?,
        nodes: reader.array()?,
        sets: Sets { splits: reader.array()?, words: reader.array()? },
        n_outputs: width as usize,
        values: reader.array()?,
        combine,
    };
    all_taken(edges)?;
    Ok(Ensemble::new(parts)?)
}

fn linear<'a>(reader: &mut Reader<'a>) -> Result<Linear<&'a [f64]>, Fault> {
    let [code] = reader.values::<u32, 1>()?;
    let (coefficients, intercepts) = (reader.array()?, reader.array()?);
    let linear = Linear { coefficients, intercepts, std_errors: &[][..], link: link(code)? };
    linear.check()?;
    Ok(linear)
}

#[inline(never)]
fn mlp<'a>(reader: &mut Reader<'a>) -> Result<Mlp<&'a [f32]>, Fault> {
    let [activation, code] = reader.values::<u32, 2>()?;
    let widths = reader.array::<u32>()?;
    let (mut weights, mut biases) = (reader.array()?, reader.array()?);
    let layer = |pair: &[u32]| {
        let (inputs, units) = (pair[0] as usize, pair[1] as usize);
        let weights = take(&mut weights, inputs.checked_mul(units).ok_or(Fault::Damaged)?)?;
        Ok(Dense { inputs, weights, biases: take(&mut biases, units)? })
    };
    let layers = each(widths.windows(2), layer)?;
    let network = Mlp {
        layers,
        activation: *Activation::ALL.get(activation as usize).ok_or(Fault::Damaged)?,
        link: link(code)?,
        target: match *reader.array::<f64>()? {
            [] => None,
            [mean, std] => Some(Scale { mean, std }),
            _ => return Err(Fault::Damaged),
        },
    };
    all_taken(weights)?;
    all_taken(biases)?;
    network.check()?;
    Ok(network)
}

/// Unlike the other forms, copied: the search has the points in an order of its own.
#[inline(never)]
fn neighbors(reader: &mut Reader) -> Result<Neighbors, Fault> {
    let [n_neighbors, metric, votes, n_features, classes] = reader.values::<u32, 5>()?;
    let (points, order) = (reader.array()?.to_vec(), reader.array()?.to_vec());
    let weights = reader.array()?.to_vec();
    let (codes, values) = (reader.array()?.to_vec(), reader.array()?.to_vec());
    let answers = match classes {
        0 => Answers::Values(values),
        n => Answers::Classes { codes, n: n as usize },
    };
    Ok(Neighbors::new(NeighborRows {
        n_neighbors: n_neighbors as usize,
        metric: *Metric::ALL.get(metric as usize).ok_or(Fault::Damaged)?,
        votes: *Votes::ALL.get(votes as usize).ok_or(Fault::Damaged)?,
        n_features: n_features as usize,
        points,
        order,
        answers,
        weights,
    })?)
}

#[inline(never)]
fn bayes<'a>(reader: &mut Reader<'a>) -> Result<NaiveBayes<&'a [f64]>, Fault> {
    let categories = reader.array::<u32>()?;
    let log_priors = reader.array::<f64>()?;
    let mut factors = reader.array::<f64>()?;
    let width = log_priors.len();
    let factor = |&n: &u32| match n {
        0 => Ok(Factor::Gaussian {
            means: take(&mut factors, width)?,
            variances: take(&mut factors, width)?,
        }),
        n => {
            let all = width.checked_mul(n as usize).ok_or(Fault::Damaged)?;
            Ok(Factor::Categorical { n, log_probabilities: take(&mut factors, all)? })
        }
    };
    let bayes = NaiveBayes { log_priors, factors: each(categories.iter(), factor)? };
    all_taken(factors)?;
    bayes.check()?;
    Ok(bayes)
}
