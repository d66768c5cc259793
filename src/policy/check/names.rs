//! Inputs, baselines, parameters and named expressions: everything an expression can name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::SignedDuration;

use super::Checker;
use super::params::Param;
use crate::expr::types::Type;
use crate::expr::{Binding, Expect, Scope, Unit, Variable, compile};
use crate::policy::decode::Text;
use crate::policy::document::{PolicyDocument, TableDocument};
use crate::snapshot::layout::{Baseline, Context, Derived, Input, Layout};
use crate::source::{Code, Problem};

/// Names that the language has for itself.
pub(super) const RESERVED: [&str; 12] = [
    "stage", "subject", "params", "records", "now", "data", "verdict", "fired", "unmet", "held",
    "unknown", "pending",
];

/// A name as expressions write it: `-` becomes `_`.
pub(crate) fn identifier(name: &str) -> String {
    name.replace('-', "_")
}

impl Checker<'_> {
    /// The slots of all that is declared, and the tables whose names can be used.
    pub(super) fn layout<'d>(
        &mut self,
        document: &'d PolicyDocument,
        max_age: SignedDuration,
    ) -> (Layout, Vec<&'d TableDocument>) {
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
        let mut tables = Vec::new();
        for written in &document.tables {
            if self.name(&written.name, "a table", &mut seen) {
                tables.push(written);
            }
        }
        for (name, _) in &document.lets {
            self.name(name, "a named expression", &mut seen);
        }
        let audited = self.audited(document);
        let layout = Layout::new(inputs, baselines, max_age).with_fields(audited);
        (layout, tables)
    }

    /// Whether a name can be used, and is the only one of its kind.
    pub(super) fn name(
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

    pub(super) fn scope(
        &mut self,
        document: &PolicyDocument,
        layout: &Layout,
        params: &BTreeMap<Arc<str>, Param>,
        tables: Vec<(String, Binding)>,
    ) -> Scope {
        // Behind the slots of the layout lies that of the item of a `for_each`.
        let mut scope = Scope::new().windows(layout.len().saturating_add(1));
        for context in Context::ALL {
            // `stage.traffic` is a share; nothing else here has a unit.
            let unit = (*context == Context::StageTraffic).then(|| Unit::parse("ratio"));
            let variable = Variable {
                slot: layout.context(*context),
                ty: context.ty(),
                unit,
                values: (*context == Context::StageName).then(|| stage_names(document)),
            };
            scope.declare(context.name(), Binding::Slot(variable));
        }
        let records = Variable {
            slot: layout.derived(Derived::Records),
            ty: Derived::Records.ty(),
            unit: None,
            values: None,
        };
        scope.declare(Derived::Records.name(), Binding::Slot(records));
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
        for (name, table) in tables {
            scope.declare(name, table);
        }
        let mut baselines: Vec<(String, Scope)> = Vec::new();
        for (index, baseline) in layout.baselines().iter().enumerate() {
            let prefix = identifier(&baseline.name);
            // Nothing but named expressions is compiled for a baseline.
            let needed = !document.lets.is_empty();
            let mut own = if needed { scope.clone() } else { Scope::new() };
            for (slot, input) in layout.inputs().iter().enumerate() {
                let binding = Binding::Slot(variable(layout.baseline(index, slot), input));
                if needed {
                    own.declare(identifier(&input.name), binding.clone());
                }
                scope.declare(format!("{prefix}.{}", identifier(&input.name)), binding);
            }
            baselines.push((prefix, own));
        }
        for (slot, input) in layout.inputs().iter().enumerate() {
            scope.declare(
                identifier(&input.name),
                Binding::Slot(variable(slot, input)),
            );
        }
        declare_wrong(document, layout, &mut scope, &mut baselines);
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
        let lets: BTreeSet<String> = document
            .lets
            .iter()
            .map(|(name, _)| identifier(name.as_str()))
            .collect();
        // One look through the text for each baseline, however many named expressions there are.
        let wanted = |prefix: &str| {
            let (text, dotted) = (self.source.text(), format!("{prefix}."));
            text.match_indices(&dotted).any(|(at, found)| {
                let rest = text.get(at.saturating_add(found.len())..);
                let word = rest.and_then(|rest| {
                    let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
                    rest.split(|c| !part(c)).next()
                });
                word.is_some_and(|word| lets.contains(word))
            })
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
                            mistake.names = vec![word.to_owned()];
                        }
                    }
                    self.mistakes(text, mistakes);
                    // Whoever uses it is not told again.
                    declare_unknown(scope, &ident);
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

/// What `stage.name` can be.
fn stage_names(document: &PolicyDocument) -> Arc<[Arc<str>]> {
    let Some(stages) = &document.stages else {
        return Arc::from([Arc::from("default")]);
    };
    let judged = stages.iter().filter(|stage| !stage.is_abstract);
    judged.map(|stage| Arc::from(stage.name.as_str())).collect()
}

/// Declarations that are wrong in themselves: whoever uses their names is not told again.
fn declare_wrong(
    document: &PolicyDocument,
    layout: &Layout,
    scope: &mut Scope,
    baselines: &mut [(String, Scope)],
) {
    let wrong = |name: &Text| layout.input(name.as_str()).is_none();
    for input in document.inputs.iter().filter(|input| wrong(&input.name)) {
        let name = identifier(input.name.as_str());
        for (prefix, own) in baselines.iter_mut() {
            declare_unknown(own, &name);
            declare_unknown(scope, &format!("{prefix}.{name}"));
        }
        declare_unknown(scope, &name);
    }
    for table in &document.tables {
        let name = identifier(table.name.as_str());
        for (_, own) in baselines.iter_mut() {
            declare_unknown(own, &name);
        }
        declare_unknown(scope, &name);
    }
    for param in &document.params {
        declare_unknown(
            scope,
            &format!("params.{}", identifier(param.name.as_str())),
        );
    }
}

/// Declares what stands for anything, unless the name is declared. Such a policy is never evaluated.
fn declare_unknown(scope: &mut Scope, name: &str) {
    if scope.get(name).is_none() {
        let unknown = Variable {
            slot: usize::MAX,
            ty: Type::Dyn,
            unit: None,
            values: None,
        };
        scope.declare(name, Binding::Slot(unknown));
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
