//! Gives every part of an expression its type and unit, and turns the tree into a plan.
//!
//! It collects every mistake, and never runs anything but constants.

mod about;
mod arithmetic;
mod calls;
mod folds;
mod join;
mod literals;
mod meant;
mod members;
mod names;
mod operators;
mod optionals;
mod refused;
mod sound;
mod special;
mod units;
mod windows;

use std::sync::Arc;

use super::budget::Budget;
use super::compiled::{Compiled, Expect};
use super::eval::Run;
use super::fault::Reason;
use super::mistake::Mistake;
use super::parse::Read;
use super::pattern::Patterns;
use super::plan::{Step, What};
use super::scope::{Rules, Scope};
use super::tree::{At, Id, Kind, Op, Tree};
use super::types::Type;
use super::units::{Quantity, Unit};
use super::value::Value;
use super::window::Window;
use crate::source::Code;

/// The most memory that all computed constants of one expression may take: what is larger is computed when it is asked
/// for.
const CONSTANTS: usize = 512 * 1024;
/// The most bytes that all patterns of one expression may take when compiled.
const PATTERNS: usize = 4 << 20;

/// The texts an input can be.
type Listed = Option<Arc<[Arc<str>]>>;

/// What is known about a part.
#[derive(Clone, Debug)]
struct Info {
    ty: Type,
    unit: Option<Unit>,
    /// Made of literals alone.
    literal: bool,
    /// A quantity that has not met anything yet.
    quantity: Option<Quantity>,
    /// The texts it can be.
    values: Listed,
    /// Whether what is `dyn` in its type is so because nothing was said of it, as in `[]` and `optional.none()`.
    open: bool,
}

impl Info {
    fn of(ty: Type) -> Self {
        Self {
            ty,
            unit: None,
            literal: false,
            quantity: None,
            values: None,
            open: false,
        }
    }

    /// What a mistake leaves: anything may follow, and no further mistake will.
    fn error() -> Self {
        Self::of(Type::Dyn)
    }

    fn literal(ty: Type) -> Self {
        Self {
            literal: true,
            ..Self::of(ty)
        }
    }
}

/// A variable of a macro that is in sight.
struct Local {
    name: At,
    index: usize,
    info: Info,
    /// The macro whose item it is; nothing for a name of `cel.bind`.
    each: Option<Each>,
}

/// A macro that goes through something.
#[derive(Clone, Copy)]
struct Each {
    word: &'static str,
    of: Id,
    /// Whether that is a map.
    map: bool,
}

/// A tree on its way to a plan.
struct Checker<'a> {
    text: &'a str,
    tree: &'a Tree,
    scope: &'a Scope,
    rules: Rules,
    mistakes: Vec<Mistake>,
    steps: Vec<Step>,
    locals: Vec<Local>,
    /// The list whose items may be of different types: the arguments of `format`.
    mixed: Option<Id>,
    slots: Vec<usize>,
    /// The named expressions it refers to.
    lets: Vec<&'a Arc<Compiled>>,
    /// The windows in its own text.
    windows: Vec<Arc<Window>>,
    /// Whether it is at what a window looks back at.
    looking: bool,
    /// What computing its constants may still cost.
    budget: Budget,
    /// What its constants may still take.
    constants: usize,
    /// What its patterns may still take.
    patterns: usize,
}

/// The plan of a tree, or what is wrong with it.
pub(super) fn check(
    text: &str,
    read: Read,
    scope: &Scope,
    expect: Expect,
) -> Result<Compiled, Vec<Mistake>> {
    let (tree, root) = (&read.tree, read.root);
    let mut steps = Vec::with_capacity(tree.nodes.len().saturating_add(1));
    steps.extend(tree.nodes.iter().map(|node| Step {
        what: What::Fail(Reason::WrongType),
        at: node.at,
        unit: None,
    }));
    let mut checker = Checker {
        text,
        tree,
        scope,
        rules: scope.checked_by(),
        mistakes: read.mistakes,
        steps,
        locals: Vec::new(),
        mixed: None,
        slots: Vec::new(),
        lets: Vec::new(),
        windows: Vec::new(),
        looking: false,
        budget: Budget::default(),
        constants: CONSTANTS,
        patterns: PATTERNS,
    };
    let info = checker.check(root);
    checker.expect(root, &info, expect);
    if !checker.mistakes.is_empty() {
        checker
            .mistakes
            .sort_by_key(|mistake| (mistake.range.start, mistake.range.end));
        return Err(checker.mistakes);
    }
    let nested = checker
        .lets
        .iter()
        .map(|compiled| (compiled.lets, compiled.height));
    let (lets, height) = nested.fold((0, 0), |(lets, height), (deeper, higher)| {
        (lets.max(deeper.saturating_add(1)), height.max(higher))
    });
    let mut windows = checker.windows;
    let deeper = checker.lets.iter().flat_map(|named| &named.windows);
    windows.extend(deeper.map(Arc::clone));
    windows.sort_unstable_by_key(|window| window.slot);
    windows.dedup_by_key(|window| window.slot);
    checker.slots.sort_unstable();
    checker.slots.dedup();
    let mut reads = checker.slots.clone();
    reads.extend(windows.iter().flat_map(|window| &window.of.slots));
    reads.sort_unstable();
    reads.dedup();
    Ok(Compiled {
        text: text.into(),
        steps: checker.steps,
        root,
        ty: info.ty,
        unit: info.unit,
        slots: checker.slots,
        reads,
        windows,
        strict: checker.rules == Rules::Gate,
        fast: None,
        lets,
        height: tree
            .nodes
            .get(root)
            .map_or(0, |node| node.height)
            .saturating_add(height),
    })
}

impl<'a> Checker<'a> {
    /// Checks a node and plans it.
    fn check(&mut self, id: Id) -> Info {
        let tree = self.tree;
        let Some(node) = tree.nodes.get(id) else {
            return Info::error();
        };
        let mut info = match &node.kind {
            Kind::Literal(value) => {
                let ty = type_of(value);
                self.plan(id, What::Const(value.clone()));
                Info::literal(ty)
            }
            Kind::Name { .. } | Kind::Select { .. } => self.named(id),
            Kind::OptSelect { .. } => self.select(id),
            Kind::Index { of, index } => self.index(id, *of, *index, false),
            Kind::OptIndex { of, index } => self.index(id, *of, *index, true),
            Kind::OptItem(of) => self.opt_item(id, *of),
            Kind::Call {
                name,
                of,
                args,
                rooted,
            } => self.call(id, *name, *of, args, *rooted),
            Kind::List(items) => self.list(id, items),
            Kind::Map(entries) => self.map(id, entries),
            Kind::Not(of) => self.not(id, *of),
            Kind::Minus(of) => self.minus(id, *of),
            Kind::Binary {
                op,
                op_at,
                left,
                right,
            } => self.binary(id, *op, *op_at, *left, *right),
            Kind::If { test, yes, no } => self.choose(id, *test, *yes, *no),
            Kind::Has { of, field } => self.has(id, *of, *field),
            Kind::Fold(fold) => self.fold(id, fold),
            Kind::Bind { name, value, body } => self.bind(id, *name, *value, *body),
            Kind::Broken => Info::error(),
            Kind::OptMap {
                of,
                name,
                body,
                flat,
            } => self.opt_map(id, *of, *name, *body, *flat),
        };
        // In a policy nothing is `dyn` but what an empty list or map left open, and what was read without a type.
        info.open |= self.rules == Rules::Gate;
        if let (Some(step), Some(unit)) = (self.steps.get_mut(id), &info.unit) {
            step.unit = Some(unit.clone());
        }
        info
    }

    /// What the whole must be.
    fn expect(&mut self, root: Id, info: &Info, expect: Expect) {
        let fits = match expect {
            Expect::Any => true,
            Expect::Bool => matches!(info.ty, Type::Bool | Type::Dyn),
            Expect::Iterable => matches!(info.ty, Type::List(_) | Type::Map(..) | Type::Dyn),
        };
        if fits || !self.mistakes.is_empty() || self.rules == Rules::Unchecked {
            return;
        }
        let at = self.at(root);
        let ty = &info.ty;
        let mistake = if expect == Expect::Bool {
            let choice = matches!(
                self.tree.nodes.get(root).map(|node| &node.kind),
                Some(Kind::If { .. })
            );
            let text = match at.of(self.text) {
                // What is written behind a choice would belong to its last result alone.
                text if choice => format!("({text})"),
                text => text.to_owned(),
            };
            let help = match ty {
                ty if ty.is_number() => format!("compare it, such as `{text} > 0`"),
                Type::String if matches!(self.constant(root), Some(Value::String(_))) => {
                    let inner = text.trim_matches(['"', '\'']);
                    format!("leave out the quotes around it: `{inner}`")
                }
                Type::String => format!("compare it, such as `{text} == \"…\"`"),
                Type::List(_) | Type::Map(..) => {
                    format!("ask something of it, such as `size({text}) == 0`")
                }
                Type::Optional(of) if **of == Type::Bool => {
                    format!("say what holds without a value: `{text}.orValue(false)`")
                }
                Type::Optional(_) => format!("ask whether it has a value: `{text}.hasValue()`"),
                _ => "compare it with something".to_owned(),
            };
            Mistake::new(
                Code::NotBool,
                at.range(),
                format!("a condition must be true or false, this is {}", ty.a()),
            )
            .help(help)
        } else {
            let mut mistake = Mistake::new(
                Code::TypeMismatch,
                at.range(),
                format!("a list or map is needed, this is {}", ty.a()),
            );
            mistake = match ty {
                Type::Optional(of) if matches!(**of, Type::Map(..)) => {
                    mistake.help(format!("write `{}.orValue({{}})`", at.of(self.text)))
                }
                Type::Optional(of) if matches!(**of, Type::List(_) | Type::Dyn) => {
                    mistake.help(format!("write `{}.orValue([])`", at.of(self.text)))
                }
                _ => {
                    mistake.help("write a list, such as `[\"csv\", \"json\"]`, or the name of one")
                }
            };
            mistake
        };
        self.told(mistake.label(format!("`{ty}`")));
    }

    /// Makes a whole-number constant a double.
    fn make_double(&mut self, id: Id) {
        if let Some(Step {
            what: What::Const(value),
            ..
        }) = self.steps.get_mut(id)
            && let Value::Int(whole) = value
        {
            *value = Value::Double(super::number::double(*whole));
        }
    }

    fn at(&self, id: Id) -> At {
        self.tree
            .nodes
            .get(id)
            .map_or(At::default(), |node| node.at)
    }

    /// The text of a node.
    fn shown(&self, id: Id) -> &'a str {
        self.at(id).of(self.text)
    }

    fn constant(&self, id: Id) -> Option<&Value> {
        self.steps.get(id)?.what.constant()
    }

    fn plan(&mut self, id: Id, what: What) {
        if let Some(step) = self.steps.get_mut(id) {
            step.what = what;
        }
    }

    /// A step that stands for no node of its own: it converts one.
    fn add(&mut self, what: What, at: At, unit: Option<Unit>) -> Id {
        let id = self.steps.len();
        self.steps.push(Step { what, at, unit });
        id
    }

    /// Computes a step now if all its parts are constant.
    fn fold_constant(&mut self, id: Id, parts: &[Id]) {
        if !self.mistakes.is_empty() || !parts.iter().all(|part| self.constant(*part).is_some()) {
            return;
        }
        let strict = self.rules == Rules::Gate;
        let before = self.budget.memory();
        let mut run = Run {
            steps: &self.steps,
            slots: &[],
            budget: &mut self.budget,
            strict,
            locals: Vec::new(),
            recorder: None,
            patterns: Patterns::default(),
            denied: None,
        };
        let result = run.eval(id);
        let taken = before.saturating_sub(self.budget.memory());
        match result {
            Ok(value) => {
                if let Some(left) = self.constants.checked_sub(taken) {
                    self.constants = left;
                    self.plan(id, What::Const(value));
                }
            }
            Err(fault)
                if strict && !matches!(fault.reason, Reason::WrongType | Reason::Missing(_)) =>
            {
                let at = self.at(id);
                let message = format!("`{}` has no value: {}", at.of(self.text), fault.reason);
                let help = self.key_meant(id);
                let help = help.unwrap_or_else(|| "write another constant".to_owned());
                let mistake = Mistake::new(Code::BadConstant, at.range(), message).help(help);
                self.mistakes.push(mistake);
            }
            Err(_) => {}
        }
    }

    /// A mistake about types: not one where types are not checked.
    fn mismatch(&mut self, id: Id, message: String, help: Option<String>) -> Info {
        if self.rules != Rules::Unchecked {
            let mut mistake = Mistake::new(Code::TypeMismatch, self.at(id).range(), message);
            mistake.help = help;
            self.told(mistake);
        }
        Info::error()
    }

    /// A mistake of any other kind.
    fn wrong(&mut self, mistake: Mistake) -> Info {
        self.told(mistake);
        Info::error()
    }
}

/// The type of a literal.
fn type_of(value: &Value) -> Type {
    match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Bool,
        Value::Int(_) => Type::Int,
        Value::Uint(_) => Type::Uint,
        Value::Double(_) => Type::Double,
        Value::String(_) => Type::String,
        Value::Bytes(_) => Type::Bytes,
        Value::Timestamp(_) => Type::Timestamp,
        Value::Duration(_) => Type::Duration,
        Value::Type(_) => Type::Type,
        Value::List(_) | Value::Map(_) | Value::Optional(_) | Value::Unknown(_) => Type::Dyn,
    }
}

/// Whether two types can be equal.
fn comparable(left: &Type, right: &Type) -> bool {
    match (left, right) {
        (Type::Dyn, _)
        | (_, Type::Dyn)
        | (Type::Struct(_), Type::Map(..) | Type::Struct(_))
        | (Type::Map(..), Type::Struct(_)) => true,
        (Type::List(a), Type::List(b)) | (Type::Optional(a), Type::Optional(b)) => comparable(a, b),
        (Type::Map(ak, av), Type::Map(bk, bv)) => comparable(ak, bk) && comparable(av, bv),
        (a, b) => {
            a.is_number() && b.is_number() || std::mem::discriminant(a) == std::mem::discriminant(b)
        }
    }
}

/// Whether an operator can order two values of these types.
fn ordered(left: &Type, right: &Type) -> bool {
    let has_order = |ty: &Type| {
        ty.is_number()
            || matches!(
                ty,
                Type::Bool
                    | Type::String
                    | Type::Bytes
                    | Type::Timestamp
                    | Type::Duration
                    | Type::Dyn
            )
    };
    has_order(left) && has_order(right) && comparable(left, right)
}

/// Whether an operator is one of the arithmetic ones.
fn adds(op: Op) -> bool {
    matches!(op, Op::Add | Op::Subtract)
}
