//! Packets, for people.

use std::{
    fmt::{self, Write as _},
    path::Path,
};

use vidimus::{
    encoding::DecodeError,
    packet::{ClaimReport, Packet},
    report::Report,
};

use super::visible;

/// What a packet shows, claim by claim.
pub(crate) fn claims(out: &mut String, claims: &[ClaimReport]) {
    for claim in claims {
        line!(out, "Claim       {}", claim.kind);
        line!(out, "  proven    {}", visible(&claim.proven));
        line!(out, "  not       {}", visible(&claim.not_proven));
        for record in &claim.records {
            let verdict = record.verdict.as_deref().unwrap_or("");
            line!(
                out,
                "  {:>8}.{:<4} {}  {:12} {} {verdict}",
                record.height,
                record.index,
                record.recorded_at,
                record.kind,
                record.code
            );
        }
        line!(out);
    }
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
