//! Time zones by name, out of the database that is built in. Never the zone of the machine.

use jiff::tz::{TimeZone, db};

use crate::source::problem::nearest;

/// The time zone of a name.
///
/// # Errors
/// Which name was meant, for people.
pub fn zone(name: &str) -> Result<TimeZone, String> {
    match TimeZone::get(name) {
        // `Etc/Unknown` is a name for no zone.
        Ok(zone) if !zone.is_unknown() => Ok(zone),
        _ => Err(meant(name)),
    }
}

fn meant(name: &str) -> String {
    let known: Vec<String> = db().available().map(|name| name.to_string()).collect();
    let city = |zone: &str| zone.rsplit('/').next().unwrap_or_default().to_lowercase();
    let wanted = city(name).replace([' ', '-'], "_");
    // A city alone is what people remember.
    let near = known
        .iter()
        .map(String::as_str)
        .filter(|zone| zone.contains('/'))
        .find(|zone| !wanted.is_empty() && city(zone) == wanted)
        .or_else(|| nearest(name, known.iter().map(String::as_str)));
    near.map_or_else(
        || "write a name such as `UTC`, `Europe/Berlin` or `America/New_York`".to_owned(),
        |near| format!("did you mean `{near}`?"),
    )
}
