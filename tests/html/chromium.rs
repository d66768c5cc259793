//! The page in a real browser, where there is one: nothing is fetched and nothing is run, nothing sticks out, plots can be
//! seen and every word can be read, in the light and in the dark.

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use super::{HOSTILE, hostile, page, renamed, rollback};
use crate::support::place::Place;

fn script() -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html/chromium.sh");
    let mut command = Command::new("/bin/sh");
    command.arg(script);
    if std::env::var_os("GONOGO_INSTALL_CHROMIUM").is_some() {
        command.arg("--install");
    }
    command
}

/// Whether there is a browser; where there is none, why.
fn is_there() -> Result<(), String> {
    let found = script().arg("find").output().expect("a shell");
    let told = String::from_utf8_lossy(&found.stderr).trim().to_owned();
    found.status.success().then_some(()).ok_or(told)
}

/// What a browser makes of a page.
fn inspected(page: &str, dark: bool) -> Json {
    let frame = include_str!("inspect.html");
    // In a script no text may end it.
    let quoted = Json::from(page).to_string().replace('<', "\\u003c");
    let place = Place::empty().with("inspect.html", frame.replacen("PAGE", &quoted, 1));
    let scheme = if dark { "0" } else { "1" };
    let output = script()
        .arg("run")
        .arg(format!("--blink-settings=preferredColorScheme={scheme}"))
        .arg(format!(
            "--user-data-dir={}",
            place.path().join("profile").display()
        ))
        .args(["--virtual-time-budget=20000", "--dump-dom"])
        .arg(format!(
            "file://{}",
            place.path().join("inspect.html").display()
        ))
        .output()
        .expect("a shell");
    let told = String::from_utf8_lossy(&output.stdout);
    let found = told.split("FOUND").nth(1);
    let found = found.unwrap_or_else(|| {
        panic!(
            "nothing was found: {told}{}",
            String::from_utf8_lossy(&output.stderr)
        )
    });
    serde_json::from_slice(&decoded(found)).expect("JSON")
}

/// Base64.
fn decoded(text: &str) -> Vec<u8> {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.trim_end_matches('=').chars() {
        let value = letters.find(letter).expect("a letter");
        bits = bits << 6 | u32::try_from(value).expect("six bits");
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).expect("a byte"));
        }
    }
    bytes
}

fn holds(found: &Json, dark: bool) {
    assert_eq!(found["owned"], false, "something was run");
    assert_eq!(
        found["violations"],
        serde_json::json!([]),
        "something was tried"
    );
    for width in ["360", "1280"] {
        let seen = &found["widths"][width];
        assert_eq!(seen["over"], 0, "it sticks out at {width}");
        assert_eq!(seen["scripts"], 0);
        assert_eq!(seen["fetched"], serde_json::json!([]));
        let contrast = seen["contrast"]["ratio"].as_f64().expect("a ratio");
        assert!(contrast >= 4.5, "{} at {width}", seen["contrast"]);
        let ground = seen["ground"].as_str().expect("a colour");
        assert_eq!(ground == "rgb(255, 255, 255)", !dark, "{ground}");
        assert!(seen["text"].as_f64().is_some_and(|size| size >= 14.0));
        for plot in seen["plots"].as_array().expect("plots") {
            let size = |name: &str| plot[name].as_f64().expect("a size");
            assert!(size("width") > 250.0 && size("height") > 100.0, "{plot}");
            assert!(size("line") > 50.0, "{plot}");
            assert_eq!(plot["out"], 0, "a word sticks out: {plot}");
        }
    }
}

#[test]
fn a_browser_shows_it_and_runs_nothing() {
    if let Err(why) = is_there() {
        println!("skipped: {why}");
        return;
    }
    let (verdict, plots) = rollback();
    let plain = page(&verdict, &plots);
    for dark in [false, true] {
        let found = inspected(&plain, dark);
        holds(&found, dark);
        assert_eq!(
            found["widths"]["360"]["plots"].as_array().map(Vec::len),
            Some(4)
        );
        let heading = found["widths"]["1280"]["heading"].as_str();
        assert!(
            heading.is_some_and(|text| text.contains("ROLLBACK")),
            "{heading:?}"
        );
    }
    // All that is hostile at once, each in every place: a browser that ran any of it would say so.
    let all = HOSTILE.join(" ");
    let found = inspected(
        &page(&hostile(&verdict, &all), &renamed(&plots, &all)),
        false,
    );
    holds(&found, false);
}

#[test]
fn where_there_is_no_browser_the_script_says_so() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html/chromium.sh");
    let told = Command::new("/bin/sh")
        .arg(script)
        .arg("find")
        .env("CHROMIUM", "/nowhere/chromium")
        .output()
        .expect("a shell");
    assert_eq!(told.status.code(), Some(3));
    let why = String::from_utf8_lossy(&told.stderr);
    assert!(
        why.starts_with("there is no Chromium: set CHROMIUM"),
        "{why}"
    );
}
