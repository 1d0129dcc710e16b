//! Exclusions: why an access is not accounted for.

use serde::{Serialize, Serializer};

/// Why an access is none that a regime accounts for, in the order in which it is asked.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Exclusion {
    /// Nothing left the custodian.
    NoDisclosure,
    /// Treatment, payment, health care operations.
    Operations,
    /// To the individual or a personal representative.
    Individual,
    /// Incident to what is permitted.
    Incident,
    /// What the individual authorized.
    Authorization,
    /// Directories, and persons involved in the individual's care.
    Involved,
    /// National security and intelligence.
    Security,
    /// Correctional institutions and custody.
    Custody,
    /// A limited data set.
    LimitedDataSet,
    /// No data of a program of part 2.
    OtherData,
    /// It rests on something else than the patient's consent.
    NoConsent,
    /// Earlier than the law looks back.
    Earlier,
}

impl Exclusion {
    /// Every exclusion.
    pub const ALL: [Self; 12] = [
        Self::NoDisclosure,
        Self::Operations,
        Self::Individual,
        Self::Incident,
        Self::Authorization,
        Self::Involved,
        Self::Security,
        Self::Custody,
        Self::LimitedDataSet,
        Self::OtherData,
        Self::NoConsent,
        Self::Earlier,
    ];

    /// The name in a report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoDisclosure => "no-disclosure",
            Self::Operations => "operations",
            Self::Individual => "individual",
            Self::Incident => "incident",
            Self::Authorization => "authorization",
            Self::Involved => "involved",
            Self::Security => "security",
            Self::Custody => "custody",
            Self::LimitedDataSet => "limited-data-set",
            Self::OtherData => "other-data",
            Self::NoConsent => "no-consent",
            Self::Earlier => "earlier",
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoDisclosure => "nothing left the custodian",
            Self::Operations => "for treatment, payment or health care operations",
            Self::Individual => "to the individual or a personal representative",
            Self::Incident => "incident to a permitted use or disclosure",
            Self::Authorization => "as the individual's authorization permits",
            Self::Involved => "for a directory, or to persons involved in the care",
            Self::Security => "for national security or intelligence",
            Self::Custody => "to correctional institutions or in custody",
            Self::LimitedDataSet => "as part of a limited data set",
            Self::OtherData => "of data that part 2 does not protect",
            Self::NoConsent => "made without the patient's consent being needed",
            Self::Earlier => "earlier than the period that is accounted for",
        }
    }
}

impl Serialize for Exclusion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
