//! The keys of one line, down to its metrics. Never accepts one twice.

use std::fmt;

use jiff::Timestamp;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::Fast;
use super::context::{About, Fields};
use super::leaf::{Leaf, Nothing, Scalar};
use crate::expr::value::{Missing, Value};
use crate::snapshot::convert::timestamp;
use crate::snapshot::layout::Layout;
use crate::snapshot::read::lines::Extent;
use crate::snapshot::{Observed, Place};

/// What has been read of a line.
pub(super) struct Line<'f, 'l, 'de> {
    pub(super) fast: &'f mut Fast,
    pub(super) layout: &'l Layout,
    text: &'de str,
    number: u32,
    /// The last place of a line that has more than ASCII in it: its offset, and the characters before it.
    walked: Option<(usize, usize)>,
    pub(super) at: Option<Timestamp>,
    pub(super) values: Vec<Observed>,
    /// The metrics the policy does not declare.
    pub(super) undeclared: Vec<&'de str>,
    /// The keys that give facts, and give none here.
    pub(super) without: Vec<&'de str>,
}

/// Declines a line.
pub(super) fn declined<E: Error>() -> E {
    E::custom("declined")
}

impl<'f, 'l, 'de> Line<'f, 'l, 'de> {
    pub(super) fn new(fast: &'f mut Fast, layout: &'l Layout, text: &'de str, number: u32) -> Self {
        let capacity = fast.order.len().saturating_add(2);
        Self {
            fast,
            layout,
            text,
            number,
            walked: (!text.is_ascii()).then_some((0, 0)),
            at: None,
            values: Vec::with_capacity(capacity),
            undeclared: Vec::new(),
            without: Vec::new(),
        }
    }

    /// Takes a value of a slot that is given for the first time, as an entry of this key.
    pub(super) fn push<E: Error>(&mut self, slot: usize, value: Value, key: &str) -> Result<(), E> {
        if !self.fast.first(slot) {
            return Err(declined());
        }
        let place = self.place(key).ok_or_else(declined)?;
        self.values.push(Observed { slot, value, place });
        Ok(())
    }

    /// Where the value of a key begins; the key is a part of the text.
    fn place(&mut self, key: &str) -> Option<Place> {
        let start = (key.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        // After the key: its quote, a colon, and space around that.
        let after = start.checked_add(key.len())?.checked_add(1)?;
        let rest = self.text.as_bytes().get(after..)?;
        let gap = rest
            .iter()
            .position(|byte| !matches!(byte, b' ' | b'\t' | b':' | b'\n' | b'\r'))?;
        let offset = after.checked_add(gap)?;
        let before = match &mut self.walked {
            None => offset,
            Some((from, before)) => {
                if *from > offset {
                    (*from, *before) = (0, 0);
                }
                let more = self.text.get(*from..offset)?.chars().count();
                *before = before.checked_add(more)?;
                *from = offset;
                *before
            }
        };
        Some(Place {
            file: self.fast.file,
            line: self.number,
            column: u32::try_from(before).ok()?.checked_add(1)?,
        })
    }
}

impl<'de> DeserializeSeed<'de> for &mut Line<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Line<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a snapshot")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut metrics, mut stage, mut subject, mut baselines) = (false, false, false, false);
        // A key that is written with an escape is no borrowed text, and is declined with that.
        while let Some(key) = map.next_key::<&'de str>()? {
            let once = match key {
                "at" => {
                    let first = self.at.is_none();
                    let text = map.next_value::<&'de str>()?;
                    self.at = Some(timestamp(text).ok_or_else(declined)?);
                    first
                }
                "metrics" => {
                    map.next_value_seed(Metrics(self))?;
                    !std::mem::replace(&mut metrics, true)
                }
                "stage" => {
                    map.next_value_seed(Fields(self, About::Stage))?;
                    !std::mem::replace(&mut stage, true)
                }
                "subject" => {
                    map.next_value_seed(Fields(self, About::Subject))?;
                    !std::mem::replace(&mut subject, true)
                }
                // A first look does not read them; whatever is wrong in them is told when they are read.
                "baselines" if self.fast.extent == Extent::Context => {
                    map.next_value::<IgnoredAny>()?;
                    true
                }
                "baselines" => {
                    map.next_value_seed(Baselines(self))?;
                    !std::mem::replace(&mut baselines, true)
                }
                // Facts are read by the tree reader.
                "evidence" | "attestations" | "approvals" | "records" => {
                    map.next_value_seed(Nothing)?;
                    let first = !self.without.contains(&key);
                    self.without.push(key);
                    first
                }
                _ => false,
            };
            if !once {
                return Err(declined());
            }
        }
        Ok(())
    }
}

/// The metrics of a line.
struct Metrics<'m, 'f, 'l, 'de>(&'m mut Line<'f, 'l, 'de>);

impl<'de> DeserializeSeed<'de> for Metrics<'_, '_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Metrics<'_, '_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("metrics")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let line = self.0;
        let mut position = 0_usize;
        while let Some(name) = map.next_key::<&'de str>()? {
            let Some(slot) = line.fast.metric(line.layout, name, position) else {
                if line.fast.extent == Extent::Context {
                    map.next_value::<IgnoredAny>()?;
                } else {
                    map.next_value_seed(Scalar)?;
                    if line.undeclared.contains(&name) {
                        return Err(declined());
                    }
                    line.undeclared.push(name);
                }
                continue;
            };
            position = position.saturating_add(1);
            if line.fast.extent == Extent::Context {
                map.next_value::<IgnoredAny>()?;
                line.push(slot, Value::Unknown(Missing::Absent), name)?;
                // That there is one is enough.
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                return Ok(());
            }
            let input = line.layout.inputs().get(slot).ok_or_else(declined)?;
            let value = map.next_value_seed(Leaf::of(input))?;
            line.push(slot, value, name)?;
        }
        Ok(())
    }
}

/// The baselines of a line.
struct Baselines<'m, 'f, 'l, 'de>(&'m mut Line<'f, 'l, 'de>);

impl<'de> DeserializeSeed<'de> for Baselines<'_, '_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Baselines<'_, '_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("baselines")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let line = self.0;
        let mut seen = Vec::new();
        while let Some(name) = map.next_key::<&'de str>()? {
            let mut known = line.layout.baselines().iter();
            let baseline = known
                .position(|baseline| baseline.name.as_ref() == name)
                .filter(|baseline| !seen.contains(baseline))
                .ok_or_else(declined)?;
            seen.push(baseline);
            map.next_value_seed(Compared(line, baseline))?;
        }
        Ok(())
    }
}

/// The metrics of one baseline of a line.
struct Compared<'m, 'f, 'l, 'de>(&'m mut Line<'f, 'l, 'de>, usize);

impl<'de> DeserializeSeed<'de> for Compared<'_, '_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Compared<'_, '_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("metrics")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(line, baseline) = self;
        while let Some(name) = map.next_key::<&'de str>()? {
            let index = line.layout.input(name).ok_or_else(declined)?;
            let input = line.layout.inputs().get(index).ok_or_else(declined)?;
            let value = map.next_value_seed(Leaf::of(input))?;
            line.push(line.layout.baseline(baseline, index), value, name)?;
        }
        Ok(())
    }
}
