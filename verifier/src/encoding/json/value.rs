//! Values, and what decoders read from them.

use alloc::{borrow::Cow, vec::Vec};

use base64::{DecodeError as Base64Error, Engine as _, engine::general_purpose::STANDARD};

use super::{Fault, Object};
use crate::encoding::{
    DecodeProblem,
    hex::{Address, Hash},
    time::Timestamp,
    to_u64,
};

/// A parsed value. Objects keep their order and have no key twice.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, at most [`MAX_NUMBER`](super::MAX_NUMBER) in magnitude.
    Integer(i64),
    /// A string.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Self>),
    /// An object.
    Object(Vec<(Cow<'a, str>, Self)>),
    /// The value of a key that [`Parts`](super::Parts) leaves out, unless it is `null`.
    Omitted(Omitted),
}

/// What is known of a value that is left out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Omitted {
    /// An array, and the number of its elements.
    Array(u64),
    /// An object.
    Object,
    /// A string, a number, `true` or `false`.
    Scalar,
}

impl<'a> Value<'a> {
    /// The members of an object.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`].
    pub fn object(&self) -> Result<Object<'_, 'a>, Fault> {
        let Self::Object(members) = self else { return Err(DecodeProblem::WrongType.into()) };
        Ok(Object { members })
    }

    /// The elements of an array; `null` is an empty one, as Go prints it.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`].
    pub fn list(&self) -> Result<&[Self], Fault> {
        if self.is_null() {
            return Ok(&[]);
        }
        let Self::Array(values) = self else { return Err(DecodeProblem::WrongType.into()) };
        Ok(values)
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The number of elements of an array, read or omitted.
    pub fn elements(&self) -> Option<u64> {
        if let Self::Omitted(Omitted::Array(count)) = self {
            return Some(*count);
        }
        self.list().ok().map(|values| to_u64(values.len()))
    }

    /// Reads each element of a [`Self::list`].
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], or what `read` finds.
    pub fn each<T>(&self, read: impl Fn(&Self) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
        let values = self.list()?.iter().enumerate();
        values.map(|(index, value)| read(value).map_err(|fault| fault.at(index))).collect()
    }

    /// Text.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::Length`] for text of more than `most` bytes.
    pub fn text(&self, most: usize) -> Result<&str, Fault> {
        let Self::String(text) = self else { return Err(DecodeProblem::WrongType.into()) };
        if text.len() > most {
            return Err(DecodeProblem::Length.into());
        }
        Ok(text)
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`].
    pub fn bool(&self) -> Result<bool, Fault> {
        let Self::Bool(value) = self else { return Err(DecodeProblem::WrongType.into()) };
        Ok(*value)
    }

    /// An integer: a number, or its decimal digits in a string, without plus and leading zeros.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::NotCanonical`], [`DecodeProblem::OutOfRange`].
    pub fn integer<N: TryFrom<i128>>(&self) -> Result<N, Fault> {
        let number = if let Self::Integer(number) = self {
            i128::from(*number)
        } else {
            decimal(self.text(usize::MAX)?)?
        };
        N::try_from(number).map_err(|_| DecodeProblem::OutOfRange.into())
    }

    /// Bytes: hex digits of either case, an array of integers, or nothing as `null`.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::Text`], [`DecodeProblem::OutOfRange`].
    pub fn hex(&self) -> Result<Vec<u8>, Fault> {
        if let Self::String(text) = self {
            return crate::encoding::hex::decode(text).ok_or_else(|| DecodeProblem::Text.into());
        }
        self.each(Self::integer)
    }

    /// Bytes: canonical base64 (RFC 4648 §4, padded, zero trailing bits), an array of integers, or
    /// nothing as `null`.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::Text`], [`DecodeProblem::NotCanonical`],
    /// [`DecodeProblem::OutOfRange`].
    pub fn base64(&self) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        self.append_base64(&mut bytes)?;
        Ok(bytes)
    }

    /// Appends [`Self::base64`] to `bytes`.
    ///
    /// # Errors
    /// As [`Self::base64`]; `bytes` then end with unspecified ones.
    pub fn append_base64(&self, bytes: &mut Vec<u8>) -> Result<(), Fault> {
        let Self::String(text) = self else {
            bytes.extend(self.each(Self::integer::<u8>)?);
            return Ok(());
        };
        STANDARD.decode_vec(text.as_bytes(), bytes).map_err(|error| match error {
            // Padding in the wrong place is another spelling; anything else is no base64 at all.
            Base64Error::InvalidByte(_, byte) if byte != b'=' => DecodeProblem::Text.into(),
            Base64Error::InvalidByte(..)
            | Base64Error::InvalidLength(_)
            | Base64Error::InvalidLastSymbol(..)
            | Base64Error::InvalidPadding => DecodeProblem::NotCanonical.into(),
        })
    }

    /// A hash in [`Self::hex`], absent if empty.
    ///
    /// # Errors
    /// As [`Self::hex`], and [`DecodeProblem::Length`].
    pub fn hash(&self) -> Result<Option<Hash>, Fault> {
        let bytes = self.hex()?;
        exact(&bytes, Hash::from_slice)
    }

    /// An address in [`Self::hex`], absent if empty.
    ///
    /// # Errors
    /// As [`Self::hex`], and [`DecodeProblem::Length`].
    pub fn address(&self) -> Result<Option<Address>, Fault> {
        let bytes = self.hex()?;
        exact(&bytes, Address::from_slice)
    }

    /// A time: RFC 3339 as Go prints it, or `{"seconds": …, "nanos": …}`.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::Text`], [`DecodeProblem::OutOfRange`] and
    /// those of [`Self::integer`].
    pub fn time(&self) -> Result<Timestamp, Fault> {
        if let Self::String(text) = self {
            return Timestamp::parse(text).ok_or_else(|| DecodeProblem::Text.into());
        }
        let object = self.object()?;
        object.only(&["seconds", "nanos"])?;
        let seconds: i64 = object.required("seconds", Self::integer)?;
        let nanos: u32 = object.required("nanos", Self::integer)?;
        let years = Timestamp::ZERO.seconds..=253_402_300_799;
        if !years.contains(&seconds) {
            return Err(Fault::from(DecodeProblem::OutOfRange).within("seconds"));
        }
        if nanos >= 1_000_000_000 {
            return Err(Fault::from(DecodeProblem::OutOfRange).within("nanos"));
        }
        Ok(Timestamp { seconds, nanos })
    }
}

fn exact<T>(bytes: &[u8], from: impl FnOnce(&[u8]) -> Option<T>) -> Result<Option<T>, Fault> {
    if bytes.is_empty() {
        return Ok(None);
    }
    from(bytes).map(Some).ok_or_else(|| DecodeProblem::Length.into())
}

fn decimal(text: &str) -> Result<i128, Fault> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecodeProblem::Text.into());
    }
    if digits.starts_with('0') && text != "0" {
        return Err(DecodeProblem::NotCanonical.into());
    }
    text.parse().map_err(|_| DecodeProblem::OutOfRange.into())
}

#[cfg(test)]
mod tests {
    use alloc::{
        format,
        string::{String, ToString},
    };
    use core::fmt;

    use super::*;
    use crate::{
        encoding::{
            DecodeError,
            json::{Parts, read},
        },
        limits::Limits,
    };

    /// What `take` finds in the one element of an array.
    fn taken<T: fmt::Debug>(
        element: &str,
        take: impl FnOnce(&Value<'static>) -> Result<T, Fault>,
    ) -> Result<T, DecodeError> {
        // Leaked, so that methods of `Value` serve as they are; there are few of them.
        let text: &'static str = format!("{{\"a\":[0, {element}]}}").leak();
        read(text.as_bytes(), &Limits::default(), Parts::default(), |value| {
            let object = value.object()?;
            object.required("a", |array| match array.list()? {
                [_, element] => take(element).map_err(|fault| fault.at(1)),
                _ => Err(DecodeProblem::Missing.into()),
            })
        })
    }

    #[test]
    fn base64_has_one_spelling() {
        let base64 = |text: &str| taken(text, Value::base64).map_err(|error| error.problem);
        assert_eq!(base64("\"QQ==\""), Ok(alloc::vec![0x41]));
        assert_eq!(base64("\"\""), Ok(Vec::new()));
        assert_eq!(base64("null"), Ok(Vec::new()));
        assert_eq!(base64("[0, 255]"), Ok(alloc::vec![0, 255]));
        for text in ["QR==", "QQ=", "QQ", "QQ==QQ==", "Q==="] {
            let quoted = format!("\"{text}\"");
            assert_eq!(base64(&quoted), Err(DecodeProblem::NotCanonical), "{text}");
        }
        for text in ["QQ!=", "Q Q=", "Q-_=", "QQ==\\n"] {
            assert_eq!(base64(&format!("\"{text}\"")), Err(DecodeProblem::Text), "{text}");
        }
        assert_eq!(base64("\"=QQ=\""), Err(DecodeProblem::NotCanonical));
        assert_eq!(base64("[256]"), Err(DecodeProblem::OutOfRange));
        assert_eq!(base64("[-1]"), Err(DecodeProblem::OutOfRange));
        assert_eq!(base64("true"), Err(DecodeProblem::WrongType));
        let error = taken("\"QR==\"", Value::base64).unwrap_err();
        assert_eq!((error.offset, error.path.as_str()), (9, "a[1]"));
        let error = taken("[1, 2, 300]", Value::base64).unwrap_err();
        assert_eq!((error.offset, error.path.as_str()), (16, "a[1][2]"));
    }

    #[test]
    fn integers_have_one_spelling_in_a_string() {
        let integer = |text: &str| taken(text, Value::integer::<i64>).map_err(|e| e.problem);
        assert_eq!(integer("7"), Ok(7));
        assert_eq!(integer("\"-9223372036854775808\""), Ok(i64::MIN));
        assert_eq!(integer("\"0\""), Ok(0));
        for text in ["07", "00", "-0", "-01"] {
            let quoted = format!("\"{text}\"");
            assert_eq!(integer(&quoted), Err(DecodeProblem::NotCanonical), "{text}");
        }
        for text in ["", "-", "+1", "1 ", "0x1", "1.0", "1e3", "\u{0661}"] {
            assert_eq!(integer(&format!("\"{text}\"")), Err(DecodeProblem::Text), "{text}");
        }
        for text in ["\"9223372036854775808\"", "\"99999999999999999999999999999\""] {
            assert_eq!(integer(text), Err(DecodeProblem::OutOfRange), "{text}");
        }
        assert_eq!(integer("null"), Err(DecodeProblem::WrongType));
        let unsigned = |text: &str| taken(text, Value::integer::<u64>).map_err(|e| e.problem);
        assert_eq!(unsigned("\"18446744073709551615\""), Ok(u64::MAX));
        for text in ["\"18446744073709551616\"", "\"-1\""] {
            assert_eq!(unsigned(text), Err(DecodeProblem::OutOfRange), "{text}");
        }
    }

    #[test]
    fn text_has_as_many_bytes_as_it_may() {
        let text = |text: &str| {
            let taken = taken(text, |value| value.text(3).map(ToString::to_string));
            taken.map_err(|error| error.problem)
        };
        assert_eq!(text("\"\""), Ok(String::new()));
        assert_eq!(text("\"abc\""), Ok("abc".to_string()));
        assert_eq!(text("\"\u{e9}\u{e9}\""), Err(DecodeProblem::Length));
        assert_eq!(text("\"abcdef\""), Err(DecodeProblem::Length));
        assert_eq!(text("7"), Err(DecodeProblem::WrongType));
    }

    #[test]
    fn hashes_and_times_of_every_dialect_are_read() {
        let hex = "aB".repeat(32);
        let hash = |text: &str| taken(text, Value::hash).map_err(|error| error.problem);
        assert_eq!(hash(&format!("\"{hex}\"")), Ok(Some(Hash([0xab; 32]))));
        assert_eq!(hash(&format!("[{}171]", "171,".repeat(31))), Ok(Some(Hash([0xab; 32]))));
        assert_eq!((hash("\"\""), hash("null"), hash("[]")), (Ok(None), Ok(None), Ok(None)));
        assert_eq!(hash("\"AB\""), Err(DecodeProblem::Length));
        assert_eq!(hash("\"ABC\""), Err(DecodeProblem::Text));
        let time = |text: &str| taken(text, Value::time).map_err(|error| error.problem);
        let expected = Timestamp { seconds: -1, nanos: 500_000_000 };
        assert_eq!(time("\"1969-12-31T23:59:59.5Z\""), Ok(expected));
        assert_eq!(time(r#"{"seconds":"-1","nanos":500000000}"#), Ok(expected));
        assert_eq!(time(r#"{"seconds":-1,"nanos":1000000000}"#), Err(DecodeProblem::OutOfRange));
        assert_eq!(time(r#"{"seconds":253402300800,"nanos":0}"#), Err(DecodeProblem::OutOfRange));
        assert_eq!(time("\"1969-12-31T23:59:59.50Z\""), Err(DecodeProblem::Text));
    }
}
