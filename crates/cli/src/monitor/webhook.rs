//! Alarms to whoever should know: the messages that exported workers send.

use std::path::Path;
use std::time::Duration;

use hedgerow_monitor::ColumnDrift;
use serde_json::json;
use ureq::Agent;

use super::checked::Checked;
use crate::failure::Failure;

/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a message is sent at most, with twice the pause between each time.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);

/// Sends each alarm, with its columns then and now.
pub fn tell(url: &str, model: &Path, checked: &Checked) -> Result<(), Failure> {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(PATIENCE));
    let agent = config.build().new_agent();
    let Checked { alarms, domain, report, .. } = checked;
    let of_rules = alarms.iter().map(|alarm| {
        let is_named = |column: &&ColumnDrift| {
            alarm.columns.contains(&column.name) && alarm.role.as_deref() == Some(column.role)
        };
        let columns = report.columns.iter().filter(is_named);
        (json!(alarm), json!(columns.collect::<Vec<&ColumnDrift>>()))
    });
    let of_rows = domain.iter().filter(|told| told.is_alarm()).map(|told| {
        (json!({ "rule": "domain classifier", "message": told.text(), "found": told }), json!([]))
    });
    for (mut message, pictures) in of_rules.chain(of_rows) {
        message["status"] = json!("firing");
        message["model"] = json!({ "name": model.to_string_lossy() });
        message["rows"] = json!(report.rows);
        message["pictures"] = pictures;
        send(&agent, url, message.to_string().as_bytes())?;
    }
    Ok(())
}

fn send(agent: &Agent, url: &str, json: &[u8]) -> Result<(), Failure> {
    let mut tries = 1;
    loop {
        let why = match agent.post(url).content_type("application/json").send(json) {
            Ok(answer) if answer.status().is_success() => return Ok(()),
            Ok(answer) => format!("it answered with the status {}", answer.status()),
            // The address may be a secret, and is in these.
            Err(ureq::Error::BadUri(_) | ureq::Error::Http(_)) => {
                "its address is none of http or https".to_owned()
            }
            Err(error) => error.to_string(),
        };
        if tries == TRIES {
            return Err(Failure::webhook(&why));
        }
        std::thread::sleep(PAUSE * 2u32.pow(tries - 1));
        tries += 1;
    }
}
