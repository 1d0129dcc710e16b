//! The files that a command is given.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    time::SystemTime,
};

use vidimus::{packet, snapshot};

use crate::error::CommandError;

/// Bytes that are read at a time.
pub(crate) const CHUNK: usize = 1 << 20;

/// A file as it was when the command started.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    /// The path from the file or folder that was named: the same wherever that lies.
    name: String,
    pub(crate) size: u64,
    modified: Option<SystemTime>,
}

/// What the paths of a command line hold.
#[derive(Debug)]
pub(crate) enum Input {
    /// One snapshot container.
    Snapshot(Source),
    /// One evidence packet.
    Packet(Source),
    /// Files of a raw export, in path order.
    Export(Vec<Source>),
}

impl Input {
    /// Finds the files below `paths` and tells a snapshot and a packet from a raw export by the first
    /// bytes.
    pub(crate) fn open(paths: &[PathBuf]) -> Result<Self, CommandError> {
        let mut sources = Vec::new();
        for source in files(paths)? {
            let head = source.head()?;
            let (is_snapshot, is_packet) =
                (head.starts_with(snapshot::MAGIC), packet::is_packet(&head));
            let is_alone =
                sources.is_empty() && paths.len() == 1 && paths.first() == Some(&source.path);
            match (is_snapshot, is_packet, is_alone) {
                (false, false, _) => sources.push(source),
                (true, _, true) => return Ok(Self::Snapshot(source)),
                (false, true, true) => return Ok(Self::Packet(source)),
                (true, _, false) => return Err(CommandError::Mixed { path: source.path }),
                (false, true, false) => {
                    return Err(CommandError::MixedPacket { path: source.path });
                }
            }
        }
        Ok(Self::Export(sources))
    }
}

/// The files below `paths`: in the order of the paths, below each in path order.
pub(crate) fn files(paths: &[PathBuf]) -> Result<Vec<Source>, CommandError> {
    let mut files = Vec::new();
    for path in paths {
        let mut below = Vec::new();
        collect(path, &mut below)?;
        if below.is_empty() {
            return Err(CommandError::Empty { path: path.clone() });
        }
        let base = path.parent().unwrap_or_else(|| Path::new(""));
        files.extend(below.into_iter().map(|file| {
            let name = file.strip_prefix(base).unwrap_or(&file).display().to_string();
            (file, name)
        }));
    }
    files.into_iter().map(|(path, name)| Source::open(path, name)).collect()
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), CommandError> {
    let read = |source| CommandError::Read { path: path.to_path_buf(), source };
    if !fs::metadata(path).map_err(read)?.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(path).map_err(read)? {
        entries.push(entry.map_err(read)?.path());
    }
    entries.sort();
    entries.iter().try_for_each(|entry| collect(entry, files))
}

impl Source {
    pub(crate) fn open(path: PathBuf, name: String) -> Result<Self, CommandError> {
        match fs::metadata(&path) {
            Ok(data) => Ok(Self { path, name, size: data.len(), modified: data.modified().ok() }),
            Err(source) => Err(CommandError::Read { path, source }),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn reader(&self) -> Result<File, CommandError> {
        File::open(&self.path).map_err(|source| self.error(source))
    }

    pub(crate) fn error(&self, source: io::Error) -> CommandError {
        CommandError::Read { path: self.path.clone(), source }
    }

    /// The first bytes, enough to tell what it is.
    fn head(&self) -> Result<Vec<u8>, CommandError> {
        let mut head = Vec::new();
        let longest = snapshot::MAGIC.len().max(packet::MAGIC.len());
        let limit = u64::try_from(longest).unwrap_or(u64::MAX);
        self.reader()?.take(limit).read_to_end(&mut head).map_err(|source| self.error(source))?;
        Ok(head)
    }

    /// Whether the file is another one by now: what was read may be of two states.
    pub(crate) fn has_changed(&self) -> bool {
        fs::metadata(&self.path)
            .map_or(true, |data| data.len() != self.size || data.modified().ok() != self.modified)
    }

    /// Hands the file over in chunks until `take` returns `false`.
    pub(crate) fn for_each_chunk(
        &self,
        mut take: impl FnMut(&[u8]) -> Result<bool, CommandError>,
    ) -> Result<(), CommandError> {
        let mut file = self.reader()?;
        let mut buffer = vec![0; CHUNK];
        loop {
            let read = file.read(&mut buffer).map_err(|source| self.error(source))?;
            let chunk = buffer.get(..read).unwrap_or_default();
            if chunk.is_empty() || !take(chunk)? {
                return Ok(());
            }
        }
    }
}

/// Reads ranges of several files; keeps the file of the last range open.
#[derive(Debug)]
pub(crate) struct Ranges<'a> {
    sources: &'a [Source],
    open: Option<(usize, File)>,
    buffer: Vec<u8>,
}

impl<'a> Ranges<'a> {
    pub(crate) fn new(sources: &'a [Source]) -> Self {
        Self { sources, open: None, buffer: Vec::new() }
    }

    /// The bytes of a range; fewer only if the file became shorter.
    pub(crate) fn read(
        &mut self,
        source: usize,
        offset: u64,
        length: u64,
    ) -> Result<&[u8], CommandError> {
        let Some(file) = self.sources.get(source) else { return Ok(&[]) };
        let mut open = match self.open.take() {
            Some((index, open)) if index == source => open,
            _ => file.reader()?,
        };
        open.seek(SeekFrom::Start(offset)).map_err(|source| file.error(source))?;
        self.buffer.clear();
        (&mut open)
            .take(length)
            .read_to_end(&mut self.buffer)
            .map_err(|source| file.error(source))?;
        self.open = Some((source, open));
        Ok(&self.buffer)
    }
}
