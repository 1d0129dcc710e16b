//! Concepts: codes that a pinned table has.

use alloc::vec::Vec;
use core::fmt;

use super::{Code, System, Table, table::Row};

/// A row of a pinned table.
#[derive(Clone, Copy)]
pub struct Concept {
    table: &'static Table,
    /// Below the number of rows.
    index: usize,
    row: &'static Row,
}

impl Concept {
    pub(super) fn new(table: &'static Table, index: usize, row: &'static Row) -> Self {
        Self { table, index, row }
    }

    /// The system.
    pub fn system(self) -> System {
        self.table.system()
    }

    /// The text of the code.
    pub fn text(self) -> &'static str {
        self.row.code
    }

    /// The code.
    pub fn code(self) -> Code {
        Code::known(self.system(), self.text())
    }

    /// Whether the code system has withdrawn the code. Old data still carries it.
    pub fn is_retired(self) -> bool {
        self.row.is_retired
    }

    /// The concept that this one stands directly under.
    pub fn parent(self) -> Option<Self> {
        let parent = self.row.parent?;
        // Parents stand before their children, so that no walk can end where it began.
        self.table.concepts().take(self.index).find(|concept| concept.text() == parent)
    }

    /// This concept, its parent, that one's parent and so on.
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        core::iter::successors(Some(self), |concept| concept.parent())
    }

    /// This concept and every one that [is](Self::is_a) one, in the order of the table.
    ///
    /// # Cost
    /// Every row's ancestors.
    pub fn descendants(self) -> Vec<Self> {
        self.table.concepts().filter(|concept| concept.is_a(self)).collect()
    }

    /// Whether this is `other` or stands under it, over any number of steps.
    ///
    /// What the code system says and no more: a provision may reach less or more than that, see
    /// [`permit_covers`](super::permit_covers) and [`deny_reaches`](super::deny_reaches).
    pub fn is_a(self, other: Self) -> bool {
        self.ancestors().any(|concept| concept == other)
    }
}

impl PartialEq for Concept {
    fn eq(&self, other: &Self) -> bool {
        self.system() == other.system() && self.index == other.index
    }
}

impl Eq for Concept {}

impl fmt::Debug for Concept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.system(), self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_is_reflexive_and_transitive() {
        let concept = |text| Code::new(System::Sensitivity, text).unwrap().lookup().unwrap();
        let path = ["ETHUD", "SUD", "SPI"].map(concept);
        assert!(concept("ETHUD").ancestors().eq(path));
        for (depth, below) in path.into_iter().enumerate() {
            for (height, above) in path.into_iter().enumerate() {
                assert_eq!(below.is_a(above), height >= depth, "{below:?} {above:?}");
            }
        }
        assert!(!concept("ETHUD").is_a(concept("ETH")), "siblings by the code system");
        let below: Vec<_> = concept("SUD").descendants().iter().map(|c| c.text()).collect();
        assert_eq!(below, ["SUD", "ETHUD", "OPIOIDUD"]);
    }
}
