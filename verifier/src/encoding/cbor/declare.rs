//! Declares maps and closed lists of words: one place for number, name, type and meaning.

/// Declares a struct that is encoded as a CBOR map: `key => field: Type`, keys ascending.
///
/// `struct Name checked by check` asks `check: fn(&Name) -> Result<(), DecodeProblem>` what the fields'
/// types cannot say; its problem stands at the start of the map.
///
/// Gives the struct, its [`Value`](super::Value), `Serialize` under the fields' names, and `FIELDS`,
/// the names by key, which the documentation is compared with.
macro_rules! map {
    ($(#[$meta:meta])* pub struct $name:ident $(checked by $check:path)? {
        $($(#[$field_meta:meta])* $key:literal => $field:ident: $type:ty,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Eq, PartialEq, serde::Serialize)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)+
        }

        impl $name {
            /// Keys and names of the map's entries, in order.
            pub const FIELDS: &'static [(u64, &'static str)] =
                &[$(($key, stringify!($field)),)+];
        }

        impl $crate::encoding::cbor::Value for $name {
            fn decode(
                reader: &mut $crate::encoding::cbor::Reader<'_>,
            ) -> Result<Self, $crate::encoding::DecodeError> {
                let mut entries = $crate::encoding::cbor::Entries::new(reader)?;
                let value = Self { $($field: entries.entry($key, stringify!($field))?,)+ };
                $(entries.check($check(&value))?;)?
                entries.end()?;
                Ok(value)
            }

            fn encode(&self, writer: &mut $crate::encoding::cbor::Writer) {
                let present = [$(!$crate::encoding::cbor::Value::is_absent(&self.$field),)+];
                let count = present.into_iter().filter(|is_present| *is_present).count();
                writer.entries($crate::encoding::to_u64(count));
                $(writer.entry($key, &self.$field);)+
            }
        }
    };
}

/// Declares a closed list of words that is encoded as unsigned numbers: `number => Variant "name"`.
macro_rules! variants {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$variant_meta:meta])* $code:literal => $variant:ident $text:literal,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $name {
            /// Every variant.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The variant's number in encodings; never changed, never given to another.
            pub const fn code(self) -> u64 {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// The variant's name in text and JSON.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The variant with this number.
            pub fn from_code(code: u64) -> Option<Self> {
                Self::ALL.iter().copied().find(|variant| variant.code() == code)
            }

            /// The variant with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|variant| variant.name() == name)
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl $crate::encoding::cbor::Value for $name {
            fn decode(
                reader: &mut $crate::encoding::cbor::Reader<'_>,
            ) -> Result<Self, $crate::encoding::DecodeError> {
                let start = reader.offset();
                Self::from_code(reader.uint()?).ok_or_else(|| {
                    let problem = $crate::encoding::DecodeProblem::UnknownVariant;
                    $crate::encoding::DecodeError::new(start, problem)
                })
            }

            fn encode(&self, writer: &mut $crate::encoding::cbor::Writer) {
                writer.uint(self.code());
            }
        }
    };
}

pub(crate) use {map, variants};
