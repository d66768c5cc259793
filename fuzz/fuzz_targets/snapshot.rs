//! Any bytes as snapshots, in each format, judged by a policy with inputs of every type.

#![no_main]

mod judged;

use std::sync::LazyLock;

use gonogo::policy::Policy;
use gonogo::policy::check::{Settings, check};
use gonogo::schema::fit::Fit;
use gonogo::snapshot::{Format, Reader};
use gonogo::source::{Source, text};
use gonogo::verdict::Decision;
use libfuzzer_sys::fuzz_target;

const POLICY: &str = include_str!("policy.yaml");

static FIXED: LazyLock<Policy> = LazyLock::new(|| {
    let (policy, problems) = check(&Source::new("policy.yaml", POLICY), &Settings::new());
    policy.unwrap_or_else(|| panic!("{problems:?}"))
});
static FIT: LazyLock<Fit> = LazyLock::new(|| Fit::new(&FIXED).expect("a schema"));

fuzz_target!(|data: &[u8]| {
    let Some((format, bytes)) = data.split_first() else {
        return;
    };
    let format = match format {
        b'j' => Format::Json,
        b'y' => Format::Yaml,
        b'l' => Format::JsonLines,
        _ => Format::of(&String::from_utf8_lossy(bytes)),
    };
    let Ok(source) = text("snapshot", bytes.to_vec()) else {
        return;
    };
    let mut reader = Reader::new(&FIXED.layout);
    reader.document(&source, format);
    let (history, problems) = reader.finish();
    for problem in &problems {
        assert!(!problem.message.is_empty());
        let _ = problem.place();
    }
    if format != Format::JsonLines {
        let _ = FIT.violations(&source, format);
    }
    let decisions = judged::judged(&FIXED, &history, &problems);
    if history.is_empty() {
        assert!(
            decisions.iter().all(|decision| *decision != Decision::Go),
            "go without data"
        );
    }
});
