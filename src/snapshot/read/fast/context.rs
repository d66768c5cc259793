//! Stage and subject of one line. Never accepts a field of the stage that the tree reader would tell of.

use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::leaf::{Free, Scalar};
use super::line::{Line, declined};
use crate::expr::value::{Missing, Value};
use crate::snapshot::convert::{percent, share, timestamp};
use crate::snapshot::layout::Context;
use crate::snapshot::read::lines::Extent;
use crate::snapshot::read::parts::{STAGE, SUBJECT};

/// What the fields are about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Stage,
    Subject,
}

/// The fields of stage or subject.
pub(super) struct Fields<'m, 'f, 'l, 'de>(pub(super) &'m mut Line<'f, 'l, 'de>, pub(super) About);

impl<'de> DeserializeSeed<'de> for Fields<'_, '_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fields<'_, '_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fields")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(line, about) = self;
        let known: &[(&str, Context)] = match about {
            About::Stage => &STAGE,
            About::Subject => &SUBJECT,
        };
        let mut others = Vec::new();
        while let Some(key) = map.next_key::<&'de str>()? {
            if let Some((_, context)) = known.iter().find(|(name, _)| *name == key) {
                let value = map.next_value_seed(Field(*context))?;
                line.push(line.layout.context(*context), value, key)?;
            } else {
                // A subject may carry what an audit needs; a first look does not ask for it.
                let field = line.layout.field(key).filter(|_| about == About::Subject);
                match field.filter(|_| line.fast.extent == Extent::Everything) {
                    Some(slot) => {
                        let value = map.next_value_seed(Free)?;
                        line.push(slot, value, key)?;
                    }
                    None => map.next_value_seed(Scalar)?,
                }
                if about == About::Stage || others.contains(&key) {
                    return Err(declined());
                }
                others.push(key);
            }
        }
        Ok(())
    }
}

/// One field.
struct Field(Context);

impl<'de> DeserializeSeed<'de> for Field {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Field {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Unknown(Missing::Null))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        match self.0 {
            Context::StageTraffic => percent(text).map(Value::Double),
            Context::StageEntered | Context::SubjectPlannedAt => {
                timestamp(text).map(|at| Value::Timestamp(at.into()))
            }
            _ => Some(Value::String(Arc::from(text))),
        }
        .ok_or_else(declined)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        let number = u32::try_from(number).map_err(|_| declined())?;
        self.visit_f64(f64::from(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        let traffic = self.0 == Context::StageTraffic && !number.is_sign_negative();
        let share = share(number).filter(|_| traffic);
        share.map(Value::Double).ok_or_else(declined)
    }
}
