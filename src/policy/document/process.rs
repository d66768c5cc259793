//! What follows a verdict, as written: rows of escalation, the plan of a rollback, duties. Never a name looked up.

pub mod shape;

use super::lasting::{LastingDocument, lasting};
use crate::policy::decode::{Decoder, Text};
use crate::source::tree::{Kind, Node};
use crate::source::{Code, Span};

/// Rows of `escalation` as written.
#[derive(Clone, Debug)]
pub struct MatrixDocument {
    /// Its name; none for a plain list.
    pub name: Option<Text>,
    /// Which of its rows speak.
    pub hit: Option<Text>,
    /// Its rows.
    pub rows: Vec<RowDocument>,
}

/// A row of a matrix as written.
#[derive(Clone, Debug)]
pub struct RowDocument {
    /// Where its map stands.
    pub span: Span,
    /// Its id.
    pub id: Text,
    /// What must be true.
    pub expr: Option<Text>,
    /// How long.
    pub hold: Option<Text>,
    /// How urgent it is.
    pub severity: Option<Text>,
    /// What to do.
    pub action: Option<Text>,
    /// The time to do it.
    pub within: Option<LastingDocument>,
    /// Whom to tell.
    pub notify: Vec<Text>,
    /// The rows of the playbook.
    pub cite: Vec<Text>,
}

/// A row of `rollback_plan` as written.
#[derive(Clone, Debug)]
pub struct PlanDocument {
    /// Where its map stands.
    pub span: Span,
    /// When it is this one.
    pub expr: Option<Text>,
    /// How to go back.
    pub mode: Option<Text>,
    /// To what.
    pub target: Option<Text>,
    /// The stage to start again with.
    pub reenter: Option<Text>,
    /// The time for it.
    pub within: Option<LastingDocument>,
    /// Rules that must hold for it to be possible.
    pub requires: Vec<Text>,
    /// The stage that says whether it is done.
    pub check: Option<Text>,
    /// What else is to be done.
    pub duties: Vec<DutyDocument>,
    /// The rows of the playbook.
    pub cite: Vec<Text>,
}

/// `after` as written.
#[derive(Clone, Debug, Default)]
pub struct AfterDocument {
    /// After a rollback.
    pub rollback: Vec<DutyDocument>,
    /// After a no-go.
    pub no_go: Vec<DutyDocument>,
    /// After a go.
    pub go: Vec<DutyDocument>,
}

/// A duty as written.
#[derive(Clone, Debug)]
pub struct DutyDocument {
    /// What is to be done.
    pub what: Text,
    /// By whom.
    pub by: Option<Text>,
    /// How long there is for it.
    pub within: Option<LastingDocument>,
    /// When it is to be done.
    pub when: Option<Text>,
    /// The rows of the playbook.
    pub cite: Vec<Text>,
}

/// Reads `escalation`: a list of rows, or matrices by name.
pub fn escalation(d: &mut Decoder<'_>, node: &Node) -> Vec<MatrixDocument> {
    if let Kind::List(_) = node.kind {
        return vec![MatrixDocument {
            name: None,
            hit: None,
            rows: rows(d, node, "escalation"),
        }];
    }
    if let Some(hit) = ["rows", "hit"].iter().find_map(|key| node.get(key)) {
        // The keys of a matrix where its name is expected.
        d.at(
            Code::MissingKey,
            hit.span,
            "a matrix without a name",
            "stands where matrices have their names",
            "name it: `escalation: {NAME: {hit: first, rows: […]}}`, or write a plain list of rows",
        );
        return Vec::new();
    }
    let named = d.named(node, "escalation");
    named
        .into_iter()
        .filter_map(|(name, node)| matrix(d, name, node))
        .collect()
}

fn matrix(d: &mut Decoder<'_>, name: Text, node: &Node) -> Option<MatrixDocument> {
    let name = Some(name);
    if let Kind::List(_) = node.kind {
        let (hit, rows) = (None, rows(d, node, "rows"));
        return Some(MatrixDocument { name, hit, rows });
    }
    let mut f = d.fields(node, "a matrix")?;
    d.optional(&mut f, "title");
    d.texts(&mut f, "cite");
    let hit = d.optional(&mut f, "hit");
    let rows = match f.get("rows") {
        Some(node) => rows(d, node, "rows"),
        None => {
            d.missing(&f, "rows", "rows: […]");
            Vec::new()
        }
    };
    d.finish(&f);
    Some(MatrixDocument { name, hit, rows })
}

fn rows(d: &mut Decoder<'_>, node: &Node, what: &'static str) -> Vec<RowDocument> {
    let items = d.items(node, what);
    nonempty(d, node, items, "a matrix without a row", "row");
    items.iter().filter_map(|item| row(d, item)).collect()
}

fn row(d: &mut Decoder<'_>, node: &Node) -> Option<RowDocument> {
    let mut f = d.fields(node, "a row")?;
    let id = d.required(&mut f, "id");
    d.optional(&mut f, "title");
    let expr = d.required(&mut f, "expr");
    let hold = d.optional(&mut f, "for");
    let severity = d.optional(&mut f, "severity");
    let action = d.optional(&mut f, "action");
    let within = f.get("within").and_then(|node| lasting(d, node, "within"));
    let notify = d.texts(&mut f, "notify").unwrap_or_default();
    let cite = d.texts(&mut f, "cite").unwrap_or_default();
    d.finish(&f);
    Some(RowDocument {
        span: f.span(),
        id: id?,
        expr,
        hold,
        severity,
        action,
        within,
        notify,
        cite,
    })
}

/// Reads `rollback_plan`.
pub fn plans(d: &mut Decoder<'_>, node: &Node) -> Vec<PlanDocument> {
    let items = d.items(node, "rollback_plan");
    nonempty(d, node, items, "`rollback_plan` without a row", "row");
    items.iter().filter_map(|item| plan(d, item)).collect()
}

fn plan(d: &mut Decoder<'_>, node: &Node) -> Option<PlanDocument> {
    let mut f = d.fields(node, "a row of the plan")?;
    d.optional(&mut f, "title");
    let expr = d.optional(&mut f, "expr");
    let mode = d.required(&mut f, "mode");
    let target = d.required(&mut f, "target");
    let reenter = d.optional(&mut f, "reenter");
    let within = f.get("within").and_then(|node| lasting(d, node, "within"));
    let requires = d.texts(&mut f, "requires").unwrap_or_default();
    let check = d.optional(&mut f, "check");
    let duties = f.get("duties").map(|node| duties(d, node, "duties"));
    let cite = d.texts(&mut f, "cite").unwrap_or_default();
    d.finish(&f);
    Some(PlanDocument {
        span: f.span(),
        expr,
        mode,
        target,
        reenter,
        within,
        requires,
        check,
        duties: duties.unwrap_or_default(),
        cite,
    })
}

/// Reads `after`.
pub fn after(d: &mut Decoder<'_>, node: &Node) -> AfterDocument {
    let Some(mut f) = d.fields(node, "`after`") else {
        return AfterDocument::default();
    };
    let mut list = |key| {
        let found = f.get(key).map(|node| duties(d, node, key));
        found.unwrap_or_default()
    };
    let document = AfterDocument {
        rollback: list("rollback"),
        no_go: list("no-go"),
        go: list("go"),
    };
    d.finish(&f);
    document
}

fn duties(d: &mut Decoder<'_>, node: &Node, what: &'static str) -> Vec<DutyDocument> {
    let items = d.items(node, what);
    items.iter().filter_map(|item| duty(d, item)).collect()
}

fn duty(d: &mut Decoder<'_>, node: &Node) -> Option<DutyDocument> {
    let mut f = d.fields(node, "a duty")?;
    let what = d.required(&mut f, "do");
    let by = d.optional(&mut f, "by");
    let within = f.get("within").and_then(|node| lasting(d, node, "within"));
    let when = d.optional(&mut f, "when");
    let cite = d.texts(&mut f, "cite").unwrap_or_default();
    d.finish(&f);
    Some(DutyDocument {
        what: what?,
        by,
        within,
        when,
        cite,
    })
}

fn nonempty(d: &mut Decoder<'_>, node: &Node, items: &[Node], message: &str, what: &str) {
    if items.is_empty() && matches!(node.kind, Kind::List(_)) {
        let help = format!("add a {what} or remove it");
        d.at(Code::BadValue, node.span, message, "nothing here", help);
    }
}

impl MatrixDocument {
    /// Every length of time in it.
    pub fn lengths(&self) -> impl Iterator<Item = &LastingDocument> {
        self.rows.iter().filter_map(|row| row.within.as_ref())
    }
}

impl PlanDocument {
    /// Every length of time in it.
    pub fn lengths(&self) -> impl Iterator<Item = &LastingDocument> {
        let duties = self.duties.iter().filter_map(|duty| duty.within.as_ref());
        self.within.iter().chain(duties)
    }
}

impl AfterDocument {
    /// All duties.
    pub fn duties(&self) -> impl Iterator<Item = &DutyDocument> {
        self.rollback.iter().chain(&self.no_go).chain(&self.go)
    }
}
