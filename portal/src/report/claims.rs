//! What an evidence packet shows, as a report says it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::BlockPoint;
use crate::views::Event;

/// A claim that holds.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Claim {
    pub(crate) kind: String,
    pub(crate) proven: String,
    pub(crate) not_proven: String,
    pub(crate) attested_by: BlockPoint,
    pub(crate) until: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) consent: Option<String>,
    pub(crate) versions: Vec<Version>,
    pub(crate) document: Option<Document>,
    pub(crate) withheld: String,
    pub(crate) records: Vec<Record>,
}

impl Claim {
    /// The accesses among its records, in the order of the ledger.
    pub(crate) fn accesses(&self) -> impl Iterator<Item = &Event> {
        self.records.iter().filter_map(|record| record.access.as_ref())
    }

    /// Its records that show no access, in the order of the ledger.
    pub(crate) fn others(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|record| record.access.is_none())
    }

    /// Whether every access that it shows is opened, and all may be one patient's, who has one pseudonym
    /// at each custodian.
    pub(crate) fn is_of_reader(&self) -> bool {
        let mut subjects = BTreeMap::new();
        self.accesses().all(|access| {
            let subject = *subjects.entry(&access.custodian).or_insert(&access.subject);
            access.classes.is_some() && subject == &access.subject
        })
    }

    /// How many records it counts, shown or withheld.
    pub(crate) fn count(&self) -> u64 {
        let withheld = self.withheld.parse::<u64>().unwrap_or_default();
        u64::try_from(self.records.len()).map_or(u64::MAX, |shown| shown.saturating_add(withheld))
    }
}

/// A version of a consent.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Version {
    #[serde(rename = "version")]
    pub(crate) number: String,
    pub(crate) record: String,
    pub(crate) height: String,
    pub(crate) status: String,
    pub(crate) custodian: String,
    pub(crate) given_from: String,
    pub(crate) given_until: Option<String>,
    pub(crate) holds_from: Option<String>,
    pub(crate) holds_until: Option<String>,
    pub(crate) revocation: Option<String>,
}

/// A document that was anchored.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Document {
    pub(crate) digest: String,
    pub(crate) index: String,
    pub(crate) leaf_count: String,
    pub(crate) anchor: String,
    pub(crate) custodian: String,
}

/// A record that is shown.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Record {
    pub(crate) height: String,
    pub(crate) index: String,
    pub(crate) time: Option<String>,
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) signer: String,
    pub(crate) recorded_at: String,
    pub(crate) custodian: Option<String>,
    pub(crate) consent: Option<String>,
    pub(crate) code: String,
    pub(crate) verdict: Option<String>,
    /// Of an access the custodian's half.
    pub(crate) access: Option<Event>,
}
