//! What is tried of rules that are built in: the least time in a stage, its traffic, the stages before it, the fields an
//! audit needs; and of times that are due. It tries nothing.

use super::candidates::Candidate;
use super::change::Change;
use super::flow::Flow;
use super::ground::Ground;
use super::limits::{around, spans};
use crate::expr::value::Value;
use crate::policy::{Due, DueFrom};

/// What is tried of a built-in rule; nothing for a rule that is none.
pub(super) fn candidates(ground: &Ground<'_>, rule: &str) -> Vec<Candidate> {
    let Some(stage) = ground.policy.stage(&ground.stage) else {
        return Vec::new();
    };
    let mut found: Vec<Change> = Vec::new();
    match rule {
        "stage.bake" => {
            if let Some(bake) = &stage.bake {
                let each = spans(bake.at_least()).into_iter();
                found.extend(each.filter_map(|span| Change::entered(ground.now, span)));
                // Of business time it takes more than it is long.
                let longer = (1..8).filter_map(|days| {
                    let days = jiff::SignedDuration::from_hours(24_i64.saturating_mul(days));
                    Change::entered(ground.now, bake.at_least().saturating_add(days))
                });
                found.extend(longer);
                found.push(missing(&["patch", "stage", "entered"], "no entry"));
            }
        }
        "stage.traffic" => {
            let way = ["patch", "stage", "traffic"];
            if let Some(traffic) = stage.traffic {
                for value in around(&Value::Double(traffic), 1.0, false) {
                    let Value::Double(number) = value else {
                        continue;
                    };
                    if (0.0..=1.0).contains(&number)
                        && let Some(value) = Flow::value(&value)
                    {
                        let told = format!("traffic {value}");
                        found.push(Change::new(&way, value, told));
                    }
                }
            }
            found.push(missing(&way, "no traffic"));
        }
        "stage.needs" => found.extend(needs(ground)),
        _ => {
            if let Some(field) = rule.strip_prefix("record.") {
                let way = ["patch", "subject", field];
                found.push(missing(&way, format!("no {field}")));
                found.push(Change::new(
                    &way,
                    Flow::text("given"),
                    format!("{field} given"),
                ));
            }
        }
    }
    found.into_iter().map(|change| vec![change]).collect()
}

fn missing(way: &[&str], told: impl Into<String>) -> Change {
    Change::new(way, Flow::null(), told)
}

/// Earlier verdicts on the stages that must have gone well.
fn needs(ground: &Ground<'_>) -> Vec<Change> {
    let stage = ground.policy.stage(&ground.stage);
    let needs = stage.into_iter().flat_map(|stage| &stage.needs);
    let stages: Vec<&str> = needs
        .flat_map(|need| need.stages.iter().map(AsRef::as_ref))
        .collect();
    let mut found = Vec::new();
    let at = ground.entered.unwrap_or(ground.now);
    let subject = about(ground);
    for stage in &stages {
        found.push(missing(
            &["patch", "records", stage],
            format!("no verdict on {stage}"),
        ));
        let way = ["patch", "records", stage, "verdict"];
        let told = format!("no-go of {stage}");
        found.push(Change::new(&way, Flow::text("no-go"), told));
    }
    for verdict in ["go", "no-go", "rollback"] {
        let record = |stage: &&str| {
            let mut words = vec![
                ("stage".to_owned(), Flow::text(*stage)),
                ("verdict".to_owned(), Flow::text(verdict)),
                ("at".to_owned(), Flow::plain(at.to_string())),
            ];
            words.extend(subject.clone());
            Flow::Map(words)
        };
        let all = stages.iter().map(record).collect();
        let told = format!("{verdict} of {}", stages.join(" and "));
        found.push(Change::new(&["patch", "records"], Flow::List(all), told));
    }
    found
}

/// What is rolled out, as an earlier verdict says it.
fn about(ground: &Ground<'_>) -> Vec<(String, Flow)> {
    use crate::snapshot::layout::Context;
    let fields = [
        Context::SubjectService,
        Context::SubjectVersion,
        Context::SubjectCommit,
    ];
    let layout = &ground.policy.layout;
    let told = fields.into_iter().filter_map(|field| {
        let Some(Value::String(text)) = ground.slots.get(layout.context(field)) else {
            return None;
        };
        let (_, name) = field.name().split_once('.')?;
        Some((name.to_owned(), Flow::text(text.as_ref())))
    });
    let told: Vec<(String, Flow)> = told.collect();
    if told.is_empty() {
        Vec::new()
    } else {
        vec![("subject".to_owned(), Flow::Map(told))]
    }
}

/// Instants around the one that something is due at.
pub(super) fn due(ground: &Ground<'_>, due: Due) -> Vec<Candidate> {
    let mut found = Vec::new();
    let hour = jiff::SignedDuration::from_hours(1);
    for by in [
        jiff::SignedDuration::ZERO,
        hour,
        jiff::SignedDuration::ZERO.saturating_sub(hour),
    ] {
        // Due at the verdict, or an hour before or after it.
        let offset = due.offset.saturating_add(by);
        let Ok(at) = ground.now.checked_sub(offset) else {
            continue;
        };
        let (way, what) = match due.from {
            DueFrom::Planned => (["patch", "subject", "planned_at"], "planned_at"),
            DueFrom::Entered => (["patch", "stage", "entered"], "entered"),
        };
        let told = format!("{what} {at}");
        found.push(vec![Change::new(&way, Flow::plain(at.to_string()), told)]);
    }
    found
}
