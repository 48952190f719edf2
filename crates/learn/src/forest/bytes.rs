//! Jobs and parts as bytes, to be handed between workers: safetensors files.

use std::collections::BTreeMap;

use hedgerow_model::Bins;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use super::grow::Tree;
use super::growth::Growth;
use super::part::{OutOfBag, TreePart};
use super::{Binned, ForestJob, Target};
use crate::LearnError;

const KEY: &str = "hedgerow";

fn bad(reason: impl Into<String>) -> LearnError {
    LearnError::BadJob { reason: reason.into() }
}

/// Numbers that a tensor can hold, little endian whatever the machine.
trait Element: Copy {
    const DTYPE: Dtype;
    fn write(values: &[Self]) -> Vec<u8>;
    fn read(bytes: &[u8]) -> Vec<Self>;
}

macro_rules! element {
    ($type:ty, $dtype:expr) => {
        impl Element for $type {
            const DTYPE: Dtype = $dtype;

            fn write(values: &[Self]) -> Vec<u8> {
                values.iter().flat_map(|value| value.to_le_bytes()).collect()
            }

            fn read(bytes: &[u8]) -> Vec<Self> {
                let (chunks, _) = bytes.as_chunks();
                chunks.iter().map(|&chunk| Self::from_le_bytes(chunk)).collect()
            }
        }
    };
}

element!(u8, Dtype::U8);
element!(u16, Dtype::U16);
element!(u32, Dtype::U32);
element!(f64, Dtype::F64);

/// Named arrays being written.
#[derive(Default)]
struct Writer(Vec<(&'static str, Dtype, usize, Vec<u8>)>);

impl Writer {
    fn put<T: Element>(&mut self, name: &'static str, values: &[T]) {
        self.0.push((name, T::DTYPE, values.len(), T::write(values)));
    }

    fn finish(self, header: &impl Serialize) -> Vec<u8> {
        let json = serde_json::to_string(header).expect("plain data with string keys is JSON");
        let views = self.0.iter().map(|(name, dtype, len, bytes)| {
            let view = TensorView::new(*dtype, vec![*len], bytes);
            (*name, view.expect("the length was counted from these bytes"))
        });
        let metadata = [(KEY.to_owned(), json)].into_iter().collect();
        safetensors::serialize(views, Some(metadata))
            .expect("one-dimensional arrays always serialise")
    }
}

/// Named arrays being read.
struct Reader<'a>(SafeTensors<'a>);

impl<'a> Reader<'a> {
    fn open<H: for<'de> Deserialize<'de>>(bytes: &'a [u8]) -> Result<(Self, H), LearnError> {
        let unreadable = |error| bad(format!("it is not as it was written ({error})"));
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
        let json = metadata.metadata().as_ref().and_then(|map| map.get(KEY));
        let json = json.ok_or_else(|| bad("it has no description"))?;
        let header = serde_json::from_str(json)
            .map_err(|error| bad(format!("its description cannot be read ({error})")))?;
        Ok((Self(SafeTensors::deserialize(bytes).map_err(unreadable)?), header))
    }

    fn get<T: Element>(&self, name: &str) -> Result<Vec<T>, LearnError> {
        self.optional(name)?.ok_or_else(|| bad(format!("the array {name} is missing")))
    }

    fn optional<T: Element>(&self, name: &str) -> Result<Option<Vec<T>>, LearnError> {
        match self.0.tensor(name) {
            Ok(view) if view.dtype() == T::DTYPE => Ok(Some(T::read(view.data()))),
            Ok(_) => Err(bad(format!("the array {name} has another type"))),
            Err(_) => Ok(None),
        }
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
        let mut writer = Writer::default();
        let bins = self.binned().bins();
        let codes: Vec<u8> =
            (0..bins.len()).flat_map(|index| self.binned().codes(index)).copied().collect();
        writer.put("codes", &codes);
        let (mut edges, mut n_edges, mut categories) = (vec![], vec![], BTreeMap::new());
        for (index, bins) in bins.iter().enumerate() {
            match bins {
                Bins::Numeric { edges: own } => edges.extend_from_slice(own),
                Bins::Categorical { n } => drop(categories.insert(index, *n)),
            }
            n_edges.push(edges.len() as u32);
        }
        writer.put("edges", &edges);
        writer.put("edge_ends", &n_edges);
        let n_classes = match self.target() {
            Target::Classes { codes, n } => {
                writer.put("classes", codes);
                Some(*n)
            }
            Target::Values(values) => {
                writer.put("values", values);
                None
            }
        };
        if let Some(weights) = self.weights() {
            writer.put("weights", weights);
        }
        let (growth, rows) = (self.growth().clone(), self.binned().rows());
        writer.finish(&JobHeader { growth, seed: self.seed(), rows, n_classes, categories })
    }

    /// Reads a job that [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] when the bytes are not those of a sound job.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LearnError> {
        let (reader, header) = Reader::open::<JobHeader>(bytes)?;
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
        let mut writer = Writer::default();
        writer.put("feature", feature);
        writer.put("split", split);
        writer.put("child", child);
        writer.put("category_sets", category_sets);
        writer.put("values", values);
        writer.put("importances", importances);
        if let Some(OutOfBag { rows, leaves }) = &self.oob {
            writer.put("oob_rows", rows);
            writer.put("oob_leaves", leaves);
        }
        writer.finish(&PartHeader {})
    }

    /// Reads a part that [`Self::to_bytes`] wrote. Whether it fits a job is seen when it is added.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] when the bytes are not those of a part.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LearnError> {
        let (reader, PartHeader {}) = Reader::open(bytes)?;
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
