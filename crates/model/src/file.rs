//! The model file: a safetensors file, arrays as tensors, the rest as JSON in its metadata.
//!
//! Everything but the arrays is one JSON text under the metadata key `hedgerow`, which begins with
//! the SHA-256 of the whole file as it is with that hash's 64 digits set to zeros. So any changed
//! byte is found, and the hash is the model's identity.

use std::fmt::Write;

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    Bins, Combine, Estimator, Model, ModelError, Preparation, Provenance, Schema, TreeEnsemble,
};

/// The version of the model file that is written, and the latest that is read.
pub const FORMAT_VERSION: u64 = 1;

const KEY: &str = "hedgerow";
const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The JSON beside the arrays. `sha256` and `format_version` come first and never change meaning.
#[derive(Serialize, Deserialize)]
struct Header {
    sha256: String,
    format_version: u64,
    schema: Schema,
    preparation: Preparation,
    estimator: EstimatorHeader,
    provenance: Provenance,
}

/// What can be read of any version.
#[derive(Deserialize)]
struct Preamble {
    sha256: String,
    format_version: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum EstimatorHeader {
    Trees {
        n_outputs: usize,
        combine: Combine,
        /// One a feature: number of numeric edges, or `None` where categorical.
        edges: Vec<Option<u32>>,
        /// One a feature: number of categories, or `None` where numeric.
        categories: Vec<Option<u32>>,
    },
}

/// SHA-256 in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn damaged(reason: impl Into<String>) -> ModelError {
    ModelError::Damaged { reason: reason.into() }
}

impl Model {
    /// The model file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Estimator::Trees(trees) = &self.estimator;
        let header = Header {
            sha256: NO_HASH.to_owned(),
            format_version: FORMAT_VERSION,
            schema: self.schema.clone(),
            preparation: self.preparation.clone(),
            estimator: trees_header(trees),
            provenance: self.provenance.clone(),
        };
        let json = serde_json::to_string(&header).expect("plain data with string keys is JSON");
        let arrays = trees_arrays(trees);
        let views = arrays.iter().map(|array| {
            let view = TensorView::new(array.dtype, vec![array.len], &array.bytes)
                .expect("the length was counted from these bytes");
            (array.name, view)
        });
        // One key only: the order of several would be that of a hash map.
        let metadata = [(KEY.to_owned(), json)].into_iter().collect();
        let mut bytes = safetensors::serialize(views, Some(metadata))
            .expect("one-dimensional arrays always serialise");
        let hash = sha256_hex(&bytes);
        let place = find_digits(&bytes, NO_HASH).expect("the header holds the zeros just written");
        bytes[place..place + hash.len()].copy_from_slice(hash.as_bytes());
        bytes
    }

    /// Reads a model file, from a stranger too: nothing in it is trusted.
    ///
    /// # Errors
    /// [`ModelError::NotAModel`], [`ModelError::LaterVersion`], [`ModelError::Damaged`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let not_a_model = |reason: &str| Err(ModelError::NotAModel { reason: reason.to_owned() });
        if !looks_like_safetensors(bytes) {
            return not_a_model("it is not in the safetensors format");
        }
        let (_, metadata) = SafeTensors::read_metadata(bytes)
            .map_err(|error| damaged(format!("its header cannot be read ({error})")))?;
        let Some(json) = metadata.metadata().as_ref().and_then(|map| map.get(KEY)) else {
            return not_a_model("it is a safetensors file, but holds no Hedgerow model");
        };
        let preamble: Preamble = serde_json::from_str(json)
            .map_err(|error| damaged(format!("its description cannot be read ({error})")))?;
        if preamble.format_version > FORMAT_VERSION {
            return Err(ModelError::LaterVersion {
                found: preamble.format_version,
                supported: FORMAT_VERSION,
            });
        }
        check_hash(bytes, &preamble.sha256)?;
        let header: Header = serde_json::from_str(json)
            .map_err(|error| damaged(format!("its description cannot be read ({error})")))?;
        let tensors = SafeTensors::deserialize(bytes)
            .map_err(|error| damaged(format!("its arrays cannot be read ({error})")))?;
        let model = Self {
            estimator: read_trees(header.estimator, &tensors)?,
            schema: header.schema,
            preparation: header.preparation,
            provenance: header.provenance,
        };
        model.check()?;
        Ok(model)
    }

    /// The model's identity: the SHA-256 that its file carries, in hexadecimal.
    pub fn sha256(&self) -> String {
        let bytes = self.to_bytes();
        let (_, metadata) =
            SafeTensors::read_metadata(&bytes).expect("these bytes were just written");
        metadata
            .metadata()
            .as_ref()
            .and_then(|map| serde_json::from_str::<Preamble>(map.get(KEY)?).ok())
            .expect("the description was just written")
            .sha256
    }

    /// Checks that the parts fit together.
    fn check(&self) -> Result<(), ModelError> {
        let Estimator::Trees(trees) = &self.estimator;
        trees.check()?;
        let n_columns = self.schema.features.len();
        if self.preparation.columns.iter().any(|prepared| prepared.column >= n_columns) {
            return Err(damaged("a preparation step names a column that does not exist"));
        }
        if !self.preparation.columns.iter().all(|prepared| prepared.encoding.is_sound()) {
            return Err(damaged("a preparation step has codes beyond its categories"));
        }
        if self.preparation.features(&self.schema).len() != self.estimator.n_features() {
            return Err(damaged("preparation and estimator disagree on the features"));
        }
        if self.schema.task.n_outputs() != self.estimator.n_outputs() {
            return Err(damaged("schema and estimator disagree on the outputs"));
        }
        if self.provenance.baseline.len() != self.estimator.n_outputs() {
            return Err(damaged("baseline and estimator disagree on the outputs"));
        }
        if self.provenance.feature_importances.len() != n_columns {
            return Err(damaged("importances and schema disagree on the columns"));
        }
        Ok(())
    }
}

/// A safetensors file begins with the length of its header (little endian, below 100 MB) and `{`.
fn looks_like_safetensors(bytes: &[u8]) -> bool {
    bytes.get(8) == Some(&b'{') && bytes.get(4..8) == Some(&[0; 4])
}

fn find_digits(bytes: &[u8], digits: &str) -> Option<usize> {
    bytes.windows(digits.len()).position(|window| window == digits.as_bytes())
}

fn check_hash(bytes: &[u8], hash: &str) -> Result<(), ModelError> {
    if hash.len() != NO_HASH.len() {
        return Err(damaged("its hash is not a SHA-256"));
    }
    let place = find_digits(bytes, hash).ok_or_else(|| damaged("its hash cannot be found"))?;
    let mut hasher = Sha256::new();
    hasher.update(&bytes[..place]);
    hasher.update(NO_HASH);
    hasher.update(&bytes[place + hash.len()..]);
    if hex(&hasher.finalize()) != hash {
        return Err(damaged("its content does not match its hash"));
    }
    Ok(())
}

/// An array on its way into the file: little endian, whatever the machine.
struct Array {
    name: &'static str,
    dtype: Dtype,
    len: usize,
    bytes: Vec<u8>,
}

fn array<T: Copy, const N: usize>(
    name: &'static str,
    dtype: Dtype,
    values: &[T],
    to_bytes: fn(T) -> [u8; N],
) -> Array {
    let bytes = values.iter().flat_map(|&value| to_bytes(value)).collect();
    Array { name, dtype, len: values.len(), bytes }
}

fn trees_header(trees: &TreeEnsemble) -> EstimatorHeader {
    let edges = |bins: &Bins| match bins {
        Bins::Numeric { edges } => Some(edges.len() as u32),
        Bins::Categorical { .. } => None,
    };
    let categories = |bins: &Bins| match bins {
        Bins::Numeric { .. } => None,
        Bins::Categorical { n } => Some(*n),
    };
    EstimatorHeader::Trees {
        n_outputs: trees.n_outputs,
        combine: trees.combine.clone(),
        edges: trees.bins.iter().map(edges).collect(),
        categories: trees.bins.iter().map(categories).collect(),
    }
}

fn trees_arrays(trees: &TreeEnsemble) -> [Array; 7] {
    let edges: Vec<f64> = trees
        .bins
        .iter()
        .flat_map(|bins| match bins {
            Bins::Numeric { edges } => edges.as_slice(),
            Bins::Categorical { .. } => &[],
        })
        .copied()
        .collect();
    [
        array("trees.category_sets", Dtype::U32, &trees.category_sets, u32::to_le_bytes),
        array("trees.child", Dtype::U32, &trees.child, u32::to_le_bytes),
        array("trees.edges", Dtype::F64, &edges, f64::to_le_bytes),
        array("trees.feature", Dtype::U16, &trees.feature, u16::to_le_bytes),
        array("trees.roots", Dtype::U32, &trees.roots, u32::to_le_bytes),
        array("trees.split", Dtype::U32, &trees.split, u32::to_le_bytes),
        array("trees.values", Dtype::F64, &trees.values, f64::to_le_bytes),
    ]
}

fn read<T, const N: usize>(
    tensors: &SafeTensors,
    name: &str,
    dtype: Dtype,
    from_bytes: fn([u8; N]) -> T,
) -> Result<Vec<T>, ModelError> {
    let view = tensors.tensor(name).map_err(|_| damaged(format!("the array {name} is missing")))?;
    if view.dtype() != dtype {
        return Err(damaged(format!("the array {name} has another type")));
    }
    let (chunks, _) = view.data().as_chunks::<N>();
    Ok(chunks.iter().map(|&chunk| from_bytes(chunk)).collect())
}

fn read_trees(header: EstimatorHeader, tensors: &SafeTensors) -> Result<Estimator, ModelError> {
    let EstimatorHeader::Trees { n_outputs, combine, edges, categories } = header;
    let all_edges = read(tensors, "trees.edges", Dtype::F64, f64::from_le_bytes)?;
    if edges.len() != categories.len() {
        return Err(damaged("bins are described twice, differently"));
    }
    let mut rest = all_edges.as_slice();
    let bins = edges
        .iter()
        .zip(&categories)
        .map(|pair| match pair {
            (Some(n), None) => {
                let (own, others) = rest
                    .split_at_checked(*n as usize)
                    .ok_or_else(|| damaged("there are fewer bin edges than described"))?;
                rest = others;
                Ok(Bins::Numeric { edges: own.to_vec() })
            }
            (None, Some(n)) => Ok(Bins::Categorical { n: *n }),
            _ => Err(damaged("a feature is neither numeric nor categorical")),
        })
        .collect::<Result<_, _>>()?;
    Ok(Estimator::Trees(TreeEnsemble {
        bins,
        roots: read(tensors, "trees.roots", Dtype::U32, u32::from_le_bytes)?,
        feature: read(tensors, "trees.feature", Dtype::U16, u16::from_le_bytes)?,
        split: read(tensors, "trees.split", Dtype::U32, u32::from_le_bytes)?,
        child: read(tensors, "trees.child", Dtype::U32, u32::from_le_bytes)?,
        category_sets: read(tensors, "trees.category_sets", Dtype::U32, u32::from_le_bytes)?,
        n_outputs,
        values: read(tensors, "trees.values", Dtype::F64, f64::from_le_bytes)?,
        combine,
    }))
}

#[cfg(test)]
mod tests;
