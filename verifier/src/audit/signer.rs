//! The numbers of every signer: which came, which are missing.

use alloc::{
    boxed::Box,
    collections::{BTreeMap, VecDeque},
    vec::Vec,
};

use super::finding::Finding;
use crate::{
    contract::{
        entries::Table,
        sequence::{UsedNumbers, WINDOW},
    },
    encoding::{cbor, hex::PublicKey, to_u64},
    state::StateMap,
};

/// What a number weighs beside a finding, and a signer.
const NUMBER_BYTES: u64 = 64;
const SIGNER_BYTES: u64 = 160;

/// What a finding weighs that waits for the numbers before it.
const FINDING_BYTES: u64 = 1_024;

/// What is known of the numbers of each signer, within the contract's window.
#[derive(Debug)]
pub(super) struct Signers<T> {
    by_key: BTreeMap<PublicKey, Numbers<T>>,
    numbers: u64,
    findings: u64,
}

impl<T> Default for Signers<T> {
    fn default() -> Self {
        Self { by_key: BTreeMap::new(), numbers: 0, findings: 0 }
    }
}

#[derive(Debug)]
struct Numbers<T> {
    /// Up to here nothing is asked for: it came, or its absence is told.
    base: u64,
    /// By ascending number. Of those that follow the base without a gap, only the last.
    known: VecDeque<Known<T>>,
}

#[derive(Debug)]
struct Known<T> {
    number: u64,
    value: T,
    /// What it is a finding of if the numbers before it never come.
    finding: Option<Box<Finding>>,
}

impl<T> Numbers<T> {
    fn above(base: u64) -> Self {
        Self { base, known: VecDeque::with_capacity(1) }
    }

    /// Where a number stands, or where it would.
    fn find(&self, number: u64) -> Result<usize, usize> {
        self.known.binary_search_by_key(&number, |known| known.number)
    }

    fn get(&self, number: u64) -> Option<&Known<T>> {
        self.find(number).ok().and_then(|at| self.known.get(at))
    }

    /// Takes the first if the one after it follows, or fell out of the window.
    fn pop_settled(&mut self, floor: u64) -> Option<Known<T>> {
        let (first, second) = (self.known.front()?.number, self.known.get(1)?.number);
        let is_joined = first == self.base.saturating_add(1) && second == first.saturating_add(1);
        if is_joined || second < floor { self.known.pop_front() } else { None }
    }
}

/// Numbers that nothing used, and the finding at the record after them.
#[derive(Debug)]
pub(super) struct SignerGap {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) finding: Finding,
}

impl<T> Signers<T> {
    /// Of a state: what is missing up to each signer's highest number there is of an earlier time.
    pub(super) fn of_state(state: &StateMap) -> Self {
        let mut signers = Self::default();
        let prefix = Table::Numbers.key(&[]);
        for (key, value) in state.entries() {
            let signer = key.strip_prefix(prefix.as_slice());
            let signer = signer.and_then(|signer| <[u8; 32]>::try_from(signer).ok());
            if let (Some(signer), Ok(numbers)) = (signer, cbor::decode::<UsedNumbers>(value)) {
                let numbers = Numbers::above(numbers.highest());
                signers.by_key.insert(PublicKey(signer), numbers);
            }
        }
        signers
    }

    /// What is known of the number before this one.
    pub(super) fn before(&self, signer: &PublicKey, number: u64) -> Option<&T> {
        let numbers = self.by_key.get(signer)?;
        numbers.get(number.checked_sub(1)?).map(|known| &known.value)
    }

    /// Adds a number, with the finding that it is if the numbers before it are not there and never
    /// come. Gives the findings of numbers that the contract would no longer take.
    pub(super) fn add(
        &mut self,
        signer: PublicKey,
        number: u64,
        value: T,
        finding: Option<impl FnOnce() -> Finding>,
    ) -> Vec<SignerGap> {
        let numbers = self.by_key.entry(signer).or_insert_with(|| Numbers::above(0));
        let is_next = number
            .checked_sub(1)
            .is_none_or(|before| before <= numbers.base || numbers.find(before).is_ok());
        // A record that came in the place of a gap is not the one after it any more.
        let at = numbers.find(number).unwrap_or_else(|at| at);
        if let Some(next) = numbers.known.get_mut(at)
            && next.number == number.saturating_add(1)
            && next.finding.take().is_some()
        {
            self.findings = self.findings.saturating_sub(1);
        }
        let finding = finding.filter(|_| !is_next).map(|finding| Box::new(finding()));
        self.findings = self.findings.saturating_add(u64::from(finding.is_some()));
        numbers.known.insert(at, Known { number, value, finding });
        self.numbers = self.numbers.saturating_add(1);
        let mut gaps = Vec::new();
        let highest = numbers.known.back().map_or(0, |known| known.number);
        let floor = highest.saturating_sub(WINDOW);
        while let Some(Known { number, finding, .. }) = numbers.pop_settled(floor) {
            self.numbers = self.numbers.saturating_sub(1);
            if let Some(finding) = finding {
                self.findings = self.findings.saturating_sub(1);
                let (first, last) = (numbers.base.saturating_add(1), number.saturating_sub(1));
                gaps.push(SignerGap { first, last, finding: *finding });
            }
            numbers.base = numbers.base.max(number);
        }
        gaps
    }

    /// The gaps that are left, in the order of the ledger.
    pub(super) fn gaps(&mut self) -> Vec<SignerGap> {
        let mut gaps = Vec::new();
        for numbers in self.by_key.values_mut() {
            let mut before = numbers.base;
            for Known { number, finding, .. } in &mut numbers.known {
                if let Some(finding) = finding.take() {
                    let (first, last) = (before.saturating_add(1), number.saturating_sub(1));
                    gaps.push(SignerGap { first, last, finding: *finding });
                }
                before = *number;
            }
        }
        gaps.sort_by_key(|gap| (gap.finding.height, gap.finding.index));
        gaps
    }

    pub(super) fn weight(&self) -> u64 {
        let signers = to_u64(self.by_key.len()).saturating_mul(SIGNER_BYTES);
        let numbers = self.numbers.saturating_mul(NUMBER_BYTES);
        let findings = self.findings.saturating_mul(FINDING_BYTES);
        signers.saturating_add(numbers).saturating_add(findings)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::{
        audit::{Place, ViolationId},
        record::instant::Instant,
    };

    const SIGNER: PublicKey = PublicKey([1; 32]);

    fn finding(height: u64) -> Finding {
        let time = Instant::from_millis(0).unwrap();
        let place = Place { height, index: Some(0), offset: 0, time };
        Finding::at(ViolationId::V21, place)
    }

    /// Adds numbers in this order; the ranges that are missing, with the number after them, at once
    /// and at the end.
    fn missing(order: &[u64]) -> [Vec<(u64, u64, u64)>; 2] {
        let mut signers = Signers::default();
        let told = |gap: SignerGap| (gap.first, gap.last, gap.finding.height);
        let mut early = Vec::new();
        for number in order {
            early.extend(signers.add(SIGNER, *number, (), Some(|| finding(*number))));
        }
        let late = signers.gaps();
        [early, late].map(|gaps| gaps.into_iter().map(told).collect())
    }

    #[test]
    fn numbers_that_never_come_are_missing_before_the_one_after_them() {
        assert_eq!(missing(&[1, 2, 3]), [vec![], vec![]]);
        assert_eq!(missing(&[2, 3, 6]), [vec![], vec![(1, 1, 2), (4, 5, 6)]]);
        assert_eq!(missing(&[1, 4, 2, 3]), [vec![], vec![]]);
        assert_eq!(missing(&[1, 5, 3]), [vec![], vec![(2, 2, 3), (4, 4, 5)]]);
        assert_eq!(missing(&[1, 5, 4]), [vec![], vec![(2, 3, 4)]]);
    }

    #[test]
    fn numbers_that_the_contract_takes_no_more_are_missing_at_once() {
        let order: Vec<u64> = [1, 3, 4].into_iter().chain(WINDOW..=WINDOW + 6).collect();
        let [early, late] = missing(&order);
        assert_eq!(early, [(2, 2, 3)]);
        assert_eq!(late, [(5, WINDOW - 1, WINDOW)]);
    }

    #[test]
    fn numbers_without_a_gap_weigh_what_one_weighs() {
        let mut signers = Signers::default();
        let mut weight_after = |number| {
            signers.add(SIGNER, number, (), Some(|| finding(number)));
            signers.weight()
        };
        let with_one = weight_after(1);
        assert_eq!((2..=9).map(&mut weight_after).max(), Some(with_one));
        assert!(weight_after(11) > with_one, "number 10 is missing");
        assert_eq!(weight_after(10), with_one);
    }

    #[test]
    fn weight_falls_when_a_gap_is_filled() {
        let mut signers = Signers::default();
        signers.add(SIGNER, 2, (), Some(|| finding(2)));
        let with_gap = signers.weight();
        signers.add(SIGNER, 1, (), Some(|| finding(1)));
        assert!(signers.weight() < with_gap);
    }
}
