//! Steps done: the lines that a history has once everything is done that they say. Written apart from the product, out of
//! the record alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use gonogo::policy::{Policy, Proof};
use gonogo::verdict::{Change, Decision, Step, StepKind, Verdict};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json, json};

/// A history and what is done to it.
pub(super) struct Applied<'a> {
    policy: &'a Policy,
    verdict: &'a Verdict,
    lines: Vec<Json>,
    /// Facts that are added as they are.
    pub(super) facts: Vec<Json>,
    /// The data of commands that were run.
    pub(super) data: Json,
    /// How far beyond their limits values are given, in parts of those.
    pub(super) far: f64,
}

const NANO: SignedDuration = SignedDuration::from_nanos(1);

/// Just after the verdict: from then on it is otherwise.
fn done(verdict: &Verdict) -> Timestamp {
    verdict.now.checked_add(NANO).expect("an instant")
}

/// When it is judged again.
pub(super) fn when(verdict: &Verdict) -> Timestamp {
    let to_go = verdict.to_go.as_ref().expect("steps");
    let at = to_go.at.unwrap_or(verdict.now);
    at.checked_add(NANO).expect("an instant")
}

/// Whether a verdict is what the steps of another promise: a go, or nothing against it but what they leave open.
pub(super) fn reached(told: &Verdict, after: &Verdict) -> bool {
    let steps = told.to_go.iter().flat_map(|to_go| &to_go.steps);
    let open = steps.filter(|step| step.kind == StepKind::Open);
    let open: Vec<&String> = open.flat_map(|step| &step.rules).collect();
    let mut against = after.findings.iter().filter(|finding| finding.counts);
    after.verdict == Decision::Go
        || (!open.is_empty() && against.all(|finding| open.contains(&&finding.name())))
}

/// `error_rate`, `incidents["P0"]`, `a.b`: the name and the keys behind it.
fn path(text: &str) -> (String, Vec<String>) {
    let end = text.find(['[', '.']).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    let mut keys = Vec::new();
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (key, after) = inner.split_once(']').expect("a closing bracket");
            keys.push(key.trim_matches('"').to_owned());
            rest = after;
        } else {
            let inner = rest.strip_prefix('.').expect("a dot");
            let inner = inner.strip_prefix('?').unwrap_or(inner);
            let end = inner.find(['[', '.']).unwrap_or(inner.len());
            let (key, after) = inner.split_at(end);
            keys.push(key.to_owned());
            rest = after;
        }
    }
    (name.to_owned(), keys)
}

/// A value that is so, of the kind of the one there is.
fn value(
    op: &str,
    limit: &Json,
    held: Option<&Json>,
    whole: bool,
    ty: &str,
    words: &[Arc<str>],
) -> Json {
    if limit.is_null() {
        // Any will do.
        return match ty {
            "bool" => json!(true),
            "string" => json!("given"),
            _ => json!(1),
        };
    }
    if let Some(number) = limit.as_f64() {
        let whole = whole || held.is_some_and(|held| held.is_i64() || held.is_u64());
        if whole {
            let value = match op {
                "<" => number.ceil() - 1.0,
                "<=" => number.floor(),
                ">" => number.floor() + 1.0,
                ">=" => number.ceil(),
                "!=" => number + 1.0,
                _ => number,
            };
            #[expect(clippy::cast_possible_truncation, reason = "a whole number")]
            let whole = value as i64;
            return json!(whole);
        }
        let little = if number == 0.0 {
            1e-9
        } else {
            number.abs() * 1e-9
        };
        return json!(match op {
            "<" => number - little,
            ">" | "!=" => number + little,
            _ => number,
        });
    }
    match (op, limit) {
        ("!=", Json::Bool(value)) => json!(!value),
        ("!=", Json::String(text)) => {
            let other = words.iter().find(|word| word.as_ref() != text);
            other.map_or_else(|| json!(format!("not {text}")), |word| json!(word.as_ref()))
        }
        _ => limit.clone(),
    }
}

/// Whether a number is within a bound; anything else is.
fn within(value: &Json, bound: &Change) -> bool {
    let (Some(value), Some(limit)) = (value.as_f64(), bound.value.as_f64()) else {
        return true;
    };
    match bound.op.as_str() {
        "<" => value < limit,
        "<=" => value <= limit,
        ">" => value > limit,
        ">=" => value >= limit,
        _ => true,
    }
}

/// A value so far beyond a limit, in parts of it, as far as the input's range goes; nothing where no number is bounded.
fn further(bound: &Change, far: f64, (whole, range): (bool, Option<(f64, f64)>)) -> Option<Json> {
    let limit = bound.value.as_f64().filter(|_| far > 0.0)?;
    let by = far * limit.abs().max(1.0);
    let moved = match bound.op.chars().next()? {
        '<' => limit - by,
        '>' => limit + by,
        _ => return None,
    };
    let (least, greatest) = range.unwrap_or((f64::MIN, f64::MAX));
    let moved = moved.clamp(least, greatest);
    #[expect(clippy::cast_possible_truncation, reason = "a whole number")]
    let number = if whole {
        let rounded = if bound.op.starts_with('<') {
            moved.floor()
        } else {
            moved.ceil()
        };
        json!(rounded as i64)
    } else {
        json!(moved)
    };
    within(&number, bound).then_some(number)
}

fn merge(into: &mut Json, from: &Json) {
    match (into, from) {
        (Json::Object(into), Json::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Json::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

impl<'a> Applied<'a> {
    pub(super) fn of(policy: &'a Policy, verdict: &'a Verdict, history: &str) -> Self {
        let lines = history.lines().filter(|line| !line.trim().is_empty());
        Self {
            policy,
            verdict,
            lines: lines
                .map(|line| serde_json::from_str(line).expect("JSON"))
                .collect(),
            facts: Vec::new(),
            data: json!({}),
            far: 0.0,
        }
    }

    /// The samples up to the verdict, in the order of time.
    fn samples(&self) -> Vec<(Timestamp, &Json)> {
        let mut samples: Vec<(Timestamp, &Json)> = self
            .lines
            .iter()
            .filter_map(|line| Some((line.get("at")?.as_str()?.parse().ok()?, line)))
            .filter(|(at, _): &(Timestamp, _)| *at <= self.verdict.now)
            .collect();
        samples.sort_by_key(|(at, _)| *at);
        // What was told of another subject counts no more.
        let newest = serde_json::to_value(&self.verdict.subject).expect("JSON");
        let other = |sample: &Json| {
            let told = sample.get("subject").and_then(Json::as_object);
            ["service", "version", "commit"].iter().any(|field| {
                let told = told.and_then(|told| told.get(*field));
                told.is_some_and(|told| !newest[*field].is_null() && *told != newest[*field])
            })
        };
        let last = samples.iter().rposition(|(_, sample)| other(sample));
        let tells = |sample: &Json| sample.get("subject").is_some() && !other(sample);
        let own = samples
            .iter()
            .enumerate()
            .position(|(index, (_, sample))| last.is_none_or(|last| index > last && tells(sample)));
        samples.split_off(own.unwrap_or(samples.len()))
    }

    /// Values that are good at the verdict: metrics, or those of a baseline that ages.
    fn held(&self, part: &[&str]) -> Map<String, Json> {
        self.held_if(part, |age, good| age <= good)
    }

    /// Those of a certain age: how old they are, and how long they stay good.
    fn held_if(
        &self,
        part: &[&str],
        mut is: impl FnMut(SignedDuration, SignedDuration) -> bool,
    ) -> Map<String, Json> {
        let mut held: BTreeMap<String, (Timestamp, Json)> = BTreeMap::new();
        for (at, sample) in self.samples() {
            let part = part.iter().fold(sample, |sample, key| &sample[*key]);
            for (name, value) in part.as_object().into_iter().flatten() {
                held.insert(name.clone(), (at, value.clone()));
            }
        }
        let mut good = |name: &str, at: Timestamp| {
            let layout = &self.policy.layout;
            let input = layout
                .input(name)
                .and_then(|slot| layout.inputs().get(slot));
            input.is_some_and(|input| is(self.verdict.now.duration_since(at), input.max_age))
        };
        held.into_iter()
            .filter(|(name, (at, _))| good(name, *at))
            .map(|(name, (_, value))| (name, value))
            .collect()
    }

    /// When the first of what is good at the verdict is too old.
    fn held_until(&self) -> Option<Timestamp> {
        let mut rest: Option<SignedDuration> = None;
        let _ = self.held_if(&["metrics"], |age, good| {
            if age <= good {
                rest = Some(rest.map_or(good - age, |rest| rest.min(good - age)));
            }
            true
        });
        self.verdict.now.checked_add(rest?).ok()
    }

    /// How far apart samples are.
    fn every(&self) -> SignedDuration {
        let samples = self.samples();
        let ages = self
            .policy
            .layout
            .inputs()
            .iter()
            .map(|input| input.max_age);
        let within = self
            .policy
            .stages
            .iter()
            .flat_map(|stage| &stage.rules)
            .filter_map(|rule| rule.at.as_ref().map(|at| at.within));
        let good = ages
            .chain(within)
            .min()
            .unwrap_or(SignedDuration::from_mins(5));
        let whole = samples.first().zip(samples.last());
        let gaps = i32::try_from(samples.len().saturating_sub(1)).expect("few samples");
        let every = whole.map(|(first, last)| last.0.duration_since(first.0));
        let every = every.filter(|_| gaps > 0).map(|whole| whole / gaps);
        every
            .filter(SignedDuration::is_positive)
            .unwrap_or(good)
            .min(good)
    }

    fn steps(&self, kind: StepKind) -> impl Iterator<Item = &Step> {
        let to_go = self.verdict.to_go.as_ref().expect("steps");
        to_go.steps.iter().filter(move |step| step.kind == kind)
    }

    /// What counters count in a second, as they did on average.
    fn growth(&self) -> BTreeMap<String, Json> {
        let mut samples = self.samples();
        // As in the stage, where there are samples enough of it.
        let entered = samples.iter().rev().find_map(|(_, sample)| {
            let at = sample["stage"].get("entered")?.as_str()?;
            at.parse::<Timestamp>().ok()
        });
        let since = |at: Timestamp| entered.is_none_or(|entered| at >= entered);
        if samples.iter().filter(|(at, _)| since(*at)).count() > 1 {
            samples.retain(|(at, _)| since(*at));
        }
        let counted: Vec<&str> = self
            .policy
            .windows
            .iter()
            .filter(|window| {
                use gonogo::expr::window::Method;
                matches!(
                    window.method,
                    Method::Increase | Method::Delta | Method::Rate
                )
            })
            .flat_map(|window| window.of.reads())
            .filter_map(|slot| self.policy.layout.inputs().get(*slot))
            .map(|input| input.name.as_ref())
            .collect();
        let mut growth = BTreeMap::new();
        for name in counted {
            let mut known = samples
                .iter()
                .filter_map(|(at, sample)| Some((*at, sample["metrics"].get(name)?)))
                .filter(|(_, value)| !value.is_null());
            let (Some(first), Some(last)) = (known.next(), known.next_back()) else {
                continue;
            };
            let seconds = last.0.duration_since(first.0).as_secs_f64();
            if seconds > 0.0 {
                growth.insert(name.to_owned(), rate(first.1, last.1, seconds));
            }
        }
        growth
    }

    /// The history once everything is done.
    #[expect(clippy::too_many_lines, reason = "one document, part by part")]
    pub(super) fn text(mut self) -> String {
        let (verdict, now) = (self.verdict, done(self.verdict));
        let enters = self.steps(StepKind::Enter).next();
        let entered = enters.map(|step| {
            step.until
                .map_or(now, |at| at.checked_add(NANO).expect("an instant"))
        });
        let mut metrics = Json::Object(self.held(&["metrics"]));
        let live = self.policy.layout.baselines().iter();
        let live = live.filter(|baseline| baseline.live).map(|baseline| {
            let name = baseline.name.as_ref();
            (
                name.to_owned(),
                Json::Object(self.held(&["baselines", name])),
            )
        });
        let live: Map<String, Json> = live.collect();
        let mut growth = self.growth();
        let mut traffic = None;
        for step in self.steps(StepKind::Value) {
            let change = step.change.as_ref().expect("a change");
            if change.input == "stage.traffic" {
                traffic = Some(value(&change.op, &change.value, None, false, "double", &[]));
                continue;
            }
            let (name, keys) = path(&change.input);
            growth.remove(&name);
            let mut at = &mut metrics[&name];
            for key in &keys {
                at = match at {
                    Json::Array(items) => &mut items[key.parse::<usize>().expect("an index")],
                    at => &mut at[key],
                };
            }
            let input = self.policy.layout.input(&name);
            let input = input.and_then(|slot| self.policy.layout.inputs().get(slot));
            let whole = input.is_some_and(|input| input.ty.to_string().contains("int"));
            let held = at.clone();
            let ty = input.map_or_else(String::new, |input| input.ty.to_string());
            let words = input
                .and_then(|input| input.values.as_deref())
                .unwrap_or_default();
            let given =
                |change: &Change| value(&change.op, &change.value, Some(&held), whole, &ty, words);
            *at = given(change);
            let range = input.and_then(|input| input.range);
            let moved = further(change, self.far, (whole, range));
            if let Some(moved) = moved {
                *at = match change.and.first() {
                    Some(other) if !within(&moved, other) => given(other),
                    _ => moved,
                };
            }
            let others = change.and.iter();
            let mut others = others.filter(|other| other.input == change.input);
            // Between two bounds, where at neither.
            if let Some(other) = others.next_back()
                && !(within(at, other) && within(at, change))
                && let (Some(low), Some(high)) = (change.value.as_f64(), other.value.as_f64())
            {
                *at = json!(low.midpoint(high));
            }
        }
        let mut stage = Map::new();
        if let Some(at) = entered {
            stage.insert("name".to_owned(), json!(verdict.stage));
            stage.insert("entered".to_owned(), json!(at.to_string()));
            let held = self.samples().iter().rev().find_map(|(_, sample)| {
                let traffic = sample["stage"].get("traffic")?;
                Some(traffic.clone())
            });
            if let Some(held) = traffic.clone().or(held) {
                stage.insert("traffic".to_owned(), held);
            }
        } else if let Some(traffic) = traffic {
            stage.insert("traffic".to_owned(), traffic);
        }
        let mut subject = Map::new();
        for step in self.steps(StepKind::Field) {
            let lack = step.missing.as_ref().expect("what is missing");
            let field = lack.what.strip_prefix("subject.").expect("a field");
            let value = match field {
                "planned_at" => json!(now.to_string()),
                _ => json!("given"),
            };
            subject.insert(field.to_owned(), value);
        }
        let said = self.said(entered.unwrap_or(now));
        self.facts.extend(said);
        let until = when(verdict);
        let mut added = Vec::new();
        // Nothing that is good to the last is too old before it is given again.
        let again = self.held_if(&["metrics"], |age, good| age == good);
        if !again.is_empty() {
            added.push(json!({"at": verdict.now.to_string(), "metrics": again}));
        }
        let every = self.every();
        // Who gives no other values gives the next sample when it is due.
        let gives = self
            .steps(StepKind::Value)
            .chain(self.steps(StepKind::Field));
        let newest = self.samples().last().map(|(at, _)| *at);
        let newest = newest.filter(|_| gives.count() == 0);
        let due = newest.map(|mut at| {
            while at <= now {
                at = at.checked_add(every).expect("an instant");
            }
            at
        });
        // And none so late that anything is too old before.
        let expires = self.held_until();
        let due = due.map(|due| expires.map_or(due, |expires| due.min(expires.max(now))));
        let mut at = due.unwrap_or(now);
        if let Some(entered) = entered {
            at = at.min(entered);
        }
        while at <= until {
            let mut sample = json!({"at": at.to_string()});
            let mut metrics = metrics.clone();
            let seconds = at.duration_since(now).as_secs_f64();
            for (name, rate) in &growth {
                if let Some(value) = metrics.get_mut(name) {
                    grow(value, rate, seconds);
                }
            }
            if metrics.as_object().is_some_and(|all| !all.is_empty()) {
                sample["metrics"] = metrics;
            }
            if !live.is_empty() {
                sample["baselines"] = Json::Object(live.clone());
            }
            if at == entered.unwrap_or(now) && !stage.is_empty() {
                sample["stage"] = Json::Object(stage.clone());
            }
            if at == now && !subject.is_empty() {
                sample["subject"] = Json::Object(subject.clone());
            }
            added.push(sample);
            let next = at.checked_add(every).expect("an instant");
            at = match entered {
                Some(entered) if at < entered => next.min(entered),
                _ => next,
            };
        }
        // What is said of the subject comes with the facts.
        let mut all: Vec<Json> = self.lines;
        all.extend(added);
        all.extend(self.facts);
        let lines = all.iter().map(|line| line.to_string() + "\n");
        lines.collect()
    }

    /// The facts that steps ask for.
    fn said(&self, at: Timestamp) -> Vec<Json> {
        let mut facts = Vec::new();
        let verdict = self.verdict;
        let subject = serde_json::to_value(&verdict.subject).expect("JSON");
        let rule = |name: &str| {
            let stage = self.policy.stage(&verdict.stage).expect("the stage");
            let (id, key) = match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
                Some((id, key)) => (id, Some(key.to_owned())),
                None => (name, None),
            };
            let rule = stage.rules.iter().find(|rule| rule.id.as_ref() == id);
            (rule.expect("a rule").clone(), key)
        };
        for (number, step) in self.steps(StepKind::People).enumerate() {
            let lack = step.missing.as_ref().expect("who is missing");
            let (rule, key) = rule(&step.rules[0]);
            let (list, asked) = match &rule.proof {
                Proof::Attest(attest) => ("attestations", &attest.asked),
                Proof::Approve(approve) => ("approvals", &approve.asked),
                _ => panic!("{} asks for nobody", rule.id),
            };
            let back = step.what.contains(" to withdraw ");
            let role = lack.role.clone().or_else(|| {
                let (_, roles) = lack.what.split_once(" of ")?;
                Some(roles.split([',', ' ']).next()?.to_owned())
            });
            let mut fields = Map::new();
            for field in &asked.fields {
                let first = field.values.as_ref().and_then(|values| values.first());
                let value = first.map_or("x", |value| value.as_ref());
                fields.insert(field.name.to_string(), json!(value));
            }
            for index in 0..lack.count {
                let index = usize::try_from(index).expect("few");
                let by = lack.people.get(index).cloned();
                let by = by.unwrap_or_else(|| format!("p{number}-{index}"));
                let mut one = json!({"rule": rule.id.as_ref(), "by": by, "at": at.to_string()});
                let mut put = |key: &str, value: Option<Json>| {
                    if let Some(value) = value {
                        one[key] = value;
                    }
                };
                put("role", role.clone().map(Json::from));
                put("key", key.clone().map(Json::from));
                put(
                    "fields",
                    (!fields.is_empty() && !back).then(|| Json::Object(fields.clone())),
                );
                if back {
                    put("decision", Some(json!("withdrawn")));
                } else if list == "approvals" {
                    put("decision", Some(json!("approved")));
                }
                facts.push(json!({list: [one]}));
            }
        }
        for step in self.steps(StepKind::Evidence) {
            let (rule, key) = rule(&step.rules[0]);
            let Proof::Evidence(asked) = &rule.proof else {
                panic!("{} asks for no evidence", rule.id);
            };
            let passed = !step.what.contains(" that failed");
            let mut one = json!({
                "id": asked.id.as_ref(),
                "status": if passed { "passed" } else { "failed" },
                "at": at.to_string(),
                "data": self.data,
            });
            let finding = verdict
                .findings
                .iter()
                .find(|finding| finding.name() == step.rules[0]);
            let proof = finding.and_then(|finding| finding.proof.as_ref());
            if let Some(environment) = proof.and_then(|proof| proof.environment.clone()) {
                one["environment"] = json!(environment);
            }
            if asked.same_commit {
                one["commit"] = subject["commit"].clone();
            }
            if let Some(key) = key {
                one["key"] = json!(key);
            }
            facts.push(json!({"evidence": [one]}));
        }
        for step in self.steps(StepKind::Stage) {
            let stage = step.what.strip_prefix("a go of ").expect("a stage");
            let stage = stage.split(" or ").next().expect("a stage");
            let stage = stage.split(", ").next().expect("a stage");
            let mut about = subject.clone();
            about.as_object_mut().expect("fields").remove("environment");
            about
                .as_object_mut()
                .expect("fields")
                .retain(|_, value| !value.is_null());
            let mut record = json!({"stage": stage, "verdict": "go", "at": at.to_string()});
            merge(&mut record, &json!({"subject": about}));
            facts.push(json!({"records": [record]}));
        }
        facts
    }
}

fn rate(first: &Json, last: &Json, seconds: f64) -> Json {
    match (first, last) {
        (Json::Object(first), Json::Object(last)) => {
            let entry = |(key, value): (&String, &Json)| {
                let before = first.get(key)?;
                Some((key.clone(), rate(before, value, seconds)))
            };
            Json::Object(last.iter().filter_map(entry).collect())
        }
        (first, last) => {
            let difference = last.as_f64().zip(first.as_f64());
            let difference = difference.map_or(0.0, |(last, first)| (last - first).max(0.0));
            json!(difference / seconds)
        }
    }
}

fn grow(value: &mut Json, rate: &Json, seconds: f64) {
    match (value, rate) {
        (Json::Object(values), Json::Object(rates)) => {
            for (key, rate) in rates {
                if let Some(value) = values.get_mut(key) {
                    grow(value, rate, seconds);
                }
            }
        }
        (value, rate) => {
            let more = rate.as_f64().unwrap_or(0.0) * seconds;
            if let Some(whole) = value.as_i64() {
                #[expect(clippy::cast_possible_truncation, reason = "a whole number")]
                let more = more as i64;
                *value = json!(whole + more);
            } else if let Some(number) = value.as_f64() {
                *value = json!(number + more);
            }
        }
    }
}
