//! Drives the library: reads files, feeds bytes, has signatures checked.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use vidimus::{
    ChangedInput, SecondPass, TrustedInput, Verification,
    import::{ImportError, Importer, Index, Scanner},
    limits::Limits,
    merkle::anchor_tree::{DocumentHasher, SaltedDigest},
    report::{Reason, Report},
};

use crate::{
    error::CommandError,
    input::{Input, Ranges, Source},
    pool::Pool,
    progress::Meter,
};

/// Set by Ctrl-C.
static CANCELLED: LazyLock<Arc<AtomicBool>> = LazyLock::new(|| {
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&cancelled);
    // Without a handler Ctrl-C ends the process, which is cancelled just as well.
    drop(ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)));
    cancelled
});

/// From here on Ctrl-C stops the work in an orderly way: a report, and no file left half written.
fn heed_interrupts() {
    LazyLock::force(&CANCELLED);
}

pub(crate) fn is_cancelled() -> bool {
    CANCELLED.load(Ordering::Relaxed)
}

/// Threads for signatures: as asked, else one for each core.
pub(crate) fn threads(asked: Option<u16>) -> usize {
    asked.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from)
}

/// Runs a verification over the input to its report, and what a second pass needs.
pub(crate) fn verify(
    mut verification: Verification,
    input: &Input,
    limits: &Limits,
    threads: usize,
) -> Result<(Report, Option<TrustedInput>), CommandError> {
    heed_interrupts();
    let pool = Pool::new(threads);
    let sources = match input {
        Input::Snapshot(source) | Input::Packet(source) => {
            let meter = Meter::new("verifying", source.size);
            source.for_each_chunk(|chunk| {
                feed(&mut verification, &pool, chunk);
                let progress = verification.progress(0);
                meter.bytes(progress.bytes);
                meter.verified(progress.blocks, progress.signatures);
                Ok(!is_cancelled())
            })?;
            std::slice::from_ref(source)
        }
        Input::Export(sources) => {
            match verify_export(&mut verification, &pool, sources, limits) {
                Err(CommandError::Import(error)) => verification.end_import(&error),
                Err(CommandError::Cancelled) => {
                    return Ok((verification.abandon(Reason::Cancelled), None));
                }
                result => result?,
            }
            sources
        }
    };
    while !is_cancelled() && !verification.end() {
        pool.help(&mut verification);
    }
    pool.exchange(&mut verification);
    while !is_cancelled() && verification.progress(0).outstanding > 0 {
        pool.help(&mut verification);
    }
    if is_cancelled() {
        return Ok((verification.abandon(Reason::Cancelled), None));
    }
    if sources.iter().any(Source::has_changed) {
        return Ok((verification.abandon(Reason::ChangedFile), None));
    }
    Ok(verification.conclude())
}

/// Reads the same input again; `take` is called whenever more transactions may have come to light.
pub(crate) fn second_pass(
    mut pass: SecondPass,
    input: &Input,
    limits: &Limits,
    mut take: impl FnMut(&mut SecondPass) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let path = match input {
        Input::Snapshot(source) | Input::Packet(source) => {
            let meter = Meter::new("reading again", source.size);
            let mut done: u64 = 0;
            source.for_each_chunk(|chunk| {
                pass.feed(chunk);
                done = done.saturating_add(u64::try_from(chunk.len()).unwrap_or_default());
                meter.bytes(done);
                take(&mut pass)?;
                Ok(!is_cancelled())
            })?;
            source.path.clone()
        }
        Input::Export(sources) => {
            let index = scan(sources, limits)?;
            import(sources, index, |chunk, _| {
                pass.feed(chunk);
                take(&mut pass)
            })?;
            sources.first().map(|source| source.path.clone()).unwrap_or_default()
        }
    };
    if is_cancelled() {
        return Err(CommandError::Cancelled);
    }
    pass.finish().map_err(|ChangedInput| CommandError::Changed { path })?;
    take(&mut pass)
}

/// Hands over a snapshot, or what an export is imported to, from its first byte to its last.
pub(crate) fn read(
    input: &Input,
    limits: &Limits,
    mut take: impl FnMut(&[u8]) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    heed_interrupts();
    match input {
        Input::Packet(source) => return Err(CommandError::IsPacket { path: source.path.clone() }),
        Input::Snapshot(source) => {
            let meter = Meter::new("reading", source.size);
            let mut done: u64 = 0;
            source.for_each_chunk(|chunk| {
                take(chunk)?;
                done = done.saturating_add(u64::try_from(chunk.len()).unwrap_or_default());
                meter.bytes(done);
                Ok(!is_cancelled())
            })?;
        }
        Input::Export(sources) => {
            let index = scan(sources, limits)?;
            import(sources, index, |chunk, _| take(chunk))?;
        }
    }
    let sources = match input {
        Input::Snapshot(source) | Input::Packet(source) => std::slice::from_ref(source),
        Input::Export(sources) => sources,
    };
    if is_cancelled() {
        return Err(CommandError::Cancelled);
    }
    match sources.iter().find(|source| source.has_changed()) {
        Some(source) => Err(CommandError::Changed { path: source.path.clone() }),
        None => Ok(()),
    }
}

/// The bytes of a packet, as far as the limit allows: more are no packet that could be verified.
pub(crate) fn packet(source: &Source, limits: &Limits) -> Result<Vec<u8>, CommandError> {
    let mut bytes = Vec::new();
    if source.size <= limits.packet_bytes {
        source.for_each_chunk(|chunk| {
            bytes.extend_from_slice(chunk);
            Ok(u64::try_from(bytes.len()).is_ok_and(|length| length <= limits.packet_bytes))
        })?;
    }
    Ok(bytes)
}

fn verify_export(
    verification: &mut Verification,
    pool: &Pool,
    sources: &[Source],
    limits: &Limits,
) -> Result<(), CommandError> {
    let index = scan(sources, limits)?;
    import(sources, index, |chunk, meter| {
        feed(verification, pool, chunk);
        let progress = verification.progress(0);
        meter.verified(progress.blocks, progress.signatures);
        Ok(())
    })
}

/// Feeds a chunk whole, checking signatures whenever too many are outstanding.
fn feed(verification: &mut Verification, pool: &Pool, chunk: &[u8]) {
    let mut rest = chunk;
    while !rest.is_empty() && !is_cancelled() {
        let consumed = verification.feed(rest).consumed;
        rest = rest.get(consumed..).unwrap_or_default();
        if consumed == 0 {
            pool.help(verification);
        } else {
            pool.exchange(verification);
        }
    }
}

/// First pass over a raw export: what is where.
pub(crate) fn scan(sources: &[Source], limits: &Limits) -> Result<Index, CommandError> {
    heed_interrupts();
    let total = sources.iter().fold(0_u64, |sum, source| sum.saturating_add(source.size));
    let meter = Meter::new("scanning", total);
    let mut scanner = Scanner::new(limits.clone());
    let mut done: u64 = 0;
    for source in sources {
        scanner.start_source(source.name())?;
        source.for_each_chunk(|chunk| {
            scanner.feed(chunk)?;
            done = done.saturating_add(u64::try_from(chunk.len()).unwrap_or_default());
            meter.bytes(done);
            Ok(!is_cancelled())
        })?;
        if is_cancelled() {
            return Err(CommandError::Cancelled);
        }
        scanner.end_source()?;
    }
    Ok(scanner.finish()?)
}

/// Second pass: hands the container over as it grows.
pub(crate) fn import(
    sources: &[Source],
    index: Index,
    mut take: impl FnMut(&[u8], &Meter) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let total = sources.iter().fold(0_u64, |sum, source| sum.saturating_add(source.size));
    let meter = Meter::new("importing", total);
    let mut importer = Importer::new(index);
    let mut ranges = Ranges::new(sources);
    let mut done: u64 = 0;
    while let Some(request) = importer.next_request() {
        if is_cancelled() {
            return Err(CommandError::Cancelled);
        }
        let bytes = ranges.read(request.source, request.offset, request.length)?;
        let supplied: Result<(), ImportError> = importer.supply(bytes);
        take(&importer.take_output(), &meter)?;
        supplied?;
        done = done.saturating_add(request.length);
        meter.bytes(done);
    }
    take(&importer.take_output(), &meter)
}

/// The salted digest of a file.
pub(crate) fn digest(
    source: &Source,
    hasher: DocumentHasher,
) -> Result<SaltedDigest, CommandError> {
    digest_from(0, source, hasher, &Meter::new("hashing", source.size))
}

/// The salted digests of files, each by the hasher at its place.
pub(crate) fn digests(
    sources: &[Source],
    hashers: impl IntoIterator<Item = DocumentHasher>,
) -> Result<Vec<SaltedDigest>, CommandError> {
    let total = sources.iter().fold(0_u64, |sum, source| sum.saturating_add(source.size));
    let meter = Meter::new("hashing", total);
    let mut done: u64 = 0;
    let mut digests = Vec::with_capacity(sources.len());
    for (source, hasher) in sources.iter().zip(hashers) {
        digests.push(digest_from(done, source, hasher, &meter)?);
        done = done.saturating_add(source.size);
    }
    Ok(digests)
}

fn digest_from(
    mut done: u64,
    source: &Source,
    mut hasher: DocumentHasher,
    meter: &Meter,
) -> Result<SaltedDigest, CommandError> {
    heed_interrupts();
    source.for_each_chunk(|chunk| {
        hasher.update(chunk);
        done = done.saturating_add(u64::try_from(chunk.len()).unwrap_or_default());
        meter.bytes(done);
        Ok(!is_cancelled())
    })?;
    if is_cancelled() { Err(CommandError::Cancelled) } else { Ok(hasher.finish()) }
}
