//! A history in two passes, so that none of it is held: a first look for whom and which stage it is about, and then the
//! fold. Decides nothing.

use std::sync::Arc;

use gonogo::evaluate::baseline::Summing;
use gonogo::evaluate::{Fold, Judgement, Question, Summary, asked};
use gonogo::policy::{Policy, Waiver};
use gonogo::snapshot::baseline::compared;
use gonogo::snapshot::layout::Kind;
use gonogo::snapshot::{Digest, Sample, Survey, Surveyed, digest_of};
use gonogo::source::{Code, Problem};
use gonogo::verdict::ExitCode;
use jiff::Timestamp;

use super::files::Sources;

/// What is asked.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The instant; none: that of the newest sample, or of the newest fact where there is no sample.
    pub(super) now: Option<Timestamp>,
    /// The stage, if one is named.
    pub(super) stage: Option<&'a str>,
    /// What is set aside.
    pub(super) waivers: &'a [Waiver],
    /// Whether the digest of all that is read is wanted.
    pub(super) digested: bool,
}

/// What comes of it.
pub(super) struct Passed<'p> {
    /// The judgement, unless what is asked cannot be answered.
    pub(super) judged: Result<Judged<'p>, (ExitCode, Problem)>,
    /// All that is wrong with what was read.
    pub(super) problems: Vec<Problem>,
    /// What it was read from.
    pub(super) sources: Sources<'p>,
}

/// A judgement and what it rests on.
pub(super) struct Judged<'p> {
    pub(super) question: Question<'p>,
    pub(super) judgement: Judgement<'p>,
    /// The digest of all that was read, where it is wanted.
    pub(super) digest: Option<String>,
}

/// Reads everything, and judges it.
pub(super) fn passes<'p>(
    policy: &'p Policy,
    mut sources: Sources<'p>,
    asked: Asked<'p>,
) -> Passed<'p> {
    let layout = &policy.layout;
    let mut surveyed = sources
        .look(
            || Survey::new(layout, asked.now),
            |survey, sample| survey.take(sample.at, &sample.values),
        )
        .finish();
    let facts = Arc::new(sources.facts());
    surveyed.facts = Arc::clone(&facts);
    let question = question(policy, &sources, &surveyed, asked);
    let baselines: Vec<usize> = sources.baselines().collect();
    let (summaries, digests): (Vec<Summary>, Vec<String>) = baselines
        .iter()
        .map(|index| summed(policy, &mut sources, *index))
        .unzip();
    // Where nothing can be judged everything is read all the same: what is wrong with it is told first.
    let mut fold = question
        .as_ref()
        .ok()
        .map(|question| Fold::new(policy, surveyed, *question, &summaries).waiving(asked.waivers));
    let mut digest = asked.digested.then(|| Digest::new(layout));
    let mut twice = None;
    for sample in sources.samples() {
        if let Some(digest) = &mut digest {
            digest.take(&sample);
        }
        twice = twice.or_else(|| given_twice(policy, &baselines, &sample));
        if let Some(fold) = &mut fold {
            fold.take(&sample);
        }
    }
    if let Some(problem) = twice {
        sources.reading().problem(problem);
    }
    let apart = baselines.iter().zip(&digests).map(|(index, digest)| {
        let baseline = layout.baselines().get(*index);
        let name = baseline.map_or("", |baseline| baseline.name.as_ref());
        (name, digest.as_str())
    });
    let digest = digest.map(|mut digest| {
        digest.facts(&facts);
        digest_of(digest.finish(), apart)
    });
    let judged = question.and_then(|question| match fold {
        Some(fold) => Ok(Judged {
            question,
            judgement: fold.finish(),
            digest,
        }),
        None => Err(no_sample()),
    });
    Passed {
        judged,
        problems: sources.finish(),
        sources,
    }
}

/// Which stage is judged, and when.
fn question<'p>(
    policy: &'p Policy,
    sources: &Sources<'p>,
    surveyed: &Surveyed,
    asked: Asked<'p>,
) -> Result<Question<'p>, (ExitCode, Problem)> {
    let now = asked.now.or(surveyed.latest()).ok_or_else(no_sample)?;
    let show = |place: gonogo::snapshot::Place| place.display(sources.files());
    let stage = asked::stage(policy, surveyed, show, asked.stage).map_err(|problem| {
        // A snapshot that names no stage is one that is wrong, like one that names another; without any nobody was asked.
        let nobody = problem.code == Code::NoStage && surveyed.latest().is_none();
        let usage = asked.stage.is_some() || nobody;
        (
            if usage {
                ExitCode::Usage
            } else {
                ExitCode::Input
            },
            problem,
        )
    })?;
    Ok(Question {
        stage,
        asked: asked.stage,
        now,
    })
}

fn no_sample() -> (ExitCode, Problem) {
    let problem = Problem::new(Code::NoData, "there is no sample to take the time of");
    (
        ExitCode::Input,
        problem.help("give --now an instant, or a snapshot"),
    )
}

/// What a baseline's own history comes to, and its digest.
pub(super) fn summed(
    policy: &Policy,
    sources: &mut Sources<'_>,
    index: usize,
) -> (Summary, String) {
    let mut summing = Summing::new(policy, index);
    let mut digest = Digest::new(&policy.layout);
    for sample in sources.baseline(index) {
        let of_baseline = compared(&policy.layout, index, sample);
        let mut sample = of_baseline.sample;
        digest.take(&sample);
        // What it tells of its own stage begins its windows over that stage.
        sample.values.extend(of_baseline.context);
        summing.take(&sample);
    }
    (summing.finish(), digest.finish())
}

/// A snapshot that gives a value for a baseline which has a history of its own.
fn given_twice(policy: &Policy, baselines: &[usize], sample: &Sample) -> Option<Problem> {
    if baselines.is_empty() {
        return None;
    }
    let layout = &policy.layout;
    sample.values.iter().find_map(|observed| {
        let Some(Kind::Baseline(index, _)) = layout.kind(observed.slot) else {
            return None;
        };
        let baseline = layout.baselines().get(index)?;
        baselines.contains(&index).then(|| {
            let (value, name) = (layout.name(observed.slot), &baseline.name);
            let message = format!(
                "`{value}` is given by a snapshot of {} and `{name}` by --baseline",
                sample.at
            );
            Problem::new(Code::Conflict, message).help(format!(
                "leave out --baseline {name}=…, or the snapshots' `baselines.{name}`"
            ))
        })
    })
}
