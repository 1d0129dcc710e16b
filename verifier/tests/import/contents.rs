//! Exports that are not what a node answers, too large, or not what was scanned.

use vidimus::{
    encoding::DecodeProblem,
    import::{ImportError, Importer, Scanner, import},
    limits::Limits,
    report::Reason,
};

use super::{convert, head_of, live, scan, text};

fn one(text: &str) -> Result<Vec<u8>, ImportError> {
    import(&[("export", text.as_bytes())], &Limits::default())
}

#[test]
fn answers_that_are_errors_and_foreign_values_are_named() {
    let error =
        one(r#" {"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"m"}}"#).unwrap_err();
    assert_eq!(error.to_string(), "export at byte 1: the node answered an error (-32603)");
    let error = one("{}{\"a\":1}").unwrap_err();
    assert_eq!(error.to_string(), "export at byte 0 is not an answer of a CometBFT node");
    // Not all of the members of any answer.
    for text in [
        r#"{"height":"1"}"#,
        r#"{"txs_results":[]}"#,
        r#"{"end_block_events":[]}"#,
        r#"{"block_height":"1"}"#,
        r#"{"node_info":{}}"#,
        r#"{"chunk":"0","data":""}"#,
    ] {
        assert!(matches!(one(text), Err(ImportError::Unknown { .. })), "{text}");
    }
}

/// The problem, its offset and path, of an export that is this text.
fn fault(text: &str) -> (DecodeProblem, u64, String) {
    let error = one(text).unwrap_err();
    let ImportError::Decode { error, .. } = error else { panic!("{text}: {error}") };
    (error.problem, error.offset, error.path)
}

#[test]
fn loose_json_is_refused_with_its_offset() {
    use DecodeProblem as P;
    let deep = "{\"genesis\":".repeat(100_000);
    let brackets = format!("{{\"genesis\":{}", "[".repeat(100_000));
    for (text, problem, offset, path) in [
        ("{\"status\":1,\"status\":2}", P::DuplicateKey, 12, "status"),
        (
            "{\"genesis\":{\"app_state\":{\"a\":{\"b\":1,\"b\":1}}}}",
            P::DuplicateKey,
            36,
            "genesis.app_state.a.b",
        ),
        (
            " {\"genesis\":{\"genesis_time\":9007199254740993}}",
            P::OutOfRange,
            28,
            "genesis.genesis_time",
        ),
        ("{\"genesis\":{\"a\":18446744073709551616}}", P::OutOfRange, 16, "genesis.a"),
        ("{\"genesis\":{\"a\":-0}}", P::OutOfRange, 16, "genesis.a"),
        ("{\"genesis\":{\"a\":[0,1.0]}}", P::Float, 19, "genesis.a[1]"),
        ("{\"genesis\":{\"a\":1e2}}", P::Float, 16, "genesis.a"),
        ("{\"genesis\":{\"a\":1e400}}", P::Float, 16, ""),
        ("{\"genesis\":{\"a\":NaN}}", P::Syntax, 16, ""),
        ("{\"genesis\":{\"a\":Infinity}}", P::Syntax, 16, ""),
        ("{\"genesis\":{\"a\":01}}", P::Syntax, 17, ""),
        ("{\"genesis\":{\"a\":1,}}", P::Syntax, 18, ""),
        ("{\"genesis\":{\"a\":tru}}", P::Syntax, 19, ""),
        ("{\"genesis\":{\"a\":\"\\ud800\"}}", P::Syntax, 23, ""),
        ("{\"genesis\":{\"a\":\"\\udc00 \"}}", P::Syntax, 22, ""),
        ("{\"genesis\":{\"a\":\"\u{1}\"}}", P::Syntax, 17, ""),
        ("{\"genesis\":{'a':1}}", P::Syntax, 12, ""),
        ("{\"genesis\":[}", P::Truncated, 13, ""),
        ("{\"genesis\":]}", P::Syntax, 11, ""),
        ("\u{feff}{}", P::Syntax, 0, ""),
        ("[{}]", P::Syntax, 0, ""),
        ("{\"genesis\":{\"a\":1}", P::Truncated, 18, ""),
        ("{\"genesis\":{\"a\":\"", P::Truncated, 17, ""),
        (&deep, P::Limit("json_depth"), 64 * 11, ""),
        (&brackets, P::Limit("json_depth"), 11 + 63, ""),
    ] {
        let short: String = text.chars().take(60).collect();
        assert_eq!(fault(text), (problem, offset, path.to_string()), "{short}");
    }
}

#[test]
fn list_of_an_endpoint_is_a_list_among_known_members() {
    use DecodeProblem as P;
    for (text, problem, offset, path) in [
        (r#"{"block_metas":5}"#, P::WrongType, 15, "block_metas"),
        (r#"{"block_metas":null}"#, P::WrongType, 15, "block_metas"),
        (r#"{"block_metas":{"a":1}}"#, P::WrongType, 15, "block_metas"),
        (r#"{"result":{"block_metas":"x"}}"#, P::WrongType, 25, "result.block_metas"),
        (r#"{"block_metas":[],"last_height":"x"}"#, P::Text, 32, "last_height"),
        (r#"{"block_metas":[],"last_height":"-1"}"#, P::OutOfRange, 32, "last_height"),
        (r#"{"block_metas":[],"more":1}"#, P::UnknownField(2), 25, "more"),
        (r#"{"blocks":{},"total_count":"1"}"#, P::WrongType, 10, "blocks"),
        (r#"{"blocks":[],"total_count":"x"}"#, P::Text, 27, "total_count"),
        (r#"{"blocks":[],"total_count":[]}"#, P::WrongType, 27, "total_count"),
        (r#"{"blocks":[],"total_count":"1","more":1}"#, P::UnknownField(3), 38, "more"),
        (
            r#"{"blocks":[],"total_count":"1","last_height":"1"}"#,
            P::UnknownField(3),
            45,
            "last_height",
        ),
    ] {
        assert_eq!(fault(text), (problem, offset, path.to_string()), "{text}");
    }
    for text in [r#"{"block_metas":[],"last_height":"7"}"#, r#"{"blocks":[],"total_count":"0"}"#] {
        assert!(matches!(one(text), Err(ImportError::Missing { .. })), "{text}");
    }
    let error = one(r#"{"blocks":[{"header":{"chain_id":"c","height":"1"}}],"total_count":"1"}"#);
    assert_eq!(
        error.unwrap_err().to_string(),
        "export at byte 11 is not an answer of a CometBFT node"
    );
}

#[test]
fn bytes_that_are_no_text_are_refused_where_they_stand() {
    let bytes = b"{\"genesis\":{\"a\":\"\xff\"}}";
    let error = import(&[("x", bytes)], &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "x: text that the field does not allow at byte 17, ");
}

#[test]
fn values_above_the_limits_are_refused() {
    let limits = |text: &str| serde_json::from_str::<Limits>(text).unwrap();
    let value = "{\"genesis\":{\"a\":\"0123456789\"}}";
    let error = import(&[("x", value.as_bytes())], &limits(r#"{"json_bytes":"20"}"#)).unwrap_err();
    assert!(matches!(error, ImportError::Limit { limit: "json_bytes", .. }), "{error}");
    let many = "{\"header\":{\"chain_id\":\"c\",\"height\":\"1\"}}".repeat(3);
    let error = import(&[("x", many.as_bytes())], &limits(r#"{"import_values":"2"}"#)).unwrap_err();
    assert_eq!(error.to_string(), "x at byte 80 is above the limit `import_values`");
}

#[test]
fn value_is_as_long_as_the_limit_allows() {
    let header = r#"{"header":{"chain_id":"c","height":"1"}}"#;
    let length = header.len();
    let scanned = |most: usize, size: usize| {
        let limits: Limits =
            serde_json::from_str(&format!("{{\"json_bytes\":\"{most}\"}}")).unwrap();
        let mut scanner = Scanner::new(limits);
        scanner.start_source("x").unwrap();
        header.as_bytes().chunks(size).try_for_each(|chunk| scanner.feed(chunk))
    };
    for size in [1, 7, length] {
        assert_eq!(scanned(length, size), Ok(()), "chunks of {size}");
        let error = scanned(length - 1, size).unwrap_err();
        assert_eq!(error.to_string(), "x at byte 0 is above the limit `json_bytes`");
    }
}

#[test]
fn report_names_the_limit_that_is_exceeded() {
    let deep = "{\"genesis\":".repeat(10);
    let long = format!("{{\"{}\":1}}", "k".repeat(100));
    let text = format!("{{\"jsonrpc\":\"2.0\",\"id\":\"{}\",\"result\":{{}}}}", "i".repeat(100));
    let wide = format!("{{\"genesis\":{{\"a\":[{}0]}}}}", "0,".repeat(100_020));
    for (text, limit, value) in [
        (&deep, "json_depth", "9"),
        (&long, "json_string_bytes", "50"),
        (&text, "json_string_bytes", "50"),
        (&wide, "block_transactions", "10"),
        (&wide, "json_bytes", "50"),
    ] {
        let limits: Limits = serde_json::from_str(&format!("{{\"{limit}\":\"{value}\"}}")).unwrap();
        let error = import(&[("x", text.as_bytes())], &limits).unwrap_err();
        assert_eq!(error.outcome(), Err(Reason::Limit(limit)), "{error}");
        assert!(error.to_string().contains(&format!("above the limit `{limit}`")), "{error}");
    }
}

#[test]
fn scanner_that_failed_returns_its_error_from_every_call() {
    let good: &[u8] = b"{\"header\":{\"chain_id\":\"c\",\"height\":\"1\"}}";
    let limits: Limits = serde_json::from_str(r#"{"import_values":"2"}"#).unwrap();
    let cases: [&[u8]; 4] = [b"[1]", b"{}", b"{\"header\":1}", &good.repeat(3)];
    for bytes in cases {
        let mut scanner = Scanner::new(limits.clone());
        scanner.start_source("a").unwrap();
        let error = scanner.feed(bytes).unwrap_err();
        assert_eq!(scanner.feed(good), Err(error.clone()));
        assert_eq!(scanner.end_source(), Err(error.clone()));
        assert_eq!(scanner.start_source("b"), Err(error.clone()));
        assert_eq!(scanner.feed(good), Err(error.clone()));
        assert_eq!(scanner.finish().map(|_| ()), Err(error));
    }
    // A source that ends inside a value.
    let mut scanner = Scanner::new(limits.clone());
    scanner.start_source("a").unwrap();
    scanner.feed(b"{\"a\":").unwrap();
    let error = scanner.start_source("b").unwrap_err();
    assert!(error.to_string().starts_with("a: the bytes end inside a value"), "{error}");
    assert_eq!(scanner.feed(b"1}"), Err(error.clone()));
    assert_eq!(scanner.finish().map(|_| ()), Err(error));
    // Too many sources.
    let mut scanner = Scanner::new(limits);
    scanner.start_source("a").unwrap();
    scanner.start_source("b").unwrap();
    let error = scanner.start_source("c").unwrap_err();
    assert_eq!(scanner.feed(good), Err(error.clone()));
    assert_eq!(scanner.finish().map(|_| ()), Err(error));
}

#[test]
fn file_that_changed_between_the_passes_is_named() {
    let Some(sources) = live("live-038").map(|sources| head_of(sources, 3)) else { return };
    let mut importer = Importer::new(scan(&sources).unwrap());
    let request = importer.next_request().unwrap();
    let error = importer.supply(&[]).unwrap_err();
    let file = sources[request.source].name.clone();
    assert_eq!(error, ImportError::Changed { file });
    assert_eq!(importer.next_request(), None);
    assert_eq!(importer.supply(&[]), Err(error));

    // The same length, another height.
    let mut importer = Importer::new(scan(&sources).unwrap());
    let error = loop {
        let request = importer.next_request().unwrap();
        let altered =
            text(&sources[request.source].bytes).replace("\"height\":\"3\"", "\"height\":\"4\"");
        if let Err(error) = importer.supply(altered.as_bytes()) {
            break error;
        }
    };
    assert!(matches!(error, ImportError::Changed { .. }), "{error}");

    // The same length and height: imported as it then is.
    let expected = convert(&sources).unwrap();
    let mut importer = Importer::new(scan(&sources).unwrap());
    let mut container = Vec::new();
    while let Some(request) = importer.next_request() {
        let altered = text(&sources[request.source].bytes)
            .replace("\"voting_power\":\"1\"", "\"voting_power\":\"2\"");
        importer.supply(altered.as_bytes()).unwrap();
        container.extend(importer.take_output());
    }
    container.extend(importer.take_output());
    assert!(container.len() == expected.len() && container != expected);
}
