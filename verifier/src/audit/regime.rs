//! Regimes: what a law demands to be on record of an access, as columns.
//!
//! ```text
//! performed access ─▶ Regime::exclusion ─▶ columns ─▶ Cell ─┬▶ Missing        (V24, V27)
//!                                                           ├▶ Completeness   (first pass: counts)
//!                                                           └▶ Accounting     (second pass: rows)
//! ```

mod accounting;
mod column;
mod completeness;
mod demands;
mod ehds;
mod exclusion;
mod gdpr;
mod hipaa;
mod part11;
mod part2;

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

pub use accounting::{Accounting, AccountingCollector, Entry, Excluded, Head, Repeats};
pub use column::{Cell, Column, Presence};
pub(super) use completeness::Completeness;
pub use completeness::{ColumnEntry, RegimeEntry};
pub use exclusion::Exclusion;

use super::act::Performed;

/// A law that says what has to be on record (docs/audit.md, regimes).
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Regime {
    /// Regulation (EU) 2025/327: the European Health Data Space.
    Ehds,
    /// Regulation (EU) 2016/679: data protection.
    Gdpr,
    /// 45 CFR 164.528: accounting of disclosures.
    Hipaa,
    /// 21 CFR part 11: audit trails of electronic records.
    Part11,
    /// 42 CFR part 2: records of substance use disorder treatment.
    Part2,
}

impl Regime {
    /// Every regime, by name.
    pub const ALL: [Self; 5] = [Self::Ehds, Self::Gdpr, Self::Hipaa, Self::Part11, Self::Part2];

    /// The name, as organizations and policies give it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ehds => "ehds",
            Self::Gdpr => "gdpr",
            Self::Hipaa => "hipaa",
            Self::Part11 => "part11",
            Self::Part2 => "part2",
        }
    }

    /// The regime of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|regime| regime.name() == name)
    }

    /// What it asks for, and where.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ehds => {
                "Information on accesses, Regulation (EU) 2025/327 Art. 9 and Annex II 3.2"
            }
            Self::Gdpr => "Consultations of personal data, Regulation (EU) 2016/679 Art. 15",
            Self::Hipaa => "Accounting of disclosures, 45 CFR 164.528",
            Self::Part11 => "Audit trail, 21 CFR 11.10(e)",
            Self::Part2 => "Accounting of disclosures, 42 CFR 2.25",
        }
    }

    /// Its columns, in the order in which they are shown.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Ehds => ehds::COLUMNS,
            Self::Gdpr => gdpr::COLUMNS,
            Self::Hipaa => hipaa::COLUMNS,
            Self::Part11 => part11::COLUMNS,
            Self::Part2 => part2::COLUMNS,
        }
    }

    /// How many days before the request are accounted for; all, where the law sets no bound. Years
    /// are counted with their leap days, so that never less is shown than the law asks for.
    pub const fn days(self) -> Option<u64> {
        match self {
            // 45 CFR 164.528(a)(1): six years.
            Self::Hipaa => Some(6 * 365 + 2),
            // 42 CFR 2.25(a): three years.
            Self::Part2 => Some(3 * 365 + 1),
            Self::Ehds | Self::Gdpr | Self::Part11 => None,
        }
    }

    /// Whether repeated disclosures to one recipient for one purpose may be told as one
    /// (45 CFR 164.528(b)(3); 42 CFR 2.25(a) refers to it).
    const fn summarizes(self) -> bool {
        matches!(self, Self::Hipaa | Self::Part2)
    }

    /// Why the access is none that the regime accounts for.
    pub(super) fn exclusion(self, performed: &Performed<'_>) -> Option<Exclusion> {
        match self {
            Self::Hipaa => hipaa::exclusion(performed),
            Self::Part2 => part2::exclusion(performed),
            Self::Ehds | Self::Gdpr | Self::Part11 => None,
        }
    }

    /// The columns that a record may lack, though some provision asks for them.
    fn demanded(self) -> impl Iterator<Item = &'static Column> {
        self.columns().iter().filter(|column| column.presence == Presence::Demanded)
    }

    /// The provision that an exclusion rests on.
    pub const fn section(self, exclusion: Exclusion) -> &'static str {
        match self {
            Self::Part2 => part2::section(exclusion),
            Self::Ehds | Self::Gdpr | Self::Hipaa | Self::Part11 => hipaa::section(exclusion),
        }
    }
}

impl fmt::Display for Regime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Regime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Regime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = alloc::string::String::deserialize(deserializer)?;
        Self::from_name(&name)
            .ok_or_else(|| D::Error::custom("not a regime whose columns are known"))
    }
}

#[cfg(test)]
mod tests {
    use alloc::{collections::BTreeSet, string::ToString as _, vec::Vec};

    use super::*;

    #[test]
    fn columns_are_those_of_the_documentation() {
        let document = include_str!("../../../docs/audit.md");
        let rows = Regime::ALL.into_iter().flat_map(|regime| {
            regime.columns().iter().map(move |column| {
                let Column { name, source, from, presence, .. } = column;
                let presence = presence.name();
                alloc::format!("| `{regime}` | `{name}` | {source} | {from} | {presence} |")
            })
        });
        let rows: Vec<_> = rows.collect();
        let is_row = |line: &&str| {
            Regime::ALL.iter().any(|regime| line.starts_with(&alloc::format!("| `{regime}` | `")))
        };
        let documented: Vec<_> = document.lines().filter(is_row).collect();
        assert_eq!(documented, rows);
    }

    #[test]
    fn names_are_given_once_and_are_those_that_a_policy_knows() {
        assert_eq!(Regime::ALL.map(Regime::name), crate::audit::policy::REGIMES);
        for regime in Regime::ALL {
            let names: BTreeSet<_> = regime.columns().iter().map(|column| column.name).collect();
            assert_eq!(names.len(), regime.columns().len(), "{regime}");
            assert_eq!(Regime::from_name(&regime.to_string()), Some(regime));
        }
        let names: BTreeSet<_> = Exclusion::ALL.map(Exclusion::name).into();
        assert_eq!(names.len(), Exclusion::ALL.len());
        assert_eq!(Regime::from_name("HIPAA"), None);
    }
}
