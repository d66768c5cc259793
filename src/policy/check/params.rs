//! Parameters: what the author leaves open, with the values that were set from outside.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;

use super::inputs::{leaf, number};
use super::{Checker, Settings};
use crate::expr::Unit;
use crate::expr::duration::parse_duration;
use crate::expr::types::Type;
use crate::expr::value::Value;
use crate::policy::document::{ParamDocument, PolicyDocument};
use crate::snapshot::convert::{Conversion, timestamp};
use crate::snapshot::layout::Input;
use crate::source::problem::nearest;
use crate::source::tree::{Datum, Places, Scalar, Style};
use crate::source::{Code, Problem, Problems, Source, yaml};

/// A parameter that was checked.
pub(super) struct Param {
    pub(super) ty: Type,
    pub(super) unit: Option<Unit>,
    /// None: `--set` must give it.
    pub(super) value: Option<Value>,
}

impl Checker<'_> {
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
            from: None,
            ty,
        };
        let default = written
            .default
            .as_ref()
            .and_then(|node| self.default(node, &input));
        let value = match settings.get(name.as_ref()) {
            Some(text) => {
                let set = setting(text, &input);
                if set.is_none() {
                    let message = format!("`{text}` is not a value of the parameter `{name}`");
                    let help = format!(
                        "give a {}, such as --set {name}={}",
                        input.ty,
                        example(&input.ty)
                    );
                    let declared = written.ty.as_ref().map_or(written.span, |ty| ty.span);
                    self.problems
                        .push(Problem::new(Code::BadParam, message).help(help).at(
                            self.source,
                            declared,
                            "declared here",
                        ));
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
}

/// A value of a type, to show how one is written.
fn example(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "true",
        Type::Int | Type::Uint => "3",
        Type::Double => "0.5",
        Type::Timestamp => "2025-10-16T10:05:00Z",
        Type::Duration => "10m",
        Type::List(_) => "'[…, …]'",
        Type::Map(..) | Type::Struct(_) => "'{key: …}'",
        _ => "VALUE",
    }
}

/// A parameter's value as the command line gives it.
fn setting(text: &str, input: &Input) -> Option<Value> {
    let ty = &input.ty;
    if matches!(ty, Type::List(_) | Type::Map(..) | Type::Struct(_)) {
        return composed(text, input);
    }
    let scalar = Scalar {
        text: text.to_owned(),
        style: Style::Plain,
        map: Places::new(),
    };
    match (ty, scalar.datum()) {
        (Type::String, _) => Some(Value::String(Arc::from(text))),
        (Type::Bool, Datum::Bool(value)) => Some(Value::Bool(value)),
        (Type::Int, Datum::Int(value)) => Some(Value::Int(value)),
        (Type::Double, _) => number(&scalar)
            .filter(|number| number.is_finite())
            .map(Value::Double),
        (Type::Duration, _) => parse_duration(text).ok().map(Value::Duration),
        (Type::Timestamp, _) => timestamp(text).map(|at| Value::Timestamp(at.into())),
        _ => None,
    }
}

/// A list or a map, as YAML in one line has it.
fn composed(text: &str, input: &Input) -> Option<Value> {
    let source = Source::new("--set", text);
    let (nodes, problems) = yaml::parse(&source);
    let [node] = nodes.as_slice() else {
        return None;
    };
    let mut conversion = Conversion {
        source: &source,
        yaml: true,
        problems: &mut Problems::default(),
    };
    let value = conversion.value(node, input, &input.name);
    let right = problems.is_empty() && conversion.problems.list().is_empty();
    Some(value).filter(|value| right && !matches!(value, Value::Unknown(_)))
}
