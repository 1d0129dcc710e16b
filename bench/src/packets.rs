//! Evidence packets: how large they are, what they cost beside their signatures, and what it takes to make
//! one from a large ledger.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs::{self, File},
    io::Read,
    path::Path,
    process::Command,
    time::Duration,
};

use vidimus::{
    InputKind, Verification,
    anchor::{Anchors, TrustAnchor},
    encoding::{
        hex::{Hash, PublicKey},
        protobuf::decode_canonical,
    },
    ledger::cometbft::{block::Block, header::Header},
    limits::Limits,
    packet::{
        Packet,
        build::{SnapshotBuilder, Wanted},
        claim::{Claim, Entry},
    },
    policy::Policy,
    record::{Body, Record},
    report::{Report, Status},
    signature::Batch,
    snapshot::{Item, Kind, Reader},
};

use crate::{
    large::{peak_row, run, watch},
    ledger::{Ledger, tool},
    row::{Row, shortest},
};

const RUNS: u32 = 200;
/// Accesses of one subject.
const ACCESSES: usize = 200;

/// What is measured of packets; those that Node and Chromium verify too are left in `root`/packets.
pub(crate) fn measure(root: &Path) -> Result<Vec<Row>, Box<dyn Error>> {
    let ledger = Ledger::network(root.join("packets"), 20, [24, 6_000], "0")?;
    let mut rows = Vec::new();
    let chosen = Chosen::of(&ledger)?;
    let record = || vec![Wanted::Record(chosen.record)];
    for (name, where_from, height) in [
        ("below", "below, over a commit", chosen.first),
        ("above", "above, by hashes", chosen.last),
    ] {
        let made = Made::new(&ledger, chosen.anchor(height)?, record())?;
        let what = format!("packet of one record, 20 validators, anchor {where_from}");
        rows.push(Row {
            what: format!("{what}: size"),
            figure: format!("{} bytes", made.bytes.len()),
            goal: "≤ 8 kB",
        });
        let (whole, alone) = made.times()?;
        rows.push(Row {
            what: format!("{what}: verification ÷ its signatures alone ({} µs)", whole.as_micros()),
            figure: format!("{:.2}", whole.as_secs_f64() / alone.as_secs_f64()),
            goal: "< 2",
        });
        made.write(&ledger, name)?;
    }
    rows.push(subject_row(&ledger, &chosen)?);
    rows.extend(making(root)?);
    Ok(rows)
}

/// What of a ledger packets are made about.
struct Chosen {
    anchor: TrustAnchor,
    /// Hashes of all headers.
    hashes: BTreeMap<u64, Hash>,
    first: u64,
    last: u64,
    /// An access in the middle of the subject's.
    record: Hash,
    subject: PublicKey,
    /// Height of the block with the last of the subject's accesses that are wanted.
    until: u64,
}

impl Chosen {
    /// The subject who has enough accesses first.
    fn of(ledger: &Ledger) -> Result<Self, Box<dyn Error>> {
        let mut hashes = BTreeMap::new();
        let mut accesses: BTreeMap<PublicKey, Vec<Hash>> = BTreeMap::new();
        let mut found = None;
        each_block(File::open(ledger.container())?, |header, records| {
            hashes.extend(header.compute_hash().map(|hash| (header.height, hash)));
            for (id, subject) in records.iter().filter_map(access_of) {
                let of_subject = accesses.entry(subject).or_default();
                of_subject.push(id);
                if of_subject.len() == ACCESSES && found.is_none() {
                    found = Some((subject, header.height));
                }
            }
            true
        })?;
        let (subject, until) = found.ok_or("nobody has so many accesses")?;
        let of_subject = accesses.get(&subject).and_then(|ids| ids.get(ACCESSES / 2));
        let anchors = Anchors::parse(&ledger.anchor, &Limits::default())?;
        Ok(Self {
            anchor: anchors.anchors.into_iter().next().ok_or("no anchor")?,
            first: *hashes.keys().next().ok_or("no block")?,
            last: *hashes.keys().next_back().ok_or("no block")?,
            hashes,
            record: *of_subject.ok_or("no access")?,
            subject,
            until,
        })
    }

    /// The anchor at a height of the ledger.
    fn anchor(&self, height: u64) -> Result<TrustAnchor, Box<dyn Error>> {
        let header_hash = *self.hashes.get(&height).ok_or("no such block")?;
        Ok(TrustAnchor { height, header_hash, ..self.anchor.clone() })
    }
}

/// Whose record an access opened.
fn access_of(record: &Record) -> Option<(Hash, PublicKey)> {
    let Body::Access(access) = &record.body else { return None };
    Some((record.id, access.subject))
}

/// Shows the blocks of a container with their records, until there are enough.
fn each_block(
    mut source: impl Read,
    mut is_more_wanted: impl FnMut(&Header, &[Record]) -> bool,
) -> Result<(), Box<dyn Error>> {
    let mut reader = Reader::new(Limits::default());
    let mut chunk = vec![0; 1 << 20];
    loop {
        let read = source.read(&mut chunk)?;
        if read == 0 {
            return Ok(());
        }
        reader.feed(chunk.get(..read).unwrap_or_default());
        while let Some(item) = reader.next_item()? {
            let Item::Payload { kind: Kind::Block, bytes, .. } = item else { continue };
            let Block { header, transactions, .. } =
                decode_canonical::<Block<'_>>(&bytes)?.into_inner();
            let records = transactions.iter().filter_map(|bytes| {
                Record::decode(bytes, &header.chain_id).ok().map(|(record, _)| record)
            });
            if !is_more_wanted(&header, &records.collect::<Vec<_>>()) {
                return Ok(());
            }
        }
    }
}

/// A packet, and the anchor that it is for.
struct Made {
    anchor: TrustAnchor,
    packet: Packet,
    bytes: Vec<u8>,
}

impl Made {
    fn new(
        ledger: &Ledger,
        anchor: TrustAnchor,
        wanted: Vec<Wanted>,
    ) -> Result<Self, Box<dyn Error>> {
        let anchors = Anchors { anchors: vec![anchor.clone()], ..Anchors::default() };
        let mut builder = SnapshotBuilder::new(anchors, Limits::default(), wanted);
        builder.feed(&fs::read(ledger.container())?)?;
        let packet = builder.finish()?;
        Ok(Self { anchor, bytes: packet.to_bytes(), packet })
    }

    fn start(&self) -> Verification {
        let anchors = Anchors { anchors: vec![self.anchor.clone()], ..Anchors::default() };
        Verification::new(anchors, Policy::default(), Limits::default(), InputKind::Packet)
    }

    fn verify(&self) -> Result<Report, Box<dyn Error>> {
        let report = self.start().run(&self.bytes);
        if report.verdict.status == Status::Verified {
            Ok(report)
        } else {
            Err(format!("not verified: {}", report.verdict.reason).into())
        }
    }

    /// Time of a verification, and of its signatures alone.
    fn times(&self) -> Result<(Duration, Duration), Box<dyn Error>> {
        self.verify()?;
        let (whole, _) = shortest(RUNS, || self.start().run(&self.bytes));
        let mut verification = self.start();
        verification.feed(&self.bytes);
        verification.end();
        let batches: Vec<Batch> = std::iter::from_fn(|| verification.next_batch()).collect();
        let (alone, ()) = shortest(RUNS, || batches.iter().map(Batch::verify).for_each(drop));
        Ok((whole, alone))
    }

    /// Leaves it beside the ledger, with its anchor.
    fn write(&self, ledger: &Ledger, name: &str) -> Result<(), Box<dyn Error>> {
        fs::write(ledger.dir.join(format!("{name}.vidimus-packet")), &self.bytes)?;
        fs::write(ledger.dir.join(format!("{name}.txt")), self.anchor.to_string())?;
        Ok(())
    }
}

/// All records of a subject, as far as the last of its accesses that are wanted.
fn subject_row(ledger: &Ledger, chosen: &Chosen) -> Result<Row, Box<dyn Error>> {
    let (subject, withhold) = (chosen.subject, BTreeSet::new());
    let wanted = Wanted::Subject { subject, from: None, to: Some(chosen.until), withhold };
    // For whoever has the first header that attests them.
    let anchor = chosen.anchor(chosen.until.saturating_add(1))?;
    let made = Made::new(ledger, anchor, vec![wanted])?;
    let report = made.verify()?;
    made.write(ledger, "subject")?;
    let Some(Claim::Subject(claim)) = made.packet.claims.first() else {
        return Err("no claim of a subject".into());
    };
    let own: usize = { claim.records.iter() }
        .map(|entry| if let Entry::Shown(shown) = entry { shown.transaction.len() } else { 0 })
        .sum();
    let said = report.claims.first().ok_or("nothing is claimed")?;
    let accesses = said.records.iter().filter(|record| record.kind == "access").count();
    let [bytes, own] = [made.bytes.len(), own].map(u32::try_from);
    Ok(Row {
        what: format!(
            "packet of a subject's {} records, {accesses} of them accesses: size ÷ records",
            said.records.len()
        ),
        figure: format!("{:.2}", f64::from(bytes?) / f64::from(own?)),
        goal: "≤ 1.3",
    })
}

/// A packet of a subject from the ledger of a million accesses, with the command line.
fn making(root: &Path) -> Result<Vec<Row>, Box<dyn Error>> {
    let ledger = Ledger::hospitals(root, 20_000, 1_000_000)?;
    let mut subject = None;
    each_block(File::open(ledger.container())?, |_, records| {
        subject = records.iter().find_map(access_of).map(|(_, subject)| subject);
        subject.is_none()
    })?;
    let subject = subject.ok_or("nobody was accessed")?;
    let anchor = ledger.dir.join("anchor.txt");
    let output = ledger.dir.join("subject.vidimus-packet");
    if output.exists() {
        fs::remove_file(&output)?;
    }
    let mut packet = Command::new(tool("vidimus")?);
    packet.arg("packet").arg(ledger.container()).arg("--anchor").arg(&anchor);
    packet.args(["--subject", &subject.to_string()]).arg("--output").arg(&output);
    let (time, peak) = watch(&mut packet)?;
    let (pass, _) = run(&[ledger.container()], &anchor)?;
    let megabytes = fs::metadata(ledger.container())?.len() / 1_000_000;
    let kilobytes = fs::metadata(&output)?.len() / 1_000;
    let what = format!("making a packet of a subject ({kilobytes} kB) from {megabytes} MB");
    Ok(vec![
        Row {
            what: format!("{what}, {} s: time ÷ one verification", time.as_secs()),
            figure: format!("{:.2}", time.as_secs_f64() / pass.as_secs_f64()),
            goal: "≤ 1",
        },
        peak_row(&what, peak),
    ])
}
