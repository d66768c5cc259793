//! Stages: their names, times and traffic, and the rules each has in the end.

use std::sync::Arc;

use super::Checker;
use super::needs::fields;
use super::rules::Context;
use crate::policy::decode::Text;
use crate::policy::document::{AfterDocument, PolicyDocument, StageDocument};
use crate::policy::{After, Rule, Stage};
use crate::snapshot::convert::ratio;
use crate::source::tree::{Places, Scalar, Style};
use crate::source::{Code, Problem, Span};

/// The name of the one stage of a policy without stages.
const DEFAULT: &str = "default";

impl Checker<'_> {
    pub(super) fn stages(
        &mut self,
        document: &PolicyDocument,
        context: &mut Context<'_>,
    ) -> Vec<Stage> {
        let only;
        let stages = match &document.stages {
            Some(stages) => {
                if let Some(rule) = document.rules.rules.first() {
                    self.error(
                        Code::UnknownKey,
                        rule.span,
                        "rules stand at the top only in a policy without stages",
                        "belongs into a stage",
                        "put what all stages share into an abstract stage, and let them extend it",
                    );
                }
                stages.as_slice()
            }
            None => {
                only = [default_stage(document)];
                only.as_slice()
            }
        };
        if document.stages.is_some() && !stages.iter().any(|stage| !stage.is_abstract) {
            let span = document
                .name
                .as_ref()
                .map_or_else(Span::default, |name| name.span);
            let help = "add a stage that is not abstract";
            self.error(
                Code::EmptyStage,
                span,
                "the policy has no stage that can be judged",
                "this policy",
                help,
            );
        }
        let mut checked: Vec<Stage> = Vec::new();
        for (index, stage) in stages.iter().enumerate() {
            if document.stages.is_some() {
                self.stage_name(stages, index, stage);
            }
            checked.push(self.stage(stages, stage, context));
        }
        self.needs_cycle(stages);
        checked
    }

    fn stage_name(&mut self, stages: &[StageDocument], index: usize, stage: &StageDocument) {
        let name = stage.name.as_str();
        if name.is_empty()
            || !name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        {
            let message = format!("`{name}` cannot be the name of a stage");
            self.error(
                Code::BadName,
                stage.name.span,
                message,
                "letters, digits, `-` and `_`",
                "rename it",
            );
        }
        if let Some(first) = stages
            .iter()
            .take(index)
            .find(|first| first.name.as_str() == name)
        {
            let problem = Problem::new(Code::NameClash, format!("two stages `{name}`"))
                .help("give each stage its own name")
                .at(self.source, stage.name.span, "second")
                .at(self.source, first.name.span, "first");
            self.problems.push(problem);
        }
    }

    fn stage(
        &mut self,
        stages: &[StageDocument],
        stage: &StageDocument,
        context: &mut Context<'_>,
    ) -> Stage {
        let bake = stage
            .bake
            .as_ref()
            .and_then(|written| self.lasting(written, context.calendars, Self::duration));
        let traffic = stage.traffic.as_ref().and_then(|node| {
            let traffic = ratio(node);
            if traffic.is_none() {
                let help = "write `traffic: 5%` or `traffic: 0.05`";
                self.error(
                    Code::BadValue,
                    node.span,
                    "traffic is a share from 0% to 100%",
                    "not a share",
                    help,
                );
            }
            traffic
        });
        let needs = self.needs(stages, stage);
        let whole = context.document.record.as_ref();
        let fields = fields(whole, stage.record.as_ref(), context.layout);
        let documents = self.inherited(stages, stage);
        // Rules of a stage that does not exist have been told to be missing.
        // A policy without stages is one itself.
        let whole = Span::new(0, self.source.text().len());
        let lost = stage.extends.as_ref().is_some_and(|name| {
            stages
                .iter()
                .all(|other| other.name.as_str() != name.as_str())
        });
        let blamed = self.blamed(if stage.span.is_empty() {
            whole
        } else {
            stage.span
        });
        if documents.is_empty() && !lost && !blamed {
            let help = "add a rule under `require`, `hold` or `rollback`";
            let message = match stage.name.as_str() {
                DEFAULT if stage.span.is_empty() => "the policy has no rule".to_owned(),
                name => format!("the stage `{name}` has no rule"),
            };
            self.error(
                Code::EmptyStage,
                stage.name.span,
                message,
                "nothing to judge",
                help,
            );
        }
        // An abstract stage has no bake of its own: the stages that extend it bring theirs.
        let baked = stage.bake.is_some() || stage.is_abstract;
        context.stage = (!stage.span.is_empty()).then_some(stage.name.span);
        let mut rules: Vec<Arc<Rule>> = documents
            .iter()
            .filter_map(|document| self.rule(document, bake.as_ref(), baked, context))
            .map(Arc::new)
            .collect();
        rules.sort_by(|a, b| (a.effect, &a.id).cmp(&(b.effect, &b.id)));
        self.rules.push(documents);
        Stage {
            name: Arc::from(stage.name.as_str()),
            is_abstract: stage.is_abstract,
            traffic,
            bake,
            needs,
            fields,
            after: After::default(),
            rules,
            place: self.source.position(stage.name.span.start),
            end: self.source.position(stage.name.span.end),
        }
    }
}

fn default_stage(document: &PolicyDocument) -> StageDocument {
    let span = document
        .name
        .as_ref()
        .map_or_else(Span::default, |name| name.span);
    let scalar = Scalar {
        text: DEFAULT.to_owned(),
        style: Style::Plain,
        map: Places::new(),
    };
    StageDocument {
        name: Text { scalar, span },
        span: Span::default(),
        is_abstract: false,
        extends: None,
        drop: Vec::new(),
        traffic: None,
        bake: None,
        after: AfterDocument::default(),
        needs: Vec::new(),
        record: None,
        rules: document.rules.clone(),
    }
}
