//! An access in which everything can be read, and the processing that a record has.

use vidimus::record::{actor::Actor, request::Processing, sealing::Carried};

use crate::{
    build::{code, codes, organization},
    draft::{class, id, label, organization_id, pseudonym, sealer},
    moment::{Span, period},
};

/// Who acts: a person, in a role, for an organization.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Who {
    pub(crate) person: &'static str,
    pub(crate) role: &'static str,
    pub(crate) organization: &'static str,
}

/// What an access opens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Data {
    pub(crate) class: &'static str,
    pub(crate) level: &'static str,
    pub(crate) labels: &'static [&'static str],
    pub(crate) resources: &'static [&'static str],
    pub(crate) authors: &'static [&'static str],
    pub(crate) period: Option<Span>,
}

/// Who does what, when, what for and with which data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    pub(crate) who: Who,
    pub(crate) action: &'static str,
    pub(crate) purposes: &'static [&'static str],
    pub(crate) data: Data,
    pub(crate) at: &'static str,
    pub(crate) emergency: bool,
    pub(crate) protocol: Option<&'static str>,
}

impl Access {
    /// Who reads what, when and what for.
    pub(crate) fn read(
        who: Who,
        purposes: &'static [&'static str],
        data: Data,
        at: &'static str,
    ) -> Self {
        Self { who, action: "R", purposes, data, at, emergency: false, protocol: None }
    }

    pub(crate) fn doing(self, action: &'static str) -> Self {
        Self { action, ..self }
    }

    pub(crate) fn at(self, at: &'static str) -> Self {
        Self { at, ..self }
    }

    /// Declared an emergency.
    pub(crate) fn declared(self) -> Self {
        Self { emergency: true, ..self }
    }

    pub(crate) fn under(self, protocol: &'static str) -> Self {
        Self { protocol: Some(protocol), ..self }
    }

    /// What a record says of it.
    pub(crate) fn processing(&self) -> Processing {
        let Data { class: class_name, level, labels, resources, authors, period: span } = self.data;
        let levels = [label(level), class(class_name)];
        let carried = Carried::new(
            levels.into_iter().chain(labels.iter().map(|text| label(text))),
            resources.iter().map(|text| id(text)),
            authors.iter().map(|text| id(text)),
        );
        Processing {
            actor: Actor {
                person: pseudonym(self.who.person),
                role: code(self.who.role),
                organization: organization(&organization_id(self.who.organization)),
            },
            action: code(self.action),
            purposes: codes(self.purposes),
            basis: codes(&[]),
            protocol: self.protocol.map(pseudonym),
            delegate: None,
            emergency: self.emergency,
            justification: self.emergency.then(|| pseudonym("justification")),
            data_period: span.map(|span| period(span, "1970-01-01")),
            closures: sealer().compute_closures(&carried.unwrap()),
        }
    }

    /// The codes that it carries, in one line.
    pub(crate) fn codes(&self) -> String {
        let emergency = if self.emergency { " declared" } else { "" };
        let purposes = self.purposes.join(" ");
        let action = self.action;
        let data = [&[self.data.level], self.data.labels].concat();
        format!("`{action}` for `{purposes}`{emergency}, `{}`", data.join(" "))
    }
}
