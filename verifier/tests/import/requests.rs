//! What the import asks for, and how far it is.

use std::collections::BTreeMap;

use vidimus::import::{Importer, Request};

use super::{Source, convert, head_of, live, scan};

/// Imports, and returns what was asked for beside the container.
fn requests(sources: &[Source]) -> (Vec<Request>, Vec<u8>) {
    let mut importer = Importer::new(scan(sources).unwrap());
    let (mut requests, mut container) = (Vec::new(), Vec::new());
    while let Some(request) = importer.next_request() {
        let start = usize::try_from(request.offset).unwrap();
        let end = start + usize::try_from(request.length).unwrap();
        importer.supply(&sources[request.source].bytes[start..end]).unwrap();
        container.extend(importer.take_output());
        requests.push(request);
    }
    container.extend(importer.take_output());
    (requests, container)
}

#[test]
fn progress_goes_from_none_to_all_of_the_values() {
    let Some(sources) = live("live-038").map(|sources| head_of(sources, 3)) else { return };
    let index = scan(&sources).unwrap();
    for (number, source) in sources.iter().enumerate() {
        assert_eq!(index.source_name(number), source.name);
    }
    assert_eq!(index.source_name(sources.len()), "");
    // Three of blocks, commits and results, four of validators. The genesis is read by the scan.
    let values = 13;
    let mut importer = Importer::new(index);
    let mut last = importer.progress();
    assert_eq!(last, (0, values));
    while let Some(request) = importer.next_request() {
        let source = &sources[request.source];
        assert_eq!(importer.source_name(request.source), source.name);
        importer.supply(&source.bytes).unwrap();
        // Each value is a file of its own.
        assert_eq!(importer.progress(), (last.0 + 1, values));
        last = importer.progress();
    }
    assert_eq!(last, (values, values));
}

/// The files of each endpoint in one, by the lowest height last.
fn endpoints(sources: &[Source]) -> Vec<Source> {
    let mut endpoints: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
    for source in sources {
        let kind = source.name.rsplit_once('_').map_or("genesis", |(kind, _)| kind);
        endpoints.entry(kind).or_default().push(source);
    }
    let file = |(name, mut list): (&str, Vec<&Source>)| {
        list.reverse();
        Source { name: name.into(), bytes: list.iter().flat_map(|s| s.bytes.clone()).collect() }
    };
    endpoints.into_iter().map(file).collect()
}

#[test]
fn small_file_is_asked_for_once_in_whatever_order_its_values_are() {
    let Some(sources) = live("live-038").map(|sources| head_of(sources, 9)) else { return };
    let expected = convert(&sources).unwrap();
    let files = endpoints(&sources);
    let (mut requests, container) = requests(&files);
    assert!(container == expected);
    requests.sort_by_key(|request| request.source);
    // The genesis is read by the scan.
    let others = files.iter().enumerate().filter(|(_, file)| file.name != "genesis");
    let whole = others.map(|(source, file)| Request {
        source,
        offset: 0,
        length: u64::try_from(file.bytes.len()).unwrap(),
    });
    assert_eq!(requests, whole.collect::<Vec<_>>());
}

#[test]
fn bytes_far_from_those_that_are_needed_are_not_asked_for() {
    let Some(sources) = live("live-038").map(|sources| head_of(sources, 1)) else { return };
    let of = |name: &str| sources.iter().find(|s| s.name == name).unwrap().bytes.clone();
    let far = vec![b' '; 3 << 20];
    let (results, commit) = (of("block_results_1.json"), of("commit_1.json"));
    let near = [commit, of("block_1.json")].concat();
    let files = [
        Source { name: "a".into(), bytes: of("validators_1.json") },
        Source { name: "b".into(), bytes: [&[b' '; 100], &*results, &far, &near].concat() },
    ];
    let (requests, container) = requests(&files);
    assert!(container == convert(&files).unwrap());
    let length = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap();
    let start = length(&results) + length(&far) + 100;
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[0], Request { source: 0, offset: 0, length: length(&files[0].bytes) });
    assert_eq!(requests[1], Request { source: 1, offset: start, length: length(&near) });
    // Results come after the block. What stands before them is needed no more.
    assert_eq!((requests[2].source, requests[2].offset), (1, 100));
    let held = length(&results)..length(&far);
    assert!(held.contains(&requests[2].length), "{:?}", requests[2]);
}

#[test]
fn value_of_another_file_does_not_move_what_is_asked_for() {
    let Some(sources) = live("live-038").map(|sources| head_of(sources, 1)) else { return };
    let of = |name: &str| sources.iter().find(|s| s.name == name).unwrap().bytes.clone();
    let files = [
        Source { name: "a".into(), bytes: of("block_1.json") },
        Source { name: "b".into(), bytes: [&[b' '; 50], &*of("commit_1.json")].concat() },
        Source { name: "c".into(), bytes: of("validators_1.json") },
    ];
    let (requests, _) = requests(&files);
    let order: Vec<_> = requests.iter().map(|request| (request.source, request.offset)).collect();
    assert_eq!(order, [(2, 0), (1, 50), (0, 0)]);
}
