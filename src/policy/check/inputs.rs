//! The declaration of one input: type, unit, range, values and default, each fitting the others.

use std::sync::Arc;

use jiff::SignedDuration;

use super::Checker;
use crate::expr::Unit;
use crate::expr::types::Type;
use crate::expr::value::Value;
use crate::policy::decode::Text;
use crate::policy::document::InputDocument;
use crate::snapshot::convert::Conversion;
use crate::snapshot::layout::Input;
use crate::source::Code;
use crate::source::tree::{Datum, Node, Scalar};
use crate::source::{Problem, Problems, Span};

/// The least and the greatest number, and the texts, that a leaf can be.
type Bounds = (Option<(f64, f64)>, Option<Arc<[Arc<str>]>>);

impl Checker<'_> {
    pub(super) fn input(
        &mut self,
        written: &InputDocument,
        max_age: SignedDuration,
    ) -> Option<Input> {
        let ty = self.ty(written.ty.as_ref()?)?;
        let leaf = leaf(&ty);
        let unit = written.unit.as_ref();
        let unit = unit.and_then(|unit| self.unit(unit, &leaf));
        let bounds = (written.range.as_deref(), written.values.as_deref());
        let (range, values) = self.bounds(bounds, written.span, &leaf);
        let mut input = Input {
            name: Arc::from(written.name.as_str()),
            title: written
                .title
                .as_ref()
                .map(|title| Arc::from(title.as_str())),
            unit,
            range,
            values,
            default: None,
            max_age: written
                .max_age
                .as_ref()
                .and_then(|text| self.duration(text))
                .unwrap_or(max_age),
            from: None,
            ty,
        };
        input.from = written
            .from
            .as_ref()
            .and_then(|from| self.from(from, &input.ty))
            .map(Arc::new);
        input.default = written
            .default
            .as_ref()
            .and_then(|node| self.default(node, &input));
        Some(input)
    }

    pub(super) fn ty(&mut self, text: &Text) -> Option<Type> {
        match Type::parse(text.as_str()) {
            Ok(ty) => Some(ty),
            Err(mistake) => {
                self.mistakes(text, vec![mistake]);
                None
            }
        }
    }

    pub(super) fn unit(&mut self, text: &Text, leaf: &Type) -> Option<Unit> {
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

    /// What numbers and texts can be, as `range` and `values` say.
    pub(super) fn bounds(
        &mut self,
        (range, values): (Option<&[Text]>, Option<&[Text]>),
        written: Span,
        leaf: &Type,
    ) -> Bounds {
        (
            range.and_then(|range| self.range(range, written, leaf)),
            values.and_then(|values| self.values(values, written, leaf)),
        )
    }

    fn range(&mut self, texts: &[Text], written: Span, leaf: &Type) -> Option<(f64, f64)> {
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
                    written,
                    message,
                    "only numbers have one",
                    "remove `range`",
                );
            }
            _ => {
                let span = texts.first().map_or(written, |text| text.span);
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

    fn values(&mut self, texts: &[Text], written: Span, leaf: &Type) -> Option<Arc<[Arc<str>]>> {
        if matches!(leaf, Type::String | Type::Struct(_)) && !texts.is_empty() {
            return Some(texts.iter().map(|text| Arc::from(text.as_str())).collect());
        }
        let message = "`values` lists the texts a string can be";
        self.error(
            Code::BadValue,
            written,
            message,
            "not a string, or no value",
            "write `values: [low, high]`",
        );
        None
    }

    pub(super) fn default(&mut self, node: &Node, input: &Input) -> Option<Value> {
        let mut problems = Problems::default();
        let mut conversion = Conversion {
            source: self.source,
            yaml: true,
            problems: &mut problems,
        };
        let value = conversion.value(node, input, &input.name);
        let problems = problems.finish();
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
}

/// What `unit`, `range` and `values` speak of: the item of a list, the value of a map.
pub(super) fn leaf(ty: &Type) -> Type {
    match ty {
        Type::List(item) => leaf(item),
        Type::Map(_, value) => leaf(value),
        other => other.clone(),
    }
}

pub(super) fn number(scalar: &Scalar) -> Option<f64> {
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
