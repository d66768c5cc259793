//! Whom a finding needs: those who are missing, and those who stand in the way. Never what commands say.

use std::sync::Arc;

use super::super::super::proof::is_listed;
use super::super::ask::Of;
use super::super::facts;
use super::One;
use crate::evaluate::Lacking;
use crate::policy::{Proof, Rule};
use crate::snapshot::facts::{Decision, Statement};
use crate::verdict::{Effect, Lack};

impl One<'_, '_, '_> {
    pub(super) fn people(&mut self, rule: &Rule) {
        let Some(proved) = &self.outcome.proved else {
            return;
        };
        let (done, key) = (self.scene.ahead.done(), self.key());
        let against = match rule.effect {
            Effect::Require => Decision::Rejected,
            Effect::Hold | Effect::Rollback => Decision::Given,
        };
        let mut backs = facts::taken_back(proved, against, done);
        let mut lacking = proved.lacking.clone();
        if rule.effect == Effect::Require {
            for lack in &mut lacking {
                others_first(lack, &mut backs);
            }
        }
        for back in backs {
            let what = match (against, &rule.proof) {
                (Decision::Rejected, _) => "rejection",
                (_, Proof::Attest(_)) => "attestation",
                _ => "approval",
            };
            let lack = Lack {
                role: back.role.as_ref().map(ToString::to_string),
                people: vec![back.by.to_string()],
                ..Lack::one(what)
            };
            self.push(Of::Said {
                statements: vec![back],
                lack,
                takes_back: true,
            });
        }
        if rule.effect != Effect::Require {
            return;
        }
        let told = self.finding.proof.as_ref();
        let told = told
            .map(|proof| proof.missing.as_slice())
            .unwrap_or_default();
        let mut before = 0_usize;
        for (lacking, lack) in lacking.iter().zip(told) {
            let listed = is_listed(self.scene.policy, &lacking.roles);
            let said = facts::missing(rule, key.as_ref(), lacking, listed, before, done);
            if let Some(statements) = said.filter(|said| !said.is_empty()) {
                before = before.saturating_add(statements.len());
                self.push(Of::Said {
                    statements,
                    lack: lack.clone(),
                    takes_back: false,
                });
            }
        }
    }
}

/// Those first who have said nothing against it. Where there are too few of them, an approval of somebody who has takes the
/// place of the rejection.
fn others_first(lack: &mut Lacking, backs: &mut Vec<Arc<Statement>>) {
    let count = usize::try_from(lack.count).unwrap_or(usize::MAX);
    let said = |who: &Arc<str>, backs: &[Arc<Statement>]| backs.iter().any(|back| back.by == *who);
    lack.people.sort_by_key(|who| said(who, backs));
    let needed = lack.people.iter().take(count);
    backs.retain(|back| !needed.clone().any(|who| *who == back.by));
}
