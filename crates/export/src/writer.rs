//! Arrays on their way into an image.

use bytemuck::Pod;
use hedgerow_scorer::image::{ALIGNMENT, ArrayHeader, Header, MAGIC, VERSION, checksum};

use crate::ExportError;

/// Puts one array after the other, as `hedgerow_scorer::image::Reader` takes them.
#[derive(Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Adds an array.
    ///
    /// # Errors
    /// [`ExportError::TooLarge`].
    pub fn array<T: Pod>(&mut self, values: &[T]) -> Result<(), ExportError> {
        let header = ArrayHeader { length: fits(values.len())?, size: fits(size_of::<T>())? };
        self.bytes.extend_from_slice(bytemuck::bytes_of(&header));
        self.bytes.extend_from_slice(bytemuck::cast_slice(values));
        self.bytes.resize(self.bytes.len().next_multiple_of(ALIGNMENT), 0);
        Ok(())
    }

    /// The image.
    ///
    /// # Errors
    /// [`ExportError::TooLarge`].
    pub fn finish(self) -> Result<Vec<u8>, ExportError> {
        let header = Header {
            magic: MAGIC,
            version: VERSION,
            length: fits(size_of::<Header>() + self.bytes.len())?,
            checksum: checksum(&self.bytes),
            reserved: 0,
        };
        Ok([bytemuck::bytes_of(&header), &self.bytes].concat())
    }
}

/// A length of the image.
///
/// # Errors
/// [`ExportError::TooLarge`].
pub fn fits(length: usize) -> Result<u32, ExportError> {
    u32::try_from(length)
        .map_err(|_| ExportError::TooLarge { reason: "a part of it has over 4 GB".to_owned() })
}
