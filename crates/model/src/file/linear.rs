//! Linear models in the file.

use super::read;
use crate::arrays::{Array, Packed};
use crate::{Linear, Link, ModelError};

#[inline(never)]
pub(super) fn arrays(linear: &Linear) -> Vec<Array<'_>> {
    vec![
        Array::new("linear.coefficients", &linear.coefficients),
        Array::new("linear.intercepts", &linear.intercepts),
        Array::new("linear.std_errors", &linear.std_errors),
    ]
}

#[inline(never)]
pub(super) fn read_linear(tensors: &Packed, link: Link) -> Result<Linear, ModelError> {
    Ok(Linear {
        coefficients: read(tensors, "linear.coefficients")?,
        intercepts: read(tensors, "linear.intercepts")?,
        std_errors: read(tensors, "linear.std_errors")?,
        link,
    })
}
