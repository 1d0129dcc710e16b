//! A transaction as a list of records shows it.

use alloc::string::{String, ToString as _};

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::act::{Act, Opened, Place};
use crate::{
    contract::outcome::{Judgement, ResultCode},
    encoding::DecodeError,
    record::Record,
    report::decimal,
};

/// A transaction with all that is known of it, to be kept.
///
/// As JSON it has the fields of `docs/records.md` under `record`, so that whoever has the rules can
/// decide it again.
#[derive(Clone, Debug)]
pub struct ListedAct {
    /// Where it stands.
    pub place: Place,
    /// Whether it is recorded, or why not.
    pub code: ResultCode,
    /// The record; none where it is malformed.
    pub record: Option<Record>,
    /// Why it is no record, with the byte in the transaction; none where it is one. As JSON it has the
    /// byte in the snapshot.
    pub error: Option<DecodeError>,
    /// How it was judged, if it was.
    pub judgement: Option<Judgement>,
    /// What the viewing file shows of it.
    pub opened: Opened,
}

impl ListedAct {
    pub(super) fn of(act: Act<'_>) -> Self {
        let Act { place, code, record, error, judgement, opened, .. } = act;
        let (record, error, judgement) = (record.cloned(), error.cloned(), judgement.cloned());
        Self { place, code, record, error, judgement, opened }
    }

    /// The same, borrowed.
    pub(super) fn as_act(&self) -> Act<'_> {
        Act {
            place: self.place,
            code: self.code,
            record: self.record.as_ref(),
            error: self.error.as_ref(),
            judgement: self.judgement.as_ref(),
            opened: self.opened.clone(),
            uncovered: None,
        }
    }
}

/// Why a transaction is no record.
#[derive(Serialize)]
struct Malformed<'a> {
    /// Field path from the record on.
    path: &'a str,
    /// The byte in the snapshot.
    #[serde(serialize_with = "decimal::serialize")]
    offset: u64,
    problem: String,
}

impl<'a> Malformed<'a> {
    fn new(error: &'a DecodeError, place: Place) -> Self {
        let offset = place.offset.saturating_add(error.offset);
        Self { path: &error.path, offset, problem: error.problem.to_string() }
    }
}

impl Serialize for ListedAct {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("height", &alloc::format!("{}", self.place.height))?;
        let index = self.place.index.map(|index| alloc::format!("{index}"));
        map.serialize_entry("index", &index)?;
        map.serialize_entry("offset", &alloc::format!("{}", self.place.offset))?;
        map.serialize_entry("time", &self.place.time)?;
        map.serialize_entry("code", &self.code)?;
        let error = self.error.as_ref().map(|error| Malformed::new(error, self.place));
        map.serialize_entry("error", &error)?;
        map.serialize_entry("id", &self.record.as_ref().map(|record| record.id))?;
        map.serialize_entry("signer", &self.record.as_ref().map(|record| record.signer))?;
        map.serialize_entry("record", &self.record.as_ref().map(|record| &record.body))?;
        map.serialize_entry("judgement", &self.judgement)?;
        map.serialize_entry("opened", &self.opened)?;
        map.end()
    }
}

impl Serialize for Opened {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Sealed => serializer.serialize_str("sealed"),
            Self::Nothing => serializer.serialize_none(),
            Self::Unopenable => serializer.serialize_str("unopenable"),
            Self::Details(details) => details.serialize(serializer),
        }
    }
}
