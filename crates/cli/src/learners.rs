//! The learners and their parameters as text.

use hedgerow_learn::{Declaration, LearnError, Learner, Parameter};

use crate::show::pretty;

/// All learners, or one with its parameters.
pub fn show(kind: Option<&str>, as_json: bool) -> Result<String, LearnError> {
    let all = Learner::declarations();
    let Some(kind) = kind else {
        return Ok(if as_json { pretty(&all) } else { all.iter().map(title).collect() });
    };
    // Asked for by name: an unknown one is the same error as in a training.
    Learner::from_params(kind, [])?;
    let chosen = all.into_iter().filter(|declared| declared.kind == kind);
    Ok(chosen.map(|one| if as_json { pretty(&one) } else { whole(&one) }).collect())
}

fn title(declared: &Declaration) -> String {
    format!("{:<22} {}\n", declared.kind, declared.about)
}

fn whole(declared: &Declaration) -> String {
    let params = declared.parameters.iter().map(parameter);
    format!("{}: {}\n\n{}\n\n", declared.kind, declared.label, declared.about)
        + &params.collect::<String>()
}

fn parameter(param: &Parameter) -> String {
    format!("{}={}\n    {}\n", param.field, param.default, param.help)
}
