//! The known differences: where the two engines part, why, and an expression that shows it. The list only shrinks.

use cel::ExecutionError;
use jiff::SignedDuration;

use crate::expr::Compiled;
use crate::expr::fault::{Fault, Reason};
use crate::expr::scope::Rules;
use crate::expr::tree::{At, Fold, How, Id, Kind, Tree};
use crate::expr::value::{Missing, Value};

/// A difference that is known.
#[derive(Debug)]
pub struct Known {
    /// Its name, as reports show it.
    pub name: &'static str,
    /// Why it is there.
    pub reason: &'static str,
    /// An expression that shows it. The names it may use: `x` is 1.0, `zero` is 0.0, `n` is 3, `text` is "7d", `names` is
    /// a map with entries at "a" and "b", `gone` is an unknown double, `data.n` is 3 and of no declared type.
    pub example: &'static str,
    /// The rules under which it does.
    pub rules: Rules,
    when: When,
}

/// When a difference explains that two results differ.
#[derive(Debug)]
enum When {
    /// The expression uses what the second engine lacks: it is not even tried.
    Uses(fn(&Uses<'_>) -> bool),
    /// The results differ in this way.
    Differs(fn(&Case<'_>) -> bool),
}

/// An expression before it is compared.
pub(super) struct Uses<'a> {
    pub(super) text: &'a str,
    pub(super) tree: &'a Tree,
    /// Its windows: the second engine is given their values.
    pub(super) windows: Vec<At>,
}

/// An expression and two results that differ.
pub(super) struct Case<'a> {
    pub(super) uses: Uses<'a>,
    pub(super) compiled: &'a Compiled,
    pub(super) slots: &'a [Value],
    pub(super) ours: &'a Result<Value, Fault>,
    pub(super) theirs: Result<&'a Value, Option<&'a ExecutionError>>,
}

/// Every difference that is known.
pub const KNOWN: &[Known] = &[
    Known {
        name: "two-variable macros",
        reason: "the second engine goes through lists and maps with one variable only",
        example: "[1, 2].all(i, x, i < x)",
        rules: Rules::Gate,
        when: When::Uses(|uses| uses.folds(|fold| fold.second.is_some())),
    },
    Known {
        name: "`cel.bind`",
        reason: "the second engine reads it as a call of an unknown function",
        example: "cel.bind(y, x, y < 2.0)",
        rules: Rules::Gate,
        when: When::Uses(|uses| uses.any(|kind| matches!(kind, Kind::Bind { .. }))),
    },
    Known {
        name: "`sets` functions",
        reason: "the second engine does not have them",
        example: "sets.contains([1, 2], [n - 2])",
        rules: Rules::Gate,
        when: When::Uses(|uses| {
            uses.any(|kind| match kind {
                Kind::Call { of: Some(of), .. } => uses.is_name(*of, "sets"),
                _ => false,
            })
        }),
    },
    Known {
        name: "`first`, `last` and `unwrapOpt`",
        reason: "the second engine does not have them",
        example: "[n, 2].last().orValue(0) == 2",
        rules: Rules::Gate,
        when: When::Uses(|uses| uses.calls(&["first", "last", "unwrapOpt"])),
    },
    Known {
        name: "`histogram_quantile`",
        reason: "the second engine does not have it",
        example: "histogram_quantile(0.5, {\"1\": 1.0, \"+Inf\": 1.0}) > 0.0",
        rules: Rules::Gate,
        when: When::Uses(|uses| uses.calls(&["histogram_quantile"])),
    },
    Known {
        name: "numbers that are not finite",
        reason: "in a policy they are unknown, and a division by zero is; in standard CEL they are doubles",
        example: "x / zero > 1.0",
        rules: Rules::Gate,
        when: When::Differs(|case| {
            let strict =
                |fault: &Fault| matches!(fault.reason, Reason::NotFinite | Reason::DivisionByZero);
            if case.theirs.is_err() || !case.strict() {
                return false;
            }
            // What is unknown here has some value there. Where we have a value too, only `known` can tell; what it
            // found inside a macro no trace shows.
            let told = case.ours.is_ok();
            (!told || case.uses.calls(&["known"]))
                && (case.faults(strict) || (told && case.uses.folds(|_| true)))
        }),
    },
    Known {
        name: "data of another type",
        reason: "in a policy a value of no declared type is unknown where it is of another type than what it is compared with; in standard CEL the two are different",
        example: "data.n != \"3\"",
        rules: Rules::Gate,
        when: When::Differs(|case| {
            let wrong = |fault: &Fault| matches!(fault.reason, Reason::Missing(Missing::WrongType));
            case.strict() && case.theirs.is_ok() && case.faults(wrong)
        }),
    },
    Known {
        name: "`?:` with an unknown condition",
        reason: "in a policy it has a value where both results are the same; in standard CEL it is an error",
        example: "gone > 1.0 ? x > 0.0 : x < 2.0",
        rules: Rules::Gate,
        when: When::Differs(|case| {
            case.strict()
                && case.theirs.is_err()
                && case.uses.any(|kind| matches!(kind, Kind::If { .. }))
        }),
    },
    Known {
        name: "`or` and `orValue` beside an error",
        reason: "an optional that has a value needs no other: what stands for it is not evaluated; the second engine evaluates it all the same",
        example: "optional.of(1).orValue([0][n]) == 1",
        rules: Rules::Cel,
        when: When::Differs(|case| case.theirs.is_err() && case.uses.calls(&["or", "orValue"])),
    },
    Known {
        name: "`exists_one` beside an unknown",
        reason: "in a policy two that pass decide whatever the others are; in standard CEL an error in one item is one of the whole",
        example: "[3, 1, 0].exists_one(v, 3 % v == 0)",
        rules: Rules::Gate,
        when: When::Differs(|case| {
            case.strict()
                && case.theirs.is_err()
                && case.uses.folds(|fold| fold.how == How::ExistsOne)
        }),
    },
    Known {
        name: "days and weeks in a text",
        reason: "`duration` of a text that is not written out takes `d` and `w` in a policy; in standard CEL it does not",
        example: "duration(text) > duration(\"1h\")",
        rules: Rules::Gate,
        when: When::Differs(|case| {
            // The error that is told may be another one, of an operand beside it.
            case.ours.is_ok() && case.failed() && case.reads_duration() && !case.too_long()
        }),
    },
    Known {
        name: "durations of more than 292 years",
        reason: "the second engine counts nanoseconds in 64 bits; cel-spec allows about 10,000 years",
        example: "duration(\"3000000h\") > duration(\"1h\")",
        rules: Rules::Cel,
        when: When::Differs(|case| {
            let long = |value: &Value| matches!(value, Value::Duration(length) if is_long(*length));
            case.too_long() || (case.failed() && case.sees(long))
        }),
    },
    Known {
        name: "a duration and something behind it",
        reason: "the second engine reads a duration and does not look at what follows; it is no duration",
        example: "duration(\"1h and more\")",
        rules: Rules::Cel,
        when: When::Differs(|case| {
            case.theirs.is_ok() && case.faults(|fault| fault.reason == Reason::BadDuration)
        }),
    },
    Known {
        name: "order with NaN",
        reason: "cel-spec has NaN in no order with any number, so that a comparison is false; in the second engine it is an error",
        example: "math.greatest(0.0 / 0.0, 1.0)",
        rules: Rules::Cel,
        when: When::Differs(|case| {
            let unordered = match case.theirs {
                Err(Some(ExecutionError::ValuesNotComparable(a, b))) => nan(a) || nan(b),
                Err(Some(ExecutionError::NoSuchOverload(error))) => {
                    error.argument_types().iter().any(|ty| ty == "double")
                        && ["_<_", "_<=_", "_>_", "_>=_"].contains(&error.function())
                }
                _ => false,
            };
            unordered
                || (case.failed()
                    && case.sees(|value| matches!(value, Value::Double(value) if value.is_nan())))
        }),
    },
    Known {
        name: "an empty text looked for beyond the end",
        reason: "an index out of range is an error in cel-spec; the second engine finds the empty text at the end",
        example: "\"ab\".indexOf(\"\", 5)",
        rules: Rules::Cel,
        when: When::Differs(|case| {
            case.uses.calls(&["indexOf", "lastIndexOf"])
                && case.faults(|fault| fault.reason == Reason::OutOfBounds)
        }),
    },
    Known {
        name: "milliseconds of a duration",
        reason: "the second engine gives all of them; cel-spec asks for those behind the seconds",
        example: "duration(\"123.321456789s\").getMilliseconds()",
        rules: Rules::Cel,
        when: When::Differs(|case| case.uses.calls(&["getMilliseconds"])),
    },
    Known {
        name: "the order of a map's keys",
        reason: "CEL promises none: here they are sorted, in the second engine they are not",
        example: "{\"a\": 1, \"b\": 2, \"c\": 3, \"d\": 4, \"e\": 5, \"f\": 6, \"g\": 7, \"h\": 8, \"i\": 9}.map(k, k)",
        rules: Rules::Cel,
        when: When::Differs(|case| {
            case.uses
                .folds(|fold| matches!(fold.how, How::Map | How::Filter))
                && case.has_map()
        }),
    },
    Known {
        name: "nanoseconds in a text",
        reason: "the second engine reads and formats seconds as a double, which may be a nanosecond off, and cannot hold those of months; here no digit is lost",
        example: "duration(\"1709251200.999999999s\")",
        rules: Rules::Cel,
        when: When::Differs(|case| {
            let long = |value: &Value| matches!(value, Value::Duration(length) if is_fine(*length));
            case.uses.calls(&["duration", "format"]) && (case.sees(long) || case.uses.builds())
        }),
    },
    Known {
        name: "base64 with too little padding",
        reason: "padding is whole or left out; the second engine takes any",
        example: "base64.decode(\"Gk=\")",
        rules: Rules::Cel,
        when: When::Differs(|case| {
            case.uses.calls(&["decode"])
                && case.theirs.is_ok()
                && case.faults(|fault| fault.reason == Reason::Conversion)
        }),
    },
    Known {
        name: "very large and very small numbers as text",
        reason: "cel-spec leaves the digits open: here they have an exponent, in the second engine all zeros are written",
        example: "string(0.0000001)",
        rules: Rules::Cel,
        when: When::Differs(|case| {
            let long =
                |value: &Value| matches!(value, Value::Double(value) if has_exponent(*value));
            let written = |kind: &Kind| matches!(kind, Kind::Literal(value) if long(value));
            case.uses.calls(&["string", "format"])
                && (case.sees(long) || case.uses.any(written) || case.uses.builds())
        }),
    },
];

/// The difference because of which an expression cannot be compared at all.
pub(super) fn lacking(uses: &Uses<'_>) -> Option<&'static Known> {
    KNOWN
        .iter()
        .find(|known| matches!(known.when, When::Uses(applies) if applies(uses)))
}

/// The difference that explains two results.
pub(super) fn explaining(case: &Case<'_>) -> Option<&'static Known> {
    KNOWN
        .iter()
        .find(|known| matches!(known.when, When::Differs(applies) if applies(case)))
}

impl Uses<'_> {
    /// Whether a node is like this.
    fn any(&self, is: impl Fn(&Kind) -> bool) -> bool {
        let windows = &self.windows;
        let given = |at: At| {
            let mut windows = windows.iter();
            windows.any(|window| window.start <= at.start && at.end <= window.end)
        };
        let mut nodes = self.tree.nodes.iter();
        nodes.any(|node| is(&node.kind) && !given(node.at))
    }

    /// Whether a macro over a list or map is like this.
    fn folds(&self, is: impl Fn(&Fold) -> bool) -> bool {
        self.any(|kind| matches!(kind, Kind::Fold(fold) if is(fold)))
    }

    /// Whether a macro builds something: what it builds of is in no trace.
    fn builds(&self) -> bool {
        self.folds(|fold| fold.make.is_some() || fold.how == How::Filter)
    }

    /// Whether one of these functions is called.
    fn calls(&self, names: &[&str]) -> bool {
        self.any(
            |kind| matches!(kind, Kind::Call { name, .. } if names.contains(&name.of(self.text))),
        )
    }

    /// Whether a node is this name.
    fn is_name(&self, id: Id, wanted: &str) -> bool {
        self.tree.nodes.get(id).is_some_and(
            |node| matches!(node.kind, Kind::Name { name, .. } if name.of(self.text) == wanted),
        )
    }
}

impl Case<'_> {
    /// Whether the rules of the policy language hold.
    fn strict(&self) -> bool {
        self.compiled.strict
    }

    /// Whether some part has no value for such a reason.
    fn faults(&self, such: impl Fn(&Fault) -> bool) -> bool {
        let trace = self.compiled.trace(self.slots);
        trace
            .parts
            .iter()
            .filter_map(|part| part.value.as_ref().err())
            .any(such)
    }

    /// Whether some part has such a value, or one with such a value in it.
    fn sees(&self, such: impl Fn(&Value) -> bool) -> bool {
        let trace = self.compiled.trace(self.slots);
        let mut values = trace
            .parts
            .iter()
            .filter_map(|part| part.value.as_ref().ok());
        // What was computed before anything ran is in no trace.
        let steps = &self.compiled.steps;
        let mut constants = steps.iter().filter_map(|step| step.what.constant());
        values.any(|value| holds(value, &such)) || constants.any(|value| holds(value, &such))
    }

    /// Whether the second engine has no value.
    fn failed(&self) -> bool {
        matches!(self.theirs, Err(Some(_)))
    }

    /// Whether the second engine has no value because a length of time is too long for it.
    fn too_long(&self) -> bool {
        use cel::Value::{Duration, Timestamp};
        match self.theirs {
            Err(Some(ExecutionError::Overflow(_, Duration(_) | Timestamp(_), _))) => true,
            Err(Some(ExecutionError::FunctionError { function, message })) => {
                function == "duration"
                    && (message.contains("range") || message.contains("TooLarge"))
            }
            _ => false,
        }
    }

    /// Whether it reads a duration from a text that is not written out.
    fn reads_duration(&self) -> bool {
        let constant = |id: &Id| {
            let step = self.compiled.steps.get(*id);
            step.is_some_and(|step| step.what.constant().is_some())
        };
        self.uses.any(|kind| match kind {
            Kind::Call { name, args, .. } => {
                name.of(self.uses.text) == "duration" && !args.iter().all(constant)
            }
            _ => false,
        })
    }

    /// Whether a map may be gone through.
    fn has_map(&self) -> bool {
        let slots = self
            .compiled
            .slots()
            .iter()
            .filter_map(|slot| self.slots.get(*slot));
        self.uses.any(|kind| matches!(kind, Kind::Map(_)))
            || slots
                .into_iter()
                .any(|value| holds(value, &|value| matches!(value, Value::Map(_))))
    }
}

/// Whether a number of the second engine is none.
fn nan(value: &cel::Value) -> bool {
    matches!(value, cel::Value::Float(value) if value.is_nan())
}

/// Whether a number is written with an exponent here.
fn has_exponent(value: f64) -> bool {
    value != 0.0 && !(1e-4..1e21).contains(&value.abs())
}

/// Whether a duration has more nanoseconds than 64 bits can count.
fn is_long(length: SignedDuration) -> bool {
    i64::try_from(length.as_nanos()).is_err()
}

/// Whether a duration has a fraction of a second that a double may miss: nanoseconds, or any beside very many seconds.
fn is_fine(length: SignedDuration) -> bool {
    let fraction = length.subsec_nanos();
    fraction % 1_000 != 0 || (fraction != 0 && length.as_secs().unsigned_abs() > 1_000_000)
}

/// Whether a value is such a one or has one in it.
fn holds(value: &Value, such: &impl Fn(&Value) -> bool) -> bool {
    such(value)
        || match value {
            Value::List(items) => items.iter().any(|item| holds(item, such)),
            Value::Map(map) => map.iter().any(|(_, value)| holds(value, such)),
            _ => false,
        }
}
