//! Pages: which components stand where.

pub(crate) mod verify;
