//! Accounting: the accesses that a regime accounts for, as rows for any front end.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString as _},
    vec::Vec,
};

use serde::Serialize;

use super::{Cell, Column, Exclusion, Presence, Regime};
use crate::{
    audit::{act::Performed, listed::ListedAct},
    encoding::hex::{Hash, PublicKey},
    record::{instant::Instant, view::ViewingFile},
    report::decimal,
};

/// Most rows.
const ROWS: usize = 200_000;

const DAY: u64 = 86_400_000;

/// What a regime accounts for, up to a moment.
#[derive(Clone, Debug, Serialize)]
pub struct Accounting {
    /// Which.
    pub regime: Regime,
    /// The first moment that is accounted for; none where the law looks back without end.
    pub since: Option<String>,
    /// The last: the end of the ledger.
    pub as_of: String,
    /// Whether it is about the subjects of a viewing file alone.
    pub is_viewed: bool,
    /// The columns of every row.
    pub columns: Vec<Head>,
    /// The accesses, in the order of the ledger.
    pub rows: Vec<Entry>,
    /// Rows beyond the limit.
    #[serde(with = "decimal")]
    pub rows_omitted: u64,
    /// What was left out, by reason.
    pub excluded: Vec<Excluded>,
    /// Cells of the rows that are demanded and not on record.
    #[serde(with = "decimal")]
    pub missing: u64,
}

/// A column as a front end shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Head {
    /// The name.
    pub name: &'static str,
    /// The provision that asks for it.
    pub source: &'static str,
    /// Whether it can be missing.
    pub presence: Presence,
}

/// An access, or the first of several disclosures to one recipient for one purpose.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// What stands in each column.
    pub cells: Vec<Cell>,
    /// The disclosures that followed the first.
    pub repeats: Option<Repeats>,
    /// Whose record.
    pub subject: PublicKey,
    /// At which custodian.
    pub custodian: String,
    /// Height of the block.
    #[serde(with = "decimal")]
    pub height: u64,
    /// Index of the transaction.
    #[serde(with = "decimal")]
    pub index: u64,
    /// Id of the record.
    pub record: Hash,
}

/// Disclosures to one recipient for one purpose (45 CFR 164.528(b)(3)).
#[derive(Clone, Debug, Serialize)]
pub struct Repeats {
    /// How many, with the first.
    #[serde(with = "decimal")]
    pub count: u64,
    /// The date of the last.
    pub last: String,
    /// Milliseconds from one to the next, on average.
    #[serde(with = "decimal")]
    pub every: u64,
}

/// Accesses that are left out for one reason.
#[derive(Clone, Debug, Serialize)]
pub struct Excluded {
    /// The reason.
    pub reason: Exclusion,
    /// The provision that it rests on.
    pub section: &'static str,
    /// How many.
    #[serde(with = "decimal")]
    pub count: u64,
}

/// Disclosures that may be told as one: whose data, from where, and every column that says to whom
/// and what for.
#[derive(Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Series {
    subject: PublicKey,
    custodian: String,
    cells: Vec<Cell>,
}

/// Columns in which disclosures of one series differ: each has its date, and salted digests.
const OWN: [&str; 3] = ["date", "description", "statement"];

/// The disclosures of a series.
#[derive(Debug)]
struct Run {
    row: usize,
    count: u64,
    first: Instant,
    last: Instant,
}

/// Collects an accounting from a second pass.
#[derive(Debug)]
pub struct AccountingCollector {
    view: Option<ViewingFile>,
    since: Option<Instant>,
    accounting: Accounting,
    series: BTreeMap<Series, Run>,
    excluded: BTreeMap<Exclusion, u64>,
}

impl AccountingCollector {
    /// An accounting of the subjects of the viewing file, or of all without one, as of the end of the
    /// ledger.
    pub fn new(regime: Regime, view: Option<ViewingFile>, end: Instant) -> Self {
        let since = regime.days().map(|days| {
            let millis = end.as_millis().saturating_sub(days.saturating_mul(DAY));
            Instant::from_millis(millis).unwrap_or(end)
        });
        let head = |column: &Column| Head {
            name: column.name,
            source: column.source,
            presence: column.presence,
        };
        Self {
            since,
            accounting: Accounting {
                regime,
                since: since.map(|since| since.to_string()),
                as_of: end.to_string(),
                is_viewed: view.is_some(),
                columns: regime.columns().iter().map(head).collect(),
                rows: Vec::new(),
                rows_omitted: 0,
                excluded: Vec::new(),
                missing: 0,
            },
            view,
            series: BTreeMap::new(),
            excluded: BTreeMap::new(),
        }
    }

    /// Takes a transaction.
    pub fn add(&mut self, listed: &ListedAct) {
        let act = listed.as_act();
        let Some(performed) = act.performed() else { return };
        let is_viewed = |view: &ViewingFile| view.view_key(performed.subject()).is_some();
        if !self.view.as_ref().is_none_or(is_viewed) {
            return;
        }
        let is_earlier = self.since.is_some_and(|since| performed.moment() < since);
        let earlier = is_earlier.then_some(Exclusion::Earlier);
        let exclusion = self.accounting.regime.exclusion(&performed);
        if let Some(reason) = exclusion.or(earlier) {
            let count = self.excluded.entry(reason).or_default();
            *count = count.saturating_add(1);
            return;
        }
        let columns = self.accounting.regime.columns().iter();
        let cells: Vec<_> = columns.map(|column| column.cell(&performed)).collect();
        let missing = cells.iter().filter(|cell| cell.is_missing()).count();
        // One that lacks something stands by itself: a summary would hide it.
        let is_summarized = missing == 0 && self.accounting.regime.summarizes();
        let series = is_summarized.then(|| Series::of(self.accounting.regime, &performed, &cells));
        if let Some(run) = series.as_ref().and_then(|series| self.series.get_mut(series)) {
            run.count = run.count.saturating_add(1);
            run.first = run.first.min(performed.moment());
            run.last = run.last.max(performed.moment());
            return;
        }
        if self.accounting.rows.len() >= ROWS {
            self.accounting.rows_omitted = self.accounting.rows_omitted.saturating_add(1);
            return;
        }
        if let Some(series) = series {
            let (row, moment) = (self.accounting.rows.len(), performed.moment());
            self.series.insert(series, Run { row, count: 1, first: moment, last: moment });
        }
        let missing = crate::encoding::to_u64(missing);
        self.accounting.missing = self.accounting.missing.saturating_add(missing);
        self.accounting.rows.push(Entry {
            cells,
            repeats: None,
            subject: *performed.subject(),
            custodian: performed.access.custodian.to_string(),
            height: act.place.height,
            index: act.place.index.unwrap_or_default(),
            record: performed.record.id,
        });
    }

    /// The accounting.
    pub fn finish(mut self) -> Accounting {
        for run in self.series.values().filter(|run| run.count > 1) {
            if let Some(entry) = self.accounting.rows.get_mut(run.row) {
                let span = run.last.as_millis().saturating_sub(run.first.as_millis());
                entry.repeats = Some(Repeats {
                    count: run.count,
                    last: run.last.to_string(),
                    every: span.checked_div(run.count.saturating_sub(1)).unwrap_or_default(),
                });
            }
        }
        let regime = self.accounting.regime;
        let excluded = self.excluded.into_iter();
        self.accounting.excluded = excluded
            .map(|(reason, count)| Excluded { reason, section: regime.section(reason), count })
            .collect();
        self.accounting
    }
}

impl Series {
    fn of(regime: Regime, performed: &Performed<'_>, cells: &[Cell]) -> Self {
        let columns = regime.columns().iter().zip(cells);
        let shared = columns.filter(|(column, _)| !OWN.contains(&column.name));
        Self {
            subject: *performed.subject(),
            custodian: performed.access.custodian.to_string(),
            cells: shared.map(|(_, cell)| cell.clone()).collect(),
        }
    }
}
