//! An expression that checks never raises an error of type on values that fit their declarations: whatever the
//! expression, whatever is unknown in the values. Names cannot fail when it runs: they are slots by then.
//!
//! Texts are made from choices, mostly of fitting types and now and then of others, so that the checker has to tell the
//! ones from the others. `GONOGO_SOUNDNESS_CASES` sets how many.

use std::cell::Cell;

use gonogo::expr::types::Type;
use gonogo::expr::value::{Key, Map, Missing, Value};
use gonogo::expr::{Binding, Budget, Expect, Reason, Scope, Unit, Variable, compile};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Name, type and unit of what the expressions may use.
const NAMES: &[(&str, &str, Option<&str>)] = &[
    ("b", "bool", None),
    ("i", "int", None),
    ("j", "int", None),
    ("d", "double", None),
    ("ratio", "double", Some("ratio")),
    ("ms", "double", Some("ms")),
    ("s", "string", None),
    ("t", "timestamp", None),
    ("u", "duration", None),
    ("li", "list<int>", None),
    ("ld", "list<double>", None),
    ("ls", "list<string>", None),
    ("lli", "list<list<int>>", None),
    ("m", "map<string, int>", None),
    ("md", "map<string, double>", None),
    ("mm", "map<string, list<string>>", None),
    ("o", "{version: string, age: duration, load: double}", None),
    ("lo", "list<{name: string, errors: int}>", None),
    ("same", "{a: int, b: int}", None),
];

/// What an expression is asked to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Want {
    Bool,
    Int,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    Ints,
    Doubles,
    Strings,
    Map,
    Any,
}

const WANTS: [Want; 12] = [
    Want::Bool,
    Want::Int,
    Want::Double,
    Want::String,
    Want::Bytes,
    Want::Timestamp,
    Want::Duration,
    Want::Ints,
    Want::Doubles,
    Want::Strings,
    Want::Map,
    Want::Any,
];

/// Choices to make a text with; after the last one always the first of each.
struct Choices<'a> {
    bytes: std::slice::Iter<'a, u8>,
    /// The variables of macros in sight.
    locals: Vec<String>,
}

impl Choices<'_> {
    fn below(&mut self, count: usize) -> usize {
        usize::from(*self.bytes.next().unwrap_or(&0)) % count
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    /// An expression: of the type that is wanted, but for one in sixty-four.
    fn text(&mut self, want: Want, depth: usize) -> String {
        let want = if self.below(64) == 63 {
            WANTS[self.below(WANTS.len())]
        } else {
            want
        };
        if !self.locals.is_empty() && self.below(4) == 3 {
            let at = self.below(self.locals.len());
            return self.locals[at].clone();
        }
        if depth == 0 || self.below(6) == 0 {
            return self.leaf(want).to_owned();
        }
        let depth = depth - 1;
        if self.below(8) == 7 {
            return self.anywhere(want, depth);
        }
        let any = |choices: &mut Self| WANTS[choices.below(WANTS.len())];
        match want {
            Want::Any => {
                let want = any(self);
                self.text(want, depth)
            }
            Want::Bool => self.condition(depth),
            Want::Int => match self.below(6) {
                0 => self.binary(Want::Int, &["+", "-", "*", "%", "/"], depth),
                1 => {
                    let of = any(self);
                    format!("int({})", self.text(of, depth))
                }
                2 => {
                    let of = any(self);
                    format!("size({})", self.text(of, depth))
                }
                3 => format!(
                    "({})[{}]",
                    self.text(Want::Ints, depth),
                    self.text(Want::Int, depth)
                ),
                4 => format!(
                    "({}).{}()",
                    self.text(Want::Timestamp, depth),
                    self.one(&["getFullYear", "getHours", "getDayOfWeek"])
                ),
                _ => format!(
                    "math.{}({}, {})",
                    self.one(&["greatest", "least"]),
                    self.text(Want::Int, depth),
                    self.text(Want::Int, depth)
                ),
            },
            Want::Double => match self.below(7) {
                0 => self.binary(Want::Double, &["+", "-", "*", "/"], depth),
                1 => {
                    let of = any(self);
                    format!("double({})", self.text(of, depth))
                }
                2 => format!(
                    "math.{}({})",
                    self.one(&["abs", "ceil", "floor", "round", "trunc", "sign", "sqrt"]),
                    self.text(Want::Double, depth)
                ),
                3 => format!("-({})", self.text(Want::Double, depth)),
                4 => format!(
                    "({})[{}]",
                    self.text(Want::Doubles, depth),
                    self.text(Want::Int, depth)
                ),
                5 => format!("math.greatest({})", self.text(Want::Doubles, depth)),
                _ => format!(
                    "q(\"{}\") * {}",
                    self.one(&["5%", "10ms", "3/min"]),
                    self.text(Want::Double, depth)
                ),
            },
            Want::String => match self.below(8) {
                0 => self.binary(Want::String, &["+"], depth),
                1 => {
                    let of = any(self);
                    format!("string({})", self.text(of, depth))
                }
                2 => format!(
                    "({}).{}()",
                    self.text(Want::String, depth),
                    self.one(&["lowerAscii", "trim", "reverse", "upperAscii"])
                ),
                3 => format!(
                    "({}).replace({}, {})",
                    self.text(Want::String, depth),
                    self.text(Want::String, depth),
                    self.text(Want::String, depth)
                ),
                4 => format!(
                    "({}).join({})",
                    self.text(Want::Strings, depth),
                    self.text(Want::String, depth)
                ),
                5 => format!(
                    "({}).substring({})",
                    self.text(Want::String, depth),
                    self.text(Want::Int, depth)
                ),
                6 => {
                    let (one, two) = (any(self), any(self));
                    format!(
                        "\"%s {}\".format([{}, {}])",
                        self.one(&["%d", "%.2f", "%s", "%x", "%e"]),
                        self.text(one, depth),
                        self.text(two, depth)
                    )
                }
                _ => format!("o[{}]", self.text(Want::String, depth)),
            },
            Want::Bytes => format!("bytes({})", self.text(Want::String, depth)),
            Want::Timestamp => match self.below(3) {
                0 => format!(
                    "({} {} {})",
                    self.text(Want::Timestamp, depth),
                    self.one(&["+", "-"]),
                    self.text(Want::Duration, depth)
                ),
                1 => format!("timestamp({})", self.text(Want::Int, depth)),
                _ => format!("timestamp({})", self.text(Want::String, depth)),
            },
            Want::Duration => match self.below(3) {
                0 => self.binary(Want::Duration, &["+", "-"], depth),
                1 => format!(
                    "({} - {})",
                    self.text(Want::Timestamp, depth),
                    self.text(Want::Timestamp, depth)
                ),
                _ => format!("duration({})", self.text(Want::String, depth)),
            },
            Want::Ints => self.list(Want::Int, depth),
            Want::Doubles => self.list(Want::Double, depth),
            Want::Strings => match self.below(3) {
                0 => format!(
                    "({}).split({})",
                    self.text(Want::String, depth),
                    self.text(Want::String, depth)
                ),
                _ => self.list(Want::String, depth),
            },
            Want::Map => match self.below(4) {
                0 => {
                    let of = any(self);
                    format!(
                        "{{\"a\": {}, {}: {}}}",
                        self.text(of, depth),
                        self.text(Want::String, depth),
                        self.text(of, depth)
                    )
                }
                1 => {
                    let of = any(self);
                    self.over(Want::Map, "transformMap", of, 2, depth)
                }
                2 => self.over(Want::Map, "transformMap", Want::Int, 2, depth),
                _ => format!(
                    "({} ? {} : {})",
                    self.text(Want::Bool, depth),
                    self.text(Want::Map, depth),
                    self.text(Want::Map, depth)
                ),
            },
        }
    }

    fn leaf(&mut self, want: Want) -> &'static str {
        match want {
            Want::Bool => self.one(&["b", "true", "false", "known(d)", "has(o.age)", "has(m.a)"]),
            Want::Int => self.one(&[
                "i",
                "j",
                "0",
                "7",
                "m.a",
                "m[\"b\"]",
                "same.a",
                "lo[0].errors",
                "9223372036854775807",
            ]),
            Want::Double => self.one(&[
                "d",
                "ratio",
                "ms",
                "0.5",
                "3",
                "q(\"5%\")",
                "q(\"20ms\")",
                "o.load",
                "md.a",
            ]),
            Want::String => self.one(&[
                "s",
                "\"\"",
                "\"a\"",
                "\"é\"",
                "o.version",
                "ls[0]",
                "lo[0].name",
            ]),
            Want::Bytes => self.one(&["b\"\"", "b\"a\"", "bytes(s)"]),
            Want::Timestamp => self.one(&["t", "timestamp(\"2025-10-16T10:00:00Z\")"]),
            Want::Duration => self.one(&["u", "duration(\"5m\")", "o.age", "q(\"3s\")"]),
            Want::Ints => self.one(&["li", "[]", "[1, 2]", "lli[0]"]),
            Want::Doubles => self.one(&["ld", "[]", "[0.5, 1]", "[d, 1]"]),
            Want::Strings => self.one(&["ls", "[]", "[\"a\", s]", "mm.a"]),
            Want::Map => self.one(&["m", "md", "mm", "o", "same", "{}", "{\"a\": 1}", "lo[0]"]),
            Want::Any => self.one(&[
                "null",
                "b",
                "i",
                "d",
                "s",
                "[]",
                "{}",
                "lo",
                "lli",
                "type(i)",
                "int",
                "[1, \"a\"]",
                "dyn(i)",
            ]),
        }
    }

    fn binary(&mut self, of: Want, operators: &[&str], depth: usize) -> String {
        format!(
            "({} {} {})",
            self.text(of, depth),
            self.one(operators),
            self.text(of, depth)
        )
    }

    fn condition(&mut self, depth: usize) -> String {
        let any = WANTS[self.below(WANTS.len())];
        match self.below(9) {
            0 => self.binary(Want::Bool, &["&&", "||", "==", "!="], depth),
            1 => format!("!({})", self.text(Want::Bool, depth)),
            2 | 3 => {
                let of = [
                    Want::Int,
                    Want::Double,
                    Want::String,
                    Want::Timestamp,
                    Want::Duration,
                    Want::Bytes,
                ][self.below(6)];
                self.binary(of, &["<", "<=", ">", ">=", "==", "!="], depth)
            }
            4 => self.binary(any, &["==", "!="], depth),
            5 => format!("({} in {})", self.text(any, depth), {
                let of = [Want::Ints, Want::Doubles, Want::Strings, Want::Map][self.below(4)];
                self.text(of, depth)
            }),
            6 => {
                let of = [Want::Ints, Want::Strings, Want::Map, Want::Any][self.below(4)];
                let names = 1 + self.below(2);
                let how = self.one(&["all", "exists", "exists_one"]);
                self.over(of, how, Want::Bool, names, depth)
            }
            7 => format!(
                "({}).{}({})",
                self.text(Want::String, depth),
                self.one(&["contains", "startsWith", "endsWith", "matches"]),
                self.text(Want::String, depth)
            ),
            _ => format!(
                "within({}, {}, q(\"10%\"))",
                self.text(Want::Double, depth),
                self.text(Want::Double, depth)
            ),
        }
    }

    fn list(&mut self, of: Want, depth: usize) -> String {
        let same = match of {
            Want::Int => Want::Ints,
            Want::Double => Want::Doubles,
            _ => Want::Strings,
        };
        let any = WANTS[self.below(WANTS.len())];
        match self.below(6) {
            0 => format!("[{}, {}]", self.text(of, depth), self.text(of, depth)),
            1 => self.binary(same, &["+"], depth),
            2 => {
                let over = [Want::Ints, Want::Strings, Want::Map][self.below(3)];
                self.over(over, "map", of, 1, depth)
            }
            3 => self.over(same, "filter", Want::Bool, 1, depth),
            4 => format!(
                "({}).{}",
                self.text(same, depth),
                self.one(&[
                    "sort()",
                    "distinct()",
                    "reverse()",
                    "slice(0, 1)",
                    "flatten()"
                ])
            ),
            _ => self.over(any, "transformList", of, 2, depth),
        }
    }

    /// What may stand for anything: a choice, a binding, a member.
    fn anywhere(&mut self, want: Want, depth: usize) -> String {
        match self.below(4) {
            0 => format!(
                "({} ? {} : {})",
                self.text(Want::Bool, depth),
                self.text(want, depth),
                self.text(want, depth)
            ),
            1 => {
                let of = WANTS[self.below(WANTS.len())];
                let value = self.text(of, depth);
                let name = format!("v{}", self.locals.len());
                self.locals.push(name.clone());
                let body = self.text(want, depth);
                self.locals.pop();
                format!("cel.bind({name}, {value}, {body})")
            }
            2 => format!(
                "({}).{}",
                self.text(Want::Map, depth),
                self.one(&["a", "version", "load", "name"])
            ),
            _ => format!(
                "({})[{}]",
                self.text(Want::Map, depth),
                self.text(Want::String, depth)
            ),
        }
    }

    /// A macro over a list or map.
    fn over(&mut self, of: Want, how: &str, body: Want, names: usize, depth: usize) -> String {
        let of = self.text(of, depth);
        let before = self.locals.len();
        let named: Vec<String> = (0..names).map(|at| format!("v{}", before + at)).collect();
        self.locals.extend(named.iter().cloned());
        let body = self.text(body, depth);
        self.locals.truncate(before);
        format!("({of}).{how}({}, {body})", named.join(", "))
    }
}

/// A value of a type, now and then unknown, also in its parts.
fn value(ty: &Type, choices: &mut Choices<'_>) -> Value {
    if choices.below(12) == 11 {
        return Value::Unknown(Missing::Stale);
    }
    match ty {
        Type::Bool => Value::Bool(choices.below(2) == 1),
        Type::Int => Value::Int([0, 1, -3, 7, i64::MAX, i64::MIN][choices.below(6)]),
        Type::Double => Value::Double([0.0, 0.5, -2.0, 1e300, -0.0, 3.0][choices.below(6)]),
        Type::String => Value::String(
            choices
                .one(&["", "a", "é", "5m", "12", "2025-10-16T10:00:00Z", "("])
                .into(),
        ),
        Type::Timestamp => Value::Timestamp("2025-10-16T10:00:00Z".parse().expect("an instant")),
        Type::Duration => Value::Duration(jiff::SignedDuration::from_secs(
            [0, 60, -5][choices.below(3)],
        )),
        Type::List(item) => (0..choices.below(4))
            .map(|_| value(item, choices))
            .collect::<Vec<_>>()
            .pipe_list(),
        Type::Map(_, item) => {
            let keys = ["a", "b", "5m"];
            let count = choices.below(4);
            map(keys
                .iter()
                .take(count)
                .map(|key| (*key, value(item, choices)))
                .collect())
        }
        Type::Struct(fields) => map(fields
            .iter()
            .map(|field| (field.name.as_ref(), value(&field.ty, choices)))
            .collect()),
        other => panic!("no value of {other}"),
    }
}

trait PipeList {
    fn pipe_list(self) -> Value;
}

impl PipeList for Vec<Value> {
    fn pipe_list(self) -> Value {
        Value::List(self.into())
    }
}

fn map(entries: Vec<(&str, Value)>) -> Value {
    let entries = entries
        .into_iter()
        .map(|(key, value)| (Key::String(key.into()), value));
    Value::Map(Map::new(entries.collect()).into())
}

#[test]
fn what_checks_never_raises_an_error_of_type() {
    let mut scope = Scope::new();
    let mut types = Vec::new();
    for (slot, (name, ty, unit)) in NAMES.iter().enumerate() {
        let ty = Type::parse(ty).expect("a type");
        types.push(ty.clone());
        let unit = unit.map(Unit::parse);
        scope.declare(
            *name,
            Binding::Slot(Variable {
                slot,
                ty,
                unit,
                values: None,
            }),
        );
    }
    let cases = std::env::var("GONOGO_SOUNDNESS_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(4_000);
    let (checked, evaluated) = (Cell::new(0_u32), Cell::new(0_u32));
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let bytes = (
        prop::collection::vec(any::<u8>(), 4..120),
        prop::collection::vec(any::<u8>(), 0..60),
    );
    let result = TestRunner::new(config).run(&bytes, |(text, values)| {
        let mut choices = Choices {
            bytes: text.iter(),
            locals: Vec::new(),
        };
        let want = WANTS[choices.below(WANTS.len())];
        let depth = 1 + choices.below(4);
        let text = choices.text(want, depth);
        let Ok(compiled) = compile(&text, &scope, Expect::Any) else {
            return Ok(());
        };
        checked.set(checked.get() + 1);
        let mut choices = Choices {
            bytes: values.iter(),
            locals: Vec::new(),
        };
        let slots: Vec<Value> = types.iter().map(|ty| value(ty, &mut choices)).collect();
        match compiled.value(&slots, &mut Budget::default()) {
            Ok(_) => evaluated.set(evaluated.get() + 1),
            Err(fault) => {
                prop_assert_ne!(fault.reason, Reason::WrongType, "{} with {:?}", text, slots)
            }
        }
        Ok(())
    });
    println!(
        "soundness: {cases} texts, {} pass the checker, {} of these have a value",
        checked.get(),
        evaluated.get()
    );
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(
        checked.get() > cases / 5,
        "hardly a text passes the checker"
    );
}
