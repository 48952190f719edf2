//! `hedgerow ab`: which version is better, and how long it takes to tell.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use hedgerow_monitor::experiment::{
    Adjusted, Arm, CompareOptions, Comparison, Estimate, Experiment, ExperimentReport, Plan,
    PlanOptions, RowColumns, Units, VariantReport, compare, of_rows, plan,
};
use hedgerow_monitor::{MonitorError, short};
use serde::Serialize;

use crate::args::ReadArgs;
use crate::failure::Failure;
use crate::files;
use crate::show::{lines, pretty};

const COMPARE_HELP: &str = "\
A JSON file has what was counted, by the variants' names:
  {\"variants\": {\"A\": {\"n\": 5000, \"successes\": 500}, \"B\": {\"n\": 5020, \"successes\": 650}},
   \"weights\": {\"A\": 0.5, \"B\": 0.5}, \"control\": \"A\"}
For outcomes that are numbers a variant is {\"n\", \"sum\", \"sumSquares\"}, which may have a \"covariate\" of
{\"sum\", \"sumSquares\", \"sumProducts\"} (of covariate and outcome). Weights and control may be left out.

The verdict holds however often one looks, and whenever one stops.";

#[derive(Args)]
pub struct AbArgs {
    #[command(subcommand)]
    command: AbCommand,
}

#[derive(Subcommand)]
enum AbCommand {
    /// Say which variant is better, from rows or from what was counted.
    Compare(CompareArgs),
    /// Say how many units and days it takes to find an effect, or which effect is found with some units.
    Plan(PlanArgs),
}

#[derive(Args)]
#[command(after_help = COMPARE_HELP)]
struct CompareArgs {
    /// CSV files with a row for each unit, or JSON files (*.json) of counts (see below); they are added up.
    #[arg(required = true)]
    data: Vec<PathBuf>,
    /// The column of CSV files that has the variant's name.
    #[arg(long, value_name = "COLUMN")]
    variant: Option<String>,
    /// The column that has the outcome: yes and no (booleans, or 0 and 1), or a number.
    #[arg(long, value_name = "COLUMN")]
    outcome: Option<String>,
    /// For outcomes in other words, such as bought and left: the one that is a success.
    #[arg(long, value_name = "WORD")]
    success: Option<String>,
    /// A column with a number that was known before, such as last month's outcome: what it explains is taken
    /// away (CUPED).
    #[arg(long, value_name = "COLUMN")]
    covariate: Option<String>,
    /// The variant that others are compared with. Default: the first by name.
    #[arg(long, value_name = "NAME")]
    control: Option<String>,
    /// How units should be spread over the variants. Default: evenly.
    #[arg(long, value_name = "NAME=WEIGHT,…", value_delimiter = ',', value_parser = parse_weight)]
    weights: Vec<(String, f64)>,
    /// The probability of a false alarm.
    #[arg(long, default_value_t = CompareOptions::default().alpha)]
    alpha: f64,
    /// Standard deviations of an outcome that effects are expected to be; to be chosen before looking.
    #[arg(long, default_value_t = CompareOptions::default().mixture)]
    mixture: f64,
    /// The p-value below which units are said not to be spread as the weights say.
    #[arg(long, default_value_t = CompareOptions::default().sample_ratio)]
    sample_ratio: f64,
    /// A lower outcome is the better one.
    #[arg(long)]
    lower_is_better: bool,
    #[command(flatten)]
    read: ReadArgs,
}

#[derive(Args)]
struct PlanArgs {
    /// The share of successes without the change, between 0 and 1.
    #[arg(long, required_unless_present = "std", conflicts_with = "std")]
    baseline: Option<f64>,
    /// For outcomes that are numbers, their standard deviation.
    #[arg(long)]
    std: Option<f64>,
    /// The smallest difference worth finding: 0.02 from a share of 0.1 is 0.12.
    #[arg(
        long,
        allow_negative_numbers = true,
        required_unless_present = "n",
        conflicts_with = "n"
    )]
    effect: Option<f64>,
    /// Units of the control, to learn which effect they find.
    #[arg(long)]
    n: Option<u64>,
    /// The probability of finding an effect that is there.
    #[arg(long, default_value_t = PlanOptions::default().power)]
    power: f64,
    /// The probability of a false alarm.
    #[arg(long, default_value_t = PlanOptions::default().alpha)]
    alpha: f64,
    /// Units of the variant for one of the control.
    #[arg(long, default_value_t = PlanOptions::default().ratio)]
    ratio: f64,
    /// Standard deviations of an outcome that effects are expected to be.
    #[arg(long, default_value_t = PlanOptions::default().mixture)]
    mixture: f64,
    /// Units a day.
    #[arg(long)]
    daily: Option<f64>,
    /// The share of them in the experiment.
    #[arg(long, default_value_t = PlanOptions::default().share)]
    share: f64,
}

/// `hedgerow ab`.
pub fn run(args: &AbArgs, as_json: bool) -> Result<(), Failure> {
    match &args.command {
        AbCommand::Compare(args) => args.run(as_json),
        AbCommand::Plan(args) => args.run(as_json),
    }
}

/// All that is said of an experiment.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Compared {
    /// Rows without a variant or an outcome.
    rows_left_out: usize,
    #[serde(flatten)]
    report: ExperimentReport,
}

impl CompareArgs {
    fn run(&self, as_json: bool) -> Result<(), Failure> {
        let weights: BTreeMap<String, f64> = self.weights.iter().cloned().collect();
        let mut all =
            Experiment { weights, control: self.control.clone(), ..Experiment::default() };
        let mut rows_left_out = 0;
        for path in &self.data {
            let (part, left_out) = self.counted(path)?;
            all.merge(&part)?;
            rows_left_out += left_out;
        }
        self.check_success(&all)?;
        let options = CompareOptions {
            alpha: self.alpha,
            mixture: self.mixture,
            sample_ratio: self.sample_ratio,
            lower_is_better: self.lower_is_better,
        };
        let compared = Compared { report: compare(&all, &options)?, rows_left_out };
        files::print(&if as_json { pretty(&compared) } else { compared.text() })
    }

    /// A word that no outcome is, in any file, is misspelled.
    fn check_success(&self, all: &Experiment) -> Result<(), Failure> {
        let is_none = |arm: &Arm| matches!(arm, Arm::Proportion { successes: 0, .. });
        match &self.success {
            Some(success) if all.variants.values().all(is_none) => {
                let reason = format!("no outcome is {success:?}");
                Err(MonitorError::BadExperiment { reason }.into())
            }
            _ => Ok(()),
        }
    }

    /// What a file comes to, and how many of its rows do not count.
    fn counted(&self, path: &Path) -> Result<(Experiment, usize), Failure> {
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            return Ok((Experiment::from_json(&files::read(path)?)?, 0));
        }
        let table = files::read_table(path, &(&self.read).into())?;
        let columns = RowColumns {
            variant: column("--variant", self.variant.as_deref())?,
            outcome: column("--outcome", self.outcome.as_deref())?,
            success: self.success.as_deref(),
            covariate: self.covariate.as_deref(),
        };
        let rows = of_rows(&table, &columns)?;
        Ok((rows.experiment, rows.left_out))
    }
}

impl PlanArgs {
    fn run(&self, as_json: bool) -> Result<(), Failure> {
        let Self { baseline, std, effect, n, alpha, power, ratio, mixture, daily, share } = *self;
        let options =
            PlanOptions { baseline, std, effect, n, alpha, power, ratio, mixture, daily, share };
        let plan = plan(&options)?;
        files::print(&if as_json { pretty(&plan) } else { plan_text(&plan, &options) })
    }
}

fn column<'a>(name: &'static str, given: Option<&'a str>) -> Result<&'a str, Failure> {
    let value = "not given".to_owned();
    let expected = "the name of a column where rows are read";
    given.ok_or_else(|| MonitorError::BadOption { name, value, expected }.into())
}

fn parse_weight(text: &str) -> Result<(String, f64), String> {
    let (name, weight) = text.rsplit_once('=').ok_or("write NAME=WEIGHT,NAME=WEIGHT")?;
    let weight = weight.parse().map_err(|_| format!("{weight:?} is no number"))?;
    Ok((name.to_owned(), weight))
}

impl Compared {
    fn text(&self) -> String {
        let Self { report, rows_left_out } = self;
        let variant = |variant| variant_text(variant, report);
        let mut told: Vec<String> = report.variants.iter().map(variant).collect();
        told.push(self.assignment());
        told.extend(report.comparisons.iter().flat_map(comparison_text));
        for one in report.posteriors.iter().flatten() {
            let chance = 100.0 * one.probability_best;
            let loss = short(one.expected_loss, 4);
            told.push(format!(
                "{} is the best with {chance:.1} %, expected loss {loss}",
                one.variant
            ));
        }
        if *rows_left_out > 0 {
            told.push(format!(
                "note: {rows_left_out} rows without a variant or an outcome left out"
            ));
        }
        lines(&told)
    }

    fn assignment(&self) -> String {
        let ratio = &self.report.sample_ratio;
        let p = ratio.p_value.map_or(String::new(), |p| format!(" (p = {})", short(p, 4)));
        match ratio.is_mismatch {
            true => format!("assignment: NOT as the weights say{p}"),
            false => format!("assignment: as the weights say{p}"),
        }
    }
}

fn variant_text(variant: &VariantReport, report: &ExperimentReport) -> String {
    let VariantReport { name, n, mean, std } = variant;
    let control = if *name == report.control { ", the control" } else { "" };
    let optional = |value: &Option<f64>| value.map_or("–".to_owned(), |value| short(value, 4));
    format!("{name}: {n} units, mean {}, deviation {}{control}", optional(mean), optional(std))
}

fn comparison_text(compared: &Comparison) -> Vec<String> {
    let mut told = vec![compared.message.clone()];
    if let Some(found) = compared.any_time {
        let interval = found.interval.map_or("any difference".to_owned(), range);
        told.push(format!("  any time  {interval}, p = {}", short(found.p_value, 4)));
    }
    let once = |estimate: &Estimate| {
        format!("{}, p = {}", range(estimate.interval), short(estimate.p_value, 4))
    };
    told.extend(compared.once.iter().map(|found| format!("  once      {}", once(found))));
    told.extend(compared.adjusted.iter().map(|Adjusted { variance_removed, estimate, .. }| {
        let share = 100.0 * variance_removed;
        format!("  adjusted  {}, {share:.1} % of the variance removed", once(estimate))
    }));
    told
}

fn plan_text(plan: &Plan, options: &PlanOptions) -> String {
    let Units { control, variant, .. } = plan.once;
    let power = 100.0 * options.power;
    let mut told = vec![format!(
        "a difference of {} is found with {power} % by one look at {control} units of the control and {variant} of the \
         variant{}",
        short(plan.effect, 4),
        days(&plan.once)
    )];
    told.extend(plan.any_time.iter().map(|units| {
        let Units { control, variant, .. } = units;
        format!("by looking at any time, at {control} and {variant} at the latest{}", days(units))
    }));
    lines(&told)
}

fn days(units: &Units) -> String {
    units.days.map_or(String::new(), |days| format!(", {days} days"))
}

fn range([low, high]: [f64; 2]) -> String {
    format!("{} to {}", short(low, 4), short(high, 4))
}
