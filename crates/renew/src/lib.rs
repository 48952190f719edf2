//! What a watched model needs learning for.
//!
//! [`told_apart`] trains a classifier that tells new rows from training rows, and so finds drift that no column
//! shows alone. A [`LossEstimator`] learns how large a regressor's errors are where, and estimates them on rows
//! without labels. A [`Policy`] says when a model is due to be trained again, [`hold_out`] keeps new rows to
//! judge by, and [`judge`] says by a stated rule whether the new model, the challenger, takes the place of the
//! old one, the champion.
//!
//! Everything is a function of its arguments: no clock, no file, no thread.
//!
//! ```
//! use hedgerow_data::{CsvOptions, read_csv};
//! use hedgerow_learn::{TrainOptions, train};
//! use hedgerow_renew::{HoldOutOptions, PromotionRule, hold_out, judge};
//!
//! // In old rows `x` is large from 5 on, in new ones from 7 on.
//! let rows = |bound: usize| -> String {
//!     let row = |n: usize| format!("{},{}\n", n % 10, if n % 10 < bound { "small" } else { "large" });
//!     (0..200).map(row).collect()
//! };
//! let table = |bound| read_csv(format!("x,size\n{}", rows(bound)).as_bytes(), &CsvOptions::default());
//! let champion = train(&table(5)?, TrainOptions::new("size"))?;
//! let parts = hold_out(&champion, &table(7)?, &HoldOutOptions::default())?;
//! let challenger = train(&parts.train, TrainOptions::new("size"))?;
//! let verdict = judge(&champion, &challenger, &parts.test, &PromotionRule::default())?;
//! assert!(verdict.promote && verdict.challenger == 1.0, "{}", verdict.reason);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod domain;
mod error;
mod hold_out;
mod judge;
mod loss;
mod policy;
mod rows;

pub use domain::{Domain, DomainOptions, Teller, told_apart};
pub use error::RenewError;
pub use hold_out::{HeldOut, HoldOutOptions, hold_out, labelled};
pub use judge::{PromotionRule, Verdict, check_rows, judge};
pub use loss::{LossEstimate, LossEstimator, LossOptions, Losses};
pub use policy::{Decision, Facts, Figure, Policy, Reason, Trigger, read_policy};
pub use rows::stacked;
