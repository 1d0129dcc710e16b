use alloc::{format, string::String, vec};

use proptest::prelude::*;

use super::{reader::head, *};

map! {
    /// A map for the tests.
    pub struct Sample {
        /// Required.
        1 => number: u64,
        /// May be missing.
        3 => flag: bool,
        /// May be missing.
        4 => name: Option<Text<4>>,
        /// Required.
        30 => list: List<Hash, 1, 3>,
        /// May be empty.
        31 => set: Set<Word, 0, 2>,
    }
}

variants! {
    /// Words for the tests.
    pub enum Word {
        /// One.
        1 => One "one",
        /// Thirty.
        30 => Thirty "thirty",
    }
}

fn sample() -> Sample {
    Sample {
        number: 24,
        flag: true,
        name: Text::new("abc"),
        list: List::new(vec![Hash([7; 32])]).unwrap(),
        set: Set::new(vec![Word::Thirty, Word::One]).unwrap(),
    }
}

/// The sample by hand, head by head.
fn bytes() -> Vec<u8> {
    let mut bytes = vec![0xA5, 0x01, 0x18, 24, 0x03, 0xF5, 0x04, 0x63, b'a', b'b', b'c'];
    bytes.extend([0x18, 30, 0x81, 0x58, 32]);
    bytes.extend([7; 32]);
    bytes.extend([0x18, 31, 0x82, 0x01, 0x18, 30]);
    bytes
}

fn refused(bytes: &[u8]) -> (DecodeProblem, u64, String) {
    let error = decode::<Sample>(bytes).unwrap_err();
    (error.problem, error.offset, error.path)
}

#[test]
fn encoding_is_that_of_the_rfc() {
    assert_eq!(encode(&sample()), bytes());
    assert_eq!(decode::<Sample>(&bytes()), Ok(sample()));
    let least = Sample { number: 0, flag: false, name: None, set: Set::default(), ..sample() };
    let mut expected = vec![0xA2, 0x01, 0x00, 0x18, 30, 0x81, 0x58, 32];
    expected.extend([7; 32]);
    assert_eq!(encode(&least), expected);
    assert_eq!(decode::<Sample>(&expected), Ok(least));
}

#[test]
fn every_other_encoding_is_refused_at_its_byte_and_path() {
    let edit = |at: usize, old: &[u8], new: &[u8]| {
        let mut edited = bytes();
        assert_eq!(edited.splice(at..at + old.len(), new.iter().copied()).collect::<Vec<_>>(), old);
        edited
    };
    let canonical = DecodeProblem::NotCanonical;
    for (case, bytes, problem, offset, path) in [
        ("map of indefinite length", edit(0, &[0xA5], &[0xBF]), canonical, 0, ""),
        ("head of two bytes for a small count", edit(0, &[0xA5], &[0xB8, 5]), canonical, 0, ""),
        ("head too wide for its key", edit(1, &[1], &[0x18, 1]), canonical, 1, ""),
        (
            "head too wide for its number",
            edit(2, &[0x18, 24], &[0x19, 0, 24]),
            canonical,
            2,
            "number",
        ),
        ("unknown key before another", edit(1, &[1], &[0]), DecodeProblem::UnknownField(0), 1, ""),
        ("unknown key between", edit(6, &[4], &[5]), DecodeProblem::UnknownField(5), 6, ""),
        ("key that stands twice", edit(6, &[4], &[3]), canonical, 6, ""),
        ("key out of order", edit(6, &[4], &[2]), canonical, 6, ""),
        ("flag that is not raised", edit(5, &[0xF5], &[0xF4]), canonical, 5, "flag"),
        (
            "text that is too long",
            edit(7, b"\x63abc", b"\x65abcde"),
            DecodeProblem::TooMany(4),
            7,
            "name",
        ),
        ("text that is empty", edit(7, b"\x63abc", b"\x60"), DecodeProblem::Length, 7, "name"),
        ("text with a control character", edit(8, b"a", b"\x1B"), DecodeProblem::Text, 7, "name"),
        ("text that is not UTF-8", edit(8, b"a", b"\xFF"), DecodeProblem::Text, 7, "name"),
        ("bytes for text", edit(7, &[0x63], &[0x43]), DecodeProblem::WrongType, 7, "name"),
        ("list that is empty", edit(13, &[0x81], &[0x80]), DecodeProblem::Length, 13, "list"),
        (
            "list that is too long",
            edit(13, &[0x81], &[0x84]),
            DecodeProblem::TooMany(3),
            13,
            "list",
        ),
        (
            "list that claims too much",
            edit(13, &[0x81], &[0x9B, 255, 255, 255, 255, 255, 255, 255, 255]),
            DecodeProblem::TooMany(3),
            13,
            "list",
        ),
        (
            "element of another length",
            edit(14, &[0x58, 32], &[0x58, 31]),
            DecodeProblem::Length,
            14,
            "list[0]",
        ),
        ("set out of order", edit(51, &[1, 0x18, 30], &[0x18, 30, 1]), canonical, 50, "set[1]"),
        (
            "value that stands twice in a set",
            edit(51, &[1, 0x18, 30], &[1, 1]),
            canonical,
            50,
            "set[1]",
        ),
        ("word that is none", edit(51, &[1], &[2]), DecodeProblem::UnknownVariant, 51, "set[0]"),
        ("bytes at the end", [bytes(), vec![0]].concat(), DecodeProblem::TrailingBytes, 54, ""),
        (
            "a negative number",
            edit(2, &[0x18, 24], &[0x38, 24]),
            DecodeProblem::WrongType,
            2,
            "number",
        ),
        ("a float", edit(2, &[0x18, 24], &[0xF9, 0x3C, 0]), DecodeProblem::WrongType, 2, "number"),
        (
            "a missing entry",
            {
                let mut bytes = edit(1, &[1, 0x18, 24], &[]);
                bytes[0] = 0xA4;
                bytes
            },
            DecodeProblem::Missing,
            0,
            "number",
        ),
    ] {
        assert_eq!(refused(&bytes), (problem, offset, path.into()), "{case}");
    }
    for end in 0..bytes().len() {
        let (problem, offset, _) = refused(&bytes()[..end]);
        assert_eq!((problem, offset), (DecodeProblem::Truncated, crate::encoding::to_u64(end)));
    }
}

#[test]
fn heads_grow_with_their_argument() {
    for value in [0, 23, 24, 255, 256, 65_535, 65_536, 0xFFFF_FFFF, 0x1_0000_0000, u64::MAX] {
        let mut writer = Writer::default();
        writer.uint(value);
        let bytes = writer.into_bytes();
        assert_eq!(bytes.len(), head(value), "{value}");
        assert_eq!(Reader::new(&bytes).uint(), Ok(value));
    }
    for value in [0, -1, -24, -25, -256, -257, i64::MIN, i64::MAX] {
        let mut writer = Writer::default();
        writer.int(value);
        let bytes = writer.into_bytes();
        assert_eq!(Reader::new(&bytes).int(), Ok(value));
    }
    assert_eq!(Reader::new(&[0x38, 0]).int().unwrap_err().problem, DecodeProblem::NotCanonical);
}

#[test]
fn variants_have_one_number_and_one_name_each() {
    for word in Word::ALL {
        assert_eq!(Word::from_code(word.code()), Some(*word));
        assert_eq!(Word::from_name(word.name()), Some(*word));
        assert_eq!(format!("{word}"), word.name());
    }
    assert_eq!(Word::from_code(2), None);
    assert_eq!(Word::from_name("two"), None);
    assert_eq!(Sample::FIELDS[3], (30, "list"));
}

proptest! {
    #[test]
    fn what_decodes_is_the_encoding_of_what_it_decodes_to(
        bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..80),
            (0..54_usize, any::<u8>()).prop_map(|(at, value)| {
                let mut bytes = bytes();
                bytes[at] = value;
                bytes
            }),
        ],
    ) {
        if let Ok(value) = decode::<Sample>(&bytes) {
            prop_assert_eq!(encode(&value), bytes);
        }
    }
}
