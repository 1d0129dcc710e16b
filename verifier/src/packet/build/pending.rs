//! What a packet is to be about, and what of it was seen so far.

use alloc::{boxed::Box, collections::BTreeSet, vec::Vec};

use super::{Attested, BuildError, Held, list, log_leaf, search::Search};
use crate::{
    contract::entries::Table,
    encoding::{
        hex::{Hash, Identifier, PublicKey},
        to_u64,
    },
    ledger::cometbft::results::TransactionResult,
    merkle::anchor_tree::DocumentProof,
    packet::claim::{
        AbsenceClaim, Absent, Before, Claim, ConsentClaim, DocumentClaim, Entry, HeaderClaim,
        Shown, SubjectClaim,
    },
    record::{Body, Record},
    state::{End, Proof},
};

/// What a packet is to be about.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Wanted {
    /// The last header.
    Header,
    /// A record, by its id.
    Record(Hash),
    /// Every record that concerns a subject, by default of all blocks.
    Subject {
        /// The subject.
        subject: PublicKey,
        /// First block.
        from: Option<u64>,
        /// Last block.
        to: Option<u64>,
        /// Ids of records that are counted and not shown.
        withhold: BTreeSet<Hash>,
    },
    /// How a consent stands after a block, by default the last but one; or that there is none.
    Consent {
        /// Whose; found in the records if it is not said.
        subject: Option<PublicKey>,
        /// Which.
        consent: Identifier,
        /// After which block.
        to: Option<u64>,
    },
    /// That no record was signed by a key up to a block.
    NoSigner {
        /// The key.
        key: PublicKey,
        /// Up to which block.
        to: Option<u64>,
    },
    /// That a document was anchored: the proof that came with it.
    Document(DocumentProof),
}

impl Wanted {
    const fn name(&self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Record(_) => "record",
            Self::Subject { .. } => "subject",
            Self::Consent { .. } => "consent",
            Self::NoSigner { .. } => "signer without records",
            Self::Document(_) => "document",
        }
    }
}

/// What is wanted, with what was seen of it.
#[derive(Debug)]
pub(super) struct Pending {
    wanted: Wanted,
    search: Search,
    records: Records,
    /// The entry of the state at the end, and the height of its header.
    end: Option<(u64, Proof)>,
    /// Height of the last header, if that is wanted.
    head: Option<u64>,
    /// Whether it is not said whose consent is wanted, and whether two subjects have one of that id.
    is_sought: bool,
    is_ambiguous: bool,
}

/// The records of a subject so far.
#[derive(Debug, Default)]
struct Records {
    is_begun: bool,
    /// Ids of those that are withheld.
    withheld: BTreeSet<Hash>,
    /// The log before them.
    before: Option<(u64, Proof)>,
    entries: Vec<Entry>,
}

impl Pending {
    pub(super) fn new(wanted: Wanted) -> Self {
        let (search, records) = (Search::default(), Records::default());
        let is_sought = matches!(wanted, Wanted::Consent { subject: None, .. });
        Self { wanted, search, records, end: None, head: None, is_sought, is_ambiguous: false }
    }

    /// Looks at a block: at the state before it, and at the results of the one before.
    pub(super) fn look(
        &mut self,
        block: &impl Attested,
        before: Option<&Held>,
        now: &Held,
        (start, last): (u64, u64),
    ) -> Result<(), BuildError> {
        let height = now.header.height;
        let is_end = |to: &Option<u64>| height == to.map_or(last, |to| to.saturating_add(1));
        let key = match &mut self.wanted {
            Wanted::Header => {
                self.head = (height == last).then_some(height);
                None
            }
            Wanted::Record(id) => {
                let is_it = |record: &Record, _: Option<&TransactionResult>| record.id == *id;
                return self.search.look(block, before, now, start, is_it);
            }
            Wanted::Document(proof) => {
                // One that was refused anchors nothing.
                let is_anchor = |record: &Record, result: Option<&TransactionResult>| {
                    holds_root_of(record, proof) && result.is_none_or(|result| result.code == 0)
                };
                return self.search.look(block, before, now, start, is_anchor);
            }
            Wanted::Subject { subject, from, to, withhold } => {
                let key = Table::SubjectLogs.key(&[&subject.0]);
                if self.end.is_none() {
                    self.records.extend(block, before, subject, withhold);
                    self.records.begin(block, *from, &key)?;
                }
                is_end(to).then_some(key)
            }
            Wanted::Consent { subject, consent, to } => {
                if let Some(before) = before.filter(|_| self.is_sought) {
                    let accepted = before.accepted(block.results_before());
                    for found in accepted.filter_map(|(_, record, _)| subject_of(record, consent)) {
                        self.is_ambiguous |= subject.is_some_and(|known| known != found);
                        *subject = Some(found);
                    }
                }
                let key = subject.map(|subject| Table::Consents.key(&[&subject.0, &consent.0]));
                key.filter(|_| is_end(to))
            }
            Wanted::NoSigner { key, to } => is_end(to).then(|| Table::Numbers.key(&[&key.0])),
        };
        if let Some(key) = key {
            self.end = Some((height, block.prove(&key).ok_or(BuildError::NoState)?));
        }
        Ok(())
    }

    /// A record that is to be withheld, and stands in none of the lists.
    pub(super) fn not_listed(&self, all: &[Self]) -> Option<Hash> {
        let Wanted::Subject { withhold, .. } = &self.wanted else { return None };
        let is_listed = |id: &Hash| all.iter().any(|other| other.records.withheld.contains(id));
        withhold.iter().find(|id| !is_listed(id)).copied()
    }

    /// The headers that it needs.
    pub(super) fn heights(&self) -> impl Iterator<Item = u64> {
        let proofs = self.records.before.iter().chain(&self.end).map(|(height, _)| *height);
        let head = self.head.into_iter();
        proofs.chain(self.search.heights()).chain(head)
    }

    /// The claims that it comes to, after those that are there.
    pub(super) fn claim(
        self,
        number: usize,
        heights: &[u64],
        claims: &mut Vec<Claim>,
    ) -> Result<(), BuildError> {
        if self.is_ambiguous {
            return Err(BuildError::Ambiguous { number });
        }
        let Self { wanted, search, records, end, head, .. } = self;
        let index = |height: u64| heights.binary_search(&height).ok().map(to_u64);
        let missing = || BuildError::NotFound { number, kind: wanted.name() };
        let end = end.and_then(|(height, proof)| Some((index(height)?, proof)));
        match &wanted {
            Wanted::Header => {
                let header = head.and_then(index).ok_or_else(missing)?;
                claims.push(Claim::Header(HeaderClaim { header }));
            }
            Wanted::Record(_) => claims.push(search.claim(heights).ok_or_else(missing)?),
            Wanted::Document(proof) => {
                let record = claims.iter().filter(|claim| matches!(claim, Claim::Record(_)));
                let record = to_u64(record.count());
                claims.push(search.claim(heights).ok_or_else(missing)?);
                let proof = proof.to_bytes().into();
                claims.push(Claim::Document(DocumentClaim { record, proof }));
            }
            Wanted::Subject { subject, .. } => {
                let (header, proof) = end.ok_or_else(missing)?;
                let before = records.before.map(|(height, proof)| {
                    let header = index(height).ok_or_else(missing)?;
                    Ok(Before { header, proof: proof.encode().into() })
                });
                claims.push(Claim::Subject(Box::new(SubjectClaim {
                    subject: *subject,
                    before: before.transpose()?,
                    header,
                    proof: proof.encode().into(),
                    records: list(records.entries)?,
                })));
            }
            Wanted::Consent { subject, consent, .. } => {
                let ((header, proof), subject) = end.zip(*subject).ok_or_else(missing)?;
                claims.push(if matches!(proof.end, End::Value(_)) {
                    let (consent, proof) = (*consent, proof.encode().into());
                    Claim::Consent(ConsentClaim { subject, consent, header, proof })
                } else {
                    absence(Absent::Consent, subject, Some(*consent), header, &proof)
                });
            }
            Wanted::NoSigner { key, .. } => {
                let (header, proof) = end.ok_or_else(missing)?;
                if matches!(proof.end, End::Value(_)) {
                    return Err(missing());
                }
                claims.push(absence(Absent::Signer, *key, None, header, &proof));
            }
        }
        Ok(())
    }
}

impl Records {
    /// Begins at the first block of the range, where the log before it is proven.
    fn begin(
        &mut self,
        block: &impl Attested,
        from: Option<u64>,
        key: &[u8],
    ) -> Result<(), BuildError> {
        let header = block.header();
        let (height, is_first) = (header.height, header.last_block_id.is_zero());
        if self.is_begun || from.is_some_and(|from| from > height) {
            return Ok(());
        }
        self.is_begun = true;
        if is_first {
            return Ok(());
        }
        if let Some(from) = from.filter(|from| *from < height) {
            return Err(BuildError::Height { height: from });
        }
        self.before = Some((height, block.prove(key).ok_or(BuildError::NoState)?));
        Ok(())
    }

    /// Takes the records of the block before.
    fn extend(
        &mut self,
        block: &impl Attested,
        before: Option<&Held>,
        subject: &PublicKey,
        withhold: &BTreeSet<Hash>,
    ) {
        let Some(before) = before.filter(|_| self.is_begun) else { return };
        let height = before.header.height;
        for (index, record, result) in before.accepted(block.results_before()) {
            if record.body.subject() != Some(subject) {
                continue;
            }
            self.entries.push(if withhold.contains(&record.id) {
                self.withheld.insert(record.id);
                Entry::Withheld(log_leaf(height, index, record, result))
            } else {
                let transaction = before.transactions.get(index).cloned().unwrap_or_default();
                Entry::Shown(Shown {
                    height,
                    index: to_u64(index),
                    transaction: transaction.into(),
                    data: result.data.clone().into(),
                })
            });
        }
    }
}

fn absence(
    absent: Absent,
    key: PublicKey,
    consent: Option<Identifier>,
    header: u64,
    proof: &Proof,
) -> Claim {
    Claim::Absence(AbsenceClaim { absent, key, consent, header, proof: proof.encode().into() })
}

fn subject_of(record: &Record, consent: &Identifier) -> Option<PublicKey> {
    let Body::Consent(body) = &record.body else { return None };
    (body.consent == *consent).then_some(body.subject)
}

fn holds_root_of(record: &Record, proof: &DocumentProof) -> bool {
    matches!(&record.body, Body::Anchor(anchor)
        if anchor.root == proof.claimed_root && anchor.leaf_count == proof.inclusion.leaf_count())
}
