//! Jobs and parts as bytes, to be handed between workers: safetensors files.

use std::collections::BTreeMap;

use hedgerow_model::Bins;
use hedgerow_model::arrays::{Array, Element, Packed, Source, pack};
use serde::{Deserialize, Serialize};

use super::grown::Tree;
use super::growth::Growth;
use super::part::{OutOfBag, TreePart};
use super::{Binned, ForestJob, Target};
use crate::LearnError;

const KEY: &str = "hedgerow";

fn bad(reason: impl Into<String>) -> LearnError {
    LearnError::BadJob { reason: reason.into() }
}

fn described(header: &impl Serialize, arrays: &[Array]) -> Vec<u8> {
    let json = serde_json::to_string(header).expect("plain data with string keys is JSON");
    pack(KEY, json, arrays)
}

/// Named arrays being read.
struct Reader<'a>(Packed<'a>);

impl<'a> Reader<'a> {
    fn open<H: for<'de> Deserialize<'de>>(bytes: &'a dyn Source) -> Result<(Self, H), LearnError> {
        let packed = Packed::open(bytes, KEY).map_err(bad)?;
        let packed = packed.ok_or_else(|| bad("it has no description"))?;
        let header = packed.describes().map_err(bad)?;
        Ok((Self(packed), header))
    }

    fn get<T: Element>(&self, name: &str) -> Result<Vec<T>, LearnError> {
        self.0.get(name).map_err(bad)
    }

    fn optional<T: Element>(&self, name: &str) -> Result<Option<Vec<T>>, LearnError> {
        self.0.optional(name).map_err(bad)
    }
}

#[derive(Serialize, Deserialize)]
struct JobHeader {
    growth: Growth,
    seed: u64,
    rows: usize,
    /// Of a classification.
    n_classes: Option<usize>,
    /// Categories by feature, of those that have categories.
    categories: BTreeMap<usize, u32>,
}

impl ForestJob {
    /// The job as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut arrays = Vec::new();
        let bins = self.binned().bins();
        let codes: Vec<u8> =
            (0..bins.len()).flat_map(|index| self.binned().codes(index)).copied().collect();
        arrays.push(Array::new("codes", &codes));
        let (mut edges, mut n_edges, mut categories) = (vec![], vec![], BTreeMap::new());
        for (index, bins) in bins.iter().enumerate() {
            match bins {
                Bins::Numeric { edges: own } => edges.extend_from_slice(own),
                Bins::Categorical { n } => drop(categories.insert(index, *n)),
            }
            n_edges.push(edges.len() as u32);
        }
        arrays.push(Array::new("edges", &edges));
        arrays.push(Array::new("edge_ends", &n_edges));
        let n_classes = match self.target() {
            Target::Classes { codes, n } => {
                arrays.push(Array::new("classes", codes));
                Some(*n)
            }
            Target::Values(values) => {
                arrays.push(Array::new("values", values));
                None
            }
        };
        if let Some(weights) = self.weights() {
            arrays.push(Array::new("weights", weights));
        }
        let (growth, rows) = (self.growth().clone(), self.binned().rows());
        described(&JobHeader { growth, seed: self.seed(), rows, n_classes, categories }, &arrays)
    }

    /// Reads a job that [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] when the bytes are not those of a sound job.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LearnError> {
        let (reader, header) = Reader::open::<JobHeader>(&bytes)?;
        let bins = read_bins(&reader, &header.categories)?;
        let codes: Vec<u8> = reader.get("codes")?;
        if bins.len().checked_mul(header.rows) != Some(codes.len()) {
            return Err(bad("the codes are not one a row and feature"));
        }
        let codes = codes.chunks_exact(header.rows.max(1)).map(<[u8]>::to_vec).collect();
        let target = match header.n_classes {
            Some(n) => Target::Classes { codes: reader.get("classes")?, n },
            None => Target::Values(reader.get("values")?),
        };
        let binned = Binned::new(codes, bins, header.rows)?;
        Self::grown(binned, target, reader.optional("weights")?, header.growth, header.seed)
    }
}

fn read_bins(reader: &Reader, categories: &BTreeMap<usize, u32>) -> Result<Vec<Bins>, LearnError> {
    let edges: Vec<f64> = reader.get("edges")?;
    let ends: Vec<u32> = reader.get("edge_ends")?;
    let mut start = 0;
    let mut bins = Vec::with_capacity(ends.len());
    for (index, end) in ends.into_iter().enumerate() {
        let own = edges.get(start..end as usize).ok_or_else(|| bad("bin edges are missing"))?;
        start = end as usize;
        bins.push(match categories.get(&index) {
            Some(&n) => Bins::Categorical { n },
            None => Bins::Numeric { edges: own.to_vec() },
        });
    }
    Ok(bins)
}

#[derive(Serialize, Deserialize)]
struct PartHeader {}

impl TreePart {
    /// The part as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Tree { feature, split, child, category_sets, values, importances } = &self.tree;
        let mut arrays = vec![
            Array::new("feature", feature),
            Array::new("split", split),
            Array::new("child", child),
            Array::new("category_sets", category_sets),
            Array::new("values", values),
            Array::new("importances", importances),
        ];
        if let Some(OutOfBag { rows, leaves }) = &self.oob {
            arrays.push(Array::new("oob_rows", rows));
            arrays.push(Array::new("oob_leaves", leaves));
        }
        described(&PartHeader {}, &arrays)
    }

    /// Reads a part that [`Self::to_bytes`] wrote. Whether it fits a job is seen when it is added.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] when the bytes are not those of a part.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LearnError> {
        let (reader, PartHeader {}) = Reader::open(&bytes)?;
        let tree = Tree {
            feature: reader.get("feature")?,
            split: reader.get("split")?,
            child: reader.get("child")?,
            category_sets: reader.get("category_sets")?,
            values: reader.get("values")?,
            importances: reader.get("importances")?,
        };
        let oob = match (reader.optional("oob_rows")?, reader.optional("oob_leaves")?) {
            (Some(rows), Some(leaves)) => Some(OutOfBag { rows, leaves }),
            (None, None) => None,
            _ => return Err(bad("half of the out-of-bag rows is missing")),
        };
        Ok(Self::new(tree, oob))
    }
}
