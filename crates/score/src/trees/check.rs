//! What every form of trees is held to, whoever made it.

use core::ops::{Deref, Range};

use super::{Bins, Combine};
use crate::Unsound;

/// Every tree's nodes: from its root to the next one.
pub fn ranges(roots: &[u32], n_nodes: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    let ends = roots.iter().skip(1).map(|&end| end as usize).chain([n_nodes]);
    roots.iter().zip(ends).map(|(&root, end)| root as usize..end)
}

/// Checks bins, leaves and roots; and every tree's nodes by `are_sound`, which is given them where they
/// exist.
///
/// # Errors
/// [`Unsound`] with the first thing that is wrong.
pub fn check<A: Deref<Target = [f64]>>(
    bins: &[Bins<A>],
    combine: &Combine,
    (n_outputs, values): (usize, &[f64]),
    (roots, n_nodes): (&[u32], usize),
    mut are_sound: impl FnMut(Range<usize>) -> bool,
) -> Result<(), Unsound> {
    let unsound = |reason| Err(Unsound::because(reason));
    if n_outputs == 0 || !values.len().is_multiple_of(n_outputs) {
        return unsound("leaf values do not fill whole rows");
    }
    combine.check(n_outputs, values)?;
    // One number of 16 bits is no feature's.
    if bins.len() >= usize::from(u16::MAX) || !bins.iter().all(Bins::are_sound) {
        return unsound("bins are not ascending, finite and few enough");
    }
    let mut start = 0;
    for nodes in ranges(roots, n_nodes) {
        if nodes.start != start || nodes.end <= start || nodes.end > n_nodes {
            return unsound("tree roots are out of order");
        }
        start = nodes.end;
        if !are_sound(nodes) {
            return unsound("a tree node points out of its tree");
        }
    }
    if roots.is_empty() || start != n_nodes {
        return unsound("there are no trees, or nodes outside of them");
    }
    Ok(())
}
