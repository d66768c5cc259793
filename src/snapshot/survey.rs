//! A first look over all samples, in the order of time: whom they are about, what is told of the stage, how many cannot
//! be used. It keeps what changes, never the samples, and judges nothing.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::layout::{Context, Kind, Layout};
use super::subject::Subject;
use super::{Facts, Observed, Place};
use crate::expr::value::Value;

/// A first look in the making.
#[derive(Clone, Debug)]
pub struct Survey<'l> {
    layout: &'l Layout,
    until: Option<Timestamp>,
    subject: Subject,
    /// What is told of stage and subject, by context.
    held: Vec<Option<Value>>,
    stretches: Vec<Stretch>,
    newest: Option<Timestamp>,
    /// The last one that can be used.
    last: Option<Timestamp>,
    later: u64,
    first_later: Option<Timestamp>,
}

/// Samples in a row that say nothing new of stage and subject.
#[derive(Clone, Debug)]
struct Stretch {
    first: Timestamp,
    /// The first of them that gives a metric, or says something of the stage: a history of those begins there.
    begins: Option<Timestamp>,
    told: Vec<Observed>,
    subject: Subject,
    samples: u64,
}

/// Whom samples are about, and which stage they are in since when.
#[derive(Clone, Debug)]
pub struct Standing {
    subject: Subject,
    stage: [Option<Value>; 2],
    stretches: usize,
}

/// What a first look has found.
#[derive(Clone, Debug, Default)]
pub struct Surveyed {
    /// The newest sample, whether it can be used or not.
    pub newest: Option<Timestamp>,
    /// The first sample that can be used and gives a metric, or says something of the stage.
    pub first: Option<Timestamp>,
    /// Whom the newest sample that can be used is about. Samples of others are not used.
    pub subject: Subject,
    /// What is told of stage and subject by samples that can be used, where it is something new.
    pub told: Vec<(Timestamp, Vec<Observed>)>,
    /// How far apart the samples that can be used are, on average.
    pub every: Option<SignedDuration>,
    /// What is left out, for people.
    pub notices: Vec<String>,
    /// Commands that were run, what people said, and earlier verdicts, whenever they were told.
    pub facts: Arc<Facts>,
}

impl<'l> Survey<'l> {
    /// Before the first sample. Samples later than `until` cannot be used.
    #[must_use]
    pub fn new(layout: &'l Layout, until: Option<Timestamp>) -> Self {
        Self {
            layout,
            until,
            subject: Subject::default(),
            held: vec![None; Context::ALL.len()],
            stretches: Vec::new(),
            newest: None,
            last: None,
            later: 0,
            first_later: None,
        }
    }

    /// Takes in a sample, of which only what is told of stage and subject is looked at, and whether it has metrics.
    pub fn take(&mut self, at: Timestamp, values: &[Observed]) {
        let metrics = |one: &Observed| matches!(self.layout.kind(one.slot), Some(Kind::Input(_)));
        self.told(at, values, values.iter().any(metrics));
    }

    /// The same, where it is known whether the sample has metrics.
    pub(super) fn told(&mut self, at: Timestamp, values: &[Observed], metrics: bool) {
        if self.until.is_some_and(|until| at > until) {
            self.newest = Some(at);
            self.later = self.later.saturating_add(1);
            self.first_later = self.first_later.or(Some(at));
            return;
        }
        let context = |observed: &&Observed| {
            matches!(self.layout.kind(observed.slot), Some(Kind::Context(_)))
        };
        let told: Vec<Observed> = values.iter().filter(context).cloned().collect();
        let stage = |one: &Observed| one.slot <= self.layout.context(Context::StageTraffic);
        let begins = (metrics || told.iter().any(stage)).then_some(at);
        if told.is_empty() || !self.is_new(&told) {
            return self.plain((at, at), begins, 1);
        }
        let before = self.subject.clone();
        self.subject.tell(self.layout, told.iter());
        if !before.same_as(&self.subject) {
            // What was told of another subject says nothing of this one.
            self.held.fill(None);
            self.is_new(&told);
        }
        (self.newest, self.last) = (Some(at), Some(at));
        self.stretches.push(Stretch {
            first: at,
            begins,
            told,
            subject: self.subject.clone(),
            samples: 1,
        });
    }

    /// Takes in samples that say nothing of stage and subject, none of them too late: the first and the last of them, and
    /// the first one that has metrics.
    pub(super) fn plain(
        &mut self,
        (first, last): (Timestamp, Timestamp),
        begins: Option<Timestamp>,
        samples: u64,
    ) {
        (self.newest, self.last) = (Some(last), Some(last));
        match self.stretches.last_mut() {
            Some(stretch) => {
                stretch.samples = stretch.samples.saturating_add(samples);
                stretch.begins = stretch.begins.or(begins);
            }
            None => self.stretches.push(Stretch {
                first,
                begins,
                told: Vec::new(),
                subject: self.subject.clone(),
                samples,
            }),
        }
    }

    /// Whether any of it was not told before. A stage of another name begins anew: nothing is held of it.
    fn is_new(&mut self, told: &[Observed]) -> bool {
        let mut new = false;
        let name = Context::StageName as usize;
        for observed in told {
            let Some(Kind::Context(context)) = self.layout.kind(observed.slot) else {
                continue;
            };
            let at = context as usize;
            let same = self.held.get(at).is_some_and(|held| {
                held.as_ref()
                    .is_some_and(|held| alike(held, &observed.value))
            });
            if same {
                continue;
            }
            new = true;
            if at == name {
                for context in [Context::StageEntered, Context::StageTraffic] {
                    if let Some(held) = self.held.get_mut(context as usize) {
                        *held = None;
                    }
                }
            }
            if let Some(held) = self.held.get_mut(at) {
                *held = Some(observed.value.clone());
            }
        }
        new
    }

    /// Whom the samples so far are about, and which stage they are in since when: as long as that stays the same, they are
    /// judged as one. Only a sample that tells something new of it is looked at again.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let held = |context: Context| self.held.get(context as usize).cloned().flatten();
        Standing {
            subject: self.subject.clone(),
            stage: [Context::StageName, Context::StageEntered].map(held),
            stretches: self.stretches.len(),
        }
    }

    /// What was found.
    #[must_use]
    pub fn finish(self) -> Surveyed {
        let mut notices = Vec::new();
        if let Some(first) = self.first_later {
            notices.push(format!(
                "{} later than the verdict not used, the first of {first}",
                samples(self.later)
            ));
        }
        let subject = self.subject;
        let (used, others): (Vec<Stretch>, Vec<Stretch>) = self
            .stretches
            .into_iter()
            .partition(|stretch| stretch.subject.same_as(&subject));
        let left: u64 = others
            .iter()
            .fold(0, |sum, stretch| sum.saturating_add(stretch.samples));
        if left > 0 {
            notices.push(format!(
                "{} of another subject than {} not used",
                samples(left),
                subject.describe()
            ));
        }
        let count = used
            .iter()
            .fold(0_u64, |sum, stretch| sum.saturating_add(stretch.samples));
        let whole = used.first().zip(self.last).and_then(|(first, last)| {
            let gaps = i32::try_from(count.checked_sub(1)?).ok()?;
            last.duration_since(first.first).checked_div(gaps)
        });
        Surveyed {
            every: whole.filter(SignedDuration::is_positive),
            newest: self.newest,
            first: used.iter().find_map(|stretch| stretch.begins),
            told: used
                .into_iter()
                .filter(|stretch| !stretch.told.is_empty())
                .map(|stretch| (stretch.first, stretch.told))
                .collect(),
            subject,
            notices,
            facts: Arc::default(),
        }
    }
}

impl Surveyed {
    /// The time of what is newest: a sample, or where there is none a fact.
    #[must_use]
    pub fn latest(&self) -> Option<Timestamp> {
        self.newest.or_else(|| self.facts.newest())
    }

    /// The stage that is told last, and where it was read.
    #[must_use]
    pub fn stage(&self, layout: &Layout) -> Option<(&str, Place)> {
        let slot = layout.context(Context::StageName);
        let told = self.told.iter().rev().flat_map(|(_, values)| values);
        let named = told.filter(|observed| observed.slot == slot);
        // The newest that says anything of it: who says `null` takes the name back.
        let observed = named.take(1).next()?;
        match &observed.value {
            Value::String(name) => Some((name, observed.place)),
            _ => None,
        }
    }
}

impl Standing {
    /// Whether nothing was told since.
    #[must_use]
    pub fn is_as_long_as(&self, survey: &Survey<'_>) -> bool {
        self.stretches == survey.stretches.len()
    }

    /// Whether both are about the same, in the same stage since the same instant.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        let same = |(a, b): (&Option<Value>, &Option<Value>)| match (a, b) {
            (Some(a), Some(b)) => alike(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        self.subject == other.subject && self.stage.iter().zip(&other.stage).all(same)
    }
}

/// Whether two values of stage or subject say the same.
fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Unknown(a), Value::Unknown(b)) => a == b,
        (a, b) => a.equals(b) == Some(true),
    }
}

fn samples(count: u64) -> String {
    if count == 1 {
        "1 sample".to_owned()
    } else {
        format!("{count} samples")
    }
}
