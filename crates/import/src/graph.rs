//! The walk through a graph.

use std::collections::{BTreeMap, BTreeSet};

use hedgerow_model::{Encoding, Estimator, Field, Kind, Preparation, Prepared};
use hedgerow_onnx::message::{GraphProto, NodeProto};
use hedgerow_onnx::{Attributes, Tensor};

use crate::budget::Budget;
use crate::feature::{Feature, Precision};
use crate::{ImportError, estimators, inputs, operators};

/// What goes from node to node.
#[derive(Debug, Clone)]
pub enum Flow {
    Features(Vec<Feature>, Precision),
    Constant(Tensor),
    /// Labels of classes, which the model knows by itself.
    Labels,
    /// What the estimator puts out, changed so often. A change is made in the one estimator there is, so what
    /// came out of it before is no longer what the model predicts.
    Outputs(usize),
}

impl Flow {
    /// Roughly how many numbers' memory it takes.
    fn size(&self) -> usize {
        match self {
            Self::Features(features, _) => features.len().saturating_mul(8),
            Self::Constant(tensor) => tensor.dims.iter().product(),
            Self::Labels | Self::Outputs(_) => 1,
        }
    }
}

/// What the walk found.
pub struct Found {
    pub fields: Vec<Field>,
    pub estimator: Fitted,
}

/// An estimator, and the preparation that makes what it reads.
pub struct Fitted {
    pub preparation: Preparation,
    pub estimator: Estimator,
    /// Of a classifier.
    pub classes: Option<Vec<String>>,
}

/// Everything known of a graph so far.
#[derive(Default)]
pub struct Walk {
    flows: BTreeMap<String, Flow>,
    pub fitted: Option<Fitted>,
    /// How often what it predicts was changed.
    changes: usize,
    /// Columns of whole numbers that are encoded as categories.
    pub categories: BTreeSet<usize>,
    pub budget: Budget,
}

/// Follows a graph to its end.
pub fn walk(graph: &GraphProto) -> Result<Found, ImportError> {
    let (mut walk, mut fields) = (Walk::default(), Vec::new());
    for tensor in &graph.initializer {
        // One that cannot be read is missing where a node asks for it.
        if let Some(constant) = Tensor::read(tensor) {
            walk.flows.insert(tensor.name().to_owned(), Flow::Constant(constant));
        }
    }
    for info in &graph.input {
        // Old files have their constants among the inputs, too.
        if !walk.flows.contains_key(info.name()) {
            let input = inputs::read(info, &mut fields, &walk.budget)?;
            let flow = Flow::Features(input.features, input.precision);
            walk.flows.insert(info.name().to_owned(), flow);
        }
    }
    for node in &graph.node {
        step(&mut walk, &Step { node, attributes: Attributes::of(node) })?;
    }
    walk.check_ends(graph)?;
    let estimator = walk.fitted.ok_or_else(|| ImportError::damaged("it has no estimator"))?;
    make_categories(&walk.categories, &mut fields, &estimator.preparation)?;
    Ok(Found { fields, estimator })
}

/// Columns of whole numbers that are encoded are categories, and then nothing else.
fn make_categories(
    columns: &BTreeSet<usize>,
    fields: &mut [Field],
    preparation: &Preparation,
) -> Result<(), ImportError> {
    let number = |prepared: &&Prepared| matches!(prepared.encoding, Encoding::Number { .. });
    let mut numbers = preparation.columns.iter().filter(number);
    if numbers.any(|prepared| columns.contains(&prepared.column)) {
        let reason = "a column is used both as a number and as a category".to_owned();
        return Err(ImportError::UnsupportedModel { reason });
    }
    let own = fields.iter_mut().enumerate().filter(|(column, _)| columns.contains(column));
    own.for_each(|(_, field)| field.kind = Kind::Category);
    Ok(())
}

/// The standard's operators: others' may have the same names, and do something else.
const DOMAINS: [&str; 3] = ["", "ai.onnx", "ai.onnx.ml"];

fn step(walk: &mut Walk, step: &Step) -> Result<(), ImportError> {
    if !DOMAINS.contains(&step.node.domain()) {
        return Err(ImportError::UnsupportedOperator {
            operator: format!("{}.{}", step.node.domain(), step.operator()),
            node: step.node.name().to_owned(),
            reason: "it is none of the standard's".to_owned(),
        });
    }
    let flows = match estimators::read(walk, step)? {
        Some(flows) => flows,
        None => vec![operators::apply(walk, step)?],
    };
    for (name, flow) in step.node.output.iter().zip(flows) {
        walk.budget.take(flow.size(), 1)?;
        walk.flows.insert(name.clone(), flow);
    }
    Ok(())
}

/// A node, and what is asked of it.
pub struct Step<'a> {
    pub node: &'a NodeProto,
    pub attributes: Attributes<'a>,
}

impl Step<'_> {
    pub fn operator(&self) -> &str {
        self.node.op_type()
    }

    /// That this node cannot be imported.
    pub fn refuse(&self, reason: &str) -> ImportError {
        ImportError::UnsupportedOperator {
            operator: self.operator().to_owned(),
            node: self.node.name().to_owned(),
            reason: reason.to_owned(),
        }
    }

    /// An error for attributes that are missing or do not fit together.
    pub fn damaged(&self, reason: &str) -> ImportError {
        ImportError::damaged(format!("{} {:?}: {reason}", self.operator(), self.node.name()))
    }
}

impl Walk {
    /// What comes into a node.
    pub fn input(&self, step: &Step, index: usize) -> Result<&Flow, ImportError> {
        let name = step.node.input.get(index);
        name.and_then(|name| self.flows.get(name))
            .ok_or_else(|| step.damaged("an input is missing, or of a type that cannot be read"))
    }

    /// The columns that come into a node.
    pub fn features(
        &self,
        step: &Step,
        index: usize,
    ) -> Result<(&[Feature], Precision), ImportError> {
        match self.input(step, index)? {
            Flow::Features(features, precision) => Ok((features, *precision)),
            _ => Err(step.refuse("it is only known of columns, not of constants or predictions")),
        }
    }

    /// Whether what the estimator predicts comes into a node; an error where that was changed since.
    pub fn predicted(&self, step: &Step, index: usize) -> Result<bool, ImportError> {
        match self.input(step, index)? {
            Flow::Outputs(version) if *version != self.changes => {
                Err(step.refuse("it reads predictions that another node changes"))
            }
            input => Ok(matches!(input, Flow::Outputs(_))),
        }
    }

    /// What the estimator predicts by now.
    pub fn newest(&self) -> Flow {
        Flow::Outputs(self.changes)
    }

    /// What it predicts now that it was changed.
    pub fn change(&mut self) -> Flow {
        self.changes += 1;
        self.newest()
    }

    /// That the graph puts predictions out, and none that differ from the model's.
    fn check_ends(&self, graph: &GraphProto) -> Result<(), ImportError> {
        let flows = graph.output.iter().filter_map(|output| self.flows.get(output.name()));
        let versions: BTreeSet<usize> = flows
            .filter_map(|flow| match flow {
                Flow::Outputs(version) => Some(*version),
                _ => None,
            })
            .collect();
        let unsupported =
            |reason: &str| Err(ImportError::UnsupportedModel { reason: reason.to_owned() });
        if versions.is_empty() {
            return unsupported("no output of the graph is what an estimator predicts");
        }
        if versions.iter().any(|version| *version != self.changes) {
            return unsupported("its outputs are predictions at several stages");
        }
        Ok(())
    }

    /// A constant that a node is given.
    pub fn constant(&self, step: &Step, index: usize) -> Result<&Tensor, ImportError> {
        match self.input(step, index)? {
            Flow::Constant(tensor) => Ok(tensor),
            _ => Err(step.refuse("one of its inputs is no constant")),
        }
    }
}
