//! Arrays in an image.

use bytemuck::{Pod, Zeroable};

use crate::Fault;

/// What an image begins with.
pub const MAGIC: [u8; 8] = *b"hedgerow";

/// The version of the image that is read. Any change of its arrays is a new one.
pub const VERSION: u32 = 1;

/// Arrays and elements begin at multiples of it.
pub const ALIGNMENT: usize = 8;

/// The first bytes of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Header {
    pub magic: [u8; 8],
    pub version: u32,
    /// Bytes of the whole image.
    pub length: u32,
    /// Adler-32 (RFC 1950) of all behind the header.
    pub checksum: u32,
    pub reserved: u32,
}

/// What stands before an array.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct ArrayHeader {
    /// Number of elements.
    pub length: u32,
    /// Bytes of one.
    pub size: u32,
}

/// Adler-32 (RFC 1950). The library for it is unrolled, which would be a hundredth of the module; a test
/// holds this against it.
pub fn checksum(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    // The most bytes after which neither sum overflows.
    for some in bytes.chunks(5552) {
        for &byte in some {
            a += u32::from(byte);
            b += a;
        }
        (a, b) = (a % 65_521, b % 65_521);
    }
    b << 16 | a
}

/// Takes one array after the other, none of which is copied.
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Of an image that begins at a multiple of [`ALIGNMENT`].
    ///
    /// # Errors
    /// [`Fault::LaterVersion`]; [`Fault::Damaged`] where it is not an image, not whole or not what
    /// was written.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        let (header, rest) = bytes.split_at_checked(size_of::<Header>()).ok_or(Fault::Damaged)?;
        let header: &Header = bytemuck::try_from_bytes(header).map_err(|_| Fault::Damaged)?;
        if header.magic != MAGIC {
            return Err(Fault::Damaged);
        }
        if header.version != VERSION {
            return Err(Fault::LaterVersion);
        }
        if header.length as usize != bytes.len() || header.checksum != checksum(rest) {
            return Err(Fault::Damaged);
        }
        Ok(Self { rest })
    }

    /// The next array.
    ///
    /// # Errors
    /// [`Fault::Damaged`] where there is none, or one of elements of another size.
    #[inline]
    pub fn array<T: Pod>(&mut self) -> Result<&'a [T], Fault> {
        bytemuck::try_cast_slice(self.bytes(size_of::<T>())?).map_err(|_| Fault::Damaged)
    }

    /// The next array's bytes, of elements of so many each.
    #[inline(never)]
    fn bytes(&mut self, size: usize) -> Result<&'a [u8], Fault> {
        let (header, rest) =
            self.rest.split_at_checked(size_of::<ArrayHeader>()).ok_or(Fault::Damaged)?;
        let header: ArrayHeader = bytemuck::pod_read_unaligned(header);
        if header.size as usize != size {
            return Err(Fault::Damaged);
        }
        let length = (header.length as usize).checked_mul(size).ok_or(Fault::Damaged)?;
        let padded = length.checked_next_multiple_of(ALIGNMENT).ok_or(Fault::Damaged)?;
        let (own, rest) = rest.split_at_checked(padded).ok_or(Fault::Damaged)?;
        self.rest = rest;
        Ok(&own[..length])
    }

    /// The next array, of just `N` elements.
    ///
    /// # Errors
    /// [`Fault::Damaged`].
    pub fn values<T: Pod, const N: usize>(&mut self) -> Result<[T; N], Fault> {
        self.array()?.try_into().map_err(|_| Fault::Damaged)
    }

    /// Nothing may be left.
    ///
    /// # Errors
    /// [`Fault::Damaged`].
    pub fn finish(self) -> Result<(), Fault> {
        if self.rest.is_empty() { Ok(()) } else { Err(Fault::Damaged) }
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_library() {
        for n in [0, 1, 5_551, 5_552, 5_553, 60_000] {
            let bytes: Vec<u8> = (0..n).map(|i| (i * 7 % 251) as u8 | 0x80).collect();
            assert_eq!(checksum(&bytes), adler2::adler32_slice(&bytes), "{n} bytes");
        }
    }
}
