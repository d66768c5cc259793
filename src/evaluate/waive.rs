//! Waivers applied to what became of the rules. A waiver sets aside what it names and nothing else, and never for the
//! better of anything that counts for itself.

use super::{Outcome, Question};
use crate::policy::Waiver;
use crate::snapshot::Subject;

/// What became of the waivers themselves.
#[derive(Clone, Debug, Default)]
pub struct Waiving<'p> {
    /// Those that set a finding aside.
    pub used: Vec<&'p Waiver>,
    /// Those for this stage that nothing needed.
    pub unused: Vec<&'p Waiver>,
    /// Those past their end.
    pub expired: Vec<&'p Waiver>,
    /// Those for a rule or a stage that there is not.
    pub unknown: Vec<&'p Waiver>,
}

/// Sets aside what waivers name.
pub(super) fn waive<'p>(
    _waivers: &'p [Waiver],
    _question: Question<'p>,
    _subject: &Subject,
    _outcomes: &mut [Outcome<'p>],
) -> Waiving<'p> {
    Waiving::default()
}
