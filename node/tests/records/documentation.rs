//! `docs/records.md` and `docs/contract.md` say of the formats what the code does.

use std::{collections::BTreeMap, fs};

use vidimus::{
    contract::{decision, entries, network, outcome, rules},
    record::{
        access, actor, anchor, authority, consent, delegation, details, disclosure, instant,
        organization, protocol, request, review, revocation, source,
    },
};
use vidimus_node::{records::sign, test_keys};

use crate::{CHAIN, samples};

type Fields = &'static [(u64, &'static str)];

/// Every map by its name in the documentation.
const MAPS: [(&str, Fields); 45] = [
    ("source", source::Source::FIELDS),
    ("period", instant::Period::FIELDS),
    ("actor", actor::Actor::FIELDS),
    ("actor-pattern", actor::ActorPattern::FIELDS),
    ("authority", authority::Authority::FIELDS),
    ("sealed-details", details::SealedDetails::FIELDS),
    ("closure", details::Closure::FIELDS),
    ("closures", details::Closures::FIELDS),
    ("organization", organization::Organization::FIELDS),
    ("key-grant", organization::KeyGrant::FIELDS),
    ("validator-change", organization::ValidatorChange::FIELDS),
    ("consent", consent::Consent::FIELDS),
    ("provision", consent::Provision::FIELDS),
    ("elements", consent::Elements::FIELDS),
    ("revocation", revocation::Revocation::FIELDS),
    ("delegation", delegation::Delegation::FIELDS),
    ("request", request::Request::FIELDS),
    ("processing", request::Processing::FIELDS),
    ("access", access::Access::FIELDS),
    ("custodian-half", access::CustodianHalf::FIELDS),
    ("recipient-half", access::RecipientHalf::FIELDS),
    ("consent-reference", access::ConsentReference::FIELDS),
    ("disclosure", disclosure::Disclosure::FIELDS),
    ("review", review::Review::FIELDS),
    ("anchor", anchor::Anchor::FIELDS),
    ("protocol", protocol::Protocol::FIELDS),
    ("decision", decision::Decision::FIELDS),
    ("considered", decision::Considered::FIELDS),
    ("protected-header", &[]),
    ("judgement", outcome::Judgement::FIELDS),
    ("organization-entry", entries::OrganizationEntry::FIELDS),
    ("key-entry", entries::KeyEntry::FIELDS),
    ("subject-entry", entries::SubjectEntry::FIELDS),
    ("consent-entry", entries::ConsentEntry::FIELDS),
    ("consent-version", entries::ConsentVersion::FIELDS),
    ("delegation-entry", entries::DelegationEntry::FIELDS),
    ("request-entry", entries::RequestEntry::FIELDS),
    ("open-requests", entries::OpenRequests::FIELDS),
    ("block-requests", entries::BlockRequests::FIELDS),
    ("protocol-entry", entries::ProtocolEntry::FIELDS),
    ("validator-totals", entries::ValidatorTotals::FIELDS),
    ("validator-entry", entries::ValidatorEntry::FIELDS),
    ("network", network::Network::FIELDS),
    ("limits", network::Limits::FIELDS),
    ("decision-rules", rules::DecisionRules::FIELDS),
];

/// The CDDL of both pages, block after block.
pub(crate) fn cddl() -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");
    let pages = ["records", "contract"].map(|page| format!("{folder}/{page}.md"));
    let text = pages.map(|page| fs::read_to_string(page).unwrap()).concat();
    let blocks = text.split("```cddl\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.collect()
}

/// Keys and names of the maps, read from `key => type, ; name`.
fn documented(cddl: &str) -> BTreeMap<&str, Vec<(u64, &str)>> {
    let mut maps = BTreeMap::new();
    let mut open = None;
    for line in cddl.lines() {
        if let Some(name) = line.strip_suffix(" = {") {
            open = Some(name);
            maps.insert(name, Vec::new());
        } else if line == "}" {
            open = None;
        } else if let (Some(name), Some((entry, field))) = (open, line.split_once(';')) {
            let (key, _) = entry.trim_start().trim_start_matches("? ").split_once(" => ").unwrap();
            maps.get_mut(name).unwrap().push((key.parse().unwrap(), field.trim()));
        }
    }
    maps
}

#[test]
fn every_map_has_the_keys_and_names_that_the_documentation_gives() {
    let cddl = cddl();
    let documented = documented(&cddl);
    let ours: BTreeMap<_, _> = MAPS.iter().map(|(name, fields)| (*name, fields.to_vec())).collect();
    assert_eq!(documented, ours);
}

#[test]
fn every_sample_is_what_the_documented_cddl_describes() {
    let cddl = cddl();
    for (name, body, key) in samples::all() {
        let rule = |rule: &str| format!("start = {rule}\n{cddl}");
        let check = |schema: &str, bytes: &[u8]| {
            cddl::validate_cbor_from_slice(schema, bytes, None).map_err(|e| e.to_string())
        };
        let record = sign(&body, &test_keys::all()[key], CHAIN);
        assert_eq!(check(&rule("record"), &record), Ok(()), "{name}");
        assert_eq!(check(&rule(body.kind().name()), &body.to_bytes()), Ok(()), "{name}");
        // The schema tells kinds apart.
        let other = if body.kind().name() == "anchor" { "review" } else { "anchor" };
        assert!(check(&rule(other), &body.to_bytes()).is_err(), "{name}");
    }
}

/// The table of result codes.
#[test]
fn every_result_code_stands_in_the_table() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/contract.md");
    let page = fs::read_to_string(page).unwrap();
    for code in outcome::ResultCode::ALL {
        let row = format!("| {} | `{code}` | ", code.code());
        assert!(page.contains(&row), "{row}");
    }
}
