//! Arrays on their way into the file and out of it: little endian, whatever the machine.

use safetensors::{Dtype, SafeTensors};

use super::damaged;
use crate::ModelError;

/// An array on its way into the file.
pub(super) struct Array {
    pub name: &'static str,
    pub dtype: Dtype,
    pub len: usize,
    pub bytes: Vec<u8>,
}

/// Numbers that an array can hold.
pub(super) trait Element: Copy {
    const DTYPE: Dtype;
    fn write(values: &[Self]) -> Vec<u8>;
    fn read(bytes: &[u8]) -> Vec<Self>;
}

macro_rules! element {
    ($type:ty, $dtype:expr) => {
        impl Element for $type {
            const DTYPE: Dtype = $dtype;

            fn write(values: &[Self]) -> Vec<u8> {
                values.iter().flat_map(|value| value.to_le_bytes()).collect()
            }

            fn read(bytes: &[u8]) -> Vec<Self> {
                let (chunks, _) = bytes.as_chunks();
                chunks.iter().map(|&chunk| Self::from_le_bytes(chunk)).collect()
            }
        }
    };
}

element!(u16, Dtype::U16);
element!(u32, Dtype::U32);
element!(f32, Dtype::F32);
element!(f64, Dtype::F64);

impl Array {
    pub fn new<T: Element>(name: &'static str, values: &[T]) -> Self {
        Self { name, dtype: T::DTYPE, len: values.len(), bytes: T::write(values) }
    }
}

/// Reads an array of the file.
///
/// # Errors
/// [`ModelError::Damaged`] where it is missing or of another type.
pub(super) fn read<T: Element>(tensors: &SafeTensors, name: &str) -> Result<Vec<T>, ModelError> {
    let view = tensors.tensor(name).map_err(|_| damaged(format!("the array {name} is missing")))?;
    if view.dtype() != T::DTYPE {
        return Err(damaged(format!("the array {name} has another type")));
    }
    Ok(T::read(view.data()))
}
