//! Rows of escalation: what each rests on, and whether it is followed through the history or asked once rules are
//! decided. Never whether one is true.

use std::sync::Arc;

use jiff::SignedDuration;

use super::super::Checker;
use super::{Around, sees, shared};
use crate::expr::Compiled;
use crate::policy::document::{MatrixDocument, RowDocument};
use crate::policy::{Hit, Hold, Matrix, OnMissing, Proof, Row, Rule};
use crate::snapshot::layout::Derived;
use crate::source::problem::nearest;
use crate::source::{Code, Position};
use crate::verdict::Effect;

impl Checker<'_> {
    pub(super) fn escalation(&mut self, around: &mut Around<'_, '_>) -> Vec<Matrix> {
        let matrices = &around.context.document.escalation;
        self.once("matrices", matrices.iter().filter_map(|m| m.name.as_ref()));
        let rows = matrices.iter().flat_map(|matrix| &matrix.rows);
        self.once("rows", rows.map(|row| &row.id));
        let matrices = matrices.iter();
        matrices
            .map(|written| self.matrix(written, around))
            .collect()
    }

    fn matrix(&mut self, written: &MatrixDocument, around: &mut Around<'_, '_>) -> Matrix {
        if let Some(name) = &written.name {
            self.id(name, "a matrix");
        }
        Matrix {
            name: written.name.as_ref().map(|name| Arc::from(name.as_str())),
            hit: self.hit(written),
            rows: written
                .rows
                .iter()
                .filter_map(|row| self.row(row, around))
                .collect(),
        }
    }

    fn hit(&mut self, written: &MatrixDocument) -> Hit {
        let Some(text) = &written.hit else {
            return Hit::All;
        };
        match text.as_str() {
            "first" => Hit::First,
            "all" => Hit::All,
            "unique" => Hit::Unique,
            other => {
                let message = format!("`hit: {other}` means nothing");
                let help = match nearest(other, ["first", "all", "unique"]) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "write `first`, `all` or `unique`; without it all speak".to_owned(),
                };
                let label = "neither `first`, `all` nor `unique`";
                self.error(Code::BadValue, text.span, message, label, help);
                Hit::All
            }
        }
    }

    fn row(&mut self, written: &RowDocument, around: &mut Around<'_, '_>) -> Option<Row> {
        self.id(&written.id, "a row");
        for role in &written.notify {
            self.role(around.context.document, role);
        }
        let severity = written
            .severity
            .as_ref()
            .and_then(|text| self.severity(text, around.context.severities));
        let asks = written.severity.is_some() || written.action.is_some();
        if !asks && written.notify.is_empty() {
            let message = format!("the row `{}` asks nothing of anybody", written.id.as_str());
            let help = "add a `severity`, an `action` or whom to `notify`";
            let label = "no `severity`, `action` or `notify` here";
            self.error(Code::MissingKey, written.span, message, label, help);
        }
        let action = written
            .action
            .as_ref()
            .map(|action| self.worded("action", action));
        let within = self.within(written.within.as_ref(), around);
        let hold = written.hold.as_ref().and_then(|text| self.duration(text));
        let expr = self.seeing(written.expr.as_ref()?, around)?;
        let place = written.expr.as_ref().map_or(written.span, |text| text.span);
        let mut row = Row {
            id: Arc::from(written.id.as_str()),
            expr,
            hold,
            rule: None,
            severity,
            action,
            within,
            notify: shared(&written.notify),
            cite: shared(&written.cite),
            place: self.source.position(place.start),
        };
        let layout = around.context.layout;
        let mut slots = row.expr.slots().iter();
        if slots.any(|slot| sees::outcome(layout, *slot).is_some()) {
            self.counted(written, &row, around);
        } else {
            row.rule = Some(Arc::new(followed(&row.id, &row.expr, hold, row.place)));
        }
        Some(row)
    }

    /// `for` of a row over rules counts how long each rule has been so: nothing else it reads has such a time.
    fn counted(&mut self, written: &RowDocument, row: &Row, around: &Around<'_, '_>) {
        let (Some(hold), Some(expr)) = (&written.hold, &written.expr) else {
            return;
        };
        let layout = around.context.layout;
        let verdict = layout.derived(Derived::Verdict);
        let id = &row.id;
        if row.expr.slots().contains(&verdict) {
            let message = format!(
                "`for` of the row `{id}` counts how long rules have been so, and `verdict` is no rule"
            );
            let help = "ask for the rules it comes from, such as `size(fired) > 0`";
            let label = "reads `verdict`";
            self.error(Code::BadValue, expr.span, message, label, help);
        }
        let input = row
            .expr
            .reads()
            .iter()
            .find(|slot| layout.input_of(**slot).is_some());
        if let Some(slot) = input {
            let name = layout.name(*slot);
            let message = format!(
                "`for: {}` of the row `{id}` counts how long rules have been so, and `{name}` is an input",
                hold.as_str()
            );
            let help = "write two rows, one over inputs and one over rules, or make what is asked of inputs a rule and name it here";
            let label = format!("reads `{name}` as well as what became of rules");
            self.error(Code::BadValue, expr.span, message, &label, help);
        }
    }
}

/// The condition of a row as a soft stop that only watches and remembers nothing: so it is followed as rules are.
fn followed(
    id: &Arc<str>,
    expr: &Arc<Compiled>,
    hold: Option<SignedDuration>,
    place: Position,
) -> Rule {
    Rule {
        id: Arc::clone(id),
        effect: Effect::Hold,
        title: None,
        group: None,
        proof: Proof::Expr(Arc::clone(expr)),
        due: None,
        waivable: false,
        hold: hold.map(Hold::For),
        at: None,
        when: Vec::new(),
        missing: OnMissing::Block,
        watch: true,
        latch: false,
        on_unmet: false,
        for_each: None,
        severity: None,
        action: None,
        message: None,
        runbook: None,
        cite: Vec::new(),
        controls: Vec::new(),
        place,
        end: place,
    }
}
