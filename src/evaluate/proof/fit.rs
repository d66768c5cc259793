//! Whether a statement counts for a rule by itself: whatever anybody else said, and whatever its author said later. The
//! first thing that is against it is what is told.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::around::Around;
use super::whom::{About, about};
use crate::evaluate::moment::{Moment, Span};
use crate::policy::proof::{Asked, Field, Quorum};
use crate::policy::{Policy, Proof, Role, Rule};
use crate::snapshot::Subject;
use crate::snapshot::facts::{Decision, Kind, Statement, folded};
use crate::snapshot::layout::Layout;
use crate::source::hidden::blank;
use crate::verdict::Effect;

/// Why a fact does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It says not when.
    Undated,
    /// It is dated after the verdict.
    Later,
    /// It is about another subject.
    Other(Subject),
    /// Nobody knows whether it is about this one: the slot of what is not known.
    Unsure(usize),
    /// It is about an item, and the rule speaks for none.
    Key(Arc<str>),
    /// It is for another stage.
    Stage(Arc<str>),
    /// It was made before the stage was entered.
    Before(Timestamp),
    /// It was run, or begun, before the stage was entered.
    RunBefore(Timestamp),
    /// It does not count any more since then.
    Expired(Timestamp),
    /// It is older than that.
    Old(SignedDuration),
    /// It names no role, and one is asked for.
    NoRole,
    /// Its role is not asked for.
    OtherRole(Arc<str>),
    /// The policy lists no such role.
    NotListed(Arc<str>),
    /// Who made it is not among the people of the role.
    NotAmong(Arc<str>),
    /// A field is not filled in.
    Field(Arc<str>),
    /// A field says what it cannot.
    Value(Arc<str>),
    /// It is by somebody who may not make it.
    Barred(Arc<str>),
    /// It counts, and what it does is to take back what its author said before.
    TakesBack,
    /// Who made it took it back then.
    Withdrawn(Timestamp),
    /// Who made it rejected it then.
    Rejected(Timestamp),
    /// A newer one stands in its place.
    Newer,
    /// It names no commit, and this one is asked for.
    NoCommit,
    /// It is of another commit.
    Commit(Arc<str>),
    /// It names no environment, and one is asked for.
    NoEnvironment,
    /// It is of another environment.
    Environment(Arc<str>),
    /// What is asked of its data is not so.
    Where,
    /// It names another policy.
    Policy(Arc<str>),
    /// A rollback came after it, or with it.
    RolledBack(Timestamp),
}

/// Whether a statement counts by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Yes,
    No(Why),
    /// Nobody knows: the slot of what is not known.
    Unsure(usize),
}

/// What a rule asks of statements.
#[derive(Clone, Debug)]
pub(super) struct Asking<'p> {
    pub(super) kind: Kind,
    pub(super) asked: &'p Asked,
    /// The roles that are asked for; none: any.
    pub(super) wanted: Vec<Arc<str>>,
    /// Who there is.
    roles: Option<&'p [Role]>,
    stage: &'p str,
    subject: Arc<Subject>,
    /// Whether it makes a stop: there the worst is what counts.
    stop: bool,
    /// The slot of `stage.entered`'s neighbours: where the parts of the subject are told.
    layout: &'p Layout,
}

impl<'p> Asking<'p> {
    /// What a rule asks of statements, where it is proved by them.
    pub(super) fn of(
        rule: &'p Rule,
        policy: &'p Policy,
        stage: &'p str,
        subject: &Arc<Subject>,
    ) -> Option<Self> {
        let (kind, asked, wanted) = match &rule.proof {
            Proof::Attest(attest) => {
                let role = attest.role.iter().cloned();
                (Kind::Attestation, &attest.asked, role.collect())
            }
            Proof::Approve(approve) => {
                let (Quorum::Each(roles, _) | Quorum::Any(roles, _)) = &approve.quorum;
                (Kind::Approval, &approve.asked, roles.clone())
            }
            Proof::Expr(_) | Proof::Evidence(_) | Proof::During(_) => return None,
        };
        Some(Self {
            kind,
            asked,
            wanted,
            roles: policy.roles.as_deref(),
            stage,
            subject: Arc::clone(subject),
            stop: rule.effect != Effect::Require,
            layout: &policy.layout,
        })
    }

    /// Whether a statement counts at the moments between its own and its end.
    pub(super) fn fit(&self, statement: &Statement, around: &Around) -> Fit {
        let Some(at) = statement.at else {
            return Fit::No(Why::Undated);
        };
        let unsure = match about(&statement.about, &self.subject) {
            About::Other => return Fit::No(Why::Other(statement.about.clone())),
            About::Unsure(part) => Some(self.layout.context(part)),
            About::This => None,
        };
        if let Some(stage) = statement
            .stage
            .as_ref()
            .filter(|stage| ***stage != *self.stage)
        {
            return Fit::No(Why::Stage(Arc::clone(stage)));
        }
        if let Some(why) = self.role(statement).or_else(|| self.fields(statement)) {
            return Fit::No(why);
        }
        let who = folded(&statement.by);
        let mut barred = around.barred.iter();
        if let Some((name, _)) = barred.find(|(_, bar)| bar.as_ref().is_ok_and(|bar| *bar == who)) {
            return Fit::No(Why::Barred(Arc::clone(name)));
        }
        // What is taken back stays so, whatever stage is entered: an approval of this stage, too.
        let dated = statement.stage.is_none() && !self.only_takes_back(statement);
        let from = around.from.filter(|_| dated);
        match from {
            Some(Ok(entered)) if at < entered => Fit::No(Why::Before(entered)),
            Some(Err(slot)) => Fit::Unsure(slot),
            _ => unsure.map_or(Fit::Yes, Fit::Unsure),
        }
    }

    /// Whether a statement does nothing but take back what its author said for a requirement: it never helps to a go.
    fn only_takes_back(&self, statement: &Statement) -> bool {
        statement.decision == Decision::Withdrawn && !self.stop
    }

    fn role(&self, statement: &Statement) -> Option<Why> {
        let asks = !self.wanted.is_empty();
        let Some(role) = &statement.role else {
            // Who takes everything back need not say in which role, where nobody is listed or no stop is taken back.
            let given = statement.decision == Decision::Given;
            let asks = asks && !self.only_takes_back(statement);
            return (asks && (given || self.roles.is_some())).then_some(Why::NoRole);
        };
        if let Some(roles) = self.roles {
            let Some(listed) = roles.iter().find(|listed| listed.name == *role) else {
                return Some(Why::NotListed(Arc::clone(role)));
            };
            let who = folded(&statement.by);
            let among = |people: &Vec<Arc<str>>| people.iter().any(|one| folded(one) == who);
            if !listed.people.as_ref().is_none_or(among) {
                return Some(Why::NotAmong(Arc::clone(role)));
            }
        }
        let own = self.wanted.contains(role);
        // A decision of a person is one, in whatever role.
        let speaks = self.kind == Kind::Approval && statement.decision != Decision::Given;
        (asks && !own && !speaks).then(|| Why::OtherRole(Arc::clone(role)))
    }

    fn fields(&self, statement: &Statement) -> Option<Why> {
        if statement.decision != Decision::Given {
            return None;
        }
        let against = |field: &Field| match (statement.fields.get(&field.name), &field.values) {
            (None, _) => Some(Why::Field(Arc::clone(&field.name))),
            (Some(said), _) if blank(said) => Some(Why::Field(Arc::clone(&field.name))),
            (Some(said), Some(values)) if !values.contains(said) => {
                Some(Why::Value(Arc::clone(&field.name)))
            }
            _ => None,
        };
        self.asked.fields.iter().find_map(against)
    }

    /// From which moment on a statement does not count any more.
    pub(super) fn end(&self, statement: &Statement) -> Moment {
        let expires = statement.expires.map_or(Moment::NEVER, Moment::at);
        let old = statement.at.zip(self.asked.max_age);
        let old = old.map_or(Moment::NEVER, |(at, age)| {
            Moment::at(at).shifted(Span::of(age)).just_after()
        });
        expires.min(old)
    }

    /// Why a statement that fits does not count at a moment.
    pub(super) fn not_at(&self, statement: &Statement, moment: Moment) -> Option<Why> {
        let at = statement.at.map_or(Moment::NEVER, Moment::at);
        if at > moment {
            return Some(Why::Later);
        }
        if self.end(statement) > moment {
            return None;
        }
        let expired = statement
            .expires
            .filter(|expires| Moment::at(*expires) <= moment);
        expired
            .map(Why::Expired)
            .or(self.asked.max_age.map(Why::Old))
    }

    /// Of two decisions of one instant the one that speaks against a go decides.
    pub(super) fn rank(&self, decision: Decision) -> u8 {
        match (decision, self.stop) {
            (Decision::Given, false) | (Decision::Rejected, true) => 0,
            (Decision::Withdrawn, _) => 1,
            (Decision::Rejected, false) | (Decision::Given, true) => 2,
        }
    }

    /// The roles a statement fills, as an index into those that are asked for.
    pub(super) fn index(&self, role: Option<&Arc<str>>) -> Option<usize> {
        let role = role?;
        self.wanted.iter().position(|wanted| wanted == role)
    }

    /// Who could make a statement in any of these roles and has not yet, where the policy lists people.
    pub(super) fn could(
        &self,
        roles: &[Arc<str>],
        around: &Around,
        has: impl Fn(&str) -> bool,
    ) -> Vec<Arc<str>> {
        let listed = self.roles.into_iter().flatten();
        let listed = listed.filter(|role| roles.contains(&role.name));
        let people = listed.filter_map(|role| role.people.as_ref()).flatten();
        let mut could: Vec<Arc<str>> = Vec::new();
        for one in people {
            let who = folded(one);
            let barred = around
                .barred
                .iter()
                .any(|(_, bar)| bar.as_ref().is_ok_and(|bar| *bar == who));
            let known = could.iter().any(|other| folded(other) == who);
            if !barred && !known && !has(&who) {
                could.push(Arc::clone(one));
            }
        }
        could
    }
}
