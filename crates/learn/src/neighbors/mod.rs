//! Nearest neighbours (Fix & Hodges 1951; Cover & Hart 1967). The fit keeps the rows, in `f32`, and
//! `order`s them so that near ones lie together (a k-d tree's leaves, Bentley 1975); the search is
//! [`hedgerow_model::Neighbors`]'.

mod fitting;
mod order;
mod params;
#[cfg(test)]
mod tests;

pub use params::KNearestNeighbors;
