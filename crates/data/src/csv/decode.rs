//! Bytes of any of the encodings to UTF-8, in pieces.

use super::options::TextEncoding;

/// Bytes decoded at a time.
const PIECE: usize = 1 << 14;

/// Decodes a stream of bytes.
#[derive(Debug)]
pub struct Decoder {
    encoding: Encoding,
    /// Bytes that only make sense with those to come.
    held: Vec<u8>,
    out: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// Not yet known: the first bytes may be a byte-order mark.
    Unknown(TextEncoding),
    Utf8,
    Latin1,
    Utf16 {
        little_endian: bool,
    },
}

/// The bytes are not UTF-16.
#[derive(Debug)]
pub struct NotUtf16;

/// Why decoding stopped: bad bytes, or the error of the one who takes the text.
pub enum Stop<E> {
    Encoding(NotUtf16),
    Sink(E),
}

impl Decoder {
    pub fn new(encoding: TextEncoding) -> Self {
        Self { encoding: Encoding::Unknown(encoding), held: Vec::new(), out: String::new() }
    }

    /// Decodes the next bytes, and hands the text out in pieces. UTF-8 is passed on unchecked.
    pub fn push<E>(
        &mut self,
        bytes: &[u8],
        sink: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), Stop<E>> {
        if let Encoding::Unknown(_) = self.encoding {
            self.held.extend_from_slice(bytes);
            if self.held.len() < 3 {
                return Ok(());
            }
            return self.begin(sink);
        }
        self.decode(bytes, sink)
    }

    /// Ends the stream.
    pub fn finish<E>(
        &mut self,
        sink: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), Stop<E>> {
        if let Encoding::Unknown(_) = self.encoding {
            self.begin(sink)?;
        }
        if self.held.is_empty() { Ok(()) } else { Err(Stop::Encoding(NotUtf16)) }
    }

    /// Decides on the encoding, by the byte-order mark where there is one.
    fn begin<E>(&mut self, sink: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), Stop<E>> {
        let head = std::mem::take(&mut self.held);
        let (encoding, rest) = match (head.as_slice(), self.encoding) {
            ([0xef, 0xbb, 0xbf, rest @ ..], _) => (Encoding::Utf8, rest),
            ([0xff, 0xfe, rest @ ..], _) => (Encoding::Utf16 { little_endian: true }, rest),
            ([0xfe, 0xff, rest @ ..], _) => (Encoding::Utf16 { little_endian: false }, rest),
            (rest, Encoding::Unknown(TextEncoding::Latin1)) => (Encoding::Latin1, rest),
            (rest, _) => (Encoding::Utf8, rest),
        };
        self.encoding = encoding;
        self.decode(rest, sink)
    }

    fn decode<E>(
        &mut self,
        bytes: &[u8],
        sink: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), Stop<E>> {
        let Encoding::Utf16 { little_endian } = self.encoding else {
            if self.encoding == Encoding::Utf8 {
                return sink(bytes).map_err(Stop::Sink);
            }
            return bytes.chunks(PIECE).try_for_each(|piece| {
                self.out.clear();
                self.out.extend(piece.iter().map(|&byte| latin1(byte)));
                sink(self.out.as_bytes()).map_err(Stop::Sink)
            });
        };
        bytes.chunks(PIECE).try_for_each(|piece| {
            self.held.extend_from_slice(piece);
            let sound = self.decode_utf16(little_endian);
            sink(self.out.as_bytes()).map_err(Stop::Sink)?;
            sound.map_err(Stop::Encoding)
        })
    }

    /// Decodes what is held, but for half a character at its end.
    fn decode_utf16(&mut self, little_endian: bool) -> Result<(), NotUtf16> {
        self.out.clear();
        let (pairs, _) = self.held.as_chunks::<2>();
        let unit = if little_endian { u16::from_le_bytes } else { u16::from_be_bytes };
        let is_half = |pair: &&[u8; 2]| matches!(unit(**pair), 0xd800..0xdc00);
        let n = pairs.len() - usize::from(pairs.last().as_ref().is_some_and(is_half));
        for character in char::decode_utf16(pairs[..n].iter().map(|&pair| unit(pair))) {
            self.out.push(character.map_err(|_| NotUtf16)?);
        }
        self.held.drain(..2 * n);
        Ok(())
    }
}

/// Windows-1252, as the WHATWG Encoding Standard has it: Latin-1 but for 0x80 to 0x9f.
fn latin1(byte: u8) -> char {
    const SPECIAL: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match byte {
        0x80..0xa0 => SPECIAL[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}
