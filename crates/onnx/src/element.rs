//! What tensors are made of.

use crate::message::{TensorProto, tensor_proto::DataType};

/// A type of numbers, or texts, that a tensor can hold.
pub trait Element: Sized {
    /// How it is called in a file.
    const TYPE: DataType;
    /// Puts values into a tensor.
    fn store(values: &[Self], tensor: &mut TensorProto);
}

macro_rules! numbers {
    ($($number:ty => $name:ident),+) => {$(
        impl Element for $number {
            const TYPE: DataType = DataType::$name;

            fn store(values: &[Self], tensor: &mut TensorProto) {
                let bytes = values.iter().flat_map(|value| value.to_le_bytes());
                tensor.raw_data = Some(bytes.collect());
            }
        }
    )+};
}

numbers!(f32 => Float, f64 => Double, i64 => Int64, u8 => Uint8);

impl Element for String {
    const TYPE: DataType = DataType::String;

    fn store(values: &[Self], tensor: &mut TensorProto) {
        tensor.string_data = values.iter().map(|text| text.clone().into_bytes()).collect();
    }
}
