//! What a model file keeps of the training rows.

use hedgerow_profile::{Fault, Layout, Profile};

use crate::MonitorError;

/// What rows are counted by, and the counts of the training rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    pub layout: Layout,
    pub profile: Profile,
}

impl Baseline {
    /// As a model file keeps it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let layout = self.layout.to_bytes();
        let length = (layout.len() as u64).to_le_bytes();
        [&length[..], &layout, &self.profile.to_bytes()].concat()
    }

    /// Reads what [`Self::to_bytes`] wrote, from a stranger too.
    ///
    /// # Errors
    /// [`MonitorError::TrainingProfile`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MonitorError> {
        Self::read(bytes).map_err(MonitorError::TrainingProfile)
    }

    fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let short = Fault::Damaged("they end too early");
        let (length, rest) = bytes.split_first_chunk::<8>().ok_or(short)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| short)?;
        let (layout, profile) = rest.split_at_checked(length).ok_or(short)?;
        let layout = Layout::from_bytes(layout)?;
        let profile = Profile::from_bytes(profile, &layout)?;
        Ok(Self { layout, profile })
    }
}
