//! Details: what a record seals, before it is encrypted.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};
use core::convert::Infallible;

use minicbor::{Encoder, encode::Error};
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{Carried, ContentError, Named, ResourceId, cbor::Input, content::Content};
use crate::{
    encoding::{DecodeError, DecodeProblem, cbor::write, check_canonical, to_u64},
    record::codes::{Code, System},
};

/// Most bytes of one text.
const TEXT_BYTES: usize = 4_096;

/// Most provisions of one record.
const PROVISIONS: usize = 256;

/// Most codes or ids in one array, whatever the elements.
const CODES: u64 = 1_024;

/// What a text is about.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum TextKind {
    /// Why an emergency made the access necessary.
    Justification,
    /// What was disclosed, in words (45 CFR 164.528(b)(2)(iii)).
    Description,
    /// Why it was disclosed, in words (45 CFR 164.528(b)(2)(iv)).
    Purpose,
    /// Who received it.
    RecipientName,
    /// Where the recipient is reached.
    RecipientAddress,
    /// Anything else.
    Note,
}

impl TextKind {
    /// Every kind, by [number](Self::number).
    pub const ALL: [Self; 6] = [
        Self::Justification,
        Self::Description,
        Self::Purpose,
        Self::RecipientName,
        Self::RecipientAddress,
        Self::Note,
    ];

    /// The number of the kind in encodings; never changed, never given to another kind.
    pub const fn number(self) -> u8 {
        match self {
            Self::Justification => 1,
            Self::Description => 2,
            Self::Purpose => 3,
            Self::RecipientName => 4,
            Self::RecipientAddress => 5,
            Self::Note => 6,
        }
    }

    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Justification => "justification",
            Self::Description => "description",
            Self::Purpose => "purpose",
            Self::RecipientName => "recipient_name",
            Self::RecipientAddress => "recipient_address",
            Self::Note => "note",
        }
    }

    /// The kind with this [number](Self::number).
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| u64::from(kind.number()) == number)
    }
}

/// The open codes, ids and texts of one record.
///
/// Encoded as a CBOR map; a key whose value would be empty is not there, codes and ids ascend:
///
/// ```text
/// details = { ? 1: open, ? 2: [1*256 open], ? 3: { 1* text-kind => text } }
/// open    = [[* [system: uint, code: text]], [* resource: text], [* author: text]]
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Details {
    carried: Option<Carried>,
    provisions: Vec<Named>,
    texts: BTreeMap<TextKind, String>,
}

impl Details {
    /// The details of a record that opens `carried`, or has `provisions` in the order in which it
    /// carries their sealed codes, or both.
    ///
    /// Texts have 1 to 4,096 bytes and no control characters but line feeds.
    ///
    /// # Errors
    /// [`ContentError::Provisions`], [`ContentError::Text`].
    pub fn new(
        carried: Option<Carried>,
        provisions: Vec<Named>,
        texts: BTreeMap<TextKind, String>,
    ) -> Result<Self, ContentError> {
        if provisions.len() > PROVISIONS {
            return Err(ContentError::Provisions { count: provisions.len() });
        }
        if !texts.values().all(|text| is_text(text)) {
            return Err(ContentError::Text);
        }
        Ok(Self { carried, provisions, texts })
    }

    /// What the record opens.
    pub fn carried(&self) -> Option<&Carried> {
        self.carried.as_ref()
    }

    /// What the record's provisions name, in their order.
    pub fn provisions(&self) -> &[Named] {
        &self.provisions
    }

    /// The texts by what they are about. Whoever shows one makes invisible characters visible.
    pub fn texts(&self) -> &BTreeMap<TextKind, String> {
        &self.texts
    }

    /// The one encoding.
    pub fn encode(&self) -> Vec<u8> {
        write(|e| {
            let Self { carried, provisions, texts } = self;
            let keys = [carried.is_some(), !provisions.is_empty(), !texts.is_empty()];
            e.map(to_u64(keys.into_iter().filter(|is_there| *is_there).count()))?;
            if let Some(carried) = carried {
                encode_open(e.u8(1)?, carried.content())?;
            }
            if !provisions.is_empty() {
                e.u8(2)?.array(to_u64(provisions.len()))?;
                for named in provisions {
                    encode_open(e, named.content())?;
                }
            }
            if !texts.is_empty() {
                e.u8(3)?.map(to_u64(texts.len()))?;
                for (kind, text) in texts {
                    e.u8(kind.number())?.str(text)?;
                }
            }
            Ok(())
        })
    }

    /// Decodes [`Self::encode`].
    ///
    /// # Errors
    /// [`DecodeError`]: every byte sequence that is not the one encoding of some details.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut input = Input::new(bytes);
        let mut details = Self::default();
        for _ in 0..input.map()? {
            let key = input.checked(|input| match input.number()? {
                key @ 1..=3 => Ok(Ok(key)),
                key => Ok(Err(DecodeProblem::UnknownField(key))),
            })?;
            match key {
                1 => details.carried = Some(decode_open(&mut input, "carried", Carried::new)?),
                2 => {
                    let one = |input: &mut Input<'_>| decode_open(input, "", Named::new);
                    let provisions = input.array(to_u64(PROVISIONS), one);
                    details.provisions = provisions.map_err(|e| e.within("provisions"))?;
                }
                _ => details.texts = decode_texts(&mut input).map_err(|e| e.within("texts"))?,
            }
        }
        input.end()?;
        // RFC 8949 §4.2.1: "The keys in every map MUST be sorted" and heads "as short as possible".
        check_canonical(bytes, &details.encode())?;
        Ok(details)
    }
}

/// As JSON: `carried`, `provisions`, `texts`, with the codes as `system` and `code`.
impl Serialize for Details {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { carried, provisions, texts } = self;
        let mut map = serializer.serialize_map(None)?;
        if let Some(carried) = carried {
            map.serialize_entry("carried", carried.content())?;
        }
        if !provisions.is_empty() {
            let provisions: Vec<_> = provisions.iter().map(Named::content).collect();
            map.serialize_entry("provisions", &provisions)?;
        }
        if !texts.is_empty() {
            let texts: BTreeMap<_, _> =
                texts.iter().map(|(kind, text)| (kind.name(), text)).collect();
            map.serialize_entry("texts", &texts)?;
        }
        map.end()
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ids = |ids: &BTreeSet<ResourceId>| -> Vec<String> {
            ids.iter().map(|id| id.as_str().into()).collect()
        };
        let codes = self.codes.iter();
        let codes: Vec<_> = codes.map(|code| [code.system().name(), code.text()]).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("codes", &codes)?;
        map.serialize_entry("resources", &ids(&self.resources))?;
        map.serialize_entry("authors", &ids(&self.authors))?;
        map.end()
    }
}

fn is_text(text: &str) -> bool {
    let is_shown = |c: char| c == '\n' || !c.is_control();
    (1..=TEXT_BYTES).contains(&text.len()) && text.chars().all(is_shown)
}

fn encode_open(e: &mut Encoder<&mut Vec<u8>>, content: &Content) -> Result<(), Error<Infallible>> {
    let Content { codes, resources, authors } = content;
    e.array(3)?.array(to_u64(codes.len()))?;
    for code in codes {
        e.array(2)?.u8(code.system().number())?.str(code.text())?;
    }
    for ids in [resources, authors] {
        e.array(to_u64(ids.len()))?;
        for id in ids {
            e.str(id.as_str())?;
        }
    }
    Ok(())
}

/// Codes, resources and authors, and what `build` makes of them.
fn decode_open<T>(
    input: &mut Input<'_>,
    field: &str,
    build: impl FnOnce(Vec<Code>, Vec<ResourceId>, Vec<ResourceId>) -> Result<T, ContentError>,
) -> Result<T, DecodeError> {
    let open = |input: &mut Input<'_>| {
        input.checked(|input| array_of(3, input))?;
        let codes = input.array(CODES, decode_code).map_err(|e| e.within("codes"))?;
        let resources = input.array(CODES, decode_id).map_err(|e| e.within("resources"))?;
        let authors = input.array(CODES, decode_id).map_err(|e| e.within("authors"))?;
        Ok(build(codes, resources, authors).map_err(|error| match error {
            ContentError::NotSealed { .. } => DecodeProblem::UnknownVariant,
            ContentError::Confidentiality { .. } => DecodeProblem::Missing,
            ContentError::TooMany { .. } | ContentError::Provisions { .. } => DecodeProblem::Length,
            ContentError::Text => DecodeProblem::Text,
        }))
    };
    let opened = input.checked(open);
    if field.is_empty() { opened } else { opened.map_err(|e| e.within(field)) }
}

fn decode_code(input: &mut Input<'_>) -> Result<Code, DecodeError> {
    input.checked(|input| array_of(2, input))?;
    let system = input.checked(|input| {
        let system = u8::try_from(input.number()?).ok().and_then(System::from_number);
        Ok(system.ok_or(DecodeProblem::UnknownVariant))
    })?;
    input.checked(|input| Ok(Code::new(system, input.text()?).map_err(|_| DecodeProblem::Text)))
}

fn decode_id(input: &mut Input<'_>) -> Result<ResourceId, DecodeError> {
    input.checked(|input| Ok(ResourceId::new(input.text()?).map_err(|_| DecodeProblem::Text)))
}

fn decode_texts(input: &mut Input<'_>) -> Result<BTreeMap<TextKind, String>, DecodeError> {
    let count = input.checked(|input| match input.map()? {
        count if count <= to_u64(TextKind::ALL.len()) => Ok(Ok(count)),
        _ => Ok(Err(DecodeProblem::Length)),
    })?;
    let mut texts = BTreeMap::new();
    for _ in 0..count {
        let kind = input.checked(|input| {
            Ok(TextKind::from_number(input.number()?).ok_or(DecodeProblem::UnknownVariant))
        })?;
        let text = input.checked(|input| {
            let text = input.text()?;
            Ok(is_text(text).then(|| text.into()).ok_or(DecodeProblem::Text))
        })?;
        texts.insert(kind, text);
    }
    Ok(texts)
}

/// The head of an array of this length.
fn array_of(length: u64, input: &mut Input<'_>) -> Result<Result<(), DecodeProblem>, DecodeError> {
    Ok(if input.length()? == length { Ok(()) } else { Err(DecodeProblem::Length) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(system: System, text: &str) -> Code {
        Code::new(system, text).unwrap()
    }

    fn details() -> Details {
        let codes = [code(System::Confidentiality, "R"), code(System::Sensitivity, "HIV")];
        let resources = ["Observation/2", "Observation/1"].map(|id| ResourceId::new(id).unwrap());
        let authors = ["Practitioner/4", "Organization/3"].map(|id| ResourceId::new(id).unwrap());
        let carried = Carried::new(codes.clone(), resources.clone(), authors.clone()).unwrap();
        let named = Named::new(codes, resources, authors).unwrap();
        let texts = [(TextKind::Note, "two\nlines"), (TextKind::Justification, "caf\u{e9}")];
        let texts = texts.map(|(kind, text)| (kind, text.into())).into();
        Details::new(Some(carried), alloc::vec![named, Named::default()], texts).unwrap()
    }

    fn refused(bytes: &[u8]) -> (DecodeProblem, u64, String) {
        let error = Details::decode(bytes).unwrap_err();
        (error.problem, error.offset, error.path)
    }

    #[test]
    fn details_decode_to_what_was_encoded() {
        for details in [details(), Details::default()] {
            assert_eq!(Details::decode(&details.encode()), Ok(details));
        }
        assert_eq!(Details::default().encode(), [0xa0]);
    }

    #[test]
    fn no_other_bytes_decode_to_the_same_details() {
        let bytes = details().encode();
        for end in 0..bytes.len() {
            assert!(Details::decode(&bytes[..end]).is_err(), "cut at {end}");
        }
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            // Another text or code is other details; the same ones never come from other bytes.
            if let Ok(decoded) = Details::decode(&changed) {
                assert_ne!(decoded, details(), "bit {bit}");
                assert_eq!(decoded.encode(), changed);
            }
        }
    }

    #[test]
    fn deviations_are_refused_where_they_stand() {
        let trailing = [&*details().encode(), &[0]].concat();
        assert_eq!(refused(&trailing).0, DecodeProblem::TrailingBytes);
        assert_eq!(
            refused(&[0xa1, 0x04, 0x80]),
            (DecodeProblem::UnknownField(4), 1, String::new())
        );
        assert_eq!(refused(&[0xa1, 0x02, 0x80]), (DecodeProblem::NotCanonical, 0, String::new()));
        assert_eq!(refused(&[0xbf, 0xff]), (DecodeProblem::NotCanonical, 0, String::new()));
        assert_eq!(refused(&[0x80]), (DecodeProblem::WrongType, 0, String::new()));
        // {3: {7: "x"}}, {3: {1: ""}}, {3: {1: 0xff}}, {3: {1: "\r"}}
        for (texts, problem, offset) in [
            (&[0x07, 0x61, b'x'][..], DecodeProblem::UnknownVariant, 3),
            (&[0x01, 0x60], DecodeProblem::Text, 4),
            (&[0x01, 0x61, 0xff], DecodeProblem::Text, 4),
            (&[0x01, 0x61, b'\r'], DecodeProblem::Text, 4),
        ] {
            let bytes = [&[0xa1, 0x03, 0xa1], texts].concat();
            assert_eq!(refused(&bytes), (problem, offset, "texts".into()), "{texts:?}");
        }
    }

    #[test]
    fn contents_of_other_shapes_are_refused_with_their_path() {
        let open = |open: &[u8]| [&[0xa1, 0x02, 0x81], open].concat();
        // [[[1, "TREAT"]], [], []]: purposes are not sealed.
        let purpose = open(b"\x83\x81\x82\x01\x65TREAT\x80\x80");
        assert_eq!(refused(&purpose), (DecodeProblem::UnknownVariant, 3, "provisions[0]".into()));
        // [[[12, "X"]], [], []] and [[[2, "X Y"]], [], []]
        let path: String = "provisions[0].codes[0]".into();
        let system = open(b"\x83\x81\x82\x0c\x61X\x80\x80");
        assert_eq!(refused(&system), (DecodeProblem::UnknownVariant, 6, path.clone()));
        let text = open(b"\x83\x81\x82\x02\x63X Y\x80\x80");
        assert_eq!(refused(&text), (DecodeProblem::Text, 7, path));
        // Two codes out of order; one twice.
        for codes in [
            b"\x83\x82\x82\x02\x61Y\x82\x02\x61X\x80\x80",
            b"\x83\x82\x82\x02\x61X\x82\x02\x61X\x80\x80",
        ] {
            assert_eq!(refused(&open(codes)).0, DecodeProblem::NotCanonical);
        }
        // An author of two words: [[], [], ["X Y"]]
        let path: String = "provisions[0].authors[0]".into();
        assert_eq!(refused(&open(b"\x83\x80\x80\x81\x63X Y")), (DecodeProblem::Text, 7, path));
        // An access without a level of confidentiality: {1: [[], [], []]}
        let carried = [0xa1, 0x01, 0x83, 0x80, 0x80, 0x80];
        assert_eq!(refused(&carried), (DecodeProblem::Missing, 2, "carried".into()));
        assert_eq!(refused(&open(b"\x82\x80\x80")).0, DecodeProblem::Length);
        assert_eq!(refused(&[0xa1, 0x02, 0x9a, 0xff, 0xff, 0xff, 0xff]).0, DecodeProblem::Length);
    }

    #[test]
    fn details_end_at_their_limits() {
        let texts = |text: String| BTreeMap::from([(TextKind::Note, text)]);
        let new = |provisions, texts| Details::new(None, provisions, texts);
        assert!(new(Vec::new(), texts("x".repeat(4_096))).is_ok());
        for text in ["x".repeat(4_097), String::new(), "a\tb".into(), "\u{85}".into()] {
            assert_eq!(new(Vec::new(), texts(text)), Err(ContentError::Text));
        }
        let provisions = |count| alloc::vec![Named::default(); count];
        assert!(new(provisions(256), BTreeMap::new()).is_ok());
        let error = new(provisions(257), BTreeMap::new());
        assert_eq!(error, Err(ContentError::Provisions { count: 257 }));
    }
}
