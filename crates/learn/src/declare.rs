//! A learner's parameters, each declared once: type, default, range, name, help and what tuning
//! tries.
//!
//! [`parameters!`] makes of one declaration the struct that a fit reads, the check of what a user
//! gave, and the [`Declaration`] from which the page's form, the command line's help and the search
//! of a tuning are made.

mod check;
mod declaration;
mod spec;

pub(crate) use check::check_given;
pub use declaration::{Choice, Declaration, Parameter, Search};
pub(crate) use declaration::{camel_case, describe};
pub(crate) use spec::{Param, by_name, choice, list, number, switch, whole};

/// What [`parameters!`] makes known of a learner.
pub(crate) trait Declared: Default + serde::Serialize {
    const KIND: &'static str;
    const LABEL: &'static str;
    /// The struct's documentation.
    const ABOUT: &'static str;
    const PARAMS: &'static [Param];
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
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "ts", derive(tsify::Tsify))]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
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
        }
    };
}
pub(crate) use parameters;
