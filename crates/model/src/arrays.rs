//! Named arrays and one description as bytes: a safetensors file with a JSON text in its metadata.
//!
//! Models, tables and the jobs of workers are all handed on so. Numbers are little endian, whatever
//! the machine. Errors are the reason in words, for each room to make its own error of.

use std::borrow::Cow;

use safetensors::Dtype;
use safetensors::tensor::{Metadata, TensorInfo};
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
pub trait Element: Copy + Default + 'static {
    #[doc(hidden)]
    const DTYPE: Dtype;
    #[doc(hidden)]
    fn write(values: &[Self]) -> Cow<'_, [u8]>;
    #[doc(hidden)]
    fn read(source: &dyn Source, from: usize, to: usize) -> Vec<Self>;
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

            fn read(source: &dyn Source, from: usize, to: usize) -> Vec<Self> {
                let mut values = vec![Self::default(); (to - from) / size_of::<Self>()];
                // SAFETY: the numbers are so many initialised bytes without padding, which may be any
                // bytes at all; nothing else refers to them.
                source.copy(from, unsafe {
                    std::slice::from_raw_parts_mut(
                        values.as_mut_ptr().cast(),
                        size_of_val(values.as_slice()),
                    )
                });
                if cfg!(target_endian = "big") {
                    values
                        .iter_mut()
                        .for_each(|value| *value = Self::from_le_bytes(value.to_ne_bytes()));
                }
                values
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

/// Bytes in the parts they are made of, so that whoever wants them elsewhere need not have them put
/// together first.
pub struct Parts<'a> {
    header: Vec<u8>,
    arrays: Vec<&'a [u8]>,
}

impl<'a> Parts<'a> {
    /// The description stands under `key`: the only one, since the order of several would be that of a
    /// hash map.
    fn new(key: &str, description: String, arrays: &'a [Array]) -> Self {
        let mut arrays: Vec<&Array> = arrays.iter().collect();
        // As the format asks for: the widest numbers first, so that all are aligned.
        arrays.sort_by(|a, b| b.dtype.cmp(&a.dtype).then_with(|| a.name.cmp(&b.name)));
        let mut end = 0;
        let info = |array: &&Array| {
            let start = end;
            end += array.bytes.len();
            let (dtype, shape, data_offsets) = (array.dtype, vec![array.len], (start, end));
            (array.name.clone(), TensorInfo { dtype, shape, data_offsets })
        };
        let infos = arrays.iter().map(info).collect();
        let metadata = [(key.to_owned(), description)].into_iter().collect();
        let metadata =
            Metadata::new(Some(metadata), infos).expect("lengths were counted from these bytes");
        let text = serde_json::to_string(&metadata).expect("plain data with string keys is JSON");
        let length = text.len().next_multiple_of(LENGTH);
        let mut header = (length as u64).to_le_bytes().to_vec();
        header.extend(text.into_bytes());
        header.resize(LENGTH + length, b' ');
        Self { header, arrays: arrays.iter().map(|array| &*array.bytes).collect() }
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        [self.header.as_slice()].into_iter().chain(self.arrays.iter().copied())
    }

    /// How many bytes they are together.
    pub fn total(&self) -> usize {
        self.iter().map(<[u8]>::len).sum()
    }

    /// All of them together.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.total());
        self.iter().for_each(|part| bytes.extend_from_slice(part));
        bytes
    }
}

/// The bytes of a description, which stands under `key`, and arrays.
pub fn pack(key: &str, description: String, arrays: &[Array]) -> Vec<u8> {
    Parts::new(key, description, arrays).to_vec()
}

/// Hands on the same in parts.
pub fn pack_parts(key: &str, description: String, arrays: &[Array], take: &mut dyn FnMut(&Parts)) {
    take(&Parts::new(key, description, arrays));
}

/// Bytes that are read from, in this memory or another.
pub trait Source {
    /// How many there are.
    fn total(&self) -> usize;

    /// Copies as many as `to` holds, from a place on; that many are there.
    fn copy(&self, from: usize, to: &mut [u8]);
}

impl Source for &[u8] {
    fn total(&self) -> usize {
        self.len()
    }

    fn copy(&self, from: usize, to: &mut [u8]) {
        to.copy_from_slice(&self[from..][..to.len()]);
    }
}

/// Arrays and their description, of bytes that are not trusted.
pub struct Packed<'a> {
    description: Value,
    /// Where the arrays are among the bytes from `data` on; checked, so that none ends beyond them.
    metadata: Metadata,
    data: usize,
    source: &'a dyn Source,
}

/// A safetensors file begins with its header's length, in so many bytes.
const LENGTH: usize = 8;

/// Longer headers are not read, as the format says.
const MOST_HEADER: usize = 100_000_000;

impl<'a> Packed<'a> {
    /// Finds the description and the places of the arrays; `None` where there is none under `key`.
    ///
    /// # Errors
    /// Bytes that are not a whole safetensors file, and a description that is not JSON.
    pub fn open(source: &'a dyn Source, key: &str) -> Result<Option<Self>, String> {
        let (data, metadata) = read_metadata(source)
            .map_err(|error| format!("its header cannot be read ({error})"))?;
        let Some(text) = metadata.metadata().as_ref().and_then(|map| map.get(key)) else {
            return Ok(None);
        };
        let description = json::parse(text).map_err(|error| not_described(&error))?;
        Ok(Some(Self { description, metadata, data, source }))
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
        Ok(Some(T::read(self.source, self.data + start, self.data + end)))
    }
}

/// Where the arrays begin, and what is told of them.
fn read_metadata(source: &dyn Source) -> Result<(usize, Metadata), String> {
    let rest = source.total().checked_sub(LENGTH).ok_or("it is too short")?;
    let mut length = [0; LENGTH];
    source.copy(0, &mut length);
    let length = usize::try_from(u64::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length > MOST_HEADER || length > rest {
        return Err("it is too long".to_owned());
    }
    let mut text = vec![0; length];
    source.copy(LENGTH, &mut text);
    let text = std::str::from_utf8(&text).map_err(|error| error.to_string())?;
    let metadata: Metadata = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if metadata.data_len() != rest - length {
        return Err("there are more or fewer bytes than it tells".to_owned());
    }
    Ok((LENGTH + length, metadata))
}

fn not_described(error: &serde_json::Error) -> String {
    format!("its description cannot be read ({error})")
}
