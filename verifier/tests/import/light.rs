//! Signed headers without blocks, and the sets that they announce.

use serde_json::{Value, json};
use vidimus::{
    encoding::{DecodeProblem, protobuf::decode_canonical, time::Timestamp},
    import::{self, ImportError},
    ledger::cometbft::{
        commit::BlockIdFlag, light::LightBlock, signed_header::SignedHeader,
        validator::ValidatorList,
    },
    limits::Limits,
    snapshot::Kind,
};

use super::{
    convert, first_height, items, light_block,
    parts::{contradiction, named, validators},
};

/// The validators of a set as `/validators` gives them, with another power of the first.
fn page(height: u64, power: &str) -> Option<Value> {
    let [_, _, mut page] = first_height()?;
    page["block_height"] = json!(height.to_string());
    page["validators"][0]["voting_power"] = json!(power);
    Some(page)
}

/// Powers of the first validators of the sets that stand beside the light blocks.
fn announced(values: &[&Value]) -> Vec<u64> {
    let values: Vec<_> = values.iter().map(|value| ("x", (*value).clone())).collect();
    let (_, list) = items(&convert(&named(&values)).unwrap());
    assert_eq!(list.iter().filter(|(kind, _)| *kind == Kind::LightBlock).count(), 1);
    let sets = list.iter().filter(|(kind, _)| *kind == Kind::Validators);
    let set = sets.map(|(_, bytes)| decode_canonical::<ValidatorList>(bytes).unwrap().into_inner());
    set.map(|set| set.validators.iter().map(|validator| validator.power).max().unwrap()).collect()
}

#[test]
fn set_alone_is_read_if_it_is_that_of_the_next_height() {
    let (Some(light), Some(next)) = (light_block(), page(2, "77")) else { return };
    assert_eq!(announced(&[&light]), [0; 0]);
    assert_eq!(announced(&[&light, &next]), [77]);
    for height in [3, 4, 50] {
        let other = page(height, "88").unwrap();
        assert_eq!(announced(&[&light, &other]), [0; 0], "{height}");
        assert_eq!(announced(&[&light, &next, &other]), [77], "{height}");
    }
}

#[test]
fn announced_set_may_stand_beside_the_light_block_too() {
    let (Some(mut light), Some(next)) = (light_block(), page(2, "77")) else { return };
    light["next_validator_set"] = json!({ "validators": next["validators"] });
    assert_eq!(announced(&[&light]), [77]);
    assert_eq!(announced(&[&light, &next]), [77]);
    // Of a later height it may be another.
    assert_eq!(announced(&[&light, &page(3, "88").unwrap()]), [77]);
}

#[test]
fn next_set_that_is_the_same_is_not_carried() {
    let (Some(mut light), Some(next)) = (light_block(), page(2, "1")) else { return };
    assert_eq!(announced(&[&light, &next]), [0; 0]);
    light["next_validator_set"] = light["validator_set"].clone();
    assert_eq!(announced(&[&light]), [0; 0]);
    assert_eq!(announced(&[&light, &next]), [0; 0]);
}

#[test]
fn announced_set_contradicts_another_of_its_height() {
    let (Some(mut light), Some(other)) = (light_block(), page(2, "77")) else { return };
    let with_set = |height: u64, set: &Value| {
        let mut light = light.clone();
        light["signed_header"]["header"]["height"] = json!(height.to_string());
        light["validator_set"] = json!({ "validators": set });
        light
    };
    let second = with_set(2, &other["validators"]);
    let third = with_set(3, &other["validators"]);
    // It is the set of the first height.
    light["next_validator_set"] = light["validator_set"].clone();
    for value in [other, second] {
        let values = [("light", light.clone()), ("other", value)];
        assert_eq!(contradiction(&values), validators(("light", "other")));
    }
    let (_, list) = items(&convert(&named(&[("light", light), ("third", third)])).unwrap());
    assert_eq!(list.len(), 2, "two light blocks");
}

#[test]
fn set_that_the_next_light_block_holds_is_not_written_twice() {
    let (Some(mut light), Some(next)) = (light_block(), page(2, "77")) else { return };
    let mut second = light.clone();
    second["signed_header"]["header"]["height"] = json!("2");
    second["validator_set"] = json!({ "validators": next["validators"] });
    let mut third = second.clone();
    third["signed_header"]["header"]["height"] = json!("3");
    light["next_validator_set"] = second["validator_set"].clone();
    let kinds = |later: &Value| {
        let values = named(&[("light", light.clone()), ("later", later.clone())]);
        let (_, list) = items(&convert(&values).unwrap());
        list.into_iter().map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&second), [Kind::LightBlock, Kind::LightBlock]);
    // A height in between may be followed with it.
    assert_eq!(kinds(&third), [Kind::LightBlock, Kind::Validators, Kind::LightBlock]);
}

/// What a client of light blocks reads from values that stand one after the other.
fn read(values: &[&Value]) -> Result<(LightBlock, Option<ValidatorList>), ImportError> {
    let text: String = values.iter().map(ToString::to_string).collect();
    import::light_block("answer", text.as_bytes(), &Limits::default())
}

#[test]
fn light_block_is_read_from_each_of_its_forms() {
    let Some([block, commit, page_1]) = first_height() else { return };
    let mut light = light_block().unwrap();
    let (expected, next) = read(&[&light]).unwrap();
    assert_eq!((expected.signed_header.header.height, next), (1, None));
    assert_eq!(expected.validators.validators.len(), 5);
    for next in [&page_1, &page(2, "1").unwrap()] {
        assert_eq!(read(&[&commit, &page_1, next]), Ok((expected.clone(), None)));
    }
    let page_2 = page(2, "77").unwrap();
    let (found, next) = read(&[&commit, &page_1, &page_2]).unwrap();
    assert_eq!(found, expected);
    assert_eq!(next.as_ref().map(|next| next.validators[0].power), Some(77));
    light["next_validator_set"] = json!({ "validators": page_2["validators"] });
    assert_eq!(read(&[&light]), Ok((expected.clone(), next)));
    light["next_validator_set"] = light["validator_set"].clone();
    assert_eq!(read(&[&light]), Ok((expected, None)));

    let mut other = light.clone();
    other["signed_header"]["header"]["height"] = json!("7");
    for values in [&[&light, &other][..], &[&block, &commit, &page_1]] {
        let error = read(values).unwrap_err();
        assert_eq!(error.to_string(), "answer is not about one signed header");
    }
    assert!(matches!(read(&[&page_1]), Err(ImportError::Missing { .. })));
}

#[test]
fn absent_vote_has_no_time_in_whatever_spelling() {
    let Some(light) = light_block() else { return };
    let time = |flag: u8, text: Value| {
        let mut light = light.clone();
        let vote = &mut light["signed_header"]["commit"]["signatures"][0];
        vote["block_id_flag"] = json!(flag);
        vote["timestamp"] = text;
        let (block, _) = read(&[&light])?;
        let LightBlock { signed_header: SignedHeader { commit, .. }, .. } = block;
        let vote = commit.signatures[0];
        assert_eq!(vote.flag == BlockIdFlag::Absent, flag == 1);
        Ok::<_, ImportError>(vote.timestamp)
    };
    let epoch = json!("1970-01-01T00:00:00Z");
    for text in [Value::Null, epoch.clone(), json!("0001-01-01T00:00:00Z")] {
        assert_eq!(time(1, text.clone()), Ok(Timestamp::ZERO), "{text}");
    }
    // A time that is there is not lost; it is for the commit's check to refuse it.
    let other = Timestamp { seconds: 1_577_836_800, nanos: 0 };
    assert_eq!(time(1, json!("2020-01-01T00:00:00Z")), Ok(other));
    assert_eq!(time(2, epoch), Ok(Timestamp { seconds: 0, nanos: 0 }));
    assert!(matches!(time(2, Value::Null), Err(ImportError::Decode { .. })));
}

#[test]
fn extended_header_of_celestia_is_an_object() {
    let Some(light) = light_block() else { return };
    let mut block = light["signed_header"].clone();
    block["validator_set"] = light["validator_set"].clone();
    let expected = convert(&named(&[("x", block.clone())])).unwrap();
    let mut with = |dah: Value| {
        block["dah"] = dah;
        convert(&named(&[("x", block.clone())]))
    };
    for dah in [Value::Null, json!({}), json!({ "row_roots": ["QUJD", 1] })] {
        assert!(with(dah.clone()).as_ref() == Ok(&expected), "{dah}");
    }
    for dah in [json!([]), json!("QUJD"), json!(7), json!(true), json!([{}])] {
        let Err(ImportError::Decode { error, .. }) = with(dah.clone()) else { panic!("{dah}") };
        assert_eq!((error.problem, &*error.path), (DecodeProblem::WrongType, "dah"), "{dah}");
    }
}
