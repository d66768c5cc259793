//! `due`: the time at which a requirement that is not met any more counts against the verdict. Never what time it is.

use jiff::SignedDuration;

use super::Checker;
use crate::expr::duration::parse_duration;
use crate::policy::decode::Text;
use crate::policy::document::RuleDocument;
use crate::policy::{Due, DueFrom};
use crate::source::Code;
use crate::verdict::Effect;

impl Checker<'_> {
    /// The time a rule is due: its own, or that of its group.
    pub(super) fn due(&mut self, document: &RuleDocument) -> Option<Due> {
        let group = document.group.as_ref();
        let of_group = group.and_then(|group| Some((group.effect, group.due.as_ref()?)));
        if let Some((effect, text)) = of_group {
            self.required(effect, text);
        }
        let own = document.due.as_ref();
        if let Some(text) = own.or(of_group.map(|(_, text)| text))
            && document.at.is_some()
        {
            let help = if own.is_some() {
                "remove it: `at` says when the rule is judged"
            } else {
                "move the rule out of the group: its `at` says when it is judged"
            };
            let (span, message) = (text.span, "`due` and `at` are two times for one rule");
            self.error(Code::BadValue, span, message, "beside `at`", help);
        }
        if let Some(text) = own {
            self.required(document.effect, text);
            return self.due_time(text);
        }
        let (_, text) = of_group.filter(|_| document.effect == Effect::Require)?;
        self.due_time(text)
    }

    fn required(&mut self, effect: Effect, text: &Text) {
        if effect != Effect::Require {
            let help = "remove it: a stop is judged at every instant";
            let message = "`due` is for `require`";
            self.error(Code::BadValue, text.span, message, "under a stop", help);
        }
    }

    fn due_time(&mut self, text: &Text) -> Option<Due> {
        let due = due(text.as_str());
        if due.is_none() {
            let message = format!("`{}` is not a due time", text.as_str());
            let help = advice(text.as_str());
            self.error(Code::BadDuration, text.span, message, "when?", help);
        }
        due
    }
}

/// `T-48h`, `T`, `T+1h` or `+24h`.
fn due(text: &str) -> Option<Due> {
    let length = |text: &str| {
        let plain = text.starts_with(|c: char| c.is_ascii_digit());
        let length = parse_duration(text).ok().filter(|_| plain)?;
        length.is_positive().then_some(length)
    };
    let (from, offset) = match text.strip_prefix('T') {
        Some("") => (DueFrom::Planned, SignedDuration::ZERO),
        Some(offset) => {
            let before = offset.strip_prefix('-').and_then(length);
            let before = before.and_then(SignedDuration::checked_neg);
            let after = || offset.strip_prefix('+').and_then(length);
            (DueFrom::Planned, before.or_else(after)?)
        }
        None => (DueFrom::Entered, text.strip_prefix('+').and_then(length)?),
    };
    Some(Due { from, offset })
}

fn advice(text: &str) -> String {
    let bare = text.trim_start_matches(['T', 't', '+', '-', ' ']);
    let nothing = parse_duration(bare).is_ok_and(|length| length.is_zero());
    let meant = match text.get(..1) {
        Some("T" | "t") if nothing => Some("T".to_owned()),
        Some("t") => Some(text.replacen('t', "T", 1)),
        Some("-") => Some(format!("T{text}")),
        _ if text.contains(' ') => Some(text.replace(' ', "")),
        _ => None,
    };
    match meant.filter(|meant| due(meant).is_some()) {
        Some(meant) if text.starts_with('-') => {
            format!("write `{meant}`: so long before `subject.planned_at`")
        }
        Some(meant) => format!("did you mean `{meant}`?"),
        None if due(&format!("+{bare}")).is_some() => format!(
            "write `T-{bare}` or `T+{bare}`: before or after `subject.planned_at`; or `+{bare}`: after the stage is entered"
        ),
        None => "write such as `T-48h` or `T+1h`: before or after `subject.planned_at`; or `+24h`: after the stage is entered".to_owned(),
    }
}
