//! What a report says of a packet's claims.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use crate::{
    audit::{Event, Opened},
    contract::{
        entries::ConsentVersion,
        outcome::{Judgement, ResultCode},
    },
    encoding::{
        cbor,
        hex::{Hash, Identifier, PublicKey},
        time::Timestamp,
    },
    merkle::anchor_tree::SaltedDigest,
    record::{Body, Record, anchor::Anchor, consent::ConsentStatus, view::ViewingFile},
    report::{BlockPoint, decimal, optional_decimal},
};

/// A claim that holds: in one sentence what is proven, in one what is not.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ClaimReport {
    /// `record`, `subject`, `consent`, `absence`, `document` or `header`.
    pub kind: String,
    /// What is proven.
    pub proven: String,
    /// What is not.
    pub not_proven: String,
    /// The highest header that the claim rests on, and the time of that block: what is claimed was so
    /// by then.
    pub attested_by: BlockPoint,
    /// Of a claim about the state the block up to which it holds: the one before `attested_by`.
    #[serde(with = "optional_decimal")]
    pub until: Option<u64>,
    /// Whom it is about.
    pub subject: Option<PublicKey>,
    /// Which consent it is about.
    pub consent: Option<Identifier>,
    /// The versions of that consent which the state holds, in the order of the ledger.
    pub versions: Vec<ShownVersion>,
    /// Which document it is about.
    pub document: Option<ShownDocument>,
    /// Records that are counted and not shown.
    #[serde(with = "decimal")]
    pub withheld: u64,
    /// Records that are shown, in the order of the ledger.
    pub records: Vec<ShownRecord>,
}

impl ClaimReport {
    /// A claim of a header, or of what it attests.
    pub(super) fn new(kind: &str, attested_by: BlockPoint) -> Self {
        Self {
            kind: kind.to_string(),
            proven: String::new(),
            not_proven: String::new(),
            attested_by,
            until: None,
            subject: None,
            consent: None,
            versions: Vec::new(),
            document: None,
            withheld: 0,
            records: Vec::new(),
        }
    }

    /// A claim of the state that a header attests: that after the block before it.
    pub(super) fn of_state(kind: &str, attested_by: BlockPoint) -> Self {
        let until = Some(attested_by.height.saturating_sub(1));
        Self { until, ..Self::new(kind, attested_by) }
    }

    /// Until when a claim about the state holds, in words.
    pub(super) fn until_words(&self) -> String {
        let Self { attested_by: BlockPoint { height, time, .. }, .. } = self;
        let last = self.until.unwrap_or(*height);
        alloc::format!("block {last}, which block {height} of {time} attests")
    }
}

/// A version of a consent, as the state holds it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ShownVersion {
    /// Its number.
    #[serde(with = "decimal")]
    pub version: u64,
    /// Id of its record.
    pub record: Hash,
    /// Height of its block.
    #[serde(with = "decimal")]
    pub height: u64,
    /// Where it stands in its life, as the consent says.
    pub status: String,
    /// Whose data it is about.
    pub custodian: String,
    /// From when on it is given.
    pub given_from: String,
    /// Until when it is given, if that is said.
    pub given_until: Option<String>,
    /// From when on accesses fall under it; none where it is not active, and nothing does.
    pub holds_from: Option<String>,
    /// When it was replaced or revoked, if it was.
    pub holds_until: Option<String>,
    /// Id of the revocation that ended it.
    pub revocation: Option<Hash>,
}

impl ShownVersion {
    pub(super) fn of(version: &ConsentVersion) -> Self {
        let consent = &version.consent;
        Self {
            version: consent.version,
            record: version.id,
            height: version.height,
            status: consent.status.name().to_string(),
            custodian: consent.custodian.as_str().to_string(),
            given_from: consent.period.start().to_string(),
            given_until: consent.period.end().map(|end| end.to_string()),
            holds_from: (consent.status == ConsentStatus::Active).then(|| version.from.to_string()),
            holds_until: version.until.map(|until| until.to_string()),
            revocation: version.revocation,
        }
    }
}

/// A document that was anchored, as the user gave it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ShownDocument {
    /// Its salted digest (docs/anchor-trees.md).
    pub digest: Hash,
    /// Its number in the batch, from 0.
    #[serde(with = "decimal")]
    pub index: u64,
    /// Documents in the batch.
    #[serde(with = "decimal")]
    pub leaf_count: u64,
    /// Id of the anchor record.
    pub anchor: Hash,
    /// Who anchored it.
    pub custodian: String,
}

impl ShownDocument {
    pub(super) fn new(digest: &SaltedDigest, index: u64, anchor: &Anchor, id: Hash) -> Self {
        Self {
            digest: *digest.as_hash(),
            index,
            leaf_count: anchor.leaf_count,
            anchor: id,
            custodian: anchor.custodian.as_str().to_string(),
        }
    }
}

/// A record that a packet shows.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ShownRecord {
    /// Height of its block.
    #[serde(with = "decimal")]
    pub height: u64,
    /// Which transaction of the block it is, from 0.
    #[serde(with = "decimal")]
    pub index: u64,
    /// Time of its block, if the packet has that block's header.
    pub time: Option<Timestamp>,
    /// Id.
    pub id: Hash,
    /// What kind of record it is.
    pub kind: String,
    /// Who signed it.
    pub signer: PublicKey,
    /// When the signer says that it was recorded. No validator attests that.
    pub recorded_at: String,
    /// Whom it concerns.
    pub subject: Option<PublicKey>,
    /// Whose data it is about.
    pub custodian: Option<String>,
    /// Which consent it gives or revokes.
    pub consent: Option<Identifier>,
    /// Whether it was accepted, or why not.
    pub code: String,
    /// The verdict on a request or an access.
    pub verdict: Option<String>,
    /// Of the custodian's half of an access: who, what, why, and under which consent. What it seals is
    /// opened if the user's viewing file does.
    pub access: Option<Event>,
}

impl ShownRecord {
    pub(super) fn new(
        (height, index): (u64, u64),
        record: &Record,
        code: u64,
        data: &[u8],
        view: Option<&ViewingFile>,
    ) -> Self {
        let judgement = cbor::decode::<Judgement>(data).ok();
        let name = ResultCode::from_code(code).map(ResultCode::name);
        let body = &record.body;
        let consent = body.consent().copied();
        let access = if let (Body::Access(access), Some(judgement), 0) = (body, &judgement, code) {
            let opened = Opened::of(body, view);
            let (place, code) = ((height, index), ResultCode::Accepted);
            let event = Event::said(place, record, access, code, judgement.at, &opened);
            event.map(|event| event.judged(judgement))
        } else {
            None
        };
        Self {
            height,
            index,
            time: None,
            id: record.id,
            kind: body.kind().name().into(),
            signer: record.signer,
            recorded_at: body.source().recorded_at.to_string(),
            subject: body.subject().copied(),
            custodian: body.custodian().map(|custodian| custodian.as_str().to_string()),
            consent,
            code: name.map_or_else(|| code.to_string(), Into::into),
            verdict: judgement.map(|judgement| judgement.decision.verdict.name().into()),
            access,
        }
    }

    /// Code and verdict in words.
    pub(super) fn outcome(&self) -> String {
        match &self.verdict {
            Some(verdict) => alloc::format!("{}, {verdict}", self.code),
            None => self.code.clone(),
        }
    }
}
