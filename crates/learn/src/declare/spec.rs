//! What may be declared of a parameter.

/// A parameter as declared.
pub(crate) struct Param {
    /// In `snake_case`.
    pub name: &'static str,
    /// The field's documentation.
    pub help: &'static str,
    pub spec: Spec,
}

/// Range, title and search space of a parameter.
#[derive(Clone, Copy)]
pub(crate) struct Spec {
    pub values: Values,
    pub label: &'static str,
    /// One of the few that a form shows at once.
    pub basic: bool,
    /// What `null` means, where it is allowed.
    pub optional: Option<&'static str>,
    pub search: Option<Range>,
}

/// The values a parameter takes, as JSON has them.
#[derive(Clone, Copy)]
pub(crate) enum Values {
    /// Whole numbers.
    Whole {
        min: u32,
        max: u32,
    },
    /// Numbers; `open` leaves out `min` itself, `open_end` leaves out `max`.
    Number {
        min: f64,
        max: f64,
        open: bool,
        open_end: bool,
    },
    /// One of these texts, each with its title; `or` says what else, which the type checks.
    Choice {
        choices: &'static [(&'static str, &'static str)],
        or: Option<&'static str>,
    },
    Switch,
    /// At most `most` whole numbers.
    List {
        min: u32,
        max: u32,
        most: usize,
    },
    /// An object by column or class name, which the type checks; `what` says of what.
    ByName {
        what: &'static str,
    },
}

/// What a tuning tries.
#[derive(Clone, Copy)]
pub(crate) enum Range {
    Even {
        low: f64,
        high: f64,
    },
    /// Evenly in the logarithm.
    Log {
        low: f64,
        high: f64,
    },
    /// One of these, each a JSON text.
    Each(&'static [&'static str]),
}

const fn spec(values: Values) -> Spec {
    Spec { values, label: "", basic: false, optional: None, search: None }
}

/// A whole number from `min` to `max`.
pub(crate) const fn whole(min: u32, max: u32) -> Spec {
    spec(Values::Whole { min, max })
}

/// A number from `min` to `max`.
pub(crate) const fn number(min: f64, max: f64) -> Spec {
    spec(Values::Number { min, max, open: false, open_end: false })
}

/// One of the texts, each with its title.
pub(crate) const fn choice(choices: &'static [(&'static str, &'static str)]) -> Spec {
    spec(Values::Choice { choices, or: None })
}

/// `true` or `false`.
pub(crate) const fn switch() -> Spec {
    spec(Values::Switch)
}

/// One to `most` whole numbers from `min` to `max`.
pub(crate) const fn list(min: u32, max: u32, most: usize) -> Spec {
    spec(Values::List { min, max, most })
}

/// An object with a value by name; `what` says which.
pub(crate) const fn by_name(what: &'static str) -> Spec {
    spec(Values::ByName { what })
}

impl Spec {
    /// A title for people.
    pub const fn label(self, label: &'static str) -> Self {
        Self { label, ..self }
    }

    /// Shown at once in a form.
    pub const fn basic(self) -> Self {
        Self { basic: true, ..self }
    }

    /// `null` is allowed, and means this.
    pub const fn optional(self, meaning: &'static str) -> Self {
        Self { optional: Some(meaning), ..self }
    }

    /// The smallest number itself is not allowed.
    pub const fn above(self) -> Self {
        match self.values {
            Values::Number { min, max, open_end, .. } => {
                Self { values: Values::Number { min, max, open: true, open_end }, ..self }
            }
            _ => self,
        }
    }

    /// The largest number itself is not allowed.
    pub const fn below(self) -> Self {
        match self.values {
            Values::Number { min, max, open, .. } => {
                Self { values: Values::Number { min, max, open, open_end: true }, ..self }
            }
            _ => self,
        }
    }

    /// A choice, or something else that the type checks.
    pub const fn or(self, other: &'static str) -> Self {
        match self.values {
            Values::Choice { choices, .. } => {
                Self { values: Values::Choice { choices, or: Some(other) }, ..self }
            }
            _ => self,
        }
    }

    /// Tuning draws evenly from here to there.
    pub const fn tune(self, low: f64, high: f64) -> Self {
        Self { search: Some(Range::Even { low, high }), ..self }
    }

    /// Tuning draws evenly in the logarithm from here to there.
    pub const fn tune_log(self, low: f64, high: f64) -> Self {
        Self { search: Some(Range::Log { low, high }), ..self }
    }

    /// Tuning draws one of these, each a JSON text.
    pub const fn tune_each(self, values: &'static [&'static str]) -> Self {
        Self { search: Some(Range::Each(values)), ..self }
    }
}
