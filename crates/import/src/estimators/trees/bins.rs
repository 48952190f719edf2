//! What trees compare: edges of numbers, and codes of categories.

use hedgerow_model::{Bins, MISSING_LEFT, Preparation};

use super::nodes::{Forest, Node, Question, Split};
use super::threshold::widest;
use crate::ImportError;
use crate::feature::{Feature, Precision, Source};
use crate::graph::Step;
use crate::layout::{As, Layout};

/// The most edges of a number, and codes of a category.
const MOST: usize = 65_533;

/// The columns that trees read.
pub struct Columns<'a> {
    columns: Vec<Column<'a>>,
    precision: Precision,
    layout: Layout,
    bins: Vec<Bins>,
}

struct Column<'a> {
    /// Its place among the features.
    place: usize,
    feature: &'a Feature,
}

impl<'a> Columns<'a> {
    pub fn of(
        features: &'a [Feature],
        precision: Precision,
        forest: &Forest,
        step: &Step,
    ) -> Result<Self, ImportError> {
        let asked = questions(features.len(), forest, step)?;
        let (mut layout, mut columns, mut bins) = (Layout::default(), Vec::new(), Vec::new());
        for (feature, asked) in features.iter().zip(&asked) {
            let (place, own) = match &feature.source {
                Source::Text => return Err(step.refuse("it reads texts")),
                Source::Number { fill, scale } => {
                    let own = bins_of(asked, precision, step)?;
                    (layout.number(feature.column, *fill, *scale), own)
                }
                Source::Mapped(mapped) => {
                    let n = mapped.values.len() as u32;
                    let place = layout.categories(feature.column, mapped, As::Codes);
                    (place, Bins::Categorical { n })
                }
            };
            columns.push(Column { place, feature });
            // Columns of the same categories share a place.
            if place == bins.len() {
                bins.push(own);
            }
        }
        Ok(Self { columns, precision, layout, bins })
    }

    /// A split's feature and what it is split by, sets being put behind `sets`.
    pub fn split(&self, split: &Split, sets: &mut Vec<u32>) -> (u16, u32) {
        let Column { place, feature } = &self.columns[split.feature];
        let by = match &self.bins[*place] {
            Bins::Numeric { edges } => self.code(split, edges),
            bins @ Bins::Categorical { .. } => {
                let start = sets.len();
                sets.resize(start + bins.set_words(), 0);
                for code in codes(split, &feature.source) {
                    sets[start + code / 32] |= 1 << (code % 32);
                }
                start as u32
            }
        };
        (*place as u16, by)
    }

    /// The last code that goes left, and where missing numbers go.
    fn code(&self, split: &Split, edges: &[f64]) -> u32 {
        let missing = if split.missing_left { MISSING_LEFT } else { 0 };
        missing
            | match edge(&split.question, self.precision) {
                // All that is not missing.
                None | Some(f64::INFINITY) => edges.len() as u32 + 1,
                // Nothing but what is missing.
                Some(f64::NEG_INFINITY) => 0,
                Some(edge) => edges.partition_point(|&other| other < edge) as u32 + 1,
            }
    }

    pub fn finish(self) -> (Preparation, Vec<Bins>) {
        (self.layout.finish(), self.bins)
    }
}

/// What is asked of each column.
fn questions<'a>(
    columns: usize,
    forest: &'a Forest,
    step: &Step,
) -> Result<Vec<Vec<&'a Question>>, ImportError> {
    let mut asked = vec![Vec::new(); columns];
    for node in &forest.nodes {
        if let Node::Split(split) = node {
            let own = asked.get_mut(split.feature);
            own.ok_or_else(|| step.damaged("a node asks for no column"))?.push(&split.question);
        }
    }
    Ok(asked)
}

/// Edges where numbers are compared by size; codes where they only are, or are not, certain ones, as
/// LightGBM's categories.
fn bins_of(asked: &[&Question], precision: Precision, step: &Step) -> Result<Bins, ImportError> {
    let sets = asked.iter().filter_map(|question| match question {
        Question::Among(values) => Some(values),
        _ => None,
    });
    match sets.clone().count() {
        0 => edges(asked, precision),
        all if all == asked.len() => {
            let most = sets.flatten().copied().filter(|&value| is_code(value)).fold(0.0, f64::max);
            Ok(Bins::Categorical { n: most as u32 + 1 })
        }
        _ => Err(step.refuse("it takes a column for a number and for a category")),
    }
}

fn edges(asked: &[&Question], precision: Precision) -> Result<Bins, ImportError> {
    let edges = asked.iter().filter_map(|question| edge(question, precision));
    // So that there is one zero only.
    let mut edges: Vec<f64> =
        edges.filter(|edge| edge.is_finite()).map(|edge| edge + 0.0).collect();
    edges.sort_unstable_by(f64::total_cmp);
    edges.dedup();
    if edges.len() > MOST {
        let reason = format!("a column has more than {MOST} thresholds");
        return Err(ImportError::TooLarge { reason });
    }
    Ok(Bins::Numeric { edges })
}

/// The largest number that goes left.
fn edge(question: &Question, precision: Precision) -> Option<f64> {
    Some(match (question, precision) {
        (Question::AtMost(threshold), Precision::Single) => widest(*threshold as f32),
        (Question::Below(threshold), Precision::Single) => widest((*threshold as f32).next_down()),
        (Question::AtMost(threshold), Precision::Double) => *threshold,
        (Question::Below(threshold), Precision::Double) => threshold.next_down(),
        (Question::Among(_), _) => return None,
    })
}

/// Codes of a `TreeEnsemble` that go left, of which 0 is missing.
fn codes(split: &Split, source: &Source) -> Vec<usize> {
    let mut codes = if split.missing_left { vec![0] } else { Vec::new() };
    match (source, &split.question) {
        (Source::Mapped(mapped), _) => {
            let values = mapped.values.iter().enumerate();
            let left = values.filter(|(_, value)| split.goes_left(**value));
            codes.extend(left.map(|(code, _)| code + 1));
        }
        (_, Question::Among(values)) => {
            let own = values.iter().filter(|value| is_code(**value));
            codes.extend(own.map(|value| *value as usize + 1));
        }
        _ => {}
    }
    codes
}

fn is_code(value: f64) -> bool {
    value.trunc() == value && (0.0..MOST as f64).contains(&value)
}
