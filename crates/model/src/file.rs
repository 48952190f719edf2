//! The model file: a safetensors file, arrays as tensors, the rest as JSON in its metadata.
//!
//! Everything but the arrays is one JSON text under the metadata key `hedgerow`, which begins with
//! the SHA-256 of the whole file as it is with that hash's 64 digits set to zeros. So any changed
//! byte is found, and the hash is the model's identity.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

mod bayes;
mod estimators;
mod history;
mod linear;
mod mlp;
mod neighbors;
mod trees;

use crate::arrays::{Array, Element, Packed, Parts, Source, pack_parts};
use crate::{Calibration, Model, ModelError, Preparation, Provenance, Schema};
use estimators::EstimatorHeader;

/// The latest version of the model file that is read. What is written has the lowest version that
/// can tell all of it: 5 with a training profile, 4 with scores by round or epoch, 3 for isolation
/// forests, 1 for other forests without calibration and threshold, 2 for everything else.
pub const FORMAT_VERSION: u64 = 5;

const KEY: &str = "hedgerow";
/// The array of the training profile.
const PROFILE: &str = "training_profile";
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    calibration: Option<Calibration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    threshold: Option<f64>,
}

/// What can be read of any version.
#[derive(Deserialize)]
struct Preamble {
    sha256: String,
    format_version: u64,
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

/// An array of the file.
///
/// # Errors
/// [`ModelError::Damaged`] where it is missing or of another type.
fn read<T: Element>(packed: &Packed, name: &str) -> Result<Vec<T>, ModelError> {
    packed.get(name).map_err(damaged)
}

impl Model {
    /// The model file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.to_parcel();
        let hash = sha256_hex(&bytes);
        let place = find_digits(&bytes, NO_HASH).expect("the header holds the zeros just written");
        bytes[place..place + hash.len()].copy_from_slice(hash.as_bytes());
        bytes
    }

    /// The model file without its hash, to be handed from one worker to another at once:
    /// hashing takes longer than all else about it.
    pub fn to_parcel(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.pack(&mut |parts| bytes = parts.to_vec());
        bytes
    }

    /// Hands the same on in parts.
    pub fn pack(&self, take: &mut dyn FnMut(&Parts)) {
        let (estimator, mut arrays) = estimators::store(&self.estimator);
        let (provenance, scores) = history::store(&self.provenance);
        let adjusted = self.calibration.is_some() || self.threshold.is_some();
        let least = match (&self.training_profile, scores.is_empty(), adjusted) {
            (Some(_), ..) => FORMAT_VERSION,
            (None, false, _) => history::VERSION,
            (None, true, true) => 2,
            (None, true, false) => 1,
        };
        arrays.extend(scores);
        let profile = self.training_profile.as_deref();
        arrays.extend(profile.map(|bytes| Array::new::<u8>(PROFILE, bytes)));
        let header = Header {
            sha256: NO_HASH.to_owned(),
            format_version: estimator.format_version().max(least),
            schema: self.schema.clone(),
            preparation: self.preparation.clone(),
            estimator,
            provenance,
            calibration: self.calibration.clone(),
            threshold: self.threshold,
        };
        let json = serde_json::to_string(&header).expect("plain data with string keys is JSON");
        pack_parts(KEY, json, &arrays, take);
    }

    /// Reads a model file, from a stranger too: nothing in it is trusted.
    ///
    /// # Errors
    /// [`ModelError::NotAModel`], [`ModelError::LaterVersion`], [`ModelError::Damaged`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        Self::read(&bytes, Some(bytes))
    }

    /// Reads what [`Self::to_parcel`] wrote. All but the hash is checked, as if a stranger had
    /// made it.
    ///
    /// # Errors
    /// As [`Self::from_bytes`].
    pub fn from_parcel(bytes: &[u8]) -> Result<Self, ModelError> {
        Self::unpack(&bytes)
    }

    /// The same from wherever the bytes are.
    ///
    /// # Errors
    /// As [`Self::from_bytes`].
    pub fn unpack(source: &dyn Source) -> Result<Self, ModelError> {
        Self::read(source, None)
    }

    /// With the bytes whose hash is to be checked, if it is.
    fn read(source: &dyn Source, hashed: Option<&[u8]>) -> Result<Self, ModelError> {
        let not_a_model = |reason: &str| Err(ModelError::NotAModel { reason: reason.to_owned() });
        if !looks_like_safetensors(source) {
            return not_a_model("it is not in the safetensors format");
        }
        let Some(packed) = Packed::open(source, KEY).map_err(damaged)? else {
            return not_a_model("it is a safetensors file, but holds no Hedgerow model");
        };
        let preamble: Preamble = packed.describes().map_err(damaged)?;
        if preamble.format_version > FORMAT_VERSION {
            return Err(ModelError::LaterVersion {
                found: preamble.format_version,
                supported: FORMAT_VERSION,
            });
        }
        if let Some(bytes) = hashed {
            check_hash(bytes, &preamble.sha256)?;
        }
        let mut header: Header = packed.describes().map_err(damaged)?;
        if preamble.format_version >= history::VERSION {
            history::restore(&mut header.provenance, &packed)?;
        }
        let model = Self {
            estimator: estimators::restore(header.estimator, &packed)?,
            schema: header.schema,
            preparation: header.preparation,
            provenance: header.provenance,
            calibration: header.calibration,
            threshold: header.threshold,
            training_profile: packed.optional(PROFILE).map_err(damaged)?,
        };
        model.check()?;
        Ok(model)
    }

    /// The model's identity: the SHA-256 that its file carries, in hexadecimal.
    pub fn sha256(&self) -> String {
        let bytes = self.to_bytes();
        let bytes = bytes.as_slice();
        let packed = Packed::open(&bytes, KEY).ok().flatten();
        packed
            .and_then(|packed| packed.describes::<Preamble>().ok())
            .expect("the description was just written")
            .sha256
    }

    /// Checks that the parts fit together.
    fn check(&self) -> Result<(), ModelError> {
        self.estimator.check()?;
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
        if let Some(calibration) = &self.calibration {
            calibration.check(self.schema.task.classes().len())?;
        }
        if self.threshold.is_some_and(|threshold| !(0.0..=1.0).contains(&threshold))
            || (self.threshold.is_some() && self.schema.task.classes().len() != 2)
        {
            return Err(damaged("the threshold does not fit the classes"));
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
fn looks_like_safetensors(source: &dyn Source) -> bool {
    let mut first = [0; 9];
    if source.total() < first.len() {
        return false;
    }
    source.copy(0, &mut first);
    first[4..] == [0, 0, 0, 0, b'{']
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

#[cfg(test)]
mod tests;
