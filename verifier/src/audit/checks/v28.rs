//! V28: records that are kept too shortly.

use crate::audit::{
    act::{Act, Place},
    check::Check,
    finding::{Finding, Severity, Value},
    found::Found,
    ledger::Ledger,
    regime::Regime,
    violation::{Description, Text, ViolationId},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Medium,
    heuristic: false,
    english: Text {
        title: "Records are kept for less than the law demands",
        happened: "What {regime} demands to be kept for {demanded} is kept for {kept}.",
        matters: "What is no longer there nobody can ask about.",
        lawful: "A rule of the network that keeps records as long as the law demands, and a snapshot that goes back as far.",
        not_proven: "That older records do not exist elsewhere.",
    },
};

/// Retention below what a regime demands, or blocks that do not go back so far.
#[derive(Debug, Default)]
pub(super) struct ShortRetention {
    first: Option<Place>,
    is_found: bool,
}

impl Check for ShortRetention {
    fn id(&self) -> ViolationId {
        ViolationId::V28
    }

    fn start(&mut self, ledger: &Ledger<'_>, found: &mut Found) {
        self.first = Some(ledger.place);
        self.find(ledger.network().limits.retention, ledger, found);
    }

    fn act(&mut self, _act: &Act<'_>, _ledger: &Ledger<'_>, _found: &mut Found) {}

    fn end(&mut self, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(first) = self.first.filter(|_| !ledger.is_from_start && !self.is_found) else {
            return;
        };
        let kept = ledger.place.time.as_millis().saturating_sub(first.time.as_millis());
        self.find(kept, ledger, found);
    }
}

impl ShortRetention {
    fn find(&mut self, kept: u64, ledger: &Ledger<'_>, found: &mut Found) {
        let regimes = Regime::of_network(ledger).into_iter();
        let longest = regimes.filter_map(|regime| Some((regime.retention()?, regime)));
        let Some((demanded, regime)) = longest.max_by_key(|(demanded, _)| *demanded) else {
            return;
        };
        if let Some(first) = self.first.filter(|_| kept < demanded) {
            self.is_found = true;
            let finding = Finding::at(self.id(), first)
                .with("regime", Value::word(regime.name()))
                .with("demanded", Value::Span(demanded))
                .with("kept", Value::Span(kept));
            found.add(finding);
        }
    }
}
