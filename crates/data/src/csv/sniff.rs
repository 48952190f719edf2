//! Which delimiter a CSV file uses.

use csv_core::{ReadRecordResult, ReaderBuilder};

/// Bytes looked at.
pub const SNIFFED: usize = 1 << 16;
/// Rows looked at.
const ROWS: usize = 100;
/// In order of preference.
const CANDIDATES: [u8; 4] = *b",;\t|";

/// The delimiter that cuts the first row into at least two cells and most of the next ones into
/// just as many; a comma when none does. `is_all` says whether `start` is the whole text.
pub fn delimiter(start: &[u8], is_all: bool) -> u8 {
    let mut best = (0, 0, b',');
    for candidate in CANDIDATES {
        let counts = cells_of_rows(start, is_all, candidate);
        let expected = counts.first().copied().unwrap_or(0);
        if expected < 2 {
            continue;
        }
        // In thousandths, so that no float decides.
        let alike = counts.iter().filter(|&&count| count == expected).count() * 1_000;
        let share = alike / counts.len();
        if (share, expected) > (best.0, best.1) {
            best = (share, expected, candidate);
        }
    }
    best.2
}

fn cells_of_rows(start: &[u8], is_all: bool, delimiter: u8) -> Vec<usize> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    let (mut text, mut ends) = (vec![0; 1 << 12], vec![0; 1 << 10]);
    let (mut counts, mut cells, mut input) = (Vec::new(), 0, start);
    // An empty input ends the last row, which is whole only when this is the whole text.
    while counts.len() < ROWS && (is_all || !input.is_empty()) {
        let (result, n_in, _, n_cells) = reader.read_record(input, &mut text, &mut ends);
        input = &input[n_in..];
        cells += n_cells;
        match result {
            ReadRecordResult::Record => counts.push(std::mem::take(&mut cells)),
            ReadRecordResult::End => break,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_found() {
        for (text, expected) in [
            ("a,b\n1,2\n", b','),
            ("a;b\n1,5;2,5\n", b';'),
            ("a\tb c\n1\t2,3\n", b'\t'),
            ("a|b\n1|2", b'|'),
            ("alone\n1\n2\n", b','),
            ("", b','),
            ("\"x;y\",b\n\"1;2\",3\n", b','),
            ("name,a;b\n1,2\n3,4\n", b','),
        ] {
            assert_eq!(
                char::from(delimiter(text.as_bytes(), true)),
                char::from(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn a_row_cut_off_does_not_count() {
        assert_eq!(delimiter(b"a;b,c;d\n1;2,3;4\n5;6", false), b';');
    }
}
