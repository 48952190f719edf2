//! Named arrays and one description as bytes: a safetensors file with a JSON text in its metadata.
//!
//! Models, tables and the jobs of workers are all handed on so. Numbers are little endian, whatever
//! the machine. Errors are the reason in words, for each room to make its own error of.

use std::borrow::Cow;

use safetensors::tensor::{Metadata, TensorView};
use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;
use serde_json::Value;

use crate::json;

/// An array on its way into bytes.
pub struct Array<'a> {
    name: String,
    dtype: Dtype,
    len: usize,
    bytes: Cow<'a, [u8]>,
}

/// Numbers that an array can hold.
pub trait Element: Copy + 'static {
    #[doc(hidden)]
    const DTYPE: Dtype;
    #[doc(hidden)]
    fn write(values: &[Self]) -> Cow<'_, [u8]>;
    #[doc(hidden)]
    fn read(bytes: &[u8]) -> Vec<Self>;
}

macro_rules! element {
    ($type:ty, $dtype:expr) => {
        impl Element for $type {
            const DTYPE: Dtype = $dtype;

            fn write(values: &[Self]) -> Cow<'_, [u8]> {
                if cfg!(target_endian = "big") {
                    return values.iter().flat_map(|value| value.to_le_bytes()).collect();
                }
                // SAFETY: the numbers are so many initialised bytes without padding, each of which
                // is a `u8`, whose alignment is 1; they live and stay unchanged as long as borrowed.
                Cow::Borrowed(unsafe {
                    std::slice::from_raw_parts(values.as_ptr().cast(), size_of_val(values))
                })
            }

            fn read(bytes: &[u8]) -> Vec<Self> {
                let (chunks, _) = bytes.as_chunks();
                chunks.iter().map(|&chunk| Self::from_le_bytes(chunk)).collect()
            }
        }
    };
}

element!(u8, Dtype::U8);
element!(u16, Dtype::U16);
element!(u32, Dtype::U32);
element!(u64, Dtype::U64);
element!(f32, Dtype::F32);
element!(f64, Dtype::F64);

impl<'a> Array<'a> {
    /// The numbers under a name, of which there must not be two.
    pub fn new<T: Element>(name: impl Into<String>, values: impl Into<Cow<'a, [T]>>) -> Self {
        let values = values.into();
        let len = values.len();
        let bytes = match values {
            Cow::Borrowed(values) => T::write(values),
            Cow::Owned(values) => Cow::Owned(T::write(&values).into_owned()),
        };
        Self { name: name.into(), dtype: T::DTYPE, len, bytes }
    }
}

/// The bytes. The description stands under `key`: the only one, since the order of several would be
/// that of a hash map.
pub fn pack(key: &str, description: String, arrays: &[Array]) -> Vec<u8> {
    let views = arrays.iter().map(|array| {
        let view = TensorView::new(array.dtype, vec![array.len], &array.bytes)
            .expect("the length was counted from these bytes");
        (array.name.as_str(), view)
    });
    let metadata = [(key.to_owned(), description)].into_iter().collect();
    safetensors::serialize(views, Some(metadata)).expect("flat arrays always serialise")
}

/// Arrays and their description, of bytes that are not trusted.
pub struct Packed<'a> {
    description: Value,
    /// Where the arrays are among `data`; checked, so that none ends beyond it.
    metadata: Metadata,
    data: &'a [u8],
}

/// A safetensors file begins with its header's length, in so many bytes.
const LENGTH: usize = 8;

impl<'a> Packed<'a> {
    /// Finds the description and the places of the arrays; `None` where there is none under `key`.
    ///
    /// # Errors
    /// Bytes that are not a whole safetensors file, and a description that is not JSON.
    pub fn open(bytes: &'a [u8], key: &str) -> Result<Option<Self>, String> {
        let (header, metadata) = SafeTensors::read_metadata(bytes)
            .map_err(|error| format!("its header cannot be read ({error})"))?;
        let Some(text) = metadata.metadata().as_ref().and_then(|map| map.get(key)) else {
            return Ok(None);
        };
        let description = json::parse(text).map_err(|error| not_described(&error))?;
        Ok(Some(Self { description, metadata, data: &bytes[LENGTH + header..] }))
    }

    /// The description.
    ///
    /// # Errors
    /// One that is not as `T` has it.
    pub fn describes<T: for<'de> Deserialize<'de>>(&self) -> Result<T, String> {
        T::deserialize(&self.description).map_err(|error| not_described(&error))
    }

    /// An array.
    ///
    /// # Errors
    /// One that is missing or of another type.
    pub fn get<T: Element>(&self, name: &str) -> Result<Vec<T>, String> {
        self.optional(name)?.ok_or_else(|| format!("the array {name} is missing"))
    }

    /// An array that may be missing.
    ///
    /// # Errors
    /// One of another type.
    pub fn optional<T: Element>(&self, name: &str) -> Result<Option<Vec<T>>, String> {
        let Some(info) = self.metadata.info(name) else { return Ok(None) };
        if info.dtype != T::DTYPE {
            return Err(format!("the array {name} has another type"));
        }
        let (start, end) = info.data_offsets;
        Ok(Some(T::read(&self.data[start..end])))
    }
}

fn not_described(error: &serde_json::Error) -> String {
    format!("its description cannot be read ({error})")
}
