//! What a regime accounts for, as the worker says it: a table to show, and files to save.

use std::rc::Rc;

use serde::Deserialize;

/// What was made of the ledger's accesses for one regime.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Accounting {
    pub(crate) table: Table,
    files: [Rc<str>; 3],
}

/// A form of the same accounting.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Format {
    Csv,
    Html,
    Json,
}

impl Format {
    pub(crate) const ALL: [Self; 3] = [Self::Csv, Self::Html, Self::Json];

    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Json => "json",
        }
    }

    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv;charset=utf-8",
            Self::Html => "text/html;charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

impl Accounting {
    /// `None` where `json` holds no accounting.
    pub(crate) fn from_files(csv: String, html: String, json: String) -> Option<Self> {
        let File { accounting: table } = serde_json::from_str(&json).ok()?;
        Some(Self { table, files: [csv.into(), html.into(), json.into()] })
    }

    /// The bytes of a file.
    pub(crate) fn file(&self, format: Format) -> &str {
        let [csv, html, json] = &self.files;
        match format {
            Format::Csv => csv,
            Format::Html => html,
            Format::Json => json,
        }
    }

    /// Under which name it is saved.
    pub(crate) fn file_name(&self, format: Format) -> String {
        format!("vidimus-{}.{}", self.table.regime, format.extension())
    }
}

#[derive(Deserialize)]
struct File {
    accounting: Table,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Table {
    pub(crate) regime: String,
    pub(crate) since: Option<String>,
    pub(crate) as_of: String,
    pub(crate) is_viewed: bool,
    pub(crate) columns: Vec<Head>,
    /// In the order of the ledger.
    pub(crate) rows: Vec<Row>,
    pub(crate) rows_omitted: String,
    pub(crate) excluded: Vec<Excluded>,
    pub(crate) missing: String,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) source: String,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Row {
    pub(crate) cells: Vec<Cell>,
    pub(crate) repeats: Option<Repeats>,
    pub(crate) subject: String,
    pub(crate) custodian: String,
    pub(crate) height: String,
    pub(crate) index: String,
    pub(crate) record: String,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(tag = "type", content = "value", rename_all = "kebab-case")]
pub(crate) enum Cell {
    Codes(Vec<String>),
    Missing,
    None,
    Sealed,
    Text(String),
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Repeats {
    pub(crate) count: String,
    pub(crate) last: String,
    pub(crate) every: String,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Excluded {
    pub(crate) reason: String,
    pub(crate) section: String,
    pub(crate) count: String,
}
