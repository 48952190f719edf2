//! `hedgerow pull`.

use hedgerow_track::mlflow::{Next, Pull, Pulled};
use serde_json::json;

use super::args::PullArgs;
use super::client::Client;
use crate::failure::Failure;
use crate::files;
use crate::track::Store;

pub fn run(args: &PullArgs, as_json: bool) -> Result<(), Failure> {
    let client = Client::new(&args.from)?;
    let store = Store::new(&args.store);
    let mut pull = Pull::new(&args.from, &args.experiment, store.stamp());
    drive(&mut pull, &store, &client)?;
    files::print(&told(pull.pulled(), as_json))
}

fn drive(pull: &mut Pull, store: &Store, client: &Client) -> Result<(), Failure> {
    let bar = super::bar();
    loop {
        let next = store.with(|workspace, _| Ok(pull.next(workspace)?))?;
        super::show(&bar, pull.progress());
        match next {
            Next::Send(request) => match client.send(request) {
                Ok(response) => {
                    store.with(|workspace, _| Ok(pull.answer(workspace, &response)?))?;
                }
                Err(reason) => pull.failed(&reason)?,
            },
            Next::Wait { seconds } => super::wait(&bar, seconds),
            Next::Export { .. } | Next::Done => break,
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn told(pulled: &Pulled, as_json: bool) -> String {
    if as_json {
        return format!("{}\n", json!(pulled));
    }
    let Pulled { runs, points, versions, running, others } = pulled;
    let mut text =
        format!("{runs} new runs, {points} points of metrics, {versions} new versions\n");
    if *running > 0 {
        text += &format!("left: {running} runs that still run\n");
    }
    if *others > 0 {
        text += &format!("left: {others} versions that are no models of Hedgerow\n");
    }
    text
}
