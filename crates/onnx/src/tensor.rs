//! Arrays of a file.

use crate::Element;
use crate::message::{TensorProto, tensor_proto::DataLocation, tensor_proto::DataType};

/// A tensor of these values; `dims` is empty for a single one.
pub fn tensor<T: Element>(dims: &[usize], values: &[T]) -> TensorProto {
    debug_assert_eq!(dims.iter().product::<usize>(), values.len());
    let mut tensor = TensorProto {
        dims: dims.iter().map(|&size| size as i64).collect(),
        data_type: Some(T::TYPE.into()),
        ..TensorProto::default()
    };
    T::store(values, &mut tensor);
    tensor
}

/// A tensor that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    pub dims: Vec<usize>,
    pub values: TensorValues,
}

/// Numbers are widened: nothing that is calculated with them needs to know how they were stored.
#[derive(Debug, Clone, PartialEq)]
pub enum TensorValues {
    /// Of `f32`, as they were stored.
    Floats(Vec<f64>),
    Doubles(Vec<f64>),
    Integers(Vec<i64>),
    Texts(Vec<String>),
}

impl Tensor {
    /// Reads a tensor from a stranger; `None` where its values are of another type, not as many as its
    /// sizes say, or in another file.
    pub fn read(proto: &TensorProto) -> Option<Self> {
        if proto.data_location() == DataLocation::External || proto.segment.is_some() {
            return None;
        }
        let dims: Option<Vec<usize>> =
            proto.dims.iter().map(|&size| usize::try_from(size).ok()).collect();
        let dims = dims?;
        let values = values(proto)?;
        let length = dims.iter().try_fold(1usize, |length, &size| length.checked_mul(size))?;
        (length == values.len()).then_some(Self { dims, values })
    }

    /// The values as numbers; `None` of texts.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        match &self.values {
            TensorValues::Floats(values) | TensorValues::Doubles(values) => Some(values.clone()),
            TensorValues::Integers(values) => Some(values.iter().map(|&n| n as f64).collect()),
            TensorValues::Texts(_) => None,
        }
    }

    /// The values as whole numbers; `None` of all else.
    pub fn integers(&self) -> Option<&[i64]> {
        match &self.values {
            TensorValues::Integers(values) => Some(values),
            _ => None,
        }
    }
}

impl TensorValues {
    fn len(&self) -> usize {
        match self {
            Self::Floats(values) | Self::Doubles(values) => values.len(),
            Self::Integers(values) => values.len(),
            Self::Texts(values) => values.len(),
        }
    }
}

fn values(proto: &TensorProto) -> Option<TensorValues> {
    let raw = proto.raw_data.as_deref();
    let whole = |values: &[i32]| values.iter().map(|&value| i64::from(value)).collect();
    Some(match DataType::try_from(proto.data_type()).ok()? {
        DataType::Float => TensorValues::Floats(match raw {
            Some(raw) => words(raw)?.map(|word| f64::from(f32::from_le_bytes(word))).collect(),
            None => proto.float_data.iter().map(|&value| f64::from(value)).collect(),
        }),
        DataType::Double => TensorValues::Doubles(match raw {
            Some(raw) => words(raw)?.map(f64::from_le_bytes).collect(),
            None => proto.double_data.clone(),
        }),
        DataType::Int64 => TensorValues::Integers(match raw {
            Some(raw) => words(raw)?.map(i64::from_le_bytes).collect(),
            None => proto.int64_data.clone(),
        }),
        DataType::Int32 => TensorValues::Integers(match raw {
            Some(raw) => words(raw)?.map(|word| i64::from(i32::from_le_bytes(word))).collect(),
            None => whole(&proto.int32_data),
        }),
        DataType::Uint8 | DataType::Bool => TensorValues::Integers(match raw {
            Some(raw) => raw.iter().map(|&byte| i64::from(byte)).collect(),
            None => whole(&proto.int32_data),
        }),
        DataType::String => {
            let texts = proto.string_data.iter().map(|bytes| String::from_utf8(bytes.clone()).ok());
            TensorValues::Texts(texts.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

fn words<const N: usize>(bytes: &[u8]) -> Option<impl Iterator<Item = [u8; N]> + '_> {
    let (words, rest) = bytes.as_chunks::<N>();
    rest.is_empty().then(|| words.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let read = |proto| Tensor::read(&proto).unwrap();
        let numbers = read(tensor(&[2, 1], &[1.5, f64::MIN]));
        assert_eq!(numbers.dims, [2, 1]);
        assert_eq!(numbers.numbers(), Some(vec![1.5, f64::MIN]));
        assert_eq!(read(tensor(&[1], &[0.1f32])).numbers(), Some(vec![f64::from(0.1f32)]));
        assert_eq!(read(tensor(&[1], &[-3i64])).integers(), Some(&[-3][..]));
        assert_eq!(read(tensor(&[1], &[7u8])).integers(), Some(&[7][..]));
        let texts = read(tensor(&[1], &["ä".to_owned()]));
        assert_eq!(texts.values, TensorValues::Texts(vec!["ä".to_owned()]));
        assert_eq!(texts.numbers(), None);
    }

    #[test]
    fn sizes_that_do_not_fit_are_refused() {
        let good = tensor(&[2], &[1.0, 2.0]);
        for dims in [vec![3], vec![-2], vec![i64::MAX, i64::MAX, 2]] {
            assert_eq!(Tensor::read(&TensorProto { dims, ..good.clone() }), None);
        }
        let raw_data = Some(vec![0; 15]);
        assert_eq!(Tensor::read(&TensorProto { raw_data, ..good }), None);
    }
}
