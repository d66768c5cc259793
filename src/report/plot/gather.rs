//! What to draw of a verdict, and its course out of the samples: those the verdict rests on, read once more. It holds a few
//! hundred bars of each input and no sample; it never judges.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::line::{self, Held, Line};
use super::reads::{Entry, Read, drawn, inner, number, reads};
use super::{Limit, Plot};
use crate::expr::Compiled;
use crate::expr::types::Type;
use crate::expr::value::{Key, Value};
use crate::policy::{Policy, Rule};
use crate::snapshot::layout::{Context, Layout};
use crate::snapshot::{Observed, Sample, Subject};
use crate::verdict::{Finding, Status, Verdict};

/// The most inputs that are drawn; the findings that come first have theirs.
const MOST: usize = 24;

/// Plots in the making.
#[derive(Clone, Debug)]
pub struct Gather<'p> {
    layout: &'p Layout,
    now: Timestamp,
    stage: String,
    /// Whom the verdict is about, and whom the samples are about at the moment.
    judged: Subject,
    told: Subject,
    /// The stage that samples say, where they do.
    told_stage: Option<String>,
    entered: Option<Timestamp>,
    first: Option<Timestamp>,
    lines: Vec<Line>,
}

impl<'p> Gather<'p> {
    /// Before the first sample: what is to be drawn of a verdict of this policy.
    #[must_use]
    pub fn new(policy: &'p Policy, verdict: &Verdict) -> Self {
        let subject = &verdict.subject;
        let field = |text: &Option<String>| text.as_deref().map(Into::into);
        Self {
            layout: &policy.layout,
            now: verdict.now,
            stage: verdict.stage.clone(),
            judged: Subject::of([
                field(&subject.service),
                field(&subject.version),
                field(&subject.commit),
                field(&subject.environment),
            ]),
            told: Subject::default(),
            told_stage: None,
            entered: None,
            first: None,
            lines: lines(policy, verdict),
        }
    }

    /// Whether there is nothing to be drawn: no sample need be read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Takes in the next sample, in the order of time. As in the verdict those behind it and those of another subject are not
    /// used.
    pub fn take(&mut self, sample: &Sample) {
        if sample.at > self.now {
            return;
        }
        self.told.tell(self.layout, sample.values.iter());
        if !self.told.same_as(&self.judged) {
            return;
        }
        self.first = self.first.or(Some(sample.at));
        self.enter(&sample.values);
        for line in &mut self.lines {
            let mut given = sample.values.iter();
            if let Some(given) = given.find(|given| given.slot == line.slot) {
                let value = part(&given.value, &line.path, line.item.as_deref());
                line.take(sample.at, value.and_then(number));
            }
            for held in &mut line.levels {
                let mut given = sample.values.iter();
                if let Some(given) = given.find(|given| given.slot == held.slot) {
                    let value = part(&given.value, &line.path, line.item.as_deref());
                    held.given = value.and_then(number).map(|value| (sample.at, value));
                }
            }
        }
    }

    /// What is to be drawn.
    #[must_use]
    pub fn finish(self) -> Vec<Plot> {
        let (now, entered) = (
            self.now,
            self.entered.filter(|entered| *entered <= self.now),
        );
        let first = self.first.unwrap_or(now);
        let mut lines = self.lines;
        for held in lines.iter_mut().flat_map(|line| &mut line.levels) {
            // A live baseline ages as the inputs do.
            let age = self.layout.max_age(held.slot);
            let fresh = |at: &Timestamp| age.is_none_or(|age| now.duration_since(*at) <= age);
            held.given = held.given.filter(|(at, _)| fresh(at));
        }
        let lines = lines.into_iter();
        lines.map(|line| line.finish(first, now, entered)).collect()
    }

    /// What a sample says of the stage. The entry of another stage says nothing of this one.
    fn enter(&mut self, values: &[Observed]) {
        let value = |context| {
            let slot = self.layout.context(context);
            let found = values.iter().find(|given| given.slot == slot);
            found.map(|given| &given.value)
        };
        let (name, entered) = (value(Context::StageName), value(Context::StageEntered));
        if let Some(name) = name {
            let name = match name {
                Value::String(name) => Some(name.to_string()),
                _ => None,
            };
            if name != self.told_stage {
                self.entered = None;
            }
            self.told_stage = name;
        }
        let ours = self
            .told_stage
            .as_ref()
            .is_none_or(|told| *told == self.stage);
        if let Some(entered) = entered.filter(|_| ours) {
            self.entered = match entered {
                Value::Timestamp(at) => at.timestamp(),
                _ => None,
            };
        }
    }
}

/// The inputs of the findings, each once: what counts first.
fn lines(policy: &Policy, verdict: &Verdict) -> Vec<Line> {
    let Some(stage) = policy.stage(&verdict.stage) else {
        return Vec::new();
    };
    let mut lines: Vec<Line> = Vec::new();
    for finding in &verdict.findings {
        let rule = stage.rules.iter().find(|rule| *rule.id == *finding.rule);
        let Some(rule) = rule.filter(|_| finding.status != Status::Skipped) else {
            continue;
        };
        let mut read = reads(policy, rule, finding.status == Status::Unknown);
        read.sort_by_cached_key(|read| rank(read, finding, rule));
        for read in read {
            let item = match &read.entry {
                None => None,
                Some(entry) => match named_by(finding, entry) {
                    Some(item) => Some(item),
                    None => continue,
                },
            };
            let item = item.as_ref();
            let same = |line: &Line| {
                line.slot == read.slot && line.path == read.path && line.item.as_ref() == item
            };
            if lines.len() < MOST && !lines.iter().any(same) {
                lines.extend(fresh(policy, verdict.now, &read, item));
            }
            let line = lines.iter_mut().find(|line| same(line));
            line.into_iter().for_each(|line| tell(line, &read, finding));
        }
    }
    for line in &mut lines {
        line.focus(verdict);
    }
    lines
}

/// What decided is seen first: what was judged itself, then what stands in it, then what it is made of by names.
fn rank(read: &Read, finding: &Finding, rule: &Rule) -> (u8, usize) {
    let Some(margin) = &finding.margin else {
        return (3, 0);
    };
    if read.texts.contains(&margin.input) {
        return (0, 0);
    }
    let within = |text: &str| {
        let input = read.texts.first();
        input.and_then(|input| word(text, input))
    };
    if let Some(at) = within(&margin.input) {
        return (1, at);
    }
    let exprs = rule.proof.expressions();
    let mut open: Vec<(String, Arc<Compiled>)> = exprs.flat_map(|expr| expr.named()).collect();
    let mut place = 0_usize;
    let mut reached = vec![margin.input.clone()];
    while let Some(text) = reached.get(place).cloned() {
        if let Some(at) = within(&text) {
            return (2, place.saturating_mul(1 << 16).saturating_add(at));
        }
        let (here, others): (Vec<_>, Vec<_>) = open
            .into_iter()
            .partition(|(name, _)| word(&text, name).is_some());
        open = others;
        for (_, expr) in here {
            reached.push(expr.text().to_owned());
        }
        place = place.saturating_add(1);
    }
    (3, 0)
}

/// Where a name stands in a text as a word of its own.
fn word(text: &str, name: &str) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let own = |(at, _): &(usize, &str)| {
        let before = text.get(..*at).unwrap_or_default();
        let behind = text
            .get(at.saturating_add(name.len())..)
            .unwrap_or_default();
        let named = behind.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        !before.ends_with(part) && !named
    };
    text.match_indices(name).find(own).map(|(at, _)| at)
}

fn fresh(policy: &Policy, now: Timestamp, read: &Read, item: Option<&String>) -> Option<Line> {
    let input = policy.layout.inputs().get(read.slot)?;
    let ty = inner(&input.ty, &read.path, read.entry.is_some()).filter(|ty| drawn(ty))?;
    let own = input.unit.as_ref().map(|unit| unit.name().to_owned());
    let unit = match ty {
        Type::Duration => Some("s".to_owned()),
        _ => own,
    };
    Some(Line::new(
        line::Of {
            slot: read.slot,
            path: read.path.clone(),
            item: item.cloned(),
        },
        named(&input.name, &input.ty, &read.path, item),
        (input.title.as_ref().map(ToString::to_string), unit),
        *ty == Type::Bool,
        (input.max_age, now),
    ))
}

/// The entry that is named: the item of a rule that speaks for each, or what a part of the condition was worth.
fn named_by(finding: &Finding, entry: &Entry) -> Option<String> {
    let part = match entry {
        Entry::Item => return finding.key.clone(),
        Entry::Part(part) => part,
    };
    let told = finding.trace.iter();
    let mut told = told.filter(|told| told.expr == *part && told.item.is_none());
    let worth = told.find_map(|told| told.value.as_ref())?;
    worth.as_str().map(ToOwned::to_owned)
}

/// What a finding adds to what is drawn of an input.
fn tell(line: &mut Line, read: &Read, finding: &Finding) {
    let name = finding.name();
    if !line.plot.rules.contains(&name) {
        line.plot.rules.push(name.clone());
    }
    let margin = finding.margin.iter();
    let margin = margin.filter(|margin| read.texts.contains(&margin.input));
    let of_margin = margin.map(|margin| (margin.limit, margin.input.clone()));
    for (value, of) in of_margin.chain(read.limits.iter().cloned()) {
        let limits = &mut line.plot.limits;
        let same = |limit: &&mut Limit| limit.value.to_bits() == value.to_bits() && limit.of == of;
        match limits.iter_mut().find(same) {
            Some(limit) if limit.rules.contains(&name) => {}
            Some(limit) => limit.rules.push(name.clone()),
            None => limits.push(Limit {
                value,
                of,
                rules: vec![name.clone()],
            }),
        }
    }
    for (slot, text) in &read.levels {
        // What the finding was judged on is told by it; else by the samples.
        let operands = finding.values.iter();
        let operands = operands.map(|operand| (&operand.expr, Some(&operand.value)));
        let parts = finding.trace.iter();
        let parts = parts.map(|part| (&part.expr, part.value.as_ref()));
        let worth = operands.chain(parts).find(|(expr, _)| *expr == text);
        let value = worth.and_then(|(_, value)| value?.as_f64());
        let levels = &mut line.plot.levels;
        let known = levels.iter().any(|level| level.name == *text);
        if let Some(value) = value.filter(|value| value.is_finite() && !known) {
            levels.push(super::Level {
                name: text.clone(),
                value,
            });
        }
        let known = line.levels.iter().any(|held| held.name == *text);
        if let Some(slot) = slot.filter(|_| !known) {
            line.levels.push(Held {
                slot,
                name: text.clone(),
                given: None,
            });
        }
    }
}

/// The part of a value that a path leads to, and then the entry that an item names.
fn part<'v>(value: &'v Value, path: &[Key], item: Option<&str>) -> Option<&'v Value> {
    let Some((key, rest)) = path.split_first() else {
        return match (value, item) {
            (value, None) => Some(value),
            (Value::Map(map), Some(item)) => map.get_str(item),
            _ => None,
        };
    };
    match (value, key) {
        (Value::Map(map), key) => part(map.get(key)?, rest, item),
        (Value::List(items), Key::Int(index)) => {
            part(items.get(usize::try_from(*index).ok()?)?, rest, item)
        }
        _ => None,
    }
}

/// An input, or a part of one, as an expression has it.
fn named(name: &str, ty: &Type, path: &[Key], item: Option<&String>) -> String {
    let mut text = name.to_owned();
    let mut ty = Some(ty);
    for key in path {
        let inside = ty.and_then(|ty| inner(ty, std::slice::from_ref(key), false));
        match (ty, key) {
            (Some(Type::Struct(_)), Key::String(field)) => text.push_str(&format!(".{field}")),
            (_, Key::String(key)) => text.push_str(&format!("[{key:?}]")),
            (_, key) => text.push_str(&format!("[{key}]")),
        }
        ty = inside;
    }
    item.into_iter()
        .for_each(|item| text.push_str(&format!("[{item:?}]")));
    text
}

/// The length of time a condition must hold, where it is written as one.
pub(super) fn hold(finding: &Finding) -> Option<SignedDuration> {
    crate::expr::duration::parse_duration(finding.hold.as_deref()?).ok()
}
