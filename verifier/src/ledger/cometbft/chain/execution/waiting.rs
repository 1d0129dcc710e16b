//! A block that waits for what attests it.

use alloc::{
    boxed::Box,
    collections::BTreeMap,
    format,
    string::{String, ToString as _},
    vec::Vec,
};

use crate::{
    audit::{self, Act, Audit},
    check::CheckId,
    contract::{
        machine::{Contract, ContractBlock, Executed, Transacted, code_number},
        outcome,
    },
    encoding::{
        hex::{Hash, PublicKey},
        protobuf::Reader,
        to_u64,
    },
    ledger::cometbft::{
        header::Header,
        places::elements,
        results::{BlockResults, TransactionResult},
        rules::{At, differ, show, within_limit},
        validator::{Validator, ValidatorKey, ValidatorList, ValidatorSet},
    },
    limits::Limits,
    record::{envelope::Envelope, instant::Instant},
    report::{Evidence, Locus, Reason, Unsupported},
    signature::SignatureRule,
    verification::{
        recorder::{Origin, Place, Recorder, Stop},
        trust::Provisional,
    },
};

/// A block that waits for the header after it.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) at: At,
    pub(super) height: u64,
    pub(super) time: Instant,
    /// The block's bytes.
    pub(super) bytes: Vec<u8>,
}

/// What became of a block's transactions.
pub(super) type Outcomes = (Vec<outcome::TransactionResult>, Vec<Transacted>);

impl Waiting {
    /// Runs the block, and compares with what the header after it commits to.
    pub(super) fn verify(
        &self,
        recorder: &mut Recorder,
        contract: &mut Contract,
        header: &Header,
        set: &ValidatorSet,
        given: Option<&BlockResults>,
        at: At,
    ) -> Result<Outcomes, Stop> {
        let transactions: Vec<_> = self.transactions().map(|reader| reader.rest()).collect();
        let chain_id = &*header.chain_id;
        let mut signed = Vec::new();
        // Signatures are checked in batches, with all others: if taking them for good gives what the
        // header commits to, then they must be. If not, some are not, and are told apart one by one.
        let mut accepted = self.run(contract, &transactions, |envelope| {
            signed.push(Signed::of(envelope, chain_id));
            true
        })?;
        let claimed = header.last_results_hash;
        let mut computed = results(&accepted);
        let mut hash = computed.compute_hash();
        let is_optimistic = claimed == Some(hash);
        if !is_optimistic {
            let mut verify = |envelope: &Envelope<'_>| {
                let holds = envelope.verify(chain_id).is_ok();
                if holds {
                    recorder.pass(CheckId::ContractSignature);
                }
                holds
            };
            accepted = self.run(contract, &transactions, &mut verify)?;
            computed = results(&accepted);
            hash = computed.compute_hash();
        }
        recorder.require(CheckId::ContractResults, claimed == Some(hash), || {
            self.difference(given, &computed).unwrap_or_else(|| {
                (at.locus("header.last_results_hash"), differ(&show(claimed), &hash))
            })
        })?;
        if is_optimistic {
            self.oblige(recorder, &signed, &accepted.transacted);
        }
        let outcomes =
            (core::mem::take(&mut accepted.results), core::mem::take(&mut accepted.transacted));
        let next = following(set, &accepted.validators);
        let root = contract.commit(accepted);
        recorder.require(CheckId::ContractAppHash, header.app_hash == root.0, || {
            (at.locus("header.app_hash"), differ(&show_bytes(&header.app_hash), &root))
        })?;
        let is_next = header.next_validators_hash == Some(next);
        recorder.require(CheckId::ContractValidators, is_next, || {
            let claimed = show(header.next_validators_hash);
            (at.locus("header.next_validators_hash"), differ(&claimed, &next))
        })?;
        Ok(outcomes)
    }

    pub(super) fn run(
        &self,
        contract: &Contract,
        transactions: &[&[u8]],
        verify: impl FnMut(&Envelope<'_>) -> bool,
    ) -> Result<Executed, Stop> {
        let block = ContractBlock { height: self.height, time: self.time, transactions };
        contract.execute(block, verify).map_err(|_| {
            let locus = Box::new(self.at.locus("block"));
            Stop::Inconclusive(Reason::Unsupported(Unsupported::Contract), locus)
        })
    }

    pub(super) fn transactions(&self) -> impl Iterator<Item = Reader<'_>> {
        let data = elements(Reader::new(&self.bytes), 2).next();
        data.into_iter().flat_map(|data| elements(data, 1))
    }

    /// Asks for the signatures of all records to be checked: the n-th is that of the n-th transaction
    /// that is a record.
    fn oblige(&self, recorder: &mut Recorder, signed: &[Signed], transacted: &[Transacted]) {
        let records = self.transactions().zip(transacted).enumerate();
        let records = records.filter(|(_, (_, transacted))| transacted.record.is_ok());
        for ((index, (transaction, _)), signed) in records.zip(signed) {
            let Signed { key, message, signature } = signed;
            // The signature is the last of a record.
            let before = transaction.rest().len().saturating_sub(signature.len());
            let within = transaction.offset().saturating_add(before);
            let origin = Origin {
                check: CheckId::ContractSignature,
                height: self.height,
                place: Place::Record,
                index,
                offset: self.at.offset.saturating_add(to_u64(within)),
            };
            recorder.oblige(SignatureRule::Consent, key, message, signature, origin);
            recorder.pass(CheckId::ContractSignature);
        }
    }

    /// The block as a place.
    pub(super) fn place(&self) -> audit::Place {
        let Self { height, time, at, .. } = self;
        audit::Place { height: *height, index: None, offset: at.offset, time: *time }
    }

    /// Lets the audit look at the block, which the contract's state is after.
    pub(super) fn audit(
        &self,
        audit: &mut Provisional<Option<Box<Audit>>>,
        contract: &Contract,
        (results, transacted): &Outcomes,
        limits: &Limits,
    ) -> Result<(), Stop> {
        let mut weight = 0;
        let acts = self.transactions().zip(results).zip(transacted).enumerate();
        let acts = acts.map(|(index, ((transaction, result), transacted))| {
            let offset = self.at.offset.saturating_add(to_u64(transaction.offset()));
            let place = audit::Place { index: Some(to_u64(index)), offset, ..self.place() };
            let Transacted { record, judgement } = transacted;
            let (record, judgement) = (record.as_ref(), judgement.as_ref());
            Act::new(place, result.code, record, judgement)
        });
        let acts = acts.collect();
        audit.update(|audit| {
            if let Some(audit) = audit {
                audit.block(contract, acts);
                weight = audit.weight();
            }
        });
        within_limit(weight, limits.audit_bytes, "audit_bytes", self.at)
    }

    /// The first transaction whose result is another than was given with the block, and both results.
    fn difference(
        &self,
        given: Option<&BlockResults>,
        computed: &BlockResults,
    ) -> Option<(Locus, Evidence)> {
        let pairs = given?.results.iter().zip(&computed.results);
        let mut pairs = pairs.zip(self.transactions()).enumerate();
        let (index, ((claimed, computed), transaction)) =
            pairs.find(|(_, ((claimed, computed), _))| claimed != computed)?;
        let offset = self.at.offset.saturating_add(to_u64(transaction.offset()));
        let locus = Locus { offset: Some(offset), ..self.at.locus(&format!("block.txs[{index}]")) };
        Some((locus, differ(&shown(claimed), &shown(computed))))
    }
}

/// What a record's signature is of.
struct Signed {
    key: [u8; 32],
    message: Vec<u8>,
    signature: [u8; 64],
}

impl Signed {
    fn of(envelope: &Envelope<'_>, chain_id: &str) -> Self {
        let (key, signature) = (envelope.signer.0, envelope.signature);
        Self { key, message: envelope.signed_bytes(chain_id), signature }
    }
}

/// What the contract says of each transaction, in CometBFT's words: it asks for no gas.
fn results(executed: &Executed) -> BlockResults {
    let result = |result: &outcome::TransactionResult| TransactionResult {
        code: code_number(result.code),
        data: result.data.clone(),
        gas_wanted: 0,
        gas_used: 0,
    };
    BlockResults { results: executed.results.iter().map(result).collect() }
}

/// The hash of the set after `set`, with these powers changed.
fn following(set: &ValidatorSet, changes: &BTreeMap<PublicKey, u64>) -> Hash {
    if changes.is_empty() {
        return set.hash();
    }
    let mut powers: BTreeMap<_, _> =
        set.members().iter().map(|member| (member.key, member.power)).collect();
    powers.extend(changes);
    let validators =
        powers.into_iter().filter(|(_, power)| *power > 0).filter_map(|(key, power)| {
            let key = ValidatorKey::Ed25519(key);
            Some(Validator { address: key.compute_address()?, key, power })
        });
    let mut list = ValidatorList { validators: validators.collect() };
    list.sort();
    list.compute_hash()
}

pub(super) fn show_bytes(bytes: &[u8]) -> String {
    if bytes.is_empty() { "(empty)".to_string() } else { ::hex::encode_upper(bytes) }
}

fn shown(result: &TransactionResult) -> String {
    format!("code {}, data {}", result.code, show_bytes(&result.data))
}
