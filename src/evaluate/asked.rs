//! Which stage is to be judged. Judges none.

use crate::policy::{Policy, Stage};
use crate::snapshot::{Place, Surveyed};
use crate::source::problem::nearest;
use crate::source::{Code, Problem};

/// The stage to be judged: the one asked for, else the newest sample's, else the only one.
///
/// # Errors
/// `unknown-stage` where there is no such stage that can be judged, `no-stage` where there are several and nobody says
/// which.
pub fn stage<'p>(
    policy: &'p Policy,
    surveyed: &Surveyed,
    show: impl Fn(Place) -> String,
    asked: Option<&str>,
) -> Result<&'p Stage, Problem> {
    let told = surveyed.stage(&policy.layout);
    let told_name = told.map(|(name, _)| name);
    let names: Vec<&str> = policy.judged().map(|stage| stage.name.as_ref()).collect();
    let there_are = || names.join(", ");
    let mut judged = policy.judged();
    let (first, second) = (judged.next(), judged.next());
    // A policy without stages judges whatever stage a snapshot says it is in.
    let default = policy.stages.len() == 1 && policy.stage("default").is_some();
    if let (Some(only), None, None) = (first, second, asked)
        && (told_name.is_none() || default)
    {
        return Ok(only);
    }
    let Some(name) = asked.or(told_name) else {
        let message = "the policy has several stages and nobody says which to judge";
        let help = format!(
            "give --stage, or `stage.name` in a snapshot: {}",
            there_are()
        );
        return Err(Problem::new(Code::NoStage, message).help(help));
    };
    match policy.stage(name) {
        Some(stage) if !stage.is_abstract => Ok(stage),
        Some(_) => {
            let message = format!("the stage `{name}` is only there to be extended");
            let help = format!("judge one of {}", there_are());
            Err(Problem::new(Code::UnknownStage, message).help(help))
        }
        None => {
            let message = match told.filter(|_| asked.is_none()) {
                Some((_, place)) => format!(
                    "the newest snapshot is in a stage the policy does not have: `{name}` ({})",
                    show(place)
                ),
                None => format!("the policy has no stage `{name}`"),
            };
            let help = nearest(name, names.iter().copied()).map_or_else(
                || format!("there are {}", there_are()),
                |near| format!("did you mean `{near}`?"),
            );
            Err(Problem::new(Code::UnknownStage, message).help(help))
        }
    }
}
