//! What trees compare: edges of numbers, and codes of categories.

use std::collections::BTreeSet;

use hedgerow_model::{Bins, MISSING_LEFT, Preparation};

use super::nodes::{Forest, Node, Question, Split};
use super::threshold::widest;
use crate::ImportError;
use crate::feature::{Feature, Precision, Source};
use crate::graph::Step;
use crate::layout::{As, Layout};

/// The most edges of a number, and codes of a category.
const MOST_EDGES: usize = 65_533;

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
        let mut asked: Vec<Vec<&Question>> = vec![Vec::new(); features.len()];
        for node in &forest.nodes {
            if let Node::Split(split) = node {
                let own = asked.get_mut(split.feature);
                let own = own.ok_or_else(|| step.damaged("a node asks for no column"))?;
                own.push(&split.question);
            }
        }
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
            if place == bins.len() {
                bins.push(own);
            }
        }
        Ok(Self { columns, precision, layout, bins })
    }

    /// A split's feature and what it is split by, sets being put behind `sets`.
    pub fn split(&self, split: &Split, sets: &mut Vec<u32>) -> (u16, u32) {
        let Column { place, feature } = &self.columns[split.feature];
        let bins = &self.bins[*place];
        let left = if split.missing_left { MISSING_LEFT } else { 0 };
        let code = match (bins, &feature.source) {
            (Bins::Numeric { edges }, _) => {
                let edge = edge(&split.question, self.precision).unwrap_or(f64::INFINITY);
                left | match edge {
                    f64::INFINITY => edges.len() as u32 + 1,
                    // Of nothing but what is missing.
                    f64::NEG_INFINITY => 0,
                    edge => edges.partition_point(|&other| other < edge) as u32 + 1,
                }
            }
            (Bins::Categorical { .. }, source) => {
                let start = sets.len();
                sets.resize(start + bins.set_words(), 0);
                let mut add = |code: usize| sets[start + code / 32] |= 1 << (code % 32);
                if split.missing_left {
                    add(0);
                }
                match (source, &split.question) {
                    (Source::Mapped(mapped), question) => {
                        let yes = |value: f64| match question {
                            _ if value.is_nan() => split.missing_left,
                            Question::AtMost(threshold) => value <= *threshold,
                            Question::Below(threshold) => value < *threshold,
                            Question::Among(all) => all
                                .binary_search_by(|other| other.total_cmp(&(value + 0.0)))
                                .is_ok(),
                        };
                        let codes = mapped.values.iter().enumerate();
                        codes.filter(|(_, value)| yes(**value)).for_each(|(code, _)| add(1 + code));
                    }
                    (_, Question::Among(all)) => {
                        all.iter().filter(|&&v| is_code(v)).for_each(|&v| add(1 + v as usize));
                    }
                    _ => {}
                }
                start as u32
            }
        };
        (*place as u16, code)
    }

    pub fn finish(self) -> (Preparation, Vec<Bins>) {
        (self.layout.finish(), self.bins)
    }
}

/// Edges where numbers are compared by size; codes where they only are, or are not, certain ones, as
/// LightGBM's categories.
fn bins_of(asked: &[&Question], precision: Precision, step: &Step) -> Result<Bins, ImportError> {
    let sets = asked.iter().filter_map(|question| match question {
        Question::Among(values) => Some(values),
        _ => None,
    });
    let n_sets = sets.clone().count();
    if n_sets > 0 {
        if n_sets < asked.len() {
            return Err(step.refuse("it takes a column for a number and for a category"));
        }
        let most = sets.flatten().copied().filter(|&value| is_code(value)).fold(0.0, f64::max);
        return Ok(Bins::Categorical { n: most as u32 + 1 });
    }
    let finite = asked.iter().filter_map(|question| edge(question, precision));
    // As whole numbers in the order of the numbers they stand for.
    let key = |edge: f64| {
        let bits = (edge + 0.0).to_bits().cast_signed();
        bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
    };
    let edges: BTreeSet<i64> = finite.filter(|edge| edge.is_finite()).map(key).collect();
    if edges.len() > MOST_EDGES {
        let reason = format!("a column has more than {MOST_EDGES} thresholds");
        return Err(ImportError::TooLarge { reason });
    }
    let back = |key: i64| {
        f64::from_bits((key ^ ((key >> 63).cast_unsigned() >> 1).cast_signed()).cast_unsigned())
    };
    Ok(Bins::Numeric { edges: edges.into_iter().map(back).collect() })
}

fn is_code(value: f64) -> bool {
    value.trunc() == value && (0.0..MOST_EDGES as f64).contains(&value)
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
