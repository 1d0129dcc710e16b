//! By which right somebody signs for a subject.

use crate::encoding::{
    cbor::{map, variants},
    hex::Hash,
};

variants! {
    /// How the signer stands to the subject.
    pub enum Relation {
        /// The subject's own key, or the one that a signed rotation put in its place.
        1 => Own "self",
        /// A parent of a minor.
        2 => Parent "parent",
        /// A guardian appointed by an authority.
        3 => Guardian "guardian",
        /// Somebody whom the subject chose.
        4 => Proxy "proxy",
    }
}

map! {
    /// By which right the signer acts. The chain of delegations is followed at the time of use.
    pub struct Authority {
        /// How the signer stands to the subject.
        1 => relation: Relation,
        /// The delegation that gives the signer's key the right; none for the subject's own.
        2 => delegation: Option<Hash>,
    }
}
