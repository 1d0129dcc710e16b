//! V21: a gap in a signer's numbers.

use alloc::format;

use crate::{
    audit::{
        act::Act,
        check::Check,
        finding::{Finding, Severity, Value},
        found::Found,
        ledger::Ledger,
        signer::Signers,
        violation::{Description, Text, ViolationId},
    },
    encoding::hex::Hash,
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Records of a signer are missing",
        happened: "Records of {who} are missing before this one: {missing}.",
        matters: "Every signer numbers its records. A number that never comes is a record that was held back, or taken out before the network saw it.",
        lawful: "The missing records, recorded; or a link to the record that stands before.",
        not_proven: "What the missing records say, or that there were any: a system can skip a number by mistake.",
    },
};

/// Numbers that nothing used, and links that do not fit.
#[derive(Debug, Default)]
pub(super) struct Gap {
    /// The id of each record.
    signers: Signers<Hash>,
}

impl Check for Gap {
    fn id(&self) -> ViolationId {
        ViolationId::V21
    }

    fn start(&mut self, ledger: &Ledger<'_>, _found: &mut Found) {
        self.signers = Signers::of_state(ledger.contract.state());
    }

    fn act(&mut self, act: &Act<'_>, _ledger: &Ledger<'_>, found: &mut Found) {
        let Some(record) = act.accepted() else { return };
        let source = record.body.source();
        let finding = |missing: &str| {
            Finding::new(ViolationId::V21, act)
                .with("who", Value::Key(record.signer))
                .with("missing", Value::word(missing))
        };
        let before = self.signers.before(&record.signer, source.sequence).copied();
        let is_broken = source.previous.zip(before).is_some_and(|(named, id)| named != id);
        if is_broken {
            found.add(finding("the record that it links to is not the one before it"));
        }
        // One finding of a violation for a transaction.
        let after_gap = (!is_broken).then_some(|| finding(""));
        let final_gaps = self.signers.add(record.signer, source.sequence, record.id, after_gap);
        for gap in final_gaps {
            found.add(gap.into_finding());
        }
    }

    fn end(&mut self, _ledger: &Ledger<'_>, found: &mut Found) {
        for gap in self.signers.gaps() {
            found.add(gap.into_finding());
        }
    }

    fn weight(&self) -> u64 {
        self.signers.weight()
    }
}

impl crate::audit::signer::SignerGap {
    fn into_finding(self) -> Finding {
        let (first, last) = (self.first, self.last);
        let missing = if last == first {
            format!("number {first}")
        } else {
            format!("numbers {first} to {last}")
        };
        self.finding.with_value("missing", Value::Word(missing))
    }
}
