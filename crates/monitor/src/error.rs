//! What can go wrong.

#[cfg(feature = "tables")]
use hedgerow_data::DataError;
#[cfg(feature = "tables")]
use hedgerow_evaluate::EvaluateError;
#[cfg(feature = "tables")]
use hedgerow_model::{Coded, Details, ModelError};
use hedgerow_profile::Fault;

/// Why a model cannot be watched, or an experiment not be judged.
#[derive(Debug, thiserror::Error)]
pub enum MonitorError {
    /// The model file has no training profile.
    #[error(
        "this model has no training profile, so there is nothing to compare new rows with. Give the rows it \
         was trained on, or train it with a profile."
    )]
    NoProfile,
    /// The model file's training profile is damaged, or of a later version.
    #[error(
        "this model's training profile cannot be used: {0}. Give the rows it was trained on, or train it again \
         with a profile."
    )]
    TrainingProfile(Fault),
    /// Bytes that are no profile, or that of another model.
    #[error("{0}. Take a profile that this model, or a worker that serves it, made.")]
    Profile(Fault),
    /// Rules that cannot be read.
    #[error(
        "the rules cannot be used: {reason}. Mend them: they are a list such as [{{\"name\": \"gaps\", \
         \"figure\": \"missing_share\", \"columns\": [\"age\"], \"above\": 0.1}}]."
    )]
    BadRules { reason: String },
    /// Counts or sums of an experiment that cannot be, or do not belong together.
    #[error("the experiment cannot be judged: {reason}. Mend what was counted, or how it is read.")]
    BadExperiment { reason: String },
    /// An option out of its range.
    #[error("{name} is {value}, but must be {expected}.")]
    BadOption { name: &'static str, value: String, expected: &'static str },
    /// Nothing to look at.
    #[error("there are no rows to look at. Wait for some, or give another file.")]
    NoRows,
    #[cfg(feature = "tables")]
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    #[cfg(feature = "tables")]
    #[error(transparent)]
    Model(#[from] ModelError),
    #[cfg(feature = "tables")]
    #[error(transparent)]
    Data(#[from] DataError),
}

/// Checks an option.
pub(crate) fn check_option(
    name: &'static str,
    value: f64,
    is_sound: bool,
    expected: &'static str,
) -> Result<(), MonitorError> {
    let value = value.to_string();
    if is_sound { Ok(()) } else { Err(MonitorError::BadOption { name, value, expected }) }
}

impl From<Fault> for MonitorError {
    fn from(fault: Fault) -> Self {
        Self::Profile(fault)
    }
}

#[cfg(feature = "tables")]
impl Coded for MonitorError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoProfile => "no_training_profile",
            Self::TrainingProfile(_) => "damaged_training_profile",
            Self::Profile(Fault::OtherLayout) => "profile_of_another_model",
            Self::Profile(Fault::Damaged(_)) => "damaged_profile",
            Self::BadRules { .. } => "bad_rules",
            Self::BadExperiment { .. } => "bad_experiment",
            Self::BadOption { .. } => "bad_option",
            Self::NoRows => "no_rows",
            Self::Evaluate(error) => error.code(),
            Self::Model(error) => error.code(),
            Self::Data(error) => error.code(),
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Evaluate(error) => error.details(),
            Self::Model(error) => error.details(),
            Self::Data(error) => error.details(),
            _ => Details::default(),
        }
    }
}
