//! One value of a declared type, straight from the text. Never gives one that the tree reader would warn of.

use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::line::declined;
use crate::expr::duration::parse_duration;
use crate::expr::types::Type;
use crate::expr::value::{Key, Map, Missing, Value};
use crate::snapshot::convert::{in_range, lists, timestamp, whole};
use crate::snapshot::layout::Input;

/// A value of an input, or of a part of it.
#[derive(Clone, Copy)]
pub(super) struct Leaf<'l> {
    input: &'l Input,
    ty: &'l Type,
}

impl<'l> Leaf<'l> {
    pub(super) fn of(input: &'l Input) -> Self {
        let ty = &input.ty;
        Self { input, ty }
    }

    fn part(self, ty: &'l Type) -> Self {
        Self { ty, ..self }
    }

    fn number<E: Error>(self, number: f64, int: Option<i64>) -> Result<Value, E> {
        if !in_range(self.input, number) {
            return Err(declined());
        }
        match (self.ty, int) {
            (Type::Double, _) => Ok(Value::Double(number)),
            (Type::Int, Some(int)) => Ok(Value::Int(int)),
            _ => Err(declined()),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Leaf<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Leaf<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Unknown(Missing::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        match self.ty {
            Type::Bool => Ok(Value::Bool(value)),
            _ => Err(declined()),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a whole number is accepted where a double is declared"
        )]
        let number = value as f64;
        self.number(number, Some(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.visit_i64(i64::try_from(value).map_err(|_| declined())?)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        // `-0` is the whole number 0, which is not what is read here.
        if number == 0.0 && number.is_sign_negative() {
            return Err(declined());
        }
        self.number(number, whole(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        match self.ty {
            Type::String if lists(self.input, text) => Some(Value::String(Arc::from(text))),
            Type::Timestamp => timestamp(text).map(|at| Value::Timestamp(at.into())),
            Type::Duration => parse_duration(text).ok().map(Value::Duration),
            _ => None,
        }
        .ok_or_else(declined)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let Type::List(item) = self.ty else {
            return Err(declined());
        };
        let mut items = Vec::new();
        while let Some(value) = seq.next_element_seed(self.part(item))? {
            items.push(value);
        }
        Ok(Value::List(Arc::from(items)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries: Vec<(Key, Value)> = Vec::new();
        while let Some(name) = map.next_key::<&'de str>()? {
            let ty = match self.ty {
                Type::Map(_, value) => value,
                Type::Struct(_) => self.ty.field(name).ok_or_else(declined)?,
                _ => return Err(declined()),
            };
            let value = map.next_value_seed(self.part(ty))?;
            entries.push((Key::String(Arc::from(name)), value));
        }
        if !matches!(self.ty, Type::Map(..) | Type::Struct(_)) {
            return Err(declined());
        }
        let given = entries.len();
        let map = Map::new(entries);
        // One key twice.
        if map.len() < given {
            return Err(declined());
        }
        Ok(Value::Map(Arc::new(map)))
    }
}

/// Any single value, which is left out.
pub(super) struct Scalar;

impl<'de> DeserializeSeed<'de> for Scalar {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Scalar {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a single value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// Nothing, or a list with nothing in it.
pub(super) struct Nothing;

impl<'de> DeserializeSeed<'de> for Nothing {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nothing {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        match seq.next_element::<IgnoredAny>()? {
            None => Ok(()),
            Some(_) => Err(declined()),
        }
    }
}

/// A value of no declared type, where it is a single one that reads the same without a tree.
pub(super) struct Free;

impl<'de> DeserializeSeed<'de> for Free {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Free {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a single value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Unknown(Missing::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        i64::try_from(value).map(Value::Int).map_err(|_| declined())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(Arc::from(text)))
    }
}
