//! The steps an expression is away from another one, wherever it stands: in a rule, a row, a name, a parameter that
//! conditions compare with. What two of them have in common is asked elsewhere.

use super::change::Change;
use super::{List, Subject, alike, one_line};
use crate::expr::alter::{altered, limits};
use crate::expr::duration::format_duration;
use crate::expr::value::Value;
use crate::expr::{Binding, Compiled, Op};
use crate::policy::check::identifier;
use crate::policy::decode::Text;
use crate::policy::{Items, Matrix, Plan};
use crate::source::tree::{Kind, Node};

impl List<'_> {
    /// A condition of a rule. What stands under a `for_each`, or sees more than others do, is not asked what it means.
    pub(super) fn condition(&mut self, of: &Subject, text: &Text, key: &str, apart: bool) {
        let conditions = self.checked.conditions.range((text.span, None)..);
        let mut found = conditions.take_while(|((span, _), _)| *span == text.span);
        let compiled = found.find_map(|(_, compiled)| compiled.clone());
        if let Some(compiled) = compiled {
            self.expression(of, text, key, &compiled, apart);
        }
    }

    /// The list that a rule speaks for.
    pub(super) fn items(&mut self, of: &Subject, text: &Text) {
        let policy = &self.checked.policy;
        let rules = policy.stages.iter().flat_map(|stage| &stage.rules);
        let mut lists = rules.filter_map(|rule| match &rule.for_each.as_ref()?.items {
            Items::Expression(list) if list.text() == text.as_str() => Some(list.clone()),
            _ => None,
        });
        if let Some(compiled) = lists.next() {
            self.expression(of, text, "for_each: ", &compiled, true);
        }
    }

    /// Named expressions.
    pub(super) fn lets(&mut self) {
        for (name, text) in &self.checked.document.lets {
            let Some(Binding::Let(compiled)) = self.checked.scope.get(&identifier(name.as_str()))
            else {
                continue;
            };
            let of = Subject::anywhere(format!("let.{}", name.as_str()));
            self.expression(&of, text, "", compiled, false);
        }
    }

    /// Parameters that limits are made of: their defaults.
    pub(super) fn params(&mut self) {
        for param in &self.checked.document.params {
            let Some(Node {
                span,
                kind: Kind::Scalar(scalar),
            }) = &param.default
            else {
                continue;
            };
            let name = format!("params.{}", identifier(param.name.as_str()));
            let name = name.as_str();
            let Some(Binding::Constant { value, .. }) = self.checked.scope.get(name) else {
                continue;
            };
            let compared = self.compared(name);
            if compared.is_empty() {
                continue;
            }
            let of = Subject::anywhere(format!("params.{}", param.name.as_str()));
            for text in moved(value, &compared) {
                let told = (
                    format!("default: {}", scalar.text),
                    format!("default: {text}"),
                );
                self.add(&of, *span, told, Change::Default(*span, text));
            }
        }
    }

    /// How a parameter is compared: the operators it stands behind alone, and none where it is a part of a limit.
    fn compared(&self, name: &str) -> Vec<Option<Op>> {
        let mut found = Vec::new();
        let conditions = self.checked.conditions.values().flatten();
        let lets = self.checked.document.lets.iter().filter_map(|(name, _)| {
            match self.checked.scope.get(&identifier(name.as_str()))? {
                Binding::Let(compiled) => Some(compiled),
                _ => None,
            }
        });
        for compiled in conditions.chain(lets) {
            for comparison in compiled.comparisons() {
                let text = |range: &std::ops::Range<usize>| {
                    compiled.text().get(range.clone()).unwrap_or_default()
                };
                let (left, right) = (text(&comparison.left.range), text(&comparison.right.range));
                if right == name {
                    found.push(Some(comparison.op));
                } else if left == name {
                    found.push(Some(comparison.op.turned()));
                } else if left.contains(name) || right.contains(name) {
                    found.push(None);
                }
            }
        }
        found
    }

    /// Rows of the process.
    pub(super) fn rows(&mut self) {
        let document = &self.checked.document;
        let policy = &self.checked.policy;
        let rows = policy
            .escalation
            .iter()
            .flat_map(|matrix: &Matrix| &matrix.rows);
        let written = document.escalation.iter().flat_map(|matrix| &matrix.rows);
        for (written, row) in written.zip(rows) {
            let of = Subject::anywhere(written.id.as_str());
            if let Some(text) = &written.expr {
                self.expression(&of, text, "", &row.expr, true);
            }
            if let Some(hold) = &written.hold {
                self.length(&of, hold, "for");
            }
        }
        let written = document.rollback_plan.iter().flatten();
        for (written, row) in written.zip(&policy.rollback_plan) {
            let row: &Plan = row;
            if let (Some(text), Some(expr)) = (&written.expr, &row.expr) {
                self.expression(&Subject::anywhere("rollback_plan"), text, "", expr, true);
            }
        }
    }

    fn expression(
        &mut self,
        of: &Subject,
        text: &Text,
        key: &str,
        compiled: &Compiled,
        apart: bool,
    ) {
        let changed = altered(compiled);
        let asked = (!apart).then_some(self.checked);
        for sifted in alike::sift(asked, compiled, changed) {
            let range = sifted.altered.range;
            let at = text.scalar.locate(range.start, range.end);
            let told = (
                format!("{key}{}", one_line(text.as_str())),
                format!("{key}{}", one_line(&sifted.altered.text)),
            );
            self.add(of, at, told, Change::Text(text.span, sifted.altered.text));
            if let Some((_, mutant)) = self.found.last_mut() {
                mutant.equivalent = sifted.equivalent;
                mutant.hints = sifted.hints;
            }
        }
    }
}

/// A default, moved.
fn moved(value: &Value, compared: &[Option<Op>]) -> Vec<String> {
    let Value::Duration(length) = value else {
        return limits(value, compared);
    };
    let Some(part) = length.checked_div(100) else {
        return Vec::new();
    };
    let lengths = [length.checked_sub(part), length.checked_add(part)];
    let lengths = lengths.into_iter().flatten();
    lengths.map(format_duration).collect()
}
