//! Sums over rows from which splits for regression and two classes are judged.

use super::bar::{self, BLOCK};
use super::ids::{Along, Members, kept_beside};
use super::lanes::Weights;

/// Sums over rows.
pub(super) trait Sums: Copy + Default + Send + 'static {
    /// What a row brings along.
    type Row: Along + Send + 'static;

    /// The sums of one row; targets are taken less `shift`.
    fn of(row: Self::Row, shift: f64) -> Self;
    fn add(&mut self, other: Self);
    /// The sums of the other rows of a node, with these in all, `left` being those of some: to the
    /// bit what adding them up gives; `None` where that depends on the order.
    fn others(&self, _left: Self) -> Option<Self> {
        None
    }
    /// The sums of some rows.
    #[inline]
    fn over(rows: Members<Self::Row>, shift: f64) -> Self {
        let mut total = Self::default();
        rows.iter().for_each(|row| total.add(Self::of(row, shift)));
        total
    }
    /// Whether one of the cuts with `lefts` on their left, of rows with the sums `all`, may score above
    /// `bar`.
    #[inline(always)]
    fn may_exceed(bar: f64, lefts: &[Self; BLOCK], all: &Self) -> bool {
        bar::may_exceed(bar, lefts, all)
    }
    fn weight(&self) -> f64;
    /// Weighted sum of the shifted target.
    fn sum(&self) -> f64;
    fn is_empty(&self) -> bool;
    /// Whether both these rows and the others of `all` are at least `min` rows.
    fn leaves_enough(&self, all: &Self, min: u32) -> bool;
    /// Known for sure to be of one target.
    fn is_pure(&self) -> bool;
    /// The target of a row.
    fn target(row: Self::Row) -> f64;
    /// See [`super::kernel::Kernel::weights`]; these are the sums of the rows.
    fn weights(
        &self,
        _rows: Members<Self::Row>,
        _both: &mut [u8],
        _second: &mut [u8],
    ) -> Option<Weights> {
        None
    }
    /// Whether all rows, whose sums these are, have the same target.
    #[inline]
    fn are_alike(&self, rows: Members<Self::Row>) -> bool {
        let first = rows.iter().next().map(Self::target);
        rows.iter().all(|row| Some(Self::target(row)) == first)
    }
}

/// Two classes and whole weights: weight, weight of class 1 and rows, 21 bits each in one word.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Packed(pub u64);

impl Packed {
    /// Totals must stay below this.
    pub const LIMIT: u64 = 1 << Self::BITS;
    /// Bits of a field, and those of the first.
    pub const BITS: u32 = 21;
    pub const MASK: u64 = Self::LIMIT - 1;

    /// One row.
    pub const fn row(class: u32, weight: u32) -> Self {
        let weight = weight as u64;
        Self(weight | (weight * class as u64) << 21 | 1 << 42)
    }

    /// Whether one row of that weight, in a table of so many, can be kept with its number.
    pub fn fits(weight: u32, rows: usize) -> bool {
        weight < 1 << 7 && (rows as u64) < Self::LIMIT
    }

    pub fn field(self, index: u32) -> u32 {
        (self.0 >> (Self::BITS * index) & Self::MASK) as u32
    }
}

/// One row: its weight in 7 bits, and its class in the highest.
impl Along for Packed {
    type Beside = ();

    const NUMBER: u32 = (1 << 24) - 1;

    #[inline]
    fn keep(self) -> (u32, ()) {
        (self.field(0) << 24 | u32::from(self.field(1) > 0) << 31, ())
    }

    #[inline]
    fn kept(word: u32, (): ()) -> Self {
        ROWS[(word >> 24) as usize]
    }
}

/// Rows by what is kept of them.
static ROWS: [Packed; 256] = {
    let mut rows = [Packed(0); 256];
    let mut kept = 0;
    while kept < rows.len() {
        rows[kept] = Packed::row(kept as u32 >> 7, kept as u32 & 0x7F);
        kept += 1;
    }
    rows
};

impl Sums for Packed {
    type Row = Self;

    #[inline]
    fn of(row: Self, _: f64) -> Self {
        row
    }
    #[inline]
    fn add(&mut self, other: Self) {
        self.0 += other.0;
    }
    #[inline]
    fn others(&self, left: Self) -> Option<Self> {
        Some(Self(self.0 - left.0))
    }
    /// As what is kept of the rows says: sums that compilers do side by side.
    #[inline]
    fn over(rows: Members<Self>, _: f64) -> Self {
        let (mut weight, mut second) = (0, 0);
        for word in rows.ids().words() {
            let own = word >> 24 & 0x7F;
            weight += own;
            second += if word >> 31 == 1 { own } else { 0 };
        }
        Self(u64::from(weight) | u64::from(second) << 21 | (rows.len() as u64) << 42)
    }
    #[inline(always)]
    fn may_exceed(bar: f64, lefts: &[Self; BLOCK], all: &Self) -> bool {
        bar::whole_may_exceed(bar, lefts, all)
    }
    #[inline]
    fn weight(&self) -> f64 {
        f64::from(self.field(0))
    }
    #[inline]
    fn sum(&self) -> f64 {
        f64::from(self.field(1))
    }
    #[inline]
    fn is_empty(&self) -> bool {
        self.0 == 0
    }
    #[inline]
    fn leaves_enough(&self, all: &Self, min: u32) -> bool {
        self.field(2) >= min && all.field(2) - self.field(2) >= min
    }
    #[inline]
    fn is_pure(&self) -> bool {
        self.field(1) == 0 || self.field(1) == self.field(0)
    }
    #[inline]
    fn target(row: Self) -> f64 {
        f64::from(u8::from(row.field(1) > 0))
    }
    #[inline]
    fn weights(&self, rows: Members<Self>, both: &mut [u8], second: &mut [u8]) -> Option<Weights> {
        let all = u8::try_from(self.field(0)).ok()?;
        for ((word, both), second) in rows.ids().words().iter().zip(both).zip(second) {
            *both = (word >> 24) as u8 & 0x7F;
            *second = if word >> 31 == 1 { *both } else { 0 };
        }
        Some(Weights { both: all, second: self.field(1) as u8 })
    }
    #[inline]
    fn are_alike(&self, _: Members<Self>) -> bool {
        self.is_pure()
    }
}

/// Weight and target of a row.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Weighted {
    pub weight: f64,
    pub target: f64,
}

kept_beside!(Weighted);

/// Weight, sum and number of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Counted {
    weight: f64,
    sum: f64,
    rows: u32,
}

impl Sums for Counted {
    type Row = Weighted;

    #[inline]
    fn of(row: Weighted, shift: f64) -> Self {
        Self { weight: row.weight, sum: row.weight * (row.target - shift), rows: 1 }
    }
    #[inline]
    fn add(&mut self, other: Self) {
        self.weight += other.weight;
        self.sum += other.sum;
        self.rows += other.rows;
    }
    #[inline]
    fn weight(&self) -> f64 {
        self.weight
    }
    #[inline]
    fn sum(&self) -> f64 {
        self.sum
    }
    #[inline]
    fn is_empty(&self) -> bool {
        self.rows == 0
    }
    #[inline]
    fn leaves_enough(&self, all: &Self, min: u32) -> bool {
        self.rows >= min && all.rows - self.rows >= min
    }
    #[inline]
    fn is_pure(&self) -> bool {
        false
    }
    #[inline]
    fn target(row: Weighted) -> f64 {
        row.target
    }
}
