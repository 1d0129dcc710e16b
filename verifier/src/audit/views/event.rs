//! An access, as a list shows it.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use crate::{
    audit::{
        act::{Opened, is_a},
        violation::ViolationId,
    },
    contract::outcome::{Judgement, ResultCode},
    encoding::hex::{Hash, Identifier, PublicKey},
    record::{
        Record,
        access::{Access, CustodianHalf},
        actor::Actor,
        codes::System,
        consent::Effect,
        instant::Instant,
    },
    report::decimal,
};

/// Whose half of an access a record is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The custodian's: it says who opened what, and is decided.
    Custodian,
    /// The recipient's: it says who asked, and is not decided.
    Recipient,
}

/// One access to a viewed subject's record: who, when, what, why, and under which consent.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Event {
    /// Height of the block.
    #[serde(with = "decimal")]
    pub height: u64,
    /// Index of the transaction.
    #[serde(with = "decimal")]
    pub index: u64,
    /// Id of the record.
    pub record: Hash,
    /// `accepted`, or why the contract refused the record: then nobody answers for what it says.
    pub code: String,
    /// Whose half it is.
    pub by: Side,
    /// The event's id.
    pub event: Identifier,
    /// Whose record.
    pub subject: PublicKey,
    /// Where.
    pub custodian: String,
    /// When: the moment for which it was decided, or the block's time where nothing was.
    pub moment: String,
    /// Who: a pseudonym that the organization can resolve.
    pub person: Hash,
    /// As what.
    pub role: String,
    /// Of which organization.
    pub organization: String,
    /// Whether the custodian recorded it as the patient's, or as somebody's for them. Nobody else says so.
    /// In a list it is false where the delegation that is named is found not to hold (V14, V15).
    pub own: bool,
    /// What was done; a recipient's half does not say.
    pub action: Option<String>,
    /// With what: the opened codes; absent if they are sealed.
    pub classes: Option<Vec<String>>,
    /// Labels of it; absent if they are sealed.
    pub labels: Option<Vec<String>>,
    /// What for; none in a recipient's half.
    pub purposes: Vec<String>,
    /// How it ended.
    pub outcome: String,
    /// Declared an emergency.
    pub emergency: bool,
    /// To whom data went, if a disclosure says so, or to whoever is not the custodian.
    pub recipient: Option<String>,
    /// What the contract decided, if it did.
    pub verdict: Option<String>,
    /// On what that rests.
    pub ground: Option<String>,
    /// The lawful basis, if it rests on one.
    pub basis: Option<String>,
    /// Ids of the records of the consents that permit it.
    pub permitted_by: Vec<Hash>,
    /// Ids of the records of the consents that deny it.
    pub denied_by: Vec<Hash>,
    /// What is wrong with it.
    pub findings: Vec<ViolationId>,
}

impl Event {
    /// What a half of an access says, whatever became of it; none of a record without a half.
    pub(crate) fn said(
        (height, index): (u64, u64),
        record: &Record,
        access: &Access,
        code: ResultCode,
        at: Instant,
        opened: &Opened,
    ) -> Option<Self> {
        let half = access.by_custodian.as_ref();
        let (by, actor) = match (half, &access.by_recipient) {
            (Some(half), _) => (Side::Custodian, &half.processing.actor),
            (None, Some(half)) => (Side::Recipient, &half.actor),
            (None, None) => return None,
        };
        let processing = half.map(|half| &half.processing);
        let purposes = processing.into_iter().flat_map(|it| it.purposes.iter());
        let codes = |system: &[System]| {
            let codes = opened.carried()?.codes().iter();
            let codes = codes.filter(|code| system.contains(&code.system()));
            Some(codes.map(|code| code.text().to_string()).collect::<Vec<_>>())
        };
        let labels = [System::Sensitivity, System::Law, System::Refrain, System::Obligation];
        Some(Self {
            height,
            index,
            record: record.id,
            code: code.name().to_string(),
            by,
            event: access.event,
            subject: access.subject,
            custodian: access.custodian.as_str().to_string(),
            moment: at.to_string(),
            person: actor.person,
            role: actor.role.as_str().to_string(),
            organization: actor.organization.as_str().to_string(),
            own: code == ResultCode::Accepted && half.is_some_and(is_own),
            action: processing.map(|it| it.action.as_str().to_string()),
            classes: codes(&[System::Class]),
            labels: codes(&labels),
            purposes: purposes.map(|code| code.as_str().to_string()).collect(),
            outcome: access.outcome.name().to_string(),
            emergency: processing.is_some_and(|it| it.emergency),
            recipient: recipient(access, actor),
            verdict: None,
            ground: None,
            basis: None,
            permitted_by: Vec::new(),
            denied_by: Vec::new(),
            findings: Vec::new(),
        })
    }

    /// With what was decided on it.
    #[must_use]
    pub(crate) fn judged(self, judgement: &Judgement) -> Self {
        let decision = &judgement.decision;
        let said = |effect: Effect| {
            let said = decision.considered.iter().filter(|it| it.effect == Some(effect));
            said.map(|considered| considered.consent).collect::<Vec<_>>()
        };
        Self {
            verdict: Some(decision.verdict.name().to_string()),
            ground: Some(decision.ground.name().to_string()),
            basis: decision.basis.as_ref().map(|code| code.as_str().to_string()),
            permitted_by: said(Effect::Permit),
            denied_by: said(Effect::Deny),
            ..self
        }
    }

    /// Whether the contract accepted the record.
    pub fn is_accepted(&self) -> bool {
        self.code == ResultCode::Accepted.name()
    }

    /// Whether it is an accepted half of this side.
    pub(super) fn is_half(&self, side: Side) -> bool {
        self.is_accepted() && self.by == side
    }

    /// What the two halves of an access have in common. Of another patient a half confirms nothing.
    pub(super) fn key(&self) -> (&PublicKey, &str, &Identifier) {
        (&self.subject, self.custodian.as_str(), &self.event)
    }
}

/// Whether it is recorded as the patient's, or as somebody's by the patient's right.
fn is_own(half: &CustodianHalf) -> bool {
    let role = &half.processing.actor.role;
    half.processing.delegate.is_some() || is_a(System::Role, role, &["patient", "representative"])
}

fn recipient(access: &Access, actor: &Actor) -> Option<String> {
    let disclosure = access.by_custodian.as_ref().and_then(|half| half.disclosure.as_ref());
    let named = disclosure.and_then(|disclosure| {
        let id = disclosure.recipient.as_ref().map(|id| id.as_str().to_string());
        id.or_else(|| disclosure.name.as_ref().map(|name| name.as_str().to_string()))
    });
    let organization = &actor.organization;
    named.or_else(|| (*organization != access.custodian).then(|| organization.as_str().to_string()))
}
