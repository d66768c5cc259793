//! Inputs, baselines, parameters and named expressions: everything an expression can name.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;

use super::{Checker, Settings};
use crate::expr::duration::parse_duration;
use crate::expr::types::Type;
use crate::expr::value::Value;
use crate::expr::{Binding, Expect, Scope, Unit, Variable, compile};
use crate::policy::decode::Text;
use crate::policy::document::{InputDocument, ParamDocument, PolicyDocument};
use crate::snapshot::convert::{Conversion, timestamp};
use crate::snapshot::layout::{Baseline, Context, Input, Layout};
use crate::source::problem::nearest;
use crate::source::tree::{Datum, Node, Scalar, Style};
use crate::source::{Code, Problem};

/// Names that the language has for itself.
const RESERVED: [&str; 10] = [
    "stage", "subject", "params", "records", "now", "verdict", "fired", "unmet", "held", "pending",
];

/// A parameter that was checked.
pub(super) struct Param {
    ty: Type,
    unit: Option<Unit>,
    /// None: `--set` must give it.
    pub(super) value: Option<Value>,
}

/// A name as expressions write it: `-` becomes `_`.
pub(super) fn identifier(name: &str) -> String {
    name.replace('-', "_")
}

impl Checker<'_> {
    pub(super) fn layout(&mut self, document: &PolicyDocument, max_age: SignedDuration) -> Layout {
        let mut seen = BTreeMap::new();
        let mut inputs = Vec::new();
        for written in &document.inputs {
            if self.name(&written.name, "an input", &mut seen) {
                inputs.extend(self.input(written, max_age));
            }
        }
        let mut baselines = Vec::new();
        for written in &document.baselines {
            if self.name(&written.name, "a baseline", &mut seen) {
                baselines.push(Baseline {
                    name: Arc::from(written.name.as_str()),
                    live: written.live,
                });
            }
        }
        for (name, _) in &document.lets {
            self.name(name, "a named expression", &mut seen);
        }
        Layout::new(inputs, baselines, max_age)
    }

    /// Whether a name can be used, and is the only one of its kind.
    fn name(
        &mut self,
        name: &Text,
        what: &'static str,
        seen: &mut BTreeMap<String, (&'static str, Text)>,
    ) -> bool {
        let ident = identifier(name.as_str());
        let mut bytes = ident.bytes();
        let starts = bytes
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        if !starts || !bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            let message = format!("`{}` cannot be the name of {what}", name.as_str());
            self.error(
                Code::BadName,
                name.span,
                message,
                "letters, digits, `_` and `-`",
                "begin with a letter",
            );
            return false;
        }
        if RESERVED.contains(&ident.as_str()) || crate::expr::is_reserved(&ident) {
            let message = format!("`{}` is a name of the language", name.as_str());
            self.error(
                Code::NameClash,
                name.span,
                message,
                "taken",
                "choose another name",
            );
            return false;
        }
        if let Some((other, first)) = seen.get(&ident) {
            let problem = Problem::new(
                Code::NameClash,
                format!("`{}` is already {other}", name.as_str()),
            )
            .help("give each its own name; `-` and `_` are the same in an expression")
            .at(self.source, name.span, "second")
            .at(self.source, first.span, "first");
            self.problems.push(problem);
            return false;
        }
        seen.insert(ident, (what, name.clone()));
        true
    }

    fn input(&mut self, written: &InputDocument, max_age: SignedDuration) -> Option<Input> {
        let ty = self.ty(written.ty.as_ref()?)?;
        let leaf = leaf(&ty);
        let mut input = Input {
            name: Arc::from(written.name.as_str()),
            title: written
                .title
                .as_ref()
                .map(|title| Arc::from(title.as_str())),
            unit: written
                .unit
                .as_ref()
                .and_then(|unit| self.unit(unit, &leaf)),
            range: written
                .range
                .as_ref()
                .and_then(|range| self.range(range, written, &leaf)),
            values: written
                .values
                .as_ref()
                .and_then(|values| self.values(values, written, &leaf)),
            default: None,
            max_age: written
                .max_age
                .as_ref()
                .and_then(|text| self.duration(text))
                .unwrap_or(max_age),
            ty,
        };
        input.default = written
            .default
            .as_ref()
            .and_then(|node| self.default(node, &input));
        Some(input)
    }

    fn ty(&mut self, text: &Text) -> Option<Type> {
        match Type::parse(text.as_str()) {
            Ok(ty) => Some(ty),
            Err(mistake) => {
                self.mistakes(text, vec![mistake]);
                None
            }
        }
    }

    fn unit(&mut self, text: &Text, leaf: &Type) -> Option<Unit> {
        if leaf.is_number() || matches!(leaf, Type::Struct(_)) {
            return Some(Unit::parse(text.as_str()));
        }
        let message = format!("a {leaf} has no unit");
        self.error(
            Code::BadUnit,
            text.span,
            message,
            "only numbers have units",
            "remove it, or correct the type",
        );
        None
    }

    fn range(
        &mut self,
        texts: &[Text],
        written: &InputDocument,
        leaf: &Type,
    ) -> Option<(f64, f64)> {
        let numbers: Vec<f64> = texts
            .iter()
            .filter_map(|text| number(&text.scalar))
            .collect();
        match numbers.as_slice() {
            [least, greatest] if least <= greatest && texts.len() == 2 => {
                if leaf.is_number() || matches!(leaf, Type::Struct(_)) {
                    return Some((*least, *greatest));
                }
                let message = format!("a {leaf} has no range");
                self.error(
                    Code::BadValue,
                    written.span,
                    message,
                    "only numbers have one",
                    "remove `range`",
                );
            }
            _ => {
                let span = texts.first().map_or(written.span, |text| text.span);
                let message = "a range is the least and the greatest number";
                self.error(
                    Code::BadValue,
                    span,
                    message,
                    "not such a pair",
                    "write `range: [0, 1]`",
                );
            }
        }
        None
    }

    fn values(
        &mut self,
        texts: &[Text],
        written: &InputDocument,
        leaf: &Type,
    ) -> Option<Arc<[Arc<str>]>> {
        if matches!(leaf, Type::String | Type::Struct(_)) && !texts.is_empty() {
            return Some(texts.iter().map(|text| Arc::from(text.as_str())).collect());
        }
        let message = "`values` lists the texts a string can be";
        self.error(
            Code::BadValue,
            written.span,
            message,
            "not a string, or no value",
            "write `values: [low, high]`",
        );
        None
    }

    fn default(&mut self, node: &Node, input: &Input) -> Option<Value> {
        let mut problems = Vec::new();
        let mut conversion = Conversion {
            source: self.source,
            yaml: true,
            problems: &mut problems,
        };
        let value = conversion.value(node, input, &input.name);
        let null = matches!(value, Value::Unknown(_)) && problems.is_empty();
        for problem in problems {
            self.problems.push(Problem {
                code: Code::BadDefault,
                severity: crate::source::Severity::Error,
                message: format!("the default of {}", problem.message),
                help: Some("correct the default, or the declaration".to_owned()),
                ..problem
            });
        }
        if null {
            let message = format!("the default of `{}` is nothing", input.name);
            self.error(
                Code::BadDefault,
                node.span,
                message,
                "no value",
                "give a value, or remove `default`",
            );
        }
        (!matches!(value, Value::Unknown(_))).then_some(value)
    }

    pub(super) fn params(
        &mut self,
        document: &PolicyDocument,
        settings: &Settings,
    ) -> BTreeMap<Arc<str>, Param> {
        let mut params: BTreeMap<Arc<str>, Param> = BTreeMap::new();
        let mut seen = BTreeMap::new();
        for written in &document.params {
            if self.name(&written.name, "a parameter", &mut seen)
                && let Some(param) = self.param(written, settings)
            {
                params.insert(Arc::from(written.name.as_str()), param);
            }
        }
        for name in settings.keys() {
            let known = || document.params.iter().map(|param| param.name.as_str());
            if !known().any(|param| param == name) {
                let help = nearest(name, known()).map_or_else(
                    || match known().collect::<Vec<_>>().as_slice() {
                        [] => "the policy has no parameters".to_owned(),
                        known => format!("there are {}", known.join(", ")),
                    },
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("the policy has no parameter `{name}`");
                self.problems
                    .push(Problem::new(Code::UnknownParam, message).help(help));
            }
        }
        params
    }

    fn param(&mut self, written: &ParamDocument, settings: &Settings) -> Option<Param> {
        let ty = self.ty(written.ty.as_ref()?)?;
        let name: Arc<str> = Arc::from(written.name.as_str());
        // A parameter is fitted to its type as an input is.
        let input = Input {
            name: Arc::clone(&name),
            title: None,
            unit: written
                .unit
                .as_ref()
                .and_then(|unit| self.unit(unit, &leaf(&ty))),
            range: None,
            values: None,
            default: None,
            max_age: SignedDuration::ZERO,
            ty,
        };
        let default = written
            .default
            .as_ref()
            .and_then(|node| self.default(node, &input));
        let value = match settings.get(name.as_ref()) {
            Some(text) => {
                let set = setting(text, &input.ty);
                if set.is_none() {
                    let message = format!("`{text}` is not a value of the parameter `{name}`");
                    let help = format!(
                        "give a {}, such as --set {name}={}",
                        input.ty,
                        example(&input.ty)
                    );
                    self.problems
                        .push(Problem::new(Code::BadParam, message).help(help));
                }
                set
            }
            None => default,
        };
        Some(Param {
            ty: input.ty,
            unit: input.unit,
            value,
        })
    }

    pub(super) fn scope(
        &mut self,
        document: &PolicyDocument,
        layout: &Layout,
        params: &BTreeMap<Arc<str>, Param>,
    ) -> Scope {
        let mut scope = Scope::new();
        for context in Context::ALL {
            // `stage.traffic` is a share; nothing else here has a unit.
            let unit = (*context == Context::StageTraffic).then(|| Unit::parse("ratio"));
            let variable = Variable {
                slot: layout.context(*context),
                ty: context.ty(),
                unit,
                values: None,
            };
            scope.declare(context.name(), Binding::Slot(variable));
        }
        for (name, param) in params {
            let name = format!("params.{}", identifier(name));
            let binding = match &param.value {
                Some(value) => Binding::Constant {
                    value: value.clone(),
                    ty: param.ty.clone(),
                    unit: param.unit.clone(),
                },
                // Unknown until it is set: past every slot.
                None => Binding::Slot(Variable {
                    slot: usize::MAX,
                    ty: param.ty.clone(),
                    unit: param.unit.clone(),
                    values: None,
                }),
            };
            scope.declare(name, binding);
        }
        let mut baselines: Vec<(String, Scope)> = Vec::new();
        for (index, baseline) in layout.baselines().iter().enumerate() {
            let prefix = identifier(&baseline.name);
            let mut own = scope.clone();
            for (slot, input) in layout.inputs().iter().enumerate() {
                let binding = Binding::Slot(variable(layout.baseline(index, slot), input));
                scope.declare(
                    format!("{prefix}.{}", identifier(&input.name)),
                    binding.clone(),
                );
                own.declare(identifier(&input.name), binding);
            }
            baselines.push((prefix, own));
        }
        for (slot, input) in layout.inputs().iter().enumerate() {
            scope.declare(
                identifier(&input.name),
                Binding::Slot(variable(slot, input)),
            );
        }
        self.lets(document, &mut scope, &mut baselines);
        scope
    }

    /// Named expressions, each once for the inputs and once for every baseline that is asked for one of them.
    fn lets(
        &mut self,
        document: &PolicyDocument,
        scope: &mut Scope,
        baselines: &mut [(String, Scope)],
    ) {
        let wanted = |prefix: &str| {
            let text = self.source.text();
            document
                .lets
                .iter()
                .any(|(name, _)| text.contains(&format!("{prefix}.{}", identifier(name.as_str()))))
        };
        let wanted: Vec<bool> = baselines.iter().map(|(prefix, _)| wanted(prefix)).collect();
        for (name, text) in &document.lets {
            let ident = identifier(name.as_str());
            match compile(text.as_str(), scope, Expect::Any) {
                Ok(compiled) => {
                    scope.declare(ident.as_str(), Binding::Let(Arc::new(compiled)));
                }
                Err(mut mistakes) => {
                    for mistake in mistakes
                        .iter_mut()
                        .filter(|mistake| mistake.code == Code::UnknownInput)
                    {
                        let word = text.as_str().get(mistake.range.clone()).unwrap_or_default();
                        if document
                            .lets
                            .iter()
                            .any(|(later, _)| identifier(later.as_str()) == word)
                        {
                            mistake.message =
                                format!("`{word}` is not declared before `{}`", name.as_str());
                            mistake.help = Some(
                                "a named expression sees those above it: change their order"
                                    .to_owned(),
                            );
                        }
                    }
                    self.mistakes(text, mistakes);
                    // Whoever uses it is not told again.
                    let unknown = Variable {
                        slot: usize::MAX,
                        ty: Type::Dyn,
                        unit: None,
                        values: None,
                    };
                    scope.declare(ident.as_str(), Binding::Slot(unknown));
                    continue;
                }
            }
            for ((prefix, own), _) in baselines
                .iter_mut()
                .zip(&wanted)
                .filter(|(_, wanted)| **wanted)
            {
                if let Ok(compiled) = compile(text.as_str(), own, Expect::Any) {
                    let binding = Binding::Let(Arc::new(compiled));
                    own.declare(ident.as_str(), binding.clone());
                    scope.declare(format!("{prefix}.{ident}"), binding);
                }
            }
        }
    }
}

fn variable(slot: usize, input: &Input) -> Variable {
    Variable {
        slot,
        ty: input.ty.clone(),
        unit: input.unit.clone(),
        values: input.values.clone(),
    }
}

/// What `unit`, `range` and `values` speak of: the item of a list, the value of a map.
fn leaf(ty: &Type) -> Type {
    match ty {
        Type::List(item) => leaf(item),
        Type::Map(_, value) => leaf(value),
        other => other.clone(),
    }
}

fn number(scalar: &Scalar) -> Option<f64> {
    match scalar.datum() {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a limit of a range, compared with doubles"
        )]
        Datum::Int(number) => Some(number as f64),
        Datum::Double(number) if !number.is_nan() => Some(number),
        _ => None,
    }
}

/// A value of a type, to show how one is written.
fn example(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "true",
        Type::Int | Type::Uint => "3",
        Type::Double => "0.5",
        Type::Timestamp => "2025-10-16T10:05:00Z",
        Type::Duration => "10m",
        _ => "VALUE",
    }
}

/// A parameter's value as the command line gives it.
fn setting(text: &str, ty: &Type) -> Option<Value> {
    let scalar = Scalar {
        text: text.to_owned(),
        style: Style::Plain,
        map: Vec::new(),
    };
    match (ty, scalar.datum()) {
        (Type::String, _) => Some(Value::String(Arc::from(text))),
        (Type::Bool, Datum::Bool(value)) => Some(Value::Bool(value)),
        (Type::Int, Datum::Int(value)) => Some(Value::Int(value)),
        (Type::Double, _) => number(&scalar)
            .filter(|number| number.is_finite())
            .map(Value::Double),
        (Type::Duration, _) => parse_duration(text).ok().map(Value::Duration),
        (Type::Timestamp, _) => timestamp(text).map(Value::Timestamp),
        _ => None,
    }
}
