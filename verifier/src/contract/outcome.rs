//! What becomes of a transaction.

use alloc::vec::Vec;

use super::decision::Decision;
use crate::{
    encoding::cbor::{map, variants},
    record::instant::Instant,
};

variants! {
    /// Result code of a transaction. All but the first leave the state as it was.
    pub enum ResultCode {
        /// It is recorded.
        0 => Accepted "accepted",
        /// It is no record.
        1 => Malformed "malformed",
        /// Its signature is not its signer's.
        2 => Signature "signature",
        /// Its signer has used this sequence number.
        3 => Replayed "replayed",
        /// Its sequence number lies too far below the signer's highest to tell whether it was used.
        4 => BelowWindow "below-window",
        /// Its signer may not sign this.
        5 => NotAuthorized "not-authorized",
        /// It names an organization that is not registered, or not for that.
        6 => UnknownOrganization "unknown-organization",
        /// It names a record that is not there.
        7 => UnknownRecord "unknown-record",
        /// It does not follow the version that is there.
        8 => Version "version",
        /// It registers what is registered.
        9 => Exists "exists",
        /// It gives a key to a second owner, or drops one that signed.
        10 => Keys "keys",
        /// It removes an unknown validator or the last, or makes them too powerful.
        11 => Validators "validators",
        /// There is no room for it.
        12 => Limit "limit",
        /// The state is none that this contract wrote.
        13 => State "state",
    }
}

variants! {
    /// How an access stands to the request that it names.
    pub enum RequestStanding {
        /// It names none.
        1 => NotNamed "not-named",
        /// It is what was asked for, and that was permitted.
        2 => Granted "granted",
        /// The contract had not permitted it.
        3 => Refused "refused",
        /// It is open no longer, or never was one.
        4 => NotOpen "not-open",
        /// It goes beyond what was asked for, or is about something else.
        5 => Exceeded "exceeded",
    }
}

map! {
    /// Result data of a request, and of a custodian's half of an access. Others have none.
    pub struct Judgement {
        /// The moment for which it was decided.
        1 => at: Instant,
        /// Whether that is the block's: always for a request, else where the record's own is not believed.
        2 => is_block_time: bool,
        /// What the consents and the rules say.
        3 => decision: Decision,
        /// How an access stands to its request; none for a request.
        4 => request: Option<RequestStanding>,
    }
}

/// Result of a transaction, as the block's results hold it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TransactionResult {
    /// Whether it is recorded, or why not.
    pub code: ResultCode,
    /// Deterministic CBOR of a [`Judgement`], or nothing.
    pub data: Vec<u8>,
}

impl TransactionResult {
    /// The result of a transaction that leaves the state as it was.
    pub const fn refused(code: ResultCode) -> Self {
        Self { code, data: Vec::new() }
    }
}
