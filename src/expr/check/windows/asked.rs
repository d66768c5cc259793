//! What a window is asked: how far it looks back, which share, the least slope. All of it is constant.

use super::super::{Checker, Info};
use super::{Asked, Call};
use crate::expr::duration::{advice, parse_duration};
use crate::expr::mistake::Mistake;
use crate::expr::number;
use crate::expr::tree::Id;
use crate::expr::types::Type;
use crate::expr::units::Unit;
use crate::expr::value::Value;
use crate::expr::window::{Method, Over};
use crate::source::Code;
use crate::source::problem::nearest;

/// A constant, as far as it is known before parameters are set.
enum Known<T> {
    Now(T),
    Unset,
}

impl Checker<'_> {
    /// What a window is asked; nothing after a mistake.
    pub(super) fn asked(&mut self, call: Call<'_>, of: &Info) -> Option<Asked> {
        let given: Vec<Info> = call.args.iter().map(|arg| self.check(*arg)).collect();
        let (far, other) = match (call.word, call.args) {
            ("streak", []) => return Some(Asked::Now(Method::Streak, Over::Samples)),
            ("quantile", [share, far]) => (*far, Some(*share)),
            ("rising" | "falling", [far, least]) => (*far, Some(*least)),
            ("streak" | "quantile", _) => return self.miscounted(call),
            (_, [far]) => (*far, None),
            _ => return self.miscounted(call),
        };
        if call.word == "quantile" && self.is_text(far, other) {
            let message = "`quantile` takes the share first, and then how far it looks back";
            self.misasked(self.at(call.id).range(), message.to_owned(), call.way());
            return None;
        }
        let over = self.far(call, far);
        let method = match (call.word, other) {
            ("quantile", Some(share)) => self.share(call.word, share).map(|share| match share {
                Known::Now(share) => Known::Now(Method::Quantile(share)),
                Known::Unset => Known::Unset,
            }),
            (word, Some(least)) => {
                let info = given.get(1).cloned().unwrap_or_else(Info::error);
                self.least(call, least, &info, of).map(|least| match least {
                    Known::Now(least) if word == "rising" => {
                        Known::Now(Method::Rising(Some(least)))
                    }
                    Known::Now(least) => Known::Now(Method::Falling(Some(least))),
                    Known::Unset => Known::Unset,
                })
            }
            (word, None) => plain(word).map(Known::Now),
        };
        Some(match (method?, over?) {
            (Known::Now(method), Known::Now(over)) => Asked::Now(method, over),
            _ => Asked::Unset,
        })
    }

    /// A call with too many or too few arguments.
    fn miscounted<T>(&mut self, call: Call<'_>) -> Option<T> {
        let word = call.word;
        let message = match (word, call.args) {
            ("streak", _) => {
                "`streak` takes nothing: it counts back as far as there are samples".to_owned()
            }
            (_, []) => format!("`{word}` does not say how far it looks back"),
            ("quantile", _) => format!("`{word}` takes a share and how far it looks back"),
            ("rising" | "falling", _) => {
                format!(
                    "`{word}` takes how far it looks back, and at most the least slope per hour"
                )
            }
            _ => format!("`{word}` takes only how far it looks back"),
        };
        let way = call.way();
        let help = match word {
            "streak" => format!("write `{way}`"),
            _ => format!("write a text such as `\"10m\"`: `{way}`"),
        };
        self.misasked(self.at(call.id).range(), message, help);
        None
    }

    /// Whether the arguments of `quantile` are exchanged.
    fn is_text(&self, far: Id, share: Option<Id>) -> bool {
        let text = |id: Id| matches!(self.constant(id), Some(Value::String(_)));
        share.is_some_and(text) && !text(far)
    }

    /// How far a window looks back.
    fn far(&mut self, call: Call<'_>, arg: Id) -> Option<Known<Over>> {
        if self.is_unset(arg) {
            return Some(Known::Unset);
        }
        let range = self.at(arg).range();
        let (word, way) = (call.word, call.way());
        let constant = self.constant(arg).cloned();
        let length = match constant {
            Some(Value::String(text)) if text.as_ref() == "stage" => {
                return Some(Known::Now(Over::Stage));
            }
            Some(Value::String(text)) => match parse_duration(&text) {
                Ok(length) => length,
                Err(_) => {
                    let (message, help) = misread(&text);
                    self.wrong(Mistake::new(Code::BadDuration, range, message).help(help));
                    return None;
                }
            },
            Some(Value::Duration(length)) => length,
            Some(Value::Int(_) | Value::Uint(_) | Value::Double(_)) => {
                let shown = self.shown(arg);
                let message =
                    format!("`{word}` looks back over a length of time, and `{shown}` is a number");
                let length = shown
                    .strip_prefix("q(\"")
                    .and_then(|rest| rest.strip_suffix("\")"))
                    .filter(|length| parse_duration(length).is_ok());
                let help = match length {
                    Some(length) => format!("write it as a text: `\"{length}\"`"),
                    None => format!("write a text such as `\"10m\"`: `{way}`"),
                };
                self.misasked(range, message, help);
                return None;
            }
            Some(_) => {
                let message = format!(
                    "`{word}` looks back over a length of time, and `{}` is none",
                    self.shown(arg)
                );
                self.misasked(
                    range,
                    message,
                    format!("write a text such as `\"10m\"`: `{way}`"),
                );
                return None;
            }
            None => {
                let message = format!(
                    "how far a window looks back never changes, and `{}` may",
                    self.shown(arg)
                );
                let help = "write a text such as `\"10m\"`, or name a parameter".to_owned();
                self.misasked(range, message, help);
                return None;
            }
        };
        if length.is_positive() {
            return Some(Known::Now(Over::Last(length)));
        }
        let shown = self.shown(arg);
        let shown = shown.trim_matches('"');
        let message = if length.is_zero() {
            format!("`{shown}` is no time at all")
        } else {
            format!("`{shown}` is negative: a length of time cannot be")
        };
        let help = "write a text such as `\"10m\"`";
        self.wrong(Mistake::new(Code::BadDuration, range, message).help(help));
        None
    }

    /// A share from 0 to 1.
    fn share(&mut self, word: &str, arg: Id) -> Option<Known<f64>> {
        if self.is_unset(arg) {
            return Some(Known::Unset);
        }
        match self.number(arg) {
            Some(share) if (0.0..=1.0).contains(&share) => Some(Known::Now(share)),
            found => {
                self.no_share(word, arg, found);
                None
            }
        }
    }

    /// What is no share from 0 to 1.
    pub(in crate::expr::check) fn no_share(&mut self, word: &str, arg: Id, found: Option<f64>) {
        let shown = self.shown(arg);
        let message =
            format!("`{word}` takes a constant number from 0 to 1, and `{shown}` is none");
        let help = match found {
            // 95 is meant to be percent.
            Some(number) if number > 1.0 && number <= 100.0 => {
                format!("write `{}`", (number * 1e8).round() / 1e10)
            }
            _ => "write a number such as `0.95`".to_owned(),
        };
        self.misasked(self.at(arg).range(), message, help);
    }

    /// The least slope per hour.
    fn least(&mut self, call: Call<'_>, arg: Id, info: &Info, of: &Info) -> Option<Known<f64>> {
        if self.is_unset(arg) {
            return Some(Known::Unset);
        }
        let range = self.at(arg).range();
        let shown = self.shown(arg);
        let number = match &info.quantity {
            // Without a unit of its own it rises by so many per hour.
            Some(quantity) if of.unit.is_none() => quantity.to(&Unit::parse("per_h")),
            Some(_) => None,
            None => self.number(arg),
        };
        if let Some(least) = number.filter(|least| least.is_finite() && *least > 0.0) {
            return Some(Known::Now(least));
        }
        let word = call.word;
        let message = format!(
            "the least slope of `{word}` is a constant number above 0, and `{shown}` is none"
        );
        let help = match number {
            Some(number) if number < 0.0 && word == "falling" => {
                format!("write how much it falls in an hour: `{}`", -number)
            }
            Some(number) if number < 0.0 => {
                let way = call.way_of(call.of, "falling");
                format!("ask whether it falls: `{way}`")
            }
            Some(_) => "leave it out: any slope counts then".to_owned(),
            None => "write by how much it changes in an hour, such as `0.5`".to_owned(),
        };
        self.misasked(range, message, help);
        None
    }

    /// A constant number.
    fn number(&self, id: Id) -> Option<f64> {
        match self.constant(id)? {
            Value::Int(whole) => Some(number::double(*whole)),
            Value::Uint(whole) => Some(number::double_of_uint(*whole)),
            Value::Double(number) => Some(*number),
            _ => None,
        }
    }

    /// A constant share of `histogram_quantile`.
    pub(in crate::expr::check) fn check_share(&mut self, name: &str, args: &[Id], infos: &[Info]) {
        let (Some(arg), Some(info)) = (args.first(), infos.first()) else {
            return;
        };
        if name != "histogram_quantile" || self.rules != crate::expr::scope::Rules::Gate {
            return;
        }
        let found = self.number(*arg).filter(|_| info.ty != Type::Dyn);
        if found.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            self.no_share(name, *arg, found);
        }
    }
}

/// The method of a word that takes nothing but how far it looks back.
fn plain(word: &str) -> Option<Method> {
    Some(match word {
        "avg" => Method::Avg,
        "min" => Method::Min,
        "max" => Method::Max,
        "sum" => Method::Sum,
        "count" => Method::Count,
        "median" => Method::Quantile(0.5),
        "stddev" => Method::Stddev,
        "first" => Method::First,
        "ago" => Method::Ago,
        "delta" => Method::Delta,
        "increase" => Method::Increase,
        "rate" => Method::Rate,
        "slope" => Method::Slope,
        "rising" => Method::Rising(None),
        "falling" => Method::Falling(None),
        "share" => Method::Share,
        "edges" => Method::Edges,
        _ => return None,
    })
}

/// What is said of a text that is no duration.
fn misread(text: &str) -> (String, String) {
    if text.is_empty() {
        let help = "write a number and a unit, such as `\"10m\"`";
        return ("the text does not say how long".to_owned(), help.to_owned());
    }
    if text.starts_with('-') {
        let message = format!("`{text}` is negative: a length of time cannot be");
        return (message, advice(text));
    }
    let message = format!("`{text}` is not a duration");
    if nearest(text, ["stage"]).is_some() || matches!(text, "bake" | "entry" | "entered") {
        return (
            message,
            "write `\"stage\"`: since the stage was entered".to_owned(),
        );
    }
    (message, advice(text))
}
