//! A transaction, as the audit sees it.

use alloc::vec::Vec;

use super::{
    finding::{Finding, Value},
    uncovered::Uncovered,
    violation::ViolationId,
};
use crate::{
    contract::outcome::{Judgement, ResultCode},
    encoding::{DecodeError, hex::PublicKey},
    record::{
        Body, Record,
        access::{Access, CustodianHalf, Outcome},
        actor::CodeText,
        codes::{Code, Concept, System},
        instant::Instant,
        keys::ViewKey,
        sealing::{Carried, Details, open_details},
        view::ViewingFile,
    },
};

/// Where a transaction stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// Height of its block.
    pub height: u64,
    /// Its index in the block; none for the block itself.
    pub index: Option<u64>,
    /// Its first byte in the snapshot.
    pub offset: u64,
    /// Time of its block.
    pub time: Instant,
}

/// What the viewing file shows of a record.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Opened {
    /// The viewing file has no key of the subject, or there is no viewing file.
    #[default]
    Sealed,
    /// The record seals nothing.
    Nothing,
    /// What it seals does not open with the subject's key.
    Unopenable,
    /// What it seals.
    Details(Details),
}

/// A transaction with all that is known of it.
#[derive(Debug)]
pub struct Act<'a> {
    /// Where it stands.
    pub place: Place,
    /// Whether it is recorded, or why not.
    pub code: ResultCode,
    /// The record; none where it is malformed.
    pub record: Option<&'a Record>,
    /// Why it is no record, with the byte in the transaction; none where it is one.
    pub error: Option<&'a DecodeError>,
    /// How it was judged, if it was.
    pub judgement: Option<&'a Judgement>,
    /// What the viewing file shows of it.
    pub opened: Opened,
    /// Why nothing covers it, if it is a performed access that is not permitted.
    pub(super) uncovered: Option<Uncovered>,
}

/// The accepted half of a custodian whose outcome is success.
#[derive(Clone, Copy, Debug)]
pub(super) struct Performed<'a> {
    pub(super) act: &'a Act<'a>,
    pub(super) record: &'a Record,
    pub(super) access: &'a Access,
    pub(super) half: &'a CustodianHalf,
    pub(super) judgement: &'a Judgement,
}

impl<'a> Act<'a> {
    /// Whether it may seal what a check looks at, and nobody can open it.
    pub(super) fn stays_sealed(&self) -> bool {
        let is_of_sealed = |record: &Record| {
            matches!(record.body, Body::Request(_) | Body::Access(_) | Body::Consent(_))
        };
        self.accepted().is_some_and(is_of_sealed) && self.opened == Opened::Sealed
    }

    /// A transaction with what the contract says of it.
    pub(crate) fn new(
        place: Place,
        code: ResultCode,
        record: Result<&'a Record, &'a DecodeError>,
        judgement: Option<&'a Judgement>,
    ) -> Self {
        let (error, record, opened) = (record.err(), record.ok(), Opened::default());
        Self { place, code, record, error, judgement, opened, uncovered: None }
    }

    /// Opens what an accepted record seals, as far as the viewing file can.
    pub(super) fn open(&mut self, view: Option<&ViewingFile>) {
        let body = self.accepted().map(|record| &record.body);
        self.opened = body.map_or(Opened::Sealed, |body| Opened::of(body, view));
    }

    /// The record, if it is recorded.
    pub(super) fn accepted(&self) -> Option<&'a Record> {
        self.record.filter(|_| self.code == ResultCode::Accepted)
    }

    /// The record, if it is refused for one of these reasons.
    pub(super) fn refused(&self, codes: &[ResultCode]) -> Option<&'a Record> {
        self.record.filter(|_| codes.contains(&self.code))
    }

    pub(super) fn performed(&self) -> Option<Performed<'_>> {
        let record = self.accepted()?;
        let Body::Access(access) = &record.body else { return None };
        let (half, judgement) = (access.by_custodian.as_ref()?, self.judgement?);
        let is_performed = access.outcome == Outcome::Success;
        is_performed.then_some(Performed { act: self, record, access, half, judgement })
    }

    /// What the record opens, as its details say.
    pub(super) fn carried(&self) -> Option<&Carried> {
        self.opened.carried()
    }
}

impl<'a> Performed<'a> {
    pub(super) fn subject(&self) -> &'a PublicKey {
        &self.access.subject
    }

    pub(super) fn moment(&self) -> Instant {
        self.judgement.at
    }

    /// A finding at it: who opened it, for whom, when, what for.
    pub(super) fn finding(&self, id: ViolationId) -> Finding {
        let processing = &self.half.processing;
        let actor = &processing.actor;
        Finding::new(id, self.act)
            .with("person", Value::Person(actor.person))
            .with("role", Value::codes(&[&actor.role]))
            .with("organization", Value::organization(&actor.organization))
            .with("action", Value::codes(&[&processing.action]))
            .with("purposes", Value::codes(&processing.purposes.iter().collect::<Vec<_>>()))
            .with("moment", Value::time(self.moment()))
    }

    /// Whether one of its purposes is, or stands under, one of these.
    pub(super) fn has_purpose(&self, purposes: &[&str]) -> bool {
        let processing = &self.half.processing;
        processing.purposes.iter().any(|purpose| is_a(System::Purpose, purpose, purposes))
    }

    /// Whether data left the custodian: that is what it says it did, or somebody else has it.
    pub(super) fn is_disclosure(&self) -> bool {
        let processing = &self.half.processing;
        processing.action.as_str() == "disclose"
            || self.half.disclosure.is_some()
            || processing.actor.organization != self.access.custodian
    }

    /// Whether the opened data are labelled with one of these codes, or with what stands under it.
    pub(super) fn has_label(&self, labels: &[(System, &str)]) -> bool {
        let is_one = |code: &Code| {
            labels.iter().any(|(system, text)| code.system() == *system && is_below(code, &[text]))
        };
        self.act.carried().is_some_and(|carried| carried.codes().iter().any(is_one))
    }
}

/// Whether the code is, or stands under, one of these.
pub(super) fn is_a(system: System, text: &CodeText, ancestors: &[&str]) -> bool {
    Code::new(system, text.as_str()).is_ok_and(|code| is_below(&code, ancestors))
}

/// Whether the code is known, and is, or stands under, one of these.
pub(super) fn is_below(code: &Code, ancestors: &[&str]) -> bool {
    let is_named = |concept: Concept| ancestors.contains(&concept.text());
    code.lookup().is_some_and(|concept| is_named(concept) || concept.ancestors().any(is_named))
}

impl Opened {
    /// What a record seals, as far as the viewing file opens it.
    pub(crate) fn of(body: &Body, view: Option<&ViewingFile>) -> Self {
        let key = body.subject().zip(view).and_then(|(subject, view)| view.view_key(subject));
        key.map_or(Self::Sealed, |key| open(body, key))
    }

    /// What the record opens, as its details say.
    pub(super) fn carried(&self) -> Option<&Carried> {
        match self {
            Self::Details(details) => details.carried(),
            Self::Sealed | Self::Nothing | Self::Unopenable => None,
        }
    }
}

fn open(body: &Body, key: &ViewKey) -> Opened {
    let (Some(details), Some(binding)) = (body.details(), body.binding()) else {
        return Opened::Nothing;
    };
    match open_details(key, &details.nonce.0, &binding, details.ciphertext.as_bytes()) {
        Ok(details) => Opened::Details(details),
        Err(_) => Opened::Unopenable,
    }
}
