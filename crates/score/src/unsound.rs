//! What is wrong with a form that a stranger made.

/// Why a form cannot be predicted with. The scorer does without the reasons, which would be a twentieth of
/// it: whoever serves a model can only export it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsound {
    #[cfg(feature = "reasons")]
    reason: &'static str,
}

impl Unsound {
    /// `reason` is a clause for a sentence.
    pub const fn because(reason: &'static str) -> Self {
        #[cfg(not(feature = "reasons"))]
        let _ = reason;
        Self {
            #[cfg(feature = "reasons")]
            reason,
        }
    }

    /// A clause for a sentence.
    #[cfg(feature = "reasons")]
    pub const fn reason(self) -> &'static str {
        self.reason
    }
}

#[cfg(feature = "reasons")]
impl core::fmt::Display for Unsound {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.reason)
    }
}
