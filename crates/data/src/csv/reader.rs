//! The reader that bytes are pushed into.

use super::decode::{Decoder, Stop};
use super::options::CsvOptions;
use super::scan::Scanner;
use super::sniff::{SNIFFED, delimiter};
use crate::{DataError, Table};

/// Reads a CSV file that comes in pieces, cut anywhere.
///
/// Blanks around a cell are not part of it. Empty lines are skipped. The kind of a column is
/// inferred from all its cells: numbers; booleans (`true`, `false`); ISO 8601 dates; categories
/// where strings repeat; text. The same bytes give the same table or the same error, however they
/// are cut.
///
/// ```
/// use hedgerow_data::{CsvOptions, CsvReader};
///
/// let mut reader = CsvReader::new(CsvOptions::default())?;
/// reader.push(b"island,mass\nBiscoe,37")?;
/// reader.push(b"50\nDream,\n")?;
/// let table = reader.finish()?;
/// assert_eq!(table.column("mass")?.text(0).as_deref(), Some("3750"));
/// assert!(table.column("mass")?.is_missing(1));
/// # Ok::<(), hedgerow_data::DataError>(())
/// ```
pub struct CsvReader {
    decoder: Decoder,
    stage: Stage,
    /// The error that ended reading.
    failed: Option<DataError>,
}

enum Stage {
    /// Text is held back until the delimiter can be told.
    Sniffing {
        text: Vec<u8>,
        options: CsvOptions,
    },
    Scanning(Box<Scanner>),
}

impl CsvReader {
    /// A reader of one file.
    ///
    /// # Errors
    /// [`DataError::BadOption`].
    pub fn new(options: CsvOptions) -> Result<Self, DataError> {
        options.check()?;
        let decoder = Decoder::new(options.encoding);
        let stage = match options.delimiter {
            Some(delimiter) => Stage::Scanning(Box::new(Scanner::new(options, delimiter))),
            None => Stage::Sniffing { text: Vec::new(), options },
        };
        Ok(Self { decoder, stage, failed: None })
    }

    /// Rows read so far.
    pub fn rows(&self) -> u64 {
        match &self.stage {
            Stage::Sniffing { .. } => 0,
            Stage::Scanning(scanner) => scanner.rows(),
        }
    }

    /// Reads the next bytes.
    ///
    /// # Errors
    /// Whatever is wrong with them, by row and column. After an error there is nothing more to
    /// read: the same one comes again.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), DataError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let stage = &mut self.stage;
        let result = self.decoder.push(bytes, &mut |text| stage.push(text));
        self.note(result)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What is wrong at the end or with a column as a whole: [`DataError::CsvEmpty`],
    /// [`DataError::CsvNoRows`], [`DataError::CsvUnclosedQuote`], [`DataError::CsvInfinite`],
    /// [`DataError::CsvBadValue`]; or the error that [`Self::push`] gave.
    pub fn finish(mut self) -> Result<Table, DataError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let stage = &mut self.stage;
        let result = self.decoder.finish(&mut |text| stage.push(text));
        self.note(result)?;
        self.stage.start(true)?;
        match self.stage {
            Stage::Scanning(scanner) => scanner.finish(),
            Stage::Sniffing { .. } => Err(DataError::CsvEmpty),
        }
    }

    fn note(&mut self, result: Result<(), Stop<DataError>>) -> Result<(), DataError> {
        let error = match result {
            Ok(()) => return Ok(()),
            Err(Stop::Sink(error)) => error,
            Err(Stop::Encoding(_)) => self.stage.not_utf16(),
        };
        self.failed = Some(error.clone());
        Err(error)
    }
}

impl Stage {
    fn push(&mut self, text: &[u8]) -> Result<(), DataError> {
        match self {
            Self::Scanning(scanner) => scanner.push(text),
            Self::Sniffing { text: held, .. } => {
                // The same bytes are looked at wherever the pieces end.
                let (first, rest) = text.split_at(text.len().min(SNIFFED - held.len()));
                held.extend_from_slice(first);
                if held.len() < SNIFFED {
                    return Ok(());
                }
                self.start(false)?;
                self.push(rest)
            }
        }
    }

    /// Tells the delimiter, and reads what was held back.
    fn start(&mut self, is_all: bool) -> Result<(), DataError> {
        let Self::Sniffing { text, options } = self else { return Ok(()) };
        let (text, options) = (std::mem::take(text), std::mem::take(options));
        let mut scanner = Scanner::new(options, delimiter(&text, is_all));
        let result = scanner.push(&text);
        *self = Self::Scanning(Box::new(scanner));
        result
    }

    fn not_utf16(&mut self) -> DataError {
        if let Err(error) = self.start(true) {
            return error;
        }
        match self {
            Self::Scanning(scanner) => scanner.not_utf16(),
            Self::Sniffing { .. } => DataError::CsvEmpty,
        }
    }
}

/// Reads a CSV file that is all there.
///
/// # Errors
/// As [`CsvReader::push`] and [`CsvReader::finish`].
pub fn read_csv(bytes: &[u8], options: &CsvOptions) -> Result<Table, DataError> {
    let mut reader = CsvReader::new(options.clone())?;
    reader.push(bytes)?;
    reader.finish()
}
