//! {{name}} in Rust: loads model.wasm with wasmtime and scores rows: cargo run --release < rows.json

use std::io::{Read, stdin};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use wasmtime::{Engine, Instance, Memory, Module, Store};

const MISSING: u32 = u32::MAX;

struct Model {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
    description: Value,
}

fn main() -> Result<()> {
    let mut rows = String::new();
    stdin().read_to_string(&mut rows)?;
    let rows: Vec<Map<String, Value>> = serde_json::from_str(&rows)?;
    let mut model = Model::load(include_bytes!("../model.wasm"))?;
    println!("{}", Value::from(model.predict(&rows)?));
    Ok(())
}

impl Model {
    fn load(wasm: &[u8]) -> Result<Self> {
        let engine = Engine::default();
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &Module::new(&engine, wasm)?, &[])?;
        let memory = instance
            .get_memory(&mut store, "memory")
            .context("no memory")?;
        let mut model = Self {
            store,
            instance,
            memory,
            description: Value::Null,
        };
        if model.call("hedgerow_abi")? != 1 {
            bail!("this program is for version 1 of the ABI");
        }
        let status = model.call("hedgerow_load")?;
        model.check(status)?;
        let at = model.call("hedgerow_description")?;
        model.description = serde_json::from_str(&model.text(at)?)?;
        Ok(model)
    }

    /// A prediction for each row. `null`, or no entry, is missing; dates are milliseconds since 1970.
    fn predict(&mut self, rows: &[Map<String, Value>]) -> Result<Vec<Value>> {
        let (mut input, texts) = self.encoded(rows)?;
        let sizes = (u32::try_from(rows.len())?, u32::try_from(texts.len())?);
        let reserve = self
            .instance
            .get_typed_func::<(u32, u32), u32>(&mut self.store, "hedgerow_input")?;
        let address = reserve.call(&mut self.store, sizes)?;
        if address == 0 {
            bail!("these are too many rows at a time");
        }
        input.extend(texts);
        self.memory
            .write(&mut self.store, address as usize, &input)?;
        let status = self.call("hedgerow_score")?;
        self.check(status)?;
        self.decoded(rows.len())
    }

    /// The cells column by column, eight bytes each, and the texts that they point to.
    fn encoded(&self, rows: &[Map<String, Value>]) -> Result<(Vec<u8>, Vec<u8>)> {
        let (mut cells, mut texts) = (Vec::new(), Vec::new());
        for feature in self.description["features"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let name = feature["name"].as_str().unwrap_or_default();
            let is_text = matches!(feature["kind"].as_str(), Some("category" | "text"));
            for row in rows {
                let value = row.get(name).unwrap_or(&Value::Null);
                if !is_text {
                    let number = number(value).with_context(|| format!("{name}: {value}"))?;
                    cells.extend(number.to_le_bytes());
                    continue;
                }
                let text = value.as_str();
                let length = text.map_or(MISSING, |text| text.len() as u32);
                cells.extend((texts.len() as u32).to_le_bytes());
                cells.extend(length.to_le_bytes());
                texts.extend(text.unwrap_or_default().as_bytes());
            }
        }
        Ok((cells, texts))
    }

    /// Outputs of all rows, row by row, then a class of each.
    fn decoded(&mut self, rows: usize) -> Result<Vec<Value>> {
        let width = self.description["outputs"].as_u64().unwrap_or(1) as usize;
        let output = self.call("hedgerow_output")? as usize;
        let predicted = |row: usize| {
            let start = output + row * width * 8;
            let value = |index: usize| -> Result<f64> {
                Ok(f64::from_le_bytes(self.bytes(start + index * 8)?))
            };
            let names = self.description["classes"]
                .as_array()
                .map_or(&[][..], Vec::as_slice);
            if names.is_empty() {
                return Ok(json!({ "value": value(0)? }));
            }
            let class = u32::from_le_bytes(self.bytes(output + rows * width * 8 + row * 4)?);
            let mut probabilities = Map::new();
            for (index, name) in names.iter().enumerate() {
                probabilities.insert(
                    name.as_str().unwrap_or_default().to_owned(),
                    value(index)?.into(),
                );
            }
            Ok(json!({ "label": names.get(class as usize), "probabilities": probabilities }))
        };
        (0..rows).map(predicted).collect()
    }

    fn call(&mut self, name: &str) -> Result<u32> {
        let function = self
            .instance
            .get_typed_func::<(), u32>(&mut self.store, name)?;
        Ok(function.call(&mut self.store, ())?)
    }

    fn check(&mut self, status: u32) -> Result<()> {
        if status == 0 {
            return Ok(());
        }
        let at = self.call("hedgerow_error")?;
        bail!("{}", self.text(at + 12)?)
    }

    /// The text of which address and length stand somewhere.
    fn text(&self, at: u32) -> Result<String> {
        let start = u32::from_le_bytes(self.bytes(at as usize)?) as usize;
        let length = u32::from_le_bytes(self.bytes(at as usize + 4)?) as usize;
        let bytes = self
            .memory
            .data(&self.store)
            .get(start..start + length)
            .context("out of memory")?;
        Ok(String::from_utf8(bytes.to_vec())?)
    }

    fn bytes<const N: usize>(&self, address: usize) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.memory.read(&self.store, address, &mut bytes)?;
        Ok(bytes)
    }
}

/// Booleans are 0 or 1, missing is NaN.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Null => Some(f64::NAN),
        Value::Bool(yes) => Some(f64::from(u8::from(*yes))),
        _ => value.as_f64(),
    }
}
