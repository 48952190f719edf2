//! The least squares learners as the pipeline drives them.

use super::least_squares::{LeastSquares, Penalty};
use super::{ElasticNet, LinearRegression, Ridge};
use crate::declare::Declared;
use crate::fitting::{Fitting, Needs, Work};
use crate::learner::Recipe;
use crate::{LearnError, TaskChoice};

impl Recipe for LinearRegression {
    const TASKS: &'static [TaskChoice] = &[TaskChoice::Regression];

    /// In their own units, which the standard errors then are in too: scales do not matter here.
    fn needs(&self) -> Needs {
        Needs::Numbers { standardize: false, ordinal: false, missing: false }
    }

    fn begin(&self, work: Work) -> Result<Box<dyn Fitting>, LearnError> {
        Ok(Box::new(LeastSquares::new(Self::KIND, work, Penalty::None)?))
    }
}

impl Recipe for Ridge {
    const TASKS: &'static [TaskChoice] = &[TaskChoice::Regression];

    fn needs(&self) -> Needs {
        Needs::SCALED
    }

    fn begin(&self, work: Work) -> Result<Box<dyn Fitting>, LearnError> {
        Ok(Box::new(LeastSquares::new(Self::KIND, work, Penalty::Ridge(self.alpha))?))
    }
}

impl Recipe for ElasticNet {
    const TASKS: &'static [TaskChoice] = &[TaskChoice::Regression];

    fn needs(&self) -> Needs {
        Needs::SCALED
    }

    fn begin(&self, work: Work) -> Result<Box<dyn Fitting>, LearnError> {
        Ok(Box::new(LeastSquares::new(Self::KIND, work, Penalty::ElasticNet(self.clone()))?))
    }
}
