//! Small numbers in few bytes. Nothing read is trusted.

use alloc::string::String;
use alloc::vec::Vec;

use crate::Fault;

const SHORT: Fault = Fault::Damaged("they end too early");

/// Counts beyond this are refused, so that sums of profiles stay far from their end.
const MOST: u64 = 1 << 53;

pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub fn new(magic: &[u8]) -> Self {
        Self(magic.to_vec())
    }

    pub fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub fn fixed(&mut self, bits: u64) {
        self.0.extend_from_slice(&bits.to_le_bytes());
    }

    pub fn number(&mut self, number: f64) {
        self.fixed(number.to_bits());
    }

    /// Seven bits a byte, the lowest first; all but the last have their top bit set (LEB128).
    pub fn whole(&mut self, mut whole: u64) {
        while whole >= 0x80 {
            self.0.push(whole as u8 | 0x80);
            whole >>= 7;
        }
        self.0.push(whole as u8);
    }

    pub fn wide(&mut self, wide: i128) {
        self.0.extend_from_slice(&wide.to_le_bytes());
    }

    pub fn text(&mut self, text: &str) {
        self.whole(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    pub fn finish(self) -> Vec<u8> {
        self.0
    }
}

pub(crate) struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    pub fn new(bytes: &'b [u8], magic: &[u8]) -> Result<Self, Fault> {
        bytes
            .strip_prefix(magic)
            .map(Self)
            .ok_or(Fault::Damaged("they do not begin as one of this version does"))
    }

    fn take(&mut self, n: usize) -> Result<&'b [u8], Fault> {
        let (taken, rest) = self.0.split_at_checked(n).ok_or(SHORT)?;
        self.0 = rest;
        Ok(taken)
    }

    pub fn byte(&mut self) -> Result<u8, Fault> {
        Ok(self.take(1)?[0])
    }

    pub fn fixed(&mut self) -> Result<u64, Fault> {
        Ok(u64::from_le_bytes(self.take(8)?.try_into().map_err(|_| SHORT)?))
    }

    pub fn number(&mut self) -> Result<f64, Fault> {
        let number = f64::from_bits(self.fixed()?);
        if number.is_finite() { Ok(number) } else { Err(Fault::Damaged("a number is none")) }
    }

    pub fn whole(&mut self) -> Result<u64, Fault> {
        let mut whole = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            whole |= u64::from(byte & 0x7F).checked_shl(shift).unwrap_or(0);
            if byte < 0x80 {
                return Ok(whole);
            }
        }
        Err(Fault::Damaged("a number has no end"))
    }

    /// How many rows were counted.
    pub fn count(&mut self) -> Result<u64, Fault> {
        let count = self.whole()?;
        if count <= MOST { Ok(count) } else { Err(Fault::Damaged("a count is too large")) }
    }

    pub fn wide(&mut self) -> Result<i128, Fault> {
        let wide = i128::from_le_bytes(self.take(16)?.try_into().map_err(|_| SHORT)?);
        // So far from the end of 128 bits that a profile of a stranger can be added to others.
        let fits = wide.unsigned_abs() >> 126 == 0;
        if fits { Ok(wide) } else { Err(Fault::Damaged("a sum is too large")) }
    }

    /// How many things of at least so many bytes follow.
    pub fn length(&mut self, least: usize) -> Result<usize, Fault> {
        let n = usize::try_from(self.whole()?).map_err(|_| SHORT)?;
        if n > self.0.len() / least { Err(SHORT) } else { Ok(n) }
    }

    pub fn text(&mut self) -> Result<String, Fault> {
        let n = self.length(1)?;
        let text = core::str::from_utf8(self.take(n)?);
        text.map(String::from).map_err(|_| Fault::Damaged("a text is not UTF-8"))
    }

    pub fn end(self) -> Result<(), Fault> {
        if self.0.is_empty() { Ok(()) } else { Err(Fault::Damaged("there is more at their end")) }
    }
}
