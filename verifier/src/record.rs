//! Records of the contract: what stands in a transaction, whatever the ledger.
//!
//! The words that records are made of come first: [`codes`] says which concept a code names and what
//! a provision that names it reaches, [`sealing`] how a code stands on the ledger without being read
//! there, [`keys`] with which keys, and [`view`] who can read it all the same.

pub mod codes;
pub mod keys;
pub mod sealing;
pub mod view;
