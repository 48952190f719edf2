//! Rows and models made here.

#![allow(dead_code, reason = "not every test file needs all of it")]

use hedgerow_data::{Column, Table};
use hedgerow_learn::{Learner, LinearRegression, TrainOptions, train};
use hedgerow_model::Model;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// Numbers from 0 to 1.
pub struct Draw(Xoshiro256PlusPlus);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    pub fn one(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn many(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.one()).collect()
    }

    /// About normal, of mean 0 and deviation 1 (Irwin and Hall).
    pub fn normal(&mut self) -> f64 {
        self.many(12).iter().sum::<f64>() - 6.0
    }
}

pub fn table(columns: Vec<Column>) -> Table {
    Table::new(columns).unwrap()
}

pub fn words(name: &str, words: &[&str]) -> Column {
    let codes = (0..words.len() as u32).collect();
    Column::categories(name, codes, words.iter().copied().collect())
}

pub fn fitted(table: &Table, target: &str, learner: impl Into<Learner>) -> Model {
    let options = TrainOptions { learner: learner.into(), ..TrainOptions::new(target) };
    train(table, options).unwrap()
}

/// A linear model of `y` that reads all other columns.
pub fn linear(table: &Table) -> Model {
    fitted(table, "y", LinearRegression::default())
}
