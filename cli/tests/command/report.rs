//! Accounting for accesses: every exclusion, repeats, and texts of the ledger that attack the reader.
#![expect(clippy::arithmetic_side_effects, reason = "a test that fails may panic")]

#[path = "../../../node/tests/audit/fixture.rs"]
#[expect(dead_code, reason = "tests of the audit use what these do not")]
mod fixture;

use std::{fs, path::PathBuf, sync::LazyLock};

use serde_json::Value;
use vidimus::{
    encoding::{
        cbor::Text,
        hex::{Hash, Identifier},
    },
    record::{
        access::{Access, Outcome},
        codes::System,
        consent::{Consent, Elements},
        disclosure::Disclosure,
        sealing::{Carried, Details, TextKind},
    },
};

use self::fixture::{
    CLINIC_ID, Fixture, anything, carried, code, half, labelled, open, organization, seal, set,
    viewing_file,
};
use crate::support::{Run, folder, run};

const REGIMES: [&str; 5] = ["ehds", "gdpr", "hipaa", "part11", "part2"];

/// A formula, a script, quotes, what separates cells and lines, and what turns the text around.
const NAME: &str = "=HYPERLINK(\"http://x\",'1')<script>alert(1)</script>,\u{202e}&\u{61c}";
const ADDRESS: &str = "+49 \"30\"; <b onclick='x'>\u{2066}";
const DESCRIPTION: &str = "@SUM(A1)\n</td></table><img src=x onerror=alert(1)>";
const STATEMENT: &str = "-2+3\u{200f}\u{e0041}&amp;";
const ROLE: &str = "=1+1<script>'\"";

/// The consent to marketing stands beside that to treatment.
fn marketing(consent: &mut Consent) {
    consent.consent = Identifier([2; 16]);
    consent.scope = Elements { purposes: set([code("HMARKT")]), ..anything() };
}

/// A disclosure to the clinic for a purpose, on a lawful basis if one is named.
fn disclosed(purpose: &'static str, basis: &'static str) -> impl Fn(&mut Access) + Clone {
    move |access| {
        let half = half(access);
        half.processing.action = code("disclose");
        half.processing.purposes = set([code(purpose)]);
        half.processing.basis = set((!basis.is_empty()).then(|| code(basis)));
        half.disclosure = Some(Disclosure {
            recipient: Some(organization(CLINIC_ID)),
            name: None,
            address: None,
            description: Some(Hash([1; 32])),
            statement: Some(Hash([2; 32])),
            redisclosure_notice: false,
            legal_proceedings: false,
        });
        told(access, &carried(), "Medication", "Reporting");
    }
}

fn told(access: &mut Access, carried: &Carried, description: &str, purpose: &str) {
    let texts = [(TextKind::Description, description), (TextKind::Purpose, purpose)];
    let texts = texts.map(|(kind, text)| (kind, text.to_owned())).into();
    let details = Details::new(Some(carried.clone()), vec![], texts).unwrap();
    access.details = Some(seal("access", &access.subject, &access.event.0, &details));
}

fn hostile(access: &mut Access) {
    disclosed("PUBHLTH", "HIPAA-164.512(b)")(access);
    let disclosure = half(access).disclosure.as_mut().unwrap();
    disclosure.recipient = None;
    disclosure.name = Text::new(NAME);
    disclosure.address = Text::new(ADDRESS);
    told(access, &carried(), DESCRIPTION, STATEMENT);
}

/// Every exclusion once, but treatment and the patient's own consent twice.
fn ledger() -> Fixture {
    let mut fixture = Fixture::new()
        .block(|world| vec![world.consent(marketing)])
        .access(disclosed("TREAT", ""))
        .access(disclosed("HPAYMT", "HIPAA-164.506(c)(1)"))
        .access(|access| {
            disclosed("PATRQT", "GDPR-15")(access);
            half(access).processing.actor.role = code("patient");
        })
        .access(disclosed("PUBHLTH", "HIPAA-164.502(a)(1)(iii)"))
        .access(disclosed("HMARKT", ""))
        .access(disclosed("FAMRQT", "HIPAA-164.510(b)"))
        .access(disclosed("PUBHLTH", "HIPAA-164.512(k)(2)"))
        .access(disclosed("PUBHLTH", "HIPAA-164.512(k)(5)"))
        .access(disclosed("PUBHLTH", "HIPAA-164.514(e)"))
        // Nobody permits it: its purpose and a basis that nobody accepts do not hide it.
        .access(|access| {
            disclosed("HOPERAT", "HIPAA-164.508")(access);
            half(access).disclosure = None;
        })
        .access(|access| {
            disclosed("TREAT", "")(access);
            access.outcome = Outcome::Denied;
        })
        .access(|access| {
            half(access).processing.actor.role = code(ROLE);
            half(access).origin = None;
        })
        .access(|access| {
            let part2 = labelled(&[(System::Law, "42CFRPart2"), (System::Class, "Condition")]);
            disclosed("HMARKT", "")(access);
            open(access, &part2);
            told(access, &part2, "Diagnosis", "Marketing");
        })
        // One purpose beside treatment is one to be accounted for.
        .access(|access| {
            disclosed("PUBHLTH", "HIPAA-164.512(b)")(access);
            half(access).processing.purposes = set([code("PUBHLTH"), code("HOPERAT")]);
        });
    for _ in 0..3 {
        fixture = fixture.access(hostile).idle(1);
    }
    let bases = ["GDPR-15", "HIPAA-164.502(a)(1)(iii)", "HIPAA-164.506", "HIPAA-164.510"];
    let bases = bases.into_iter().chain(["HIPAA-164.512", "HIPAA-164.514(e)"]);
    fixture.network.rules.lawful_bases = set(bases.map(code));
    fixture
}

/// The snapshot, the anchor, the viewing file.
static FILES: LazyLock<(PathBuf, String, PathBuf)> = LazyLock::new(|| {
    let (folder, ledger) = (folder("accounting"), ledger().write());
    let (snapshot, view) = (folder.join("ledger.vidimus"), folder.join("patient.view"));
    fs::write(&snapshot, &ledger.container).unwrap();
    fs::write(&view, viewing_file().encode().as_bytes()).unwrap();
    (snapshot, ledger.anchor.to_string(), view)
});

fn report(regime: &str, format: &str, is_viewed: bool) -> Run {
    let (snapshot, anchor, view) = &*FILES;
    let mut arguments = vec!["report", "--regime", regime, "--format", format, "--anchor", anchor];
    if is_viewed {
        arguments.extend(["--view", view.to_str().unwrap()]);
    }
    arguments.push(snapshot.to_str().unwrap());
    run(arguments)
}

fn accounting(regime: &str, is_viewed: bool) -> Value {
    let run = report(regime, "json", is_viewed);
    assert_eq!(run.code, 0, "{run:?}");
    run.report()["accounting"].clone()
}

/// Lines of the CSV by name of the column.
fn lines(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let lines = reader.records().map(|line| line.unwrap().iter().map(str::to_owned).collect());
    (names, lines.collect())
}

/// Milliseconds since midnight of `2026-11-26T12:34:56.789Z`.
fn millis_of_day(time: &str) -> u64 {
    let (_, time) = time.strip_suffix('Z').unwrap().split_once('T').unwrap();
    let (time, millis) = time.split_once('.').unwrap_or((time, "0"));
    let seconds = time.split(':').fold(0, |sum, part| sum * 60 + part.parse::<u64>().unwrap());
    seconds * 1_000 + format!("{millis:0<3}").parse::<u64>().unwrap()
}

/// The names of the elements that a page begins, in order.
fn elements(page: &str) -> Vec<&str> {
    let tags = page.split('<').skip(1);
    let names = tags.map(|tag| tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap());
    names.filter(|name| !name.is_empty()).collect()
}

#[test]
fn hipaa_names_what_it_leaves_out_with_the_section() {
    let accounting = accounting("hipaa", true);
    let excluded: Vec<_> = accounting["excluded"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| ["reason", "count", "section"].map(|key| it[key].as_str().unwrap()))
        .collect();
    let expected = [
        ["no-disclosure", "1", "45 CFR 164.528(a)(1)"],
        ["operations", "2", "45 CFR 164.528(a)(1)(i), 164.506"],
        ["individual", "1", "45 CFR 164.528(a)(1)(ii), 164.502"],
        ["incident", "1", "45 CFR 164.528(a)(1)(iii), 164.502"],
        ["authorization", "2", "45 CFR 164.528(a)(1)(iv), 164.508"],
        ["involved", "1", "45 CFR 164.528(a)(1)(v), 164.510"],
        ["security", "1", "45 CFR 164.528(a)(1)(vi), 164.512(k)(2)"],
        ["custody", "1", "45 CFR 164.528(a)(1)(vii), 164.512(k)(5)"],
        ["limited-data-set", "1", "45 CFR 164.528(a)(1)(viii), 164.514(e)"],
    ];
    assert_eq!(excluded, expected);
}

#[test]
fn hipaa_tells_repeated_disclosures_as_one_and_marks_what_is_missing() {
    let accounting = accounting("hipaa", true);
    let rows = accounting["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 3, "{rows:#?}");
    let cell = |row: usize, column: usize| &rows[row]["cells"][column];
    // date, recipient, address, description, statement
    let missing: Vec<_> = (0..5).map(|column| cell(0, column)["type"] == "missing").collect();
    assert_eq!(missing, [false, true, false, true, true]);
    assert_eq!(accounting["missing"], "3");
    assert_eq!(cell(1, 1)["value"], "clinic.example");
    assert_eq!(cell(1, 5)["value"], serde_json::json!(["HOPERAT", "PUBHLTH"]));
    assert_eq!(rows[1]["repeats"], Value::Null);
    let texts: Vec<_> = (1..5).map(|column| cell(2, column)["value"].as_str().unwrap()).collect();
    assert_eq!(texts, [NAME, ADDRESS, DESCRIPTION, STATEMENT]);
    let repeats = &rows[2]["repeats"];
    assert_eq!(repeats["count"], "3");
    // Of two intervals the average is half of the whole.
    let [first, last] = [cell(2, 0)["value"].as_str(), repeats["last"].as_str()]
        .map(|text| millis_of_day(text.unwrap()));
    assert!(first < last, "{repeats}");
    assert_eq!(repeats["every"], ((last - first) / 2).to_string());
}

#[test]
fn what_is_sealed_is_marked_as_sealed_without_a_viewing_file() {
    let hipaa = accounting("hipaa", false);
    let types: Vec<_> =
        (0..6).map(|column| hipaa["rows"][2]["cells"][column]["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["text", "text", "text", "sealed", "sealed", "codes"]);
    // Nobody can tell then which data part 2 protects: the disclosures that may be of such are shown.
    let rows = |is_viewed| accounting("part2", is_viewed)["rows"].as_array().unwrap().len();
    assert_eq!((rows(true), rows(false)), (1, 3));
}

#[test]
fn part2_accounts_for_protected_data_and_misses_the_notice() {
    let accounting = accounting("part2", true);
    let columns = accounting["columns"].as_array().unwrap();
    let notice = columns.iter().position(|it| it["name"] == "redisclosure_notice").unwrap();
    assert_eq!(accounting["rows"][0]["cells"][notice]["type"], "missing");
    let excluded = &accounting["excluded"];
    assert_eq!(
        (&excluded[0]["reason"], &excluded[0]["count"]),
        (&"no-disclosure".into(), &"1".into())
    );
    assert_eq!(
        (&excluded[1]["reason"], &excluded[1]["count"]),
        (&"other-data".into(), &"14".into())
    );
}

#[test]
fn gdpr_does_not_name_employees() {
    let person = Hash([0x11; 32]).to_string();
    for format in ["csv", "html", "json"] {
        assert!(!report("gdpr", format, true).stdout.contains(&person), "{format}");
        assert!(report("ehds", format, true).stdout.contains(&person), "{format}");
    }
}

#[test]
fn every_regime_is_the_same_in_every_format() {
    for regime in REGIMES {
        let accounting = accounting(regime, true);
        let rows = accounting["rows"].as_array().unwrap();
        let columns = accounting["columns"].as_array().unwrap();
        assert!(!rows.is_empty(), "{regime}");
        let csv = report(regime, "csv", true);
        let (names, lines) = lines(&csv.stdout);
        assert_eq!((csv.code, lines.len()), (0, rows.len()), "{regime}");
        assert_eq!(
            names[..columns.len()],
            columns.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        );
        assert!(csv.stdout.lines().count() == lines.len() + 1, "a line each");
        assert_eq!(csv.stdout.matches("\r\n").count(), lines.len() + 1, "RFC 4180");
        for (line, row) in lines.iter().zip(rows) {
            assert_eq!(line.last().unwrap(), row["record"].as_str().unwrap());
            for (text, cell) in line.iter().zip(row["cells"].as_array().unwrap()) {
                assert_eq!(text == "(missing)", cell["type"] == "missing", "{regime}: {text}");
            }
        }
        let html = report(regime, "html", true);
        let elements = elements(&html.stdout);
        let count = |name| elements.iter().filter(|element| **element == name).count();
        assert_eq!(count("tr"), rows.len() + 1, "{regime}");
        assert_eq!(count("td"), rows.len() * (columns.len() + 2), "{regime}");
        let missing = accounting["missing"].as_str().unwrap().parse::<usize>().unwrap();
        assert_eq!(html.stdout.matches("<td class=\"missing\">").count(), missing, "{regime}");
    }
}

#[test]
fn no_text_of_the_ledger_is_a_formula_or_hides_in_a_table() {
    for regime in REGIMES {
        let (_, lines) = lines(&report(regime, "csv", true).stdout);
        for text in lines.iter().flatten() {
            let first = text.chars().next().unwrap_or('.');
            assert!(!"=+-@\t\r".contains(first), "{text:?}");
            assert!(text.chars().all(|c| !c.is_control()), "{text:?}");
        }
    }
    let (_, lines) = lines(&report("hipaa", "csv", true).stdout);
    let expected = [
        "'=HYPERLINK(\"http://x\",'1')<script>alert(1)</script>,\\u{202e}&\\u{61c}",
        "'+49 \"30\"; <b onclick='x'>\\u{2066}",
        "'@SUM(A1)\\u{a}</td></table><img src=x onerror=alert(1)>",
        "'-2+3\\u{200f}\\u{e0041}&amp;",
    ];
    assert_eq!(lines[2][1..5], expected);
    let ehds = report("ehds", "csv", true).stdout;
    assert!(ehds.contains("'=1+1<script>'"), "{ehds}");
}

#[test]
fn no_text_of_the_ledger_is_markup_in_a_page() {
    let known = [
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "strong", "dl", "dt",
        "dd", "table", "thead", "tbody", "tr", "th", "td", "small", "br", "ul", "li", "span",
    ];
    for regime in REGIMES {
        let page = report(regime, "html", true).stdout;
        for element in elements(&page) {
            assert!(known.contains(&element), "{regime}: {element}");
        }
        for hidden in ['\u{202e}', '\u{61c}', '\u{2066}', '\u{200f}', '\u{e0041}'] {
            assert!(!page.contains(hidden), "{regime}: {hidden:?}");
        }
        assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
        for loads in [" src=\"", " href=", "url(", "@import", " onclick=\""] {
            assert!(!page.contains(loads), "{regime}: {loads}");
        }
    }
    let hipaa = report("hipaa", "html", true).stdout;
    assert!(hipaa.contains(
        "=HYPERLINK(&quot;http://x&quot;,&#39;1&#39;)&lt;script&gt;alert(1)&lt;/script&gt;,\\u{202e}&amp;\\u{61c}"
    ));
    assert!(hipaa.contains("-2+3\\u{200f}\\u{e0041}&amp;amp;"));
    assert!(report("ehds", "html", true).stdout.contains("=1+1&lt;script&gt;&#39;&quot;"));
}

#[test]
fn page_says_what_it_rests_on_and_what_it_leaves_out() {
    let (snapshot, anchor, _) = &*FILES;
    let page = report("hipaa", "html", true).stdout;
    let json = report("hipaa", "json", true).report();
    assert_eq!(json["verdict"]["code"], "verified");
    for text in [
        "VERIFIED",
        "TEST KEYS",
        anchor,
        json["input"]["sha256"].as_str().unwrap(),
        json["tool"]["version"].as_str().unwrap(),
        json["accounting"]["since"].as_str().unwrap(),
        "every transaction in them was looked at",
        "1 to correctional institutions or in custody (45 CFR 164.528(a)(1)(vii), 164.512(k)(5))",
        "the first of 3, one every",
        "public health (PUBHLTH)",
        json["not_proven"][0]["text"].as_str().unwrap(),
        "size: A4 landscape",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(snapshot.exists());
}

#[test]
fn nothing_is_shown_of_a_ledger_that_is_not_verified() {
    let (snapshot, anchor, _) = &*FILES;
    let path = snapshot.to_str().unwrap();
    let other = crate::support::mistyped(anchor);
    for format in ["csv", "html", "json"] {
        let head = ["report", "--regime", "ehds", "--format", format, path];
        let unanchored = run(head);
        assert_eq!(unanchored.code, 2);
        assert!(unanchored.stdout.starts_with("COULD NOT BE DETERMINED"), "{unanchored:?}");
        let rejected = run(head.iter().copied().chain(["--anchor", &other]));
        assert_eq!(rejected.code, 1);
        assert!(rejected.stdout.starts_with("REJECTED"), "{rejected:?}");
        for run in [unanchored, rejected] {
            assert!(!run.stdout.contains("st-anna.example"), "{}", run.stdout);
        }
    }
}

#[test]
fn ledger_that_ends_too_early_is_told_as_far_as_it_goes_and_not_as_verified() {
    let (snapshot, anchor, _) = &*FILES;
    let anchors = snapshot.with_file_name("at-least.txt");
    fs::write(&anchors, format!("{anchor}\nat-least 1000000\n")).unwrap();
    let ends_early = |format| {
        let (anchors, snapshot) = (anchors.to_str().unwrap(), snapshot.to_str().unwrap());
        run(["report", "--regime", "ehds", "--format", format, "--anchor", anchors, snapshot])
    };
    let page = ends_early("html");
    assert_eq!(page.code, 2, "{page:?}");
    assert!(page.stdout.contains("st-anna.example") && !page.stdout.contains("VERIFIED"));
    let table = ends_early("csv");
    assert_eq!((table.code, table.stdout), (2, report("ehds", "csv", false).stdout));
}

#[test]
fn unknown_regimes_are_refused_and_the_known_ones_named() {
    let run = run(["report", "--regime", "hippa", "ledger.vidimus"]);
    assert_eq!(run.code, 64);
    assert!(run.stderr.contains("ehds, gdpr, hipaa, part11, part2"), "{}", run.stderr);
}
