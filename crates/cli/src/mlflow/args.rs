//! What is typed about MLflow servers.

use clap::Args;

use crate::track::StoreArgs;

#[derive(Args)]
pub struct PushArgs {
    /// The runs, by the beginning of their ids; with each go the runs above and below it. Default: all that
    /// have ended.
    pub runs: Vec<String>,
    /// The server's address, as https://mlflow.example.org. Credentials are read from MLFLOW_TRACKING_TOKEN,
    /// or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.
    #[arg(long, value_name = "URL")]
    pub to: String,
    /// Only runs of this experiment; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub experiment: Vec<String>,
    /// Models, too, so that MLflow loads and serves them, and the registry.
    #[arg(long)]
    pub models: bool,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Args)]
pub struct PullArgs {
    /// The server's address; credentials as for a push.
    #[arg(long, value_name = "URL")]
    pub from: String,
    /// The experiment's name.
    #[arg(long, value_name = "NAME")]
    pub experiment: String,
    #[command(flatten)]
    pub store: StoreArgs,
}
