//! `vidimus anchor`: a batch of files into one root, a proof for each, and a list for the
//! custodian.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use vidimus::merkle::anchor_tree::{
    AnchorTreeError, BatchList, BatchListError, Document, DocumentHasher, DocumentProof,
    MAX_LEAVES, Salt,
};

use super::print;
use crate::{
    arguments::Anchor,
    drive,
    error::CommandError,
    input::{self, Source},
    text,
};

/// The custodian's list, in the output directory.
const LIST: &str = "batch.cbor";

/// Bytes of a document's name that go into the name of its proof: file systems take 255 in all.
const NAME_BYTES: usize = 200;

/// What was written is removed if the command fails.
pub(crate) fn anchor(arguments: &Anchor) -> Result<ExitCode, CommandError> {
    let sources = input::files(&arguments.paths)?;
    // Said before gigabytes are hashed.
    let count = u64::try_from(sources.len()).unwrap_or(u64::MAX);
    if count > MAX_LEAVES {
        return Err(BatchListError::Tree(AnchorTreeError::TooManyLeaves { count }).into());
    }
    let salts: Vec<Salt> = sources.iter().map(|_| draw_salt()).collect::<Result<_, _>>()?;
    let digests = drive::digests(&sources, salts.iter().map(DocumentHasher::new))?;
    if let Some(source) = sources.iter().find(|source| source.has_changed()) {
        return Err(CommandError::Changed { path: source.path.clone() });
    }
    let named = sources.iter().zip(digests);
    let documents = named.map(|(source, digest)| Document { name: source.name().into(), digest });
    let list = BatchList::new(documents.collect())?;

    let mut output = Output::create(&arguments.output)?;
    if let Err(error) = write(&mut output, &list, &sources, salts) {
        // The error that is shown is the one that matters.
        output.remove();
        return Err(error);
    }
    print(&text::batch::anchored(&list.tree().head(), &output.folder, LIST))?;
    Ok(ExitCode::SUCCESS)
}

/// The list comes last: where there is one, every proof is there.
fn write(
    output: &mut Output,
    list: &BatchList,
    sources: &[Source],
    salts: Vec<Salt>,
) -> Result<(), CommandError> {
    let claimed_root = list.tree().head().root;
    let width = sources.len().saturating_sub(1).to_string().len();
    for (index, (source, salt)) in (0_u64..).zip(sources.iter().zip(salts)) {
        if drive::is_cancelled() {
            return Err(CommandError::Cancelled);
        }
        let inclusion = list.tree().proof(index)?;
        let proof = DocumentProof { salt, inclusion, claimed_root };
        let name = format!("{index:0width$}-{}.proof", short_name(&source.path));
        output.write(&name, &proof.to_bytes())?;
    }
    output.write(LIST, &list.to_bytes())
}

/// The file's own name, cut at a character if it is long.
fn short_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let end = name.floor_char_boundary(NAME_BYTES);
    name.get(..end).unwrap_or_default().to_owned()
}

fn draw_salt() -> Result<Salt, CommandError> {
    let mut bytes = [0; Salt::LENGTH];
    getrandom::fill(&mut bytes).map_err(CommandError::Random)?;
    Ok(Salt::from_bytes(bytes))
}

/// A directory, and what this run put there.
#[derive(Debug)]
struct Output {
    folder: PathBuf,
    is_new: bool,
    written: Vec<PathBuf>,
}

impl Output {
    fn create(folder: &Path) -> Result<Self, CommandError> {
        let is_new = match fs::create_dir(folder) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => false,
            Err(source) => return Err(CommandError::Write { path: folder.to_owned(), source }),
        };
        Ok(Self { folder: folder.to_owned(), is_new, written: Vec::new() })
    }

    /// Writes a file that does not exist yet, and waits until it is on the disk: a lost salt cannot
    /// be computed again.
    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), CommandError> {
        let path = self.folder.join(name);
        let write = |source| CommandError::Write { path: path.clone(), source };
        let mut file = File::create_new(&path).map_err(write)?;
        self.written.push(path.clone());
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(write)
    }

    fn remove(&self) {
        for path in &self.written {
            drop(fs::remove_file(path));
        }
        if self.is_new {
            drop(fs::remove_dir(&self.folder));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_between_characters() {
        assert_eq!(short_name(Path::new("a/visit.pdf")), "visit.pdf");
        assert_eq!(short_name(Path::new(&"\u{e4}".repeat(100))), "\u{e4}".repeat(100));
        assert_eq!(short_name(Path::new(&format!("x{}", "\u{e4}".repeat(100)))).len(), 199);
    }

    #[test]
    fn salts_are_drawn_anew() {
        assert_ne!(draw_salt().unwrap(), draw_salt().unwrap());
    }
}
