//! A transaction as a list of records shows it.

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::act::{Act, Opened, Place};
use crate::{
    contract::outcome::{Judgement, ResultCode},
    record::Record,
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
    /// How it was judged, if it was.
    pub judgement: Option<Judgement>,
    /// What the viewing file shows of it.
    pub opened: Opened,
}

impl ListedAct {
    pub(super) fn of(act: Act<'_>) -> Self {
        let Act { place, code, record, judgement, opened, .. } = act;
        let (record, judgement) = (record.cloned(), judgement.cloned());
        Self { place, code, record, judgement, opened }
    }

    /// The same, borrowed.
    pub(super) fn as_act(&self) -> Act<'_> {
        let (record, judgement) = (self.record.as_ref(), self.judgement.as_ref());
        let mut act = Act::new(self.place, self.code, record, judgement);
        act.opened = self.opened.clone();
        act
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
