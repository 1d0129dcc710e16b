//! Packets, for people.

use std::{
    fmt::{self, Write as _},
    path::Path,
};

use vidimus::{
    encoding::DecodeError,
    packet::{ClaimReport, Packet, ShownRecord},
    report::Report,
};

use super::{
    visible,
    who::{self, Reader},
};

/// What a packet shows, claim by claim.
pub(crate) fn claims(out: &mut String, claims: &[ClaimReport]) {
    for claim in claims {
        line!(out, "Claim       {}", claim.kind);
        line!(out, "  proven    {}", visible(&claim.proven));
        line!(out, "  not       {}", visible(&claim.not_proven));
        if let Some(document) = &claim.document {
            line!(out, "  digest    {}", document.digest);
        }
        line!(out);
        claim.records.iter().for_each(|record| one(out, record));
    }
}

/// A record that a claim shows: an access in plain words, of any other what it is.
fn one(out: &mut String, record: &ShownRecord) {
    if let Some(access) = &record.access {
        // A packet is for others than the patient.
        who::one(out, access, Reader::Other);
        return;
    }
    let custodian = record.custodian.as_deref().map(visible).unwrap_or_default();
    line!(out, "{}  {} ({})  {custodian}", record.recorded_at, record.kind, record.code);
    if let Some(verdict) = &record.verdict {
        line!(out, "  why    {verdict}");
    }
    if let Some(consent) = &record.consent {
        line!(out, "  of     consent {consent}");
    }
    line!(out, "  by     {}", record.signer);
    line!(
        out,
        "  where  block {}, transaction {}, record {}",
        record.height,
        record.index,
        record.id
    );
    line!(out);
}

/// That a packet was written, and what it shows.
pub(crate) fn written(path: &Path, bytes: usize, report: &Report) -> String {
    let mut out = String::new();
    line!(out, "{}: {bytes} bytes", path.display());
    for claim in &report.claims {
        line!(out, "  {}", visible(&claim.proven));
    }
    out
}

/// What is in a packet, without verifying anything.
pub(crate) fn inspected(packet: &Result<Packet, DecodeError>) -> String {
    let mut out = String::new();
    match packet {
        Ok(packet) => {
            let (headers, commits) = (packet.headers.len(), packet.commits.len());
            line!(out, "evidence packet: {headers} headers, {commits} commits");
            for claim in packet.claims.iter() {
                line!(out, "  claims a {}", claim.name());
            }
        }
        Err(error) => line!(out, "damaged: {error}"),
    }
    out
}
