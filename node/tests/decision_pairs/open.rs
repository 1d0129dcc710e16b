//! Consents and accesses in which everything can be read.

use vidimus::record::consent::{Effect, RuleSet};

use super::tree::Code;

/// From the start up to, not including, the end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) start: u64,
    pub(crate) end: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Pattern {
    pub(crate) organization: Option<&'static str>,
    pub(crate) role: Option<Code>,
    pub(crate) person: Option<u8>,
}

/// What a provision asks for: nothing of what is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Elements {
    pub(crate) actors: Vec<Pattern>,
    pub(crate) actions: Vec<Code>,
    pub(crate) purposes: Vec<Code>,
    pub(crate) period: Option<Span>,
    pub(crate) data_period: Option<Span>,
    pub(crate) confidentiality: Vec<Code>,
    pub(crate) labels: Vec<Code>,
    pub(crate) classes: Vec<Code>,
    pub(crate) resources: Vec<&'static str>,
    pub(crate) authors: Vec<&'static str>,
}

#[derive(Clone, Debug)]
pub(crate) struct Provision {
    pub(crate) elements: Elements,
    pub(crate) exceptions: Vec<Elements>,
}

#[derive(Clone, Debug)]
pub(crate) struct Consent {
    pub(crate) decision: Effect,
    pub(crate) scope: Elements,
    pub(crate) provisions: Vec<Provision>,
    pub(crate) rule_set: Option<RuleSet>,
    pub(crate) protocol: Option<u8>,
}

#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) at: u64,
    pub(crate) organization: &'static str,
    pub(crate) role: Code,
    pub(crate) person: u8,
    pub(crate) action: Code,
    pub(crate) purposes: Vec<Code>,
    pub(crate) basis: Vec<Code>,
    pub(crate) protocol: Option<u8>,
    pub(crate) emergency: bool,
    pub(crate) data_period: Option<Span>,
    pub(crate) confidentiality: Code,
    pub(crate) labels: Vec<Code>,
    pub(crate) classes: Vec<Code>,
    pub(crate) resources: Vec<&'static str>,
    pub(crate) authors: Vec<&'static str>,
}

impl Access {
    /// Every code that it carries but its legal bases.
    pub(crate) fn codes(&self) -> Vec<Code> {
        let one = [self.role, self.action, self.confidentiality];
        [&one[..], &self.purposes, &self.labels, &self.classes].concat()
    }
}
