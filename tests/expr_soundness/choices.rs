//! Texts of expressions, made from choices.

/// What an expression is asked to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
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

pub(super) const WANTS: [Want; 12] = [
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
pub(super) struct Choices<'a> {
    pub(super) bytes: std::slice::Iter<'a, u8>,
    /// The variables of macros in sight.
    pub(super) locals: Vec<String>,
}

impl Choices<'_> {
    pub(super) fn below(&mut self, count: usize) -> usize {
        usize::from(*self.bytes.next().unwrap_or(&0)) % count
    }

    pub(super) fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    /// An expression: of the type that is wanted, but for one in sixty-four.
    pub(super) fn text(&mut self, want: Want, depth: usize) -> String {
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
        match want {
            Want::Any => {
                let want = self.any();
                self.text(want, depth)
            }
            Want::Bool => self.condition(depth),
            Want::Int | Want::Double => self.number(want, depth),
            Want::String => self.string(depth),
            Want::Bytes | Want::Timestamp | Want::Duration => self.time(want, depth),
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
                    let of = self.any();
                    format!(
                        "{{\"a\": {}, {}: {}}}",
                        self.text(of, depth),
                        self.text(Want::String, depth),
                        self.text(of, depth)
                    )
                }
                1 => {
                    let of = self.any();
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

    fn number(&mut self, want: Want, depth: usize) -> String {
        match want {
            Want::Int => match self.below(6) {
                0 => self.binary(Want::Int, &["+", "-", "*", "%", "/"], depth),
                1 => {
                    let of = self.any();
                    format!("int({})", self.text(of, depth))
                }
                2 => {
                    let of = self.any();
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
            _ => match self.below(7) {
                0 => self.binary(Want::Double, &["+", "-", "*", "/"], depth),
                1 => {
                    let of = self.any();
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
        }
    }

    fn string(&mut self, depth: usize) -> String {
        match self.below(8) {
            0 => self.binary(Want::String, &["+"], depth),
            1 => {
                let of = self.any();
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
                let (one, two) = (self.any(), self.any());
                format!(
                    "\"%s {}\".format([{}, {}])",
                    self.one(&["%d", "%.2f", "%s", "%x", "%e"]),
                    self.text(one, depth),
                    self.text(two, depth)
                )
            }
            _ => format!("o[{}]", self.text(Want::String, depth)),
        }
    }

    fn time(&mut self, want: Want, depth: usize) -> String {
        match want {
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
            _ => match self.below(3) {
                0 => self.binary(Want::Duration, &["+", "-"], depth),
                1 => format!(
                    "({} - {})",
                    self.text(Want::Timestamp, depth),
                    self.text(Want::Timestamp, depth)
                ),
                _ => format!("duration({})", self.text(Want::String, depth)),
            },
        }
    }

    fn any(&mut self) -> Want {
        WANTS[self.below(WANTS.len())]
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
