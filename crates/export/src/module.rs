//! An image put into the scorer: no compiler, only sections of a WebAssembly module.

use wasm_encoder::{
    ConstExpr, DataCountSection, DataSection, DataSegment, DataSegmentMode, MemorySection,
    MemoryType, Module, RawSection,
};
use wasmparser::{ExternalKind, Operator, Parser, Payload};

use crate::ExportError;

/// The exported global that is the address of `[address, length]` of the embedded image.
const EMBEDDED: &str = "HEDGEROW_EMBEDDED";

const PAGE: u64 = 65_536;

/// The scorer with an image among its data: behind all memory that it begins with, whose size and place
/// are written where the scorer looks for them. Nothing else of the module changes.
///
/// # Errors
/// [`ExportError::NotAScorer`] where `scorer` is neither the module of `hedgerow-scorer` nor that of
/// `hedgerow-filter`;
/// [`ExportError::TooLarge`].
pub fn module(scorer: &[u8], image: &[u8]) -> Result<Vec<u8>, ExportError> {
    let parts = Parts::of(scorer)?;
    let address = parts.pages * PAGE;
    let pages = (image.len() as u64).div_ceil(PAGE);
    let too_large = || ExportError::TooLarge { reason: "it has over 4 GB".to_owned() };
    let place = u32::try_from(address).map_err(|_| too_large())?;
    let length = u32::try_from(image.len()).map_err(|_| too_large())?;
    if parts.pages + pages > 65_536 {
        return Err(too_large());
    }
    let embedded: Vec<u8> = [place, length].iter().flat_map(|word| word.to_le_bytes()).collect();
    let segments = [(place, image), (parts.embedded, &embedded[..])];
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(scorer) {
        let payload = payload.map_err(|error| not_a_scorer(&error.to_string()))?;
        match &payload {
            Payload::MemorySection(_) => {
                let mut memories = MemorySection::new();
                memories.memory(MemoryType { minimum: parts.pages + pages, ..MEMORY });
                module.section(&memories);
            }
            Payload::DataCountSection { count, .. } => {
                module.section(&DataCountSection { count: count + segments.len() as u32 });
            }
            Payload::DataSection(reader) => {
                let mut data = DataSection::new();
                for segment in reader.clone() {
                    copy(segment.map_err(|error| not_a_scorer(&error.to_string()))?, &mut data)?;
                }
                for (place, bytes) in segments {
                    data.active(
                        0,
                        &ConstExpr::i32_const(place.cast_signed()),
                        bytes.iter().copied(),
                    );
                }
                module.section(&data);
            }
            other => {
                if let Some((id, range)) = other.as_section() {
                    module.section(&RawSection { id, data: &scorer[range] });
                }
            }
        }
    }
    Ok(module.finish())
}

const MEMORY: MemoryType =
    MemoryType { minimum: 0, maximum: None, memory64: false, shared: false, page_size_log2: None };

fn not_a_scorer(reason: &str) -> ExportError {
    ExportError::NotAScorer { reason: reason.to_owned() }
}

fn copy(segment: wasmparser::Data, data: &mut DataSection) -> Result<(), ExportError> {
    match segment.kind {
        wasmparser::DataKind::Passive => data.passive(segment.data.iter().copied()),
        wasmparser::DataKind::Active { memory_index, offset_expr } => {
            let offset = constant(&offset_expr)?;
            let offset = ConstExpr::i32_const(offset.cast_signed());
            data.segment(DataSegment {
                mode: DataSegmentMode::Active { memory_index, offset: &offset },
                data: segment.data.iter().copied(),
            })
        }
    };
    Ok(())
}

/// What of a scorer must be known to put an image into it.
struct Parts {
    /// Pages of memory that it begins with.
    pages: u64,
    /// Where it looks for the place of an image.
    embedded: u32,
}

impl Parts {
    fn of(scorer: &[u8]) -> Result<Self, ExportError> {
        let (mut pages, mut globals, mut index, mut has_data) = (None, Vec::new(), None, false);
        for payload in Parser::new(0).parse_all(scorer) {
            match payload.map_err(|error| not_a_scorer(&error.to_string()))? {
                Payload::MemorySection(reader) => {
                    pages = reader.into_iter().flatten().next().map(|memory| memory.initial);
                }
                Payload::GlobalSection(reader) => {
                    globals = reader.into_iter().flatten().map(|global| global.init_expr).collect();
                }
                Payload::ExportSection(reader) => {
                    let own = |export: &wasmparser::Export| {
                        export.name == EMBEDDED && export.kind == ExternalKind::Global
                    };
                    index = reader.into_iter().flatten().find(own).map(|export| export.index);
                }
                Payload::DataSection(_) => has_data = true,
                _ => {}
            }
        }
        let expression = index.and_then(|index| globals.get(index as usize));
        match (pages, expression, has_data) {
            (Some(pages), Some(expression), true) => {
                Ok(Self { pages, embedded: constant(expression)? })
            }
            _ => Err(not_a_scorer("it has no place for an image")),
        }
    }
}

/// The number of an `i32.const`.
fn constant(expression: &wasmparser::ConstExpr) -> Result<u32, ExportError> {
    match expression.get_operators_reader().read() {
        Ok(Operator::I32Const { value }) => Ok(value.cast_unsigned()),
        _ => Err(not_a_scorer("one of its addresses is not a number")),
    }
}
