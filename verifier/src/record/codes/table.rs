//! Tables: the codes of one system, pinned.

use alloc::{format, string::String, vec::Vec};

use super::{Concept, System};
use crate::{encoding::hex::Hash, merkle::sha256};

/// A code and its place.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) code: &'static str,
    /// A code that stands before this one.
    pub(super) parent: Option<&'static str>,
    pub(super) is_retired: bool,
}

/// A code that stands under none.
pub(super) const fn top(code: &'static str) -> Row {
    Row { code, parent: None, is_retired: false }
}

/// A code that stands under another.
pub(super) const fn below(parent: &'static str, code: &'static str) -> Row {
    Row { code, parent: Some(parent), is_retired: false }
}

/// A code that was withdrawn, and that old data still carries.
pub(super) const fn retired(code: &'static str) -> Row {
    Row { code, parent: None, is_retired: true }
}

/// The codes of one system, and what departs from their tree when a provision names one.
#[derive(Debug)]
pub struct Table {
    pub(super) system: System,
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) source: &'static str,
    pub(super) rows: &'static [Row],
    /// Other spellings of codes in `rows`.
    pub(super) aliases: &'static [(&'static str, &'static str)],
    /// Codes that no permit covers by naming what they stand under; a deny reaches them.
    pub(super) permitted_apart: &'static [&'static str],
    /// Codes that a deny of another code reaches besides.
    pub(super) denied_with: &'static [(&'static str, &'static str)],
    /// Codes in ascending order, where they are an order and no tree; the others have no place.
    pub(super) order: &'static [&'static str],
}

/// Where the tables of HL7 come from: the commit of its terminology, licensed CC0.
pub(super) const HL7: &str = "HL7/UTG@a19c26361";

/// The source of tables of our own.
pub(super) const OWN: &str = "vidimus";

impl Table {
    /// What tables leave out.
    pub(super) const PLAIN: Self = Self {
        system: System::Purpose,
        name: "",
        version: "",
        source: OWN,
        rows: &[],
        aliases: &[],
        permitted_apart: &[],
        denied_with: &[],
        order: &[],
    };

    /// The system whose codes these are.
    pub const fn system(&self) -> System {
        self.system
    }

    /// The name of the table, such as `v3-ActReason`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The version of the table, such as `4.0.0`.
    pub const fn version(&self) -> &'static str {
        self.version
    }

    /// Where the table comes from: a repository and its commit, or `vidimus`.
    pub const fn source(&self) -> &'static str {
        self.source
    }

    /// Every concept in the order of the table: none stands before what it stands under.
    pub fn concepts(&'static self) -> impl Iterator<Item = Concept> {
        let rows = self.rows.iter().enumerate();
        rows.map(move |(index, row)| Concept::new(self, index, row))
    }

    /// The concept of a code or of an alias.
    pub(super) fn find(&'static self, text: &str) -> Option<Concept> {
        let alias = self.aliases.iter().find(|(alias, _)| *alias == text);
        let text = alias.map_or(text, |(_, code)| code);
        self.concepts().find(|concept| concept.text() == text)
    }

    /// Everything that the table says, line by line: what [`Self::digest`] is taken over, and what
    /// `testdata/code-tables.txt` holds.
    ///
    /// After the four lines of the head one line for each code (with what it stands under, or `-`,
    /// and `retired`), alias (with its code), code permitted apart from what it stands under, code
    /// denied with another (with that one), and code of the order. Parts are separated by one space,
    /// each line ends with 0x0a.
    pub fn listing(&self) -> String {
        let Self { system, name, version, source, .. } = self;
        let mut lines: Vec<String> = alloc::vec![
            "vidimus/code-table/1".into(),
            format!("system {system}"),
            format!("table {name} {version}"),
            format!("source {source}"),
        ];
        lines.extend(self.rows.iter().map(|Row { code, parent, is_retired }| {
            let retired = if *is_retired { " retired" } else { "" };
            format!("code {code} {}{retired}", parent.unwrap_or("-"))
        }));
        lines.extend(self.aliases.iter().map(|(alias, code)| format!("alias {alias} {code}")));
        let permitted_apart = self.permitted_apart.iter();
        lines.extend(permitted_apart.map(|code| format!("permitted-apart {code}")));
        let denied_with = self.denied_with.iter();
        lines.extend(denied_with.map(|(code, other)| format!("denied-with {code} {other}")));
        lines.extend(self.order.iter().map(|code| format!("order {code}")));
        lines.push(String::new());
        lines.join("\n")
    }

    /// SHA-256 of the [listing](Self::listing).
    pub fn digest(&self) -> Hash {
        sha256(&[self.listing().as_bytes()])
    }
}

/// [`digest`], which every decision names: the tables that it was made with.
pub const DIGEST: Hash = Hash([
    0xfe, 0x45, 0x40, 0x2f, 0xfb, 0x19, 0xd6, 0x12, 0x13, 0x97, 0xc9, 0x1c, 0x82, 0xa0, 0x66, 0xdc,
    0x5f, 0xea, 0xc1, 0x9f, 0x93, 0x31, 0x69, 0x00, 0x9a, 0xd8, 0x20, 0x27, 0x03, 0xec, 0x66, 0xe7,
]);

/// SHA-256 of the listings of all tables, one after another by number of the system.
pub fn digest() -> Hash {
    let listings: String = System::ALL.iter().map(|system| system.table().listing()).collect();
    sha256(&[listings.as_bytes()])
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::*;
    use crate::record::codes::Code;

    #[test]
    fn tables_are_trees_of_codes_that_stand_once() {
        for system in System::ALL {
            let table = system.table();
            assert_eq!(table.system(), system);
            let mut above = BTreeSet::new();
            for row in table.rows {
                assert!(Code::new(system, row.code).is_ok(), "{system}: {}", row.code);
                if let Some(parent) = row.parent {
                    assert!(above.contains(parent), "{system}: {} before {parent}", row.code);
                }
                assert!(above.insert(row.code), "{system}: {} stands twice", row.code);
            }
            assert!(!above.is_empty(), "{system}");
        }
    }

    #[test]
    fn rules_of_a_table_name_its_codes() {
        for table in System::ALL.map(System::table) {
            let is_code = |text: &str| table.rows.iter().any(|row| row.code == text);
            for (alias, code) in table.aliases {
                assert!(!is_code(alias) && is_code(code), "{alias}");
            }
            for (code, other) in table.denied_with {
                assert!(is_code(code) && is_code(other), "{code} {other}");
            }
            for code in table.permitted_apart.iter().chain(table.order) {
                assert!(is_code(code), "{code}");
            }
            let ordered: BTreeSet<_> = table.order.iter().collect();
            assert_eq!(ordered.len(), table.order.len());
        }
    }

    #[test]
    fn listing_tells_tables_apart_that_differ_in_anything() {
        const NESTED: &[Row] = &[top("A"), below("A", "B")];
        const FLAT: &[Row] = &[top("A"), top("B")];
        const RETIRED: &[Row] = &[top("A"), retired("B")];
        let table = System::Refrain.table();
        let plain = || Table { rows: NESTED, ..Table::PLAIN };
        let tables = [
            plain(),
            Table { rows: FLAT, ..plain() },
            Table { rows: RETIRED, ..plain() },
            Table { version: "2", ..plain() },
            Table { system: System::Role, ..plain() },
            Table { aliases: &[("C", "A")], ..plain() },
            Table { permitted_apart: &["B"], ..plain() },
            Table { denied_with: &[("B", "A")], ..plain() },
            Table { order: &["A", "B"], ..plain() },
            Table { order: &["B", "A"], ..plain() },
        ];
        let digests: BTreeSet<_> = tables.iter().map(Table::digest).collect();
        assert_eq!(digests.len(), tables.len());
        assert!(table.listing().contains("\nalias NORDSLCD NORDSCLCD\n"));
    }

    /// A code that comes, goes or moves changes what consents mean. Whoever changes a table changes
    /// this value with it, and says so in the changelog.
    #[test]
    fn tables_are_pinned() {
        assert_eq!(digest(), DIGEST, "{}", digest().to_lower_hex());
    }
}
