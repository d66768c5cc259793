//! What became of a rule and its items, at the end.

use super::line::{Line, is_listed, over_limit};
use super::{Lines, Track};
use crate::evaluate::moment::Moment;
use crate::evaluate::proof::{DueAt, Prover, State};
use crate::evaluate::run::counts_from;
use crate::evaluate::seen::{Costs, Rests, see};
use crate::evaluate::status::{self, Judged};
use crate::evaluate::{Doubt, Exceeded, Outcome, Proved, Subject, World};
use crate::expr::Budget;
use crate::expr::value::{Key, Value};
use crate::verdict::Status;

impl<'p> Track<'p> {
    pub(in crate::evaluate) fn outcomes(
        &self,
        world: &mut World<'_>,
        now: Moment,
        into: &mut Vec<Outcome<'p>>,
    ) {
        let rule = self.rule;
        let mut push = |item: Option<(Key, Value)>, judged: Judged, windows, proved| {
            into.push(Outcome {
                of: Subject::Rule(rule, item),
                status: judged.status,
                weight: judged.weight,
                timing: judged.timing,
                doubt: judged.doubt,
                windows,
                waived: None,
                proved,
            });
        };
        match &self.lines {
            Lines::One(line) => {
                let mut judged = self.judged(line, world, now);
                let proved = self.proved(line, None, world, now, &mut judged);
                let data = line.prover.as_ref().and_then(|prover| prover.data(now));
                push(None, judged, data.into_iter().collect(), proved);
            }
            Lines::Each { lines, listed } => {
                let here = |key: &Key| is_listed(listed, key);
                let mut any = false;
                for (key, (item, line)) in lines {
                    let latched = line.run.fired.is_some() && rule.latch;
                    if !here(key) && !latched {
                        continue;
                    }
                    any |= here(key);
                    let mut judged = self.judged(line, world, now);
                    world.set(self.item_slot, item.clone());
                    line.show(world);
                    let proved = self.proved(line, Some(key), world, now, &mut judged);
                    self.hide(world);
                    let windows = line.looks.iter();
                    let windows = windows.map(|look| (look.slot(), look.value().clone()));
                    let data = line.prover.as_ref().and_then(|prover| prover.data(now));
                    let shown = windows.chain(data).collect();
                    push(Some((key.clone(), item.clone())), judged, shown, proved);
                }
                if !any {
                    // Where it does not apply whatever the item, nothing is asked of the list.
                    let rests = Rests {
                        prover: None,
                        due: self.due,
                        moment: now,
                    };
                    let seen = see(rule, rests, world, &mut Costs::of(rule));
                    let mut judged = status::no_items(rule, seen.applies);
                    if let (Err(Some(limit)), Some(_)) = (listed, judged.doubt) {
                        judged.doubt = Some(Doubt::Limit(Exceeded {
                            limit: *limit,
                            when: None,
                        }));
                    }
                    push(None, judged, Vec::new(), None);
                }
            }
        }
    }

    fn judged(&self, line: &Line, world: &World<'_>, now: Moment) -> Judged {
        let (rule, run) = (self.rule, &line.run);
        if let Some(spec) = &rule.at {
            let checked = self.horizon.map(|entered| {
                let entered = Moment::at(entered);
                line.checks.clone().checked(spec, entered, now)
            });
            let mut judged = status::checkpoints(rule, run, checked, line.checks.met());
            judged.timing.met_on = line.checks.held().to_vec();
            return status::due(rule, run, judged, self.due, now);
        }
        let judged = status::judge(
            rule,
            run,
            now,
            counts_from(rule, world.entered()),
            world.entered().is_some(),
            line.state,
        );
        let mut judged = status::due(rule, run, judged, self.due, now);
        judged.doubt = over_limit(run, judged.doubt);
        judged
    }

    /// What a line's proof was judged on.
    fn proved(
        &self,
        line: &Line<'p>,
        key: Option<&Key>,
        world: &mut World<'_>,
        now: Moment,
        judged: &mut Judged,
    ) -> Option<Proved> {
        let prover = line.prover.as_ref()?;
        if judged.status == Status::Skipped {
            return None;
        }
        let proved = prover.proved(self.rule, &self.ground, key, world, now);
        if let (Status::Pending, Some(shut)) = (judged.status, &proved.shut) {
            judged.timing.met_at = shut.opens;
        }
        // What held when it was due was not late, whenever a sample saw it.
        if let (true, DueAt::At(at)) = (judged.timing.late, self.due)
            && judged.status == Status::Met
        {
            let mut then = Prover::of(self.rule, &self.ground, key)?;
            let due = Moment::at(at);
            then.step(self.rule, world, due);
            let (state, _) = then.state(self.rule, world, due, &mut Budget::default());
            judged.timing.late = state != State::Holds;
        }
        Some(proved)
    }
}
