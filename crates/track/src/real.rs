//! Numbers in JSON, which has neither infinities nor what is not a number: those are `"Infinity"`,
//! `"-Infinity"` and `null`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Real {
    Number(f64),
    Name(Infinite),
    Null,
}

#[derive(Serialize, Deserialize)]
enum Infinite {
    #[serde(rename = "Infinity")]
    Above,
    #[serde(rename = "-Infinity")]
    Below,
}

pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    let real = match *value {
        value if value.is_nan() => Real::Null,
        f64::INFINITY => Real::Name(Infinite::Above),
        f64::NEG_INFINITY => Real::Name(Infinite::Below),
        value => Real::Number(value),
    };
    real.serialize(serializer)
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(match Real::deserialize(deserializer)? {
        Real::Number(value) => value,
        Real::Name(Infinite::Above) => f64::INFINITY,
        Real::Name(Infinite::Below) => f64::NEG_INFINITY,
        Real::Null => f64::NAN,
    })
}
