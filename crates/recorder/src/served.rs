//! How the scorer beside a recorder lays its rows out, and what is embedded of a model.

use serde::{Deserialize, Serialize};

use crate::Fault;

/// A model's columns and outputs, as its scorer has them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Served {
    /// In the scorer's order.
    pub inputs: Vec<Input>,
    /// None of a regression.
    pub classes: Vec<String>,
    /// Numbers that come out for a row.
    pub outputs: usize,
}

/// A column that the scorer reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    pub name: String,
    /// Whether its cells are texts, not numbers.
    pub is_text: bool,
}

/// What is embedded: four bytes of length, [`Served`] as JSON, and the training profile of the model file.
pub fn embedded(served: &Served, training_profile: &[u8]) -> Vec<u8> {
    let json = serde_json::to_vec(served).unwrap_or_default();
    [&(json.len() as u32).to_le_bytes()[..], &json, training_profile].concat()
}

/// The parts of what is embedded.
pub(crate) fn parts(bytes: &[u8]) -> Result<(Served, &[u8]), Fault> {
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or(Fault::Damaged)?;
    let (json, profile) =
        rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(Fault::Damaged)?;
    Ok((serde_json::from_slice(json).map_err(|_| Fault::Damaged)?, profile))
}
