//! Text to [`Filter`]: MLflow's language (identifiers, comparators, `LIKE`, `ILIKE`, `IN`, `IS NULL`,
//! `AND`), and `OR`, `NOT` and brackets besides.

use winnow::ascii::{Caseless, float, multispace0};
use winnow::combinator::{
    alt, cut_err, delimited, eof, fail, not, opt, preceded, repeat, separated, terminated,
};
use winnow::error::{StrContext, StrContextValue};
use winnow::prelude::*;
use winnow::token::{one_of, take_till, take_while};

use super::filter::{Attribute, Check, Comparison, Constant, DatasetField, Field, Filter};
use crate::error::{Result, TrackError};

/// How a parser fails.
type Failed = winnow::error::ErrMode<winnow::error::ContextError>;

/// Characters of a filter, and brackets in it, at most.
const LONGEST: usize = 10_000;
const BRACKETS: usize = 50;

/// Reads a filter; an empty one is fulfilled by all.
///
/// # Errors
/// [`TrackError::Filter`] with the place.
pub fn filter(text: &str) -> Result<Filter> {
    if text.trim().is_empty() {
        return Ok(Filter::All(Vec::new()));
    }
    read(text, any)
}

/// Reads an order: a field, and whether the largest comes first.
///
/// # Errors
/// [`TrackError::Filter`] with the place.
pub fn order(text: &str) -> Result<(Field, bool)> {
    let direction = alt((word("desc").value(true), word("asc").value(false)));
    read(text, (field, opt(direction).map(|down| down.unwrap_or(false))))
}

fn read<'t, T>(text: &'t str, mut parser: impl Parser<&'t str, T, Failed>) -> Result<T> {
    let brackets = text.bytes().filter(|byte| *byte == b'(').count();
    if text.len() > LONGEST || brackets > BRACKETS {
        let reason = format!("it has more than {LONGEST} characters or {BRACKETS} brackets");
        return Err(TrackError::Filter { at: 0, reason });
    }
    delimited(multispace0, parser.by_ref(), eof_here).parse(text).map_err(|error| {
        let at = text[..error.offset()].chars().count() + 1;
        TrackError::Filter { at, reason: reason(error.inner()) }
    })
}

fn reason(error: &winnow::error::ContextError) -> String {
    let expected = error.context().find_map(|context| match context {
        StrContext::Expected(StrContextValue::Description(text)) => Some(*text),
        _ => None,
    });
    format!("{} is expected", expected.unwrap_or("something else"))
}

fn expected(text: &'static str) -> StrContext {
    StrContext::Expected(StrContextValue::Description(text))
}

fn eof_here(input: &mut &str) -> ModalResult<()> {
    eof.context(expected("`and`, `or` or the end")).void().parse_next(input)
}

fn any(input: &mut &str) -> ModalResult<Filter> {
    separated(1.., all, word("or")).map(|parts| one_or(parts, Filter::Any)).parse_next(input)
}

fn all(input: &mut &str) -> ModalResult<Filter> {
    separated(1.., negated, word("and")).map(|parts| one_or(parts, Filter::All)).parse_next(input)
}

fn one_or(mut parts: Vec<Filter>, several: fn(Vec<Filter>) -> Filter) -> Filter {
    if parts.len() == 1 { parts.remove(0) } else { several(parts) }
}

fn negated(input: &mut &str) -> ModalResult<Filter> {
    let nots: usize = repeat(0.., word("not")).parse_next(input)?;
    let filter = alt((bracketed, test)).parse_next(input)?;
    Ok(if nots % 2 == 1 { Filter::Not(Box::new(filter)) } else { filter })
}

fn bracketed(input: &mut &str) -> ModalResult<Filter> {
    delimited(symbol("("), cut_err(any), cut_err(symbol(")")).context(expected("`)`")))
        .parse_next(input)
}

fn test(input: &mut &str) -> ModalResult<Filter> {
    let field = field.parse_next(input)?;
    let (negated, check) = cut_err(alt((null, list, compare)))
        .context(expected("a comparison such as `= 'text'`, `> 0.9`, `IN (…)` or `IS NULL`"))
        .parse_next(input)?;
    if !fits(&field, &check) {
        let text = if field.is_number() { "a number" } else { "a text in quotes" };
        return cut_err(fail.context(expected(text))).parse_next(input);
    }
    let test = Filter::Test(field, check);
    Ok(if negated { Filter::Not(Box::new(test)) } else { test })
}

/// Whether the field can be held against such constants.
fn fits(field: &Field, check: &Check) -> bool {
    let number = |constant: &Constant| matches!(constant, Constant::Number(_));
    match check {
        Check::Null => true,
        Check::In(constants) => constants.iter().all(|one| number(one) == field.is_number()),
        Check::Compare(Comparison::Like | Comparison::ILike, constant) => {
            !field.is_number() && !number(constant)
        }
        // Parameters that are numbers can be compared as such.
        Check::Compare(_, constant) => {
            number(constant) == field.is_number()
                || (number(constant) && matches!(field, Field::Param(_) | Field::Tag(_)))
        }
    }
}

fn null(input: &mut &str) -> ModalResult<(bool, Check)> {
    delimited(word("is"), opt(word("not")), word("null"))
        .map(|not| (not.is_some(), Check::Null))
        .parse_next(input)
}

fn list(input: &mut &str) -> ModalResult<(bool, Check)> {
    let constants = separated(1.., constant, symbol(","));
    let brackets = delimited(symbol("("), constants, symbol(")"));
    (terminated(opt(word("not")), word("in")), cut_err(brackets))
        .map(|(not, constants)| (not.is_some(), Check::In(constants)))
        .parse_next(input)
}

fn compare(input: &mut &str) -> ModalResult<(bool, Check)> {
    let negated = opt(word("not")).parse_next(input)?.is_some();
    let comparison =
        if negated { like.parse_next(input)? } else { comparison.parse_next(input)? };
    let constant =
        cut_err(constant).context(expected("a number or a text in quotes")).parse_next(input)?;
    Ok((negated, Check::Compare(comparison, constant)))
}

fn comparison(input: &mut &str) -> ModalResult<Comparison> {
    alt((
        symbol("!=").value(Comparison::Unequal),
        symbol(">=").value(Comparison::AtLeast),
        symbol("<=").value(Comparison::AtMost),
        symbol("==").value(Comparison::Equal),
        symbol("=").value(Comparison::Equal),
        symbol(">").value(Comparison::Above),
        symbol("<").value(Comparison::Below),
        like,
    ))
    .parse_next(input)
}

fn like(input: &mut &str) -> ModalResult<Comparison> {
    alt((word("like").value(Comparison::Like), word("ilike").value(Comparison::ILike)))
        .parse_next(input)
}

fn constant(input: &mut &str) -> ModalResult<Constant> {
    let text = alt((quoted('\''), quoted('"'))).map(|text| Constant::Text(text.to_owned()));
    spaced(alt((float.map(Constant::Number), text))).parse_next(input)
}

fn field(input: &mut &str) -> ModalResult<Field> {
    let name = "a field such as metrics.auc, params.learner, tags.team, status or dataset.name";
    spaced((key, opt(preceded('.', rest))))
        .verify_map(|(entity, key)| named(entity, key))
        .context(expected(name))
        .parse_next(input)
}

fn named(entity: &str, key: Option<&str>) -> Option<Field> {
    let lower = entity.to_ascii_lowercase();
    let Some(key) = key else { return attribute(&lower) };
    match lower.as_str() {
        "metrics" | "metric" => Some(Field::Metric(key.to_owned())),
        "params" | "param" | "parameters" | "parameter" => Some(Field::Param(key.to_owned())),
        "tags" | "tag" => Some(Field::Tag(key.to_owned())),
        "attributes" | "attribute" | "attr" | "run" => attribute(key),
        "datasets" | "dataset" => dataset(key),
        _ => None,
    }
}

fn attribute(key: &str) -> Option<Field> {
    let attribute = match key {
        "run_id" | "id" => Attribute::Id,
        "run_name" | "Run name" | "name" => Attribute::Name,
        "status" => Attribute::Status,
        "experiment" => Attribute::Experiment,
        "parent" => Attribute::Parent,
        "note" => Attribute::Note,
        "start_time" | "created" | "Created" => Attribute::Started,
        "end_time" => Attribute::Ended,
        "duration" => Attribute::Duration,
        _ => return None,
    };
    Some(Field::Attribute(attribute))
}

fn dataset(key: &str) -> Option<Field> {
    let field = match key {
        "name" => DatasetField::Name,
        "digest" => DatasetField::Digest,
        "context" => DatasetField::Context,
        _ => return None,
    };
    Some(Field::Dataset(field))
}

/// A name: bare, or in backticks or double quotes where it holds anything.
fn key<'t>(input: &mut &'t str) -> ModalResult<&'t str> {
    alt((quoted('`'), quoted('"'), bare)).parse_next(input)
}

/// What is behind the first point: a name in which there may be more of them.
fn rest<'t>(input: &mut &'t str) -> ModalResult<&'t str> {
    alt((quoted('`'), quoted('"'), take_while(1.., |c: char| is_bare(c) || c == '.')))
        .parse_next(input)
}

fn is_bare(c: char) -> bool {
    c.is_alphanumeric() || "_-/".contains(c)
}

fn bare<'t>(input: &mut &'t str) -> ModalResult<&'t str> {
    take_while(1.., is_bare).parse_next(input)
}

fn quoted<'t>(quote: char) -> impl Parser<&'t str, &'t str, Failed> {
    delimited(quote, take_till(0.., quote), quote)
}

fn word<'t>(word: &'static str) -> impl Parser<&'t str, (), Failed> {
    let end = not(one_of(|c: char| c.is_alphanumeric() || "_-.".contains(c)));
    spaced(terminated(Caseless(word), end)).void()
}

fn symbol<'t>(symbol: &'static str) -> impl Parser<&'t str, (), Failed> {
    spaced(symbol).void()
}

/// With any space behind it.
fn spaced<'t, T>(parser: impl Parser<&'t str, T, Failed>) -> impl Parser<&'t str, T, Failed> {
    terminated(parser, multispace0)
}
