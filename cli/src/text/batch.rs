//! What is said of batches of documents.

use std::{
    fmt::{self, Write as _},
    path::Path,
};

use vidimus::merkle::anchor_tree::{InclusionError, TreeHead};

use super::visible;
use crate::commands::Membership;

/// What to do with a batch; the path of the list goes to the end.
const NEXT: &str = "\
What to do next
  - Put this root and this number into an `anchor` record, signed by the custodian, and have the
    ledger take it up. Until then the proofs show nothing.
  - Keep each .proof file with its document, and hand it out with that document only. It holds the
    salt: if it is lost, nobody can show that the document is in the batch; if others see it, they
    can guess at the document's content.
  - Keep the list to yourself, since it names the files: ";

/// What `vidimus check` does not show.
const NOT_PROVEN: &str = "\
Not proven
  - That any ledger holds this root: you gave it. Take root and leaves from an `anchor` record of a
    ledger that you verified, never from whom you have the file or its proof.
  - That what the file says is true, who wrote it, and that no other version of it exists.
";

/// A batch that was written, and what to do with it.
pub(crate) fn anchored(head: &TreeHead, folder: &Path, list: &str) -> String {
    let mut out = String::new();
    line!(out, "root    {}", head.root);
    line!(out, "leaves  {}", head.leaf_count);
    line!(out);
    out.push_str(NEXT);
    line!(out, "{}", visible(&folder.join(list).display().to_string()));
    out
}

/// Whether a file is in a batch. What is not proven is never left out.
pub(crate) fn membership(membership: &Membership) -> String {
    let mut out = String::new();
    line!(out, "{}", headline(membership));
    match membership {
        Membership::Shown(included) => {
            let head = included.head();
            line!(out, "This exact file is in it, byte for byte.");
            line!(out, "  root      {}", head.root);
            line!(out, "  leaf      {} of {}, counted from 0", included.index(), head.leaf_count);
            line!(out, "  digest    {}", included.digest());
        }
        Membership::NotShown(error) => {
            line!(out, "{error}.");
            if let Some(explanation) = explanation(error) {
                line!(out, "  Two things explain this: {explanation}.");
            }
        }
        Membership::NoProof(error) => {
            line!(out, "The proof is no file of `vidimus anchor`, or was altered: {error}.");
        }
        Membership::Changed => {
            line!(out, "The file changed while it was read.");
            line!(out, "  Copy it to a place where nothing writes to it and start again.");
        }
    }
    line!(out);
    out.push_str(NOT_PROVEN);
    out
}

fn headline(membership: &Membership) -> &'static str {
    match membership {
        Membership::Shown(_) => "IN THE BATCH with the root that you gave",
        Membership::NotShown(_) | Membership::NoProof(_) => {
            "NOT SHOWN to be in the batch with the root that you gave"
        }
        Membership::Changed => "COULD NOT BE DETERMINED  changed-file",
    }
}

fn explanation(error: &InclusionError) -> Option<&'static str> {
    match error {
        InclusionError::ClaimedRoot { .. } => {
            Some("the proof is for another batch, or the root was mistyped")
        }
        InclusionError::LeafCount { .. } => {
            Some("the number of leaves was mistyped, or the proof was altered")
        }
        InclusionError::Root { .. } => Some(
            "the file is not the one that was anchored, to the last byte, or the proof was altered",
        ),
        _ => None,
    }
}
