//! A learner's parameters, each declared once: type, default, range, name, help and what tuning
//! tries.
//!
//! [`parameters!`] makes of one declaration the struct that a fit reads, the check of what a user
//! gave, and the [`Declaration`] from which the page's form, the command line's help and the search
//! of a tuning are made.

mod check;
mod declaration;
mod spec;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) use check::{check_given, check_values};
pub use declaration::{Choice, Declaration, Parameter, Search};
pub(crate) use declaration::{camel_case, describe};
pub(crate) use spec::{Param, by_name, choice, list, number, switch, whole};

/// What [`parameters!`] makes known of a learner.
pub(crate) trait Declared: Default {
    const KIND: &'static str;
    const LABEL: &'static str;
    /// The struct's documentation.
    const ABOUT: &'static str;
    const PARAMS: &'static [Param];

    /// Sets one parameter from JSON.
    ///
    /// # Errors
    /// For an unknown name and a value that its type cannot hold; whether it is in its range is for
    /// [`check_values`] to say.
    fn set(&mut self, name: &str, value: &Value) -> Result<(), serde_json::Error>;

    /// Every parameter as JSON, in the order of [`Self::PARAMS`].
    fn values(&self) -> Vec<Value>;
}

/// A value of a parameter's type; one function a type for all learners, since reading is code.
#[inline(never)]
pub(crate) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    T::deserialize(value)
}

/// JSON of a parameter; what JSON has no number for is `null`.
#[inline(never)]
pub(crate) fn write<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// Declares a learner: its kind, its title, and every parameter with type, default and range.
///
/// ```text
/// parameters! {
///     /// What it is; the first paragraph is what the page says of it.
///     pub struct Ridge = "ridge", "Ridge regression" {
///         /// What it does, with range and default.
///         alpha: f64 = 1.0, number(0.0, 1e9).label("Penalty").basic().tune_log(1e-3, 1e3);
///         /// A type that TypeScript must be told of.
///         max_iter: Option<u32> as "number | null" = None, whole(1, 10_000).optional("no limit");
///     }
/// }
/// ```
macro_rules! parameters {
    (
        $(#[doc = $about:literal])*
        pub struct $name:ident = $kind:literal, $label:literal {
            $(
                $(#[doc = $help:literal])*
                $field:ident: $type:ty $(as $ts:literal)? = $default:expr, $spec:expr;
            )*
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(feature = "ts", derive(tsify::Tsify))]
        #[cfg_attr(feature = "ts", serde(rename_all = "camelCase", default))]
        pub struct $name {
            $(
                $(#[doc = $help])*
                $(#[cfg_attr(feature = "ts", tsify(type = $ts))])?
                pub $field: $type,
            )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl $crate::declare::Declared for $name {
            const KIND: &'static str = $kind;
            const LABEL: &'static str = $label;
            const ABOUT: &'static str = concat!($($about, "\n",)*);
            const PARAMS: &'static [$crate::declare::Param] = {
                #[allow(unused_imports, reason = "which of them are needed is the declaration's")]
                use $crate::declare::{by_name, choice, list, number, switch, whole};
                &[$($crate::declare::Param {
                    name: stringify!($field),
                    help: concat!($($help, "\n",)*),
                    spec: $spec,
                },)*]
            };

            fn set(
                &mut self,
                name: &str,
                value: &serde_json::Value,
            ) -> Result<(), serde_json::Error> {
                match name {
                    $(stringify!($field) => $crate::declare::read(value).map(|value| self.$field = value),)*
                    _ => Err(serde::de::Error::custom(format_args!("{name}: {value}"))),
                }
            }

            fn values(&self) -> Vec<serde_json::Value> {
                vec![$($crate::declare::write(&self.$field),)*]
            }
        }
    };
}
pub(crate) use parameters;
