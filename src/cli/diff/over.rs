//! Recorded snapshots under both policies at once, sample by sample. Holds no history, and decides nothing.

use std::sync::Arc;

use gonogo::diff::flips::Says;
use gonogo::diff::{Flips, Watch};
use gonogo::evaluate::{Course, Judgement, Leg, Legs, Question, Summary};
use gonogo::policy::{Policy, Waiver};
use gonogo::snapshot::Sample;
use gonogo::source::problem::any_error;
use gonogo::source::{Code, Problem};
use gonogo::verdict::ExitCode;
use jiff::Timestamp;

use super::Arguments;
use crate::cli::files::{self, Aside, Sources};
use crate::cli::judge::{self, Refused};
use crate::cli::progress::Progress;
use crate::cli::{baseline, passes};

/// One of the two policies and all that is read for it.
struct Half<'p> {
    which: &'static str,
    policy: &'p Policy,
    sources: Sources<'p>,
    problems: Vec<Problem>,
}

/// A first look over what is read for a policy.
struct Look<'p> {
    legs: Vec<Leg<'p>>,
    newest: Option<Timestamp>,
}

/// What both policies come to at every sample, and what is to be told of the snapshots.
pub(super) fn over(
    arguments: &Arguments,
    old: &Policy,
    new: &Policy,
) -> Result<(Flips, Vec<Problem>), Refused> {
    let paths = arguments.baseline.iter().map(|(_, path)| path);
    let piped = arguments.snapshots.iter().chain(paths);
    match piped.filter(|given| given.path() == "-").count() {
        0 => {}
        1 => files::keep_stdin(progress(arguments)).map_err(input)?,
        _ => return Err((ExitCode::Usage, vec![judge::stdin_twice()])),
    }
    let (old_aside, new_aside) = asides(arguments, old, new)?;
    let mut old = half("old", arguments, old, old_aside.problems)?;
    let mut new = half("new", arguments, new, new_aside.problems)?;
    let (was, is) = (old.look(arguments), new.look(arguments));
    let newest = was.newest.max(is.newest);
    let judged = judged(arguments, &was.legs, &is.legs);
    let mut watch = Watch::default();
    {
        let mut before = old.course(was, arguments, &old_aside.waivers);
        let mut now = new.course(is, arguments, &new_aside.waivers);
        let until = arguments.now.instant();
        together(
            (&mut old, &mut before),
            (&mut new, &mut now),
            until,
            &mut watch,
        );
        if let Some(until) = until.filter(|until| Some(*until) > newest) {
            let (was, is) = (before.judge_at(until), now.judge_at(until));
            watch.end(until, old.says(was), new.says(is));
        }
    }
    let problems = told(old, new);
    if any_error(&problems) {
        return Err((ExitCode::Input, problems));
    }
    judged?;
    Ok((watch.finish(), problems))
}

/// Goes through the samples, which are the same for both: they are read from the same files.
fn together<'p>(
    (old, before): (&mut Half<'p>, &mut Course<'p>),
    (new, now): (&mut Half<'p>, &mut Course<'p>),
    until: Option<Timestamp>,
    watch: &mut Watch,
) {
    let (was, is) = (old.named(), new.named());
    let (mut first, mut second) = (old.sources.samples(), new.sources.samples());
    let (mut a, mut b) = (first.next(), second.next());
    while let Some(at) = [&a, &b].into_iter().flatten().map(|one| one.at).min() {
        let late = until.is_some_and(|until| at > until);
        let step = |course: &mut Course<'p>, next: &mut Option<Sample>| {
            let sample = next.take_if(|sample| sample.at == at);
            if let Some(sample) = sample.as_ref().filter(|_| !late) {
                course.take(sample);
            }
            sample.is_some()
        };
        let (one, other) = (step(before, &mut a), step(now, &mut b));
        if one {
            a = first.next();
        }
        if other {
            b = second.next();
        }
        if late {
            watch.later();
            continue;
        }
        let asked = |course: &mut Course<'p>, given: bool| {
            let judged = if given {
                course.judge()
            } else {
                course.judge_at(at)
            };
            judged.map(|judged| judged.map_err(Clone::clone))
        };
        let (old, new) = (asked(before, one), asked(now, other));
        watch.sample(at, says(was, old), says(is, new));
    }
}

/// Which of the two a policy is, and itself.
type Named<'p> = (&'static str, &'p Policy);

type Asked<'p> = Option<Result<(Question<'p>, Judgement<'p>), Problem>>;

fn says<'p>((which, policy): Named<'p>, asked: Asked<'p>) -> Says<'p> {
    match asked {
        Some(Ok((question, judgement))) => Says::Judged(policy, question, Box::new(judgement)),
        Some(Err(problem)) => Says::Not(format!("the {which} policy: {}", problem.message)),
        None => Says::Not(format!("the {which} policy: there is no sample yet")),
    }
}

impl<'p> Half<'p> {
    fn named(&self) -> Named<'p> {
        (self.which, self.policy)
    }

    fn says(&self, asked: Option<Result<(Question<'p>, Judgement<'p>), &Problem>>) -> Says<'p> {
        says(
            self.named(),
            asked.map(|judged| judged.map_err(Clone::clone)),
        )
    }

    /// Looks who is judged in which stage, from when to when.
    fn look(&mut self, arguments: &Arguments) -> Look<'p> {
        let policy = self.policy;
        let until = arguments.now.instant();
        let legs = self.sources.look(
            || Legs::new(policy, until),
            |legs, sample| legs.take(&sample),
        );
        let newest = legs.newest();
        let files = self.sources.files();
        let show = |place: gonogo::snapshot::Place| place.display(files);
        Look {
            legs: legs.finish(policy, arguments.stage.as_deref(), show),
            newest,
        }
    }

    /// Ready to go through the samples.
    fn course<'a: 'p>(
        &mut self,
        look: Look<'p>,
        arguments: &'a Arguments,
        waivers: &'a [Waiver],
    ) -> Course<'p> {
        let facts = Arc::new(self.sources.facts());
        let indices: Vec<usize> = self.sources.baselines().collect();
        let summed = |index: &usize| passes::summed(self.policy, &mut self.sources, *index).0;
        let baselines: Vec<Summary> = indices.iter().map(summed).collect();
        Course::new(
            self.policy,
            look.legs,
            arguments.stage.as_deref(),
            &facts,
            &baselines,
            waivers,
        )
    }
}

fn progress(arguments: &Arguments) -> Progress {
    Progress::new(!arguments.quiet && !arguments.no_progress)
}

fn input(problem: Problem) -> Refused {
    (ExitCode::Input, vec![problem])
}

/// All that is given, opened for one of the policies.
fn half<'p>(
    which: &'static str,
    arguments: &Arguments,
    policy: &'p Policy,
    problems: Vec<Problem>,
) -> Result<Half<'p>, Refused> {
    judge::all_set(policy)?;
    let usage = |problem: Problem| (ExitCode::Usage, vec![of(which, problem)]);
    let baselines = baseline::roles(&arguments.baseline, &policy.layout).map_err(usage)?;
    let mut sources = Sources::new(&policy.layout, progress(arguments));
    judge::add_all(
        &mut sources,
        &arguments.snapshots,
        &baselines,
        arguments.snapshot_format,
    );
    sources.settle(arguments.now.instant());
    Ok(Half {
        which,
        policy,
        sources,
        problems,
    })
}

/// The waivers as each of the policies takes them.
fn asides(arguments: &Arguments, old: &Policy, new: &Policy) -> Result<(Aside, Aside), Refused> {
    let Some(path) = &arguments.waivers else {
        return Ok((Aside::default(), Aside::default()));
    };
    let old = files::waivers(path, old).map_err(input)?;
    Ok((old, files::waivers(path, new).map_err(input)?))
}

/// Whether either policy can judge anything; otherwise why not.
fn judged(arguments: &Arguments, old: &[Leg<'_>], new: &[Leg<'_>]) -> Result<(), Refused> {
    let mut legs = old.iter().chain(new).peekable();
    if legs.peek().is_none() {
        let problem = Problem::new(Code::NoData, "there is no sample to judge at");
        return Err(input(problem.help("give a history with -s")));
    }
    let mut first = None;
    for leg in legs {
        match &leg.stage {
            Ok(_) => return Ok(()),
            Err(problem) => first = first.or_else(|| Some(problem.clone())),
        }
    }
    let code = if first.is_some() && arguments.stage.is_some() {
        ExitCode::Usage
    } else {
        ExitCode::Input
    };
    Err((code, first.into_iter().collect()))
}

/// A problem that one of the policies alone has with what is given.
fn of(which: &str, mut problem: Problem) -> Problem {
    problem.message = format!("for the {which} policy: {}", problem.message);
    problem
}

/// All that was wrong with what was read: what both have in common once, of all else which of them it is for.
fn told(old: Half<'_>, new: Half<'_>) -> Vec<Problem> {
    let all = |mut half: Half<'_>| {
        let mut problems = half.problems;
        problems.extend(half.sources.finish());
        problems
    };
    let (was, is) = (all(old), all(new));
    let (common, only): (Vec<_>, Vec<_>) = was.into_iter().partition(|one| is.contains(one));
    let news = is.into_iter().filter(|one| !common.contains(one));
    let news: Vec<Problem> = news.map(|problem| of("new", problem)).collect();
    let only = only.into_iter().map(|problem| of("old", problem));
    common.iter().cloned().chain(only).chain(news).collect()
}
