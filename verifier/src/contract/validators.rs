//! Validators: governance gives and takes power.

use alloc::collections::BTreeSet;

use super::{
    entries::{Table, VALIDATORS, ValidatorEntry, ValidatorTotals},
    outcome::ResultCode,
    transaction::{Transaction, read},
};
use crate::{
    encoding::cbor, ledger::cometbft::validator::MAX_TOTAL_POWER,
    record::organization::ValidatorChange, state::ReadState,
};

impl<S: ReadState> Transaction<'_, S> {
    /// Gives validators other powers; 0 removes one.
    ///
    /// CometBFT halts a network whose application removes an unknown validator or the last, or goes
    /// beyond its bound of power: governance that asks for it is refused.
    pub(super) fn change_validators(
        &mut self,
        changes: &[ValidatorChange],
    ) -> Result<(), ResultCode> {
        if changes.is_empty() {
            return Ok(());
        }
        let totals = read::<ValidatorTotals>(&self.state, VALIDATORS)?;
        let mut totals = totals.unwrap_or(ValidatorTotals { count: 0, power: 0 });
        let keys: BTreeSet<_> = changes.iter().map(|change| change.key).collect();
        if keys.len() != changes.len() {
            return Err(ResultCode::Validators);
        }
        for change in changes {
            let before = self.read::<ValidatorEntry>(Table::Validators, &[&change.key.0])?;
            let before = before.map_or(0, |entry| entry.power);
            let refused = Err(ResultCode::Validators);
            match (before, change.power) {
                (0, 0) => return refused,
                (0, _) => totals.count = totals.count.saturating_add(1),
                (_, 0) => totals.count = totals.count.saturating_sub(1),
                (_, _) => {}
            }
            let others = totals.power.saturating_sub(before);
            let power = others.checked_add(change.power).filter(|power| *power <= MAX_TOTAL_POWER);
            totals.power = power.ok_or(ResultCode::Validators)?;
            if change.power == 0 {
                self.state.remove(&Table::Validators.key(&[&change.key.0]));
            } else {
                let entry = ValidatorEntry { power: change.power };
                self.write(Table::Validators, &[&change.key.0], &entry);
            }
            self.validators.insert(change.key, change.power);
        }
        if totals.count == 0 {
            return Err(ResultCode::Validators);
        }
        self.state.insert(VALIDATORS, cbor::encode(&totals));
        Ok(())
    }
}
