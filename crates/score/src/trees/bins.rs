//! From a feature's value to the code that trees compare.

use alloc::vec::Vec;
use core::ops::Deref;

/// How a feature's value becomes a code. Code 0 is missing.
#[derive(Debug, Clone, PartialEq)]
pub enum Bins<A = Vec<f64>> {
    /// `1 + ` the number of `edges` below the value: code `k` holds `edges[k-2] < x <= edges[k-1]`.
    /// Strictly ascending, finite, at most 65,533.
    Numeric { edges: A },
    /// `1 + ` the category's code; `n` categories, at most 65,534. Any other value is missing.
    Categorical { n: u32 },
}

impl<A: Deref<Target = [f64]>> Bins<A> {
    /// The code of a value.
    #[inline]
    pub fn code(&self, value: f64) -> u16 {
        match self {
            _ if value.is_nan() => 0,
            Self::Numeric { edges } => 1 + edges.partition_point(|&edge| edge < value) as u16,
            Self::Categorical { n } if value >= 0.0 && value < f64::from(*n) => 1 + value as u16,
            Self::Categorical { .. } => 0,
        }
    }

    /// Number of codes, the missing one included.
    pub fn n_codes(&self) -> usize {
        match self {
            Self::Numeric { edges } => edges.len() + 2,
            Self::Categorical { n } => *n as usize + 1,
        }
    }

    /// Words of a set over the codes of a categorical feature.
    pub fn set_words(&self) -> usize {
        self.n_codes().div_ceil(32)
    }

    /// Whether edges and categories are as the variants say.
    pub fn are_sound(&self) -> bool {
        match self {
            Self::Numeric { edges } => {
                edges.len() <= 65_533
                    && edges.iter().all(|edge| edge.is_finite())
                    && edges.windows(2).all(|pair| pair[0] < pair[1])
            }
            Self::Categorical { n } => *n <= 65_534,
        }
    }
}
