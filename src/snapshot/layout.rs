//! Which values can be observed, and which slot each has: inputs, then each baseline's copy of them, then the stage,
//! the subject and the clock. Never holds a value itself.

use std::sync::Arc;

use jiff::SignedDuration;

use super::canonical::same;
use super::raw::origin::Origin;
use crate::expr::Unit;
use crate::expr::types::{Field, Type};
use crate::expr::value::Value;

/// A declared input: a name a snapshot may give a value for.
#[derive(Clone, Debug)]
pub struct Input {
    /// The name as snapshots write it.
    pub name: Arc<str>,
    /// What it is, for people.
    pub title: Option<Arc<str>>,
    /// Its type.
    pub ty: Type,
    /// The unit of its numbers.
    pub unit: Option<Unit>,
    /// The least and the greatest number it can be, both included.
    pub range: Option<(f64, f64)>,
    /// The texts it can be.
    pub values: Option<Arc<[Arc<str>]>>,
    /// What stands in where no value is held.
    pub default: Option<Value>,
    /// How long a value stays good.
    pub max_age: SignedDuration,
    /// Where raw documents have it.
    pub from: Option<Arc<Origin>>,
}

impl PartialEq for Input {
    fn eq(&self, other: &Self) -> bool {
        let bits = |range: Option<(f64, f64)>| range.map(|(a, b)| (a.to_bits(), b.to_bits()));
        let defaults = match (&self.default, &other.default) {
            (Some(own), Some(other)) => same(own, other),
            (own, other) => own.is_none() && other.is_none(),
        };
        defaults
            && self.name == other.name
            && self.title == other.title
            && self.ty == other.ty
            && self.unit == other.unit
            && bits(self.range) == bits(other.range)
            && self.values == other.values
            && self.max_age == other.max_age
            && self.from == other.from
    }
}

impl Eq for Input {}

/// Another set of the same inputs to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// The name as snapshots write it.
    pub name: Arc<str>,
    /// Whether its values age as the inputs' do; otherwise they hold until given anew.
    pub live: bool,
}

/// The slots of everything an expression can read.
///
/// Histories that were read for one of two equal layouts can be judged by policies of the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// INVARIANT: sorted by name, so that a slot does not depend on the order of declaration.
    inputs: Vec<Input>,
    baselines: Vec<Baseline>,
    fresh: SignedDuration,
    /// Subject fields that an audit needs and that have no slot of their own.
    fields: Vec<Arc<str>>,
}

/// What the value of a slot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The input of this index.
    Input(usize),
    /// The input of the second index in the baseline of the first.
    Baseline(usize, usize),
    /// Something about the stage, the subject or the clock.
    Context(Context),
    /// Something that is made of what was given before.
    Derived(Derived),
    /// The audited field of the subject of this index.
    Field(usize),
}

macro_rules! names {
    ($(#[$doc:meta])* $kind:ident: $($variant:ident $name:literal $ty:expr,)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $kind {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl $kind {
            /// All of them, in the order of their slots.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in an expression.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The type in an expression.
            #[must_use]
            pub fn ty(self) -> Type {
                match self { $(Self::$variant => $ty,)* }
            }
        }
    };
}

names! {
    /// What is known beside inputs.
    Context:
    StageName "stage.name" Type::String,
    StageEntered "stage.entered" Type::Timestamp,
    StageTraffic "stage.traffic" Type::Double,
    SubjectService "subject.service" Type::String,
    SubjectVersion "subject.version" Type::String,
    SubjectCommit "subject.commit" Type::String,
    SubjectEnvironment "subject.environment" Type::String,
    SubjectAuthor "subject.author" Type::String,
    SubjectPlannedAt "subject.planned_at" Type::Timestamp,
    StageElapsed "stage.elapsed" Type::Duration,
    Now "now" Type::Timestamp,
}

names! {
    /// What is made of what was given before: no snapshot gives it. Each can be named only where it says anything.
    Derived:
    Records "records" list(record()),
    Data "data" Type::Dyn,
    Verdict "verdict" Type::String,
    Fired "fired" list(Type::String),
    Unmet "unmet" list(Type::String),
    Held "held" list(Type::String),
    Unknown "unknown" list(Type::String),
    Pending "pending" list(Type::String),
}

fn list(item: Type) -> Type {
    Type::List(Arc::new(item))
}

/// An earlier verdict in an expression.
fn record() -> Type {
    let field = |name: &str, ty| Field {
        name: Arc::from(name),
        ty,
    };
    Type::Struct(Arc::from([
        field("stage", Type::String),
        field("verdict", Type::String),
        field("at", Type::Timestamp),
        field("service", Type::String),
        field("version", Type::String),
        field("commit", Type::String),
    ]))
}

impl Layout {
    /// The slots of these inputs and baselines; `fresh` is how old the newest sample with metrics may be for a default
    /// to stand in.
    #[must_use]
    pub fn new(mut inputs: Vec<Input>, baselines: Vec<Baseline>, fresh: SignedDuration) -> Self {
        inputs.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            inputs,
            baselines,
            fresh,
            fields: Vec::new(),
        }
    }

    /// The same with subject fields that an audit needs; those that have a slot of their own are left out.
    #[must_use]
    pub fn with_fields(mut self, fields: impl IntoIterator<Item = Arc<str>>) -> Self {
        let own = |name: &Arc<str>| subject(name).is_none();
        self.fields = fields.into_iter().filter(own).collect();
        self.fields.sort();
        self.fields.dedup();
        self
    }

    /// Subject fields that an audit needs and that have no slot of their own, by name.
    #[must_use]
    pub fn fields(&self) -> &[Arc<str>] {
        &self.fields
    }

    /// The slot of a field of the subject: one that every subject has, or one that an audit needs.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<usize> {
        if let Some(context) = subject(name) {
            return Some(self.context(context));
        }
        let index = self
            .fields
            .binary_search_by(|field| field.as_ref().cmp(name));
        Some(self.field_start().saturating_add(index.ok()?))
    }

    /// The slot of something that is made of what was given before.
    #[must_use]
    pub fn derived(&self, derived: Derived) -> usize {
        self.derived_start().saturating_add(derived as usize)
    }

    /// The declared inputs by name.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The declared baselines in the order of declaration.
    #[must_use]
    pub fn baselines(&self) -> &[Baseline] {
        &self.baselines
    }

    /// How old the newest sample with metrics may be for a default to stand in.
    #[must_use]
    pub fn fresh(&self) -> SignedDuration {
        self.fresh
    }

    /// How many slots there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.field_start().saturating_add(self.fields.len())
    }

    /// Never: the clock always has a slot.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The slot of an input by name.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<usize> {
        self.inputs
            .binary_search_by(|input| input.name.as_ref().cmp(name))
            .ok()
    }

    /// The slot of the input `input` (a slot of [`Layout::input`]) in a baseline.
    #[must_use]
    pub fn baseline(&self, baseline: usize, input: usize) -> usize {
        self.inputs
            .len()
            .saturating_mul(baseline.saturating_add(1))
            .saturating_add(input)
    }

    /// The slot of something about the stage, the subject or the clock.
    #[must_use]
    pub fn context(&self, context: Context) -> usize {
        self.context_start().saturating_add(context as usize)
    }

    /// What a slot holds; none for a slot past the end.
    #[must_use]
    pub fn kind(&self, slot: usize) -> Option<Kind> {
        let start = self.context_start();
        if slot >= self.field_start() {
            let index = slot.saturating_sub(self.field_start());
            return (index < self.fields.len()).then_some(Kind::Field(index));
        }
        if slot >= self.derived_start() {
            let derived = Derived::ALL.get(slot.saturating_sub(self.derived_start()));
            return derived.copied().map(Kind::Derived);
        }
        if slot >= start {
            let context = Context::ALL.get(slot.saturating_sub(start));
            return context.copied().map(Kind::Context);
        }
        let width = self.inputs.len();
        let (group, input) = (slot.checked_div(width)?, slot.checked_rem(width)?);
        Some(match group.checked_sub(1) {
            None => Kind::Input(input),
            Some(baseline) => Kind::Baseline(baseline, input),
        })
    }

    /// The index of the input whose declaration a slot follows: its own, or the one a baseline repeats.
    #[must_use]
    pub fn input_of(&self, slot: usize) -> Option<usize> {
        match self.kind(slot)? {
            Kind::Input(input) | Kind::Baseline(_, input) => Some(input),
            Kind::Context(_) | Kind::Derived(_) | Kind::Field(_) => None,
        }
    }

    /// How long a value of this slot stays good; none: until it is given anew.
    #[must_use]
    pub fn max_age(&self, slot: usize) -> Option<SignedDuration> {
        match self.kind(slot)? {
            Kind::Baseline(baseline, _) if !self.baselines.get(baseline)?.live => None,
            _ => self.own_age(slot),
        }
    }

    /// The same in a history of the slot's own, where a baseline ages as the inputs it repeats.
    #[must_use]
    pub fn own_age(&self, slot: usize) -> Option<SignedDuration> {
        let input = self.inputs.get(self.input_of(slot)?)?;
        Some(input.max_age)
    }

    /// The name of a slot, as a snapshot would be asked for it.
    #[must_use]
    pub fn name(&self, slot: usize) -> String {
        match self.kind(slot) {
            Some(Kind::Input(input)) => self.inputs.get(input).map(|input| input.name.to_string()),
            Some(Kind::Baseline(baseline, input)) => self
                .baselines
                .get(baseline)
                .zip(self.inputs.get(input))
                .map(|(baseline, input)| format!("{}.{}", baseline.name, input.name)),
            Some(Kind::Context(context)) => Some(context.name().to_owned()),
            Some(Kind::Derived(derived)) => Some(derived.name().to_owned()),
            Some(Kind::Field(index)) => {
                let field = self.fields.get(index);
                field.map(|field| format!("subject.{field}"))
            }
            None => None,
        }
        .unwrap_or_default()
    }

    fn context_start(&self) -> usize {
        self.inputs
            .len()
            .saturating_mul(self.baselines.len().saturating_add(1))
    }

    fn derived_start(&self) -> usize {
        self.context_start().saturating_add(Context::ALL.len())
    }

    fn field_start(&self) -> usize {
        self.derived_start().saturating_add(Derived::ALL.len())
    }
}

/// A field that every subject has.
fn subject(name: &str) -> Option<Context> {
    Context::ALL.iter().copied().find(|context| {
        let own = context.name().strip_prefix("subject.");
        own == Some(name)
    })
}
