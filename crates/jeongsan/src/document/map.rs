//! Documents are read from maps alone, and no key of a map stands twice.
//!
//! What serde derives would take a list of values for the fields in their order as well, which nobody writes on purpose, and
//! of a key that stands twice the last value without a word.

use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

/// Reads and writes a document by what `#[serde(remote = "Self")]` derived for it, from a map alone; the text says what is expected.
macro_rules! map_document {
    ($($document:ty => $expected:literal),* $(,)?) => {$(
        impl<'de> serde::Deserialize<'de> for $document {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$document>::deserialize($crate::document::map::MapOnly { deserializer, expected: $expected })
            }
        }

        impl serde::Serialize for $document {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                <$document>::serialize(self, serializer)
            }
        }
    )*};
}
pub(super) use map_document;

/// Gives a document's fields by name or not at all.
pub(super) struct MapOnly<D> {
    pub(super) deserializer: D,
    pub(super) expected: &'static str,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for MapOnly<D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = Fields { visitor, expected: self.expected };
        self.deserializer.deserialize_struct(name, fields, visitor)
    }

    // A derived document asks for nothing else.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserializer.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// Visits maps alone.
struct Fields<V> {
    visitor: V,
    expected: &'static str,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Fields<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(map)
    }
}

/// A map of which no key stands twice.
pub(super) fn distinct<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_map(Distinct(PhantomData)).map(|Keys(map)| map)
}

/// A map of which no key stands twice, or nothing.
pub(super) fn optional_distinct<'de, D, T>(deserializer: D) -> Result<Option<BTreeMap<String, T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.map(|Keys(map)| map))
}

/// Maps of each of which no key stands twice.
pub(super) fn distinct_each<'de, D, T>(deserializer: D) -> Result<Vec<BTreeMap<String, T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let maps: Vec<Keys<T>> = Vec::deserialize(deserializer)?;
    Ok(maps.into_iter().map(|Keys(map)| map).collect())
}

struct Keys<T>(BTreeMap<String, T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Keys<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Distinct(PhantomData))
    }
}

struct Distinct<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Distinct<T> {
    type Value = Keys<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("names with their values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys<T>, A::Error> {
        let mut keys = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            match keys.entry(key) {
                Entry::Vacant(entry) => {
                    entry.insert(map.next_value()?);
                }
                // Refused while its value is read, so that the place and the path are those of the second.
                Entry::Occupied(_) => {
                    map.next_value::<StandsTwice>()?;
                }
            }
        }
        Ok(Keys(keys))
    }
}

/// What is never read: the value of a key that stood before.
struct StandsTwice;

impl<'de> Deserialize<'de> for StandsTwice {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(de::Error::custom("the name stands twice"))
    }
}
