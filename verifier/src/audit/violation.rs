//! The catalogue of violations. An id is one rule of `docs/audit.md`, and one file of `checks`.

use core::fmt;

use super::{checks, finding::Severity};

/// What a violation is, apart from any ledger.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Description {
    /// How bad.
    pub severity: Severity,
    /// Whether a finding is a question to a person rather than an accusation.
    pub heuristic: bool,
    /// The sentences in English.
    pub english: Text,
}

/// The sentences of a violation in one language. `{name}` stands for the argument of that name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Text {
    /// In a few words.
    pub title: &'static str,
    /// What happened.
    pub happened: &'static str,
    /// Why it matters.
    pub matters: &'static str,
    /// What would have made it lawful.
    pub lawful: &'static str,
    /// What a finding does not prove.
    pub not_proven: &'static str,
}

macro_rules! violations {
    ($($id:ident $module:ident;)*) => {
        /// A violation that an audit looks for. Ids are never reused.
        #[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum ViolationId {
            $(#[doc = concat!("`", stringify!($id), "` of `docs/audit.md`.")] $id,)*
        }

        impl ViolationId {
            /// Every violation, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$id),*];

            /// The id in reports.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$id => stringify!($id)),* }
            }

            /// What it is.
            pub const fn description(self) -> &'static Description {
                match self { $(Self::$id => &checks::$module::DESCRIPTION),* }
            }
        }
    };
}

violations! {
    V01 v01;
    V02 v02;
    V03 v03;
    V04 v04;
    V05 v05;
    V06 v06;
    V07 v07;
    V08 v08;
    V09 v09;
    V10 v10;
    V11 v11;
    V12 v12;
    V13 v13;
    V14 v14;
    V15 v15;
    V16 v16;
    V17 v17;
    V18 v18;
    V19 v19;
    V20 v20;
    V21 v21;
    V22 v22;
    V23 v23;
    V24 v24;
    V25 v25;
    V26 v26;
    V27 v27;
    V28 v28;
    V29 v29;
    V30 v30;
    V31 v31;
    V32 v32;
    V33 v33;
    V34 v34;
    V35 v35;
    V36 v36;
    V37 v37;
    V38 v38;
}

impl ViolationId {
    /// The violation of an id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|violation| violation.id() == id)
    }

    /// How bad it is.
    pub const fn severity(self) -> Severity {
        self.description().severity
    }

    /// Whether a finding is a question rather than an accusation.
    pub const fn is_heuristic(self) -> bool {
        self.description().heuristic
    }
}

impl fmt::Display for ViolationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl serde::Serialize for ViolationId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> serde::Deserialize<'de> for ViolationId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = alloc::string::String::deserialize(deserializer)?;
        let unknown = || serde::de::Error::custom("not a violation of the catalogue");
        Self::from_id(&id).ok_or_else(unknown)
    }
}
