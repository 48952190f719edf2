//! Neural networks: multilayer perceptrons trained with Adam on mini-batches (Rumelhart, Hinton &
//! Williams 1986; Kingma & Ba 2015).
//!
//! `Examples` are the rows in `f32`; a `Pass` carries some of them forward through the network and
//! the loss's gradient back; `Adam` makes steps of gradients; a `Trainer` goes through batches and
//! epochs and says when to stop. The products are [`hedgerow_model::mlp::kernels`], so that training
//! and prediction do the same arithmetic on every platform.

mod adam;
mod epochs;
mod examples;
mod fitting;
mod loss;
mod params;
mod pass;
#[cfg(test)]
mod tests;
mod trainer;
mod validation;

pub use params::Mlp;
