//! What gives a value of each type: every operator, function and macro that both engines have.

use super::Ty::{Bool, Bytes, Double, Duration, Int, String as Text, Timestamp, Uint};
use super::{Choices, PATTERNS, PLAIN, Ty, ZONES};

impl Choices<'_> {
    pub(super) fn bool(&mut self, depth: usize) -> String {
        match self.below(22) {
            0..=2 => {
                let op = self.of(&["&&", "||"]);
                format!(
                    "({} {op} {})",
                    self.expression(&Bool, depth),
                    self.expression(&Bool, depth)
                )
            }
            3 => format!("!{}", self.grouped(&Bool, depth)),
            4..=6 => {
                let ty = self.ty();
                let op = self.of(&["==", "!="]);
                format!(
                    "({} {op} {})",
                    self.expression(&ty, depth),
                    self.expression(&ty, depth)
                )
            }
            7 | 8 => {
                let ty = self.of(&PLAIN);
                let op = self.of(&["<", "<=", ">", ">="]);
                format!(
                    "({} {op} {})",
                    self.expression(&ty, depth),
                    self.expression(&ty, depth)
                )
            }
            9 => {
                let (a, b) = (self.number(), self.number());
                let op = self.of(&["<", "<=", ">", ">=", "==", "!="]);
                format!(
                    "({} {op} {})",
                    self.expression(&a, depth),
                    self.expression(&b, depth)
                )
            }
            10 => {
                let ty = self.of(&PLAIN);
                let list = Ty::List(Box::new(ty.clone()));
                format!(
                    "({} in {})",
                    self.expression(&ty, depth),
                    self.expression(&list, depth)
                )
            }
            11 => {
                let map = Ty::Map(Box::new(self.of(&PLAIN)));
                format!(
                    "({} in {})",
                    self.expression(&Text, depth),
                    self.expression(&map, depth)
                )
            }
            12 => {
                let map = Ty::Map(Box::new(self.of(&PLAIN)));
                format!(
                    "has({}.{})",
                    self.expression(&map, depth),
                    self.of(&["a", "zz"])
                )
            }
            13..=16 => {
                let how = self.of(&["all", "exists", "exists_one"]);
                self.quantifier(how, depth)
            }
            17 | 18 => {
                let method = self.of(&["contains", "startsWith", "endsWith"]);
                format!(
                    "{}.{method}({})",
                    self.expression(&Text, depth),
                    self.expression(&Text, depth)
                )
            }
            19 => format!(
                "{}.matches(\"{}\")",
                self.expression(&Text, depth),
                self.of(&PATTERNS)
            ),
            20 => {
                let function = self.of(&["math.isNaN", "math.isInf", "math.isFinite"]);
                format!("{function}({})", self.expression(&Double, depth))
            }
            _ => {
                let ty = self.of(&[Bool, Text]);
                format!("bool({})", self.expression(&ty, depth))
            }
        }
    }

    pub(super) fn int(&mut self, depth: usize) -> String {
        match self.below(16) {
            0..=4 => self.binary(&Int, &["+", "-", "*", "/", "%"], depth),
            5 => format!("-{}", self.grouped(&Int, depth)),
            6 | 7 => {
                let ty = match self.below(5) {
                    0 => Text,
                    1 => Bytes,
                    2 => Ty::Map(Box::new(self.of(&PLAIN))),
                    _ => Ty::List(Box::new(self.of(&PLAIN))),
                };
                let of = self.expression(&ty, depth);
                if self.below(2) == 0 {
                    format!("size({of})")
                } else {
                    format!("{of}.size()")
                }
            }
            8 | 9 => {
                let ty = self.of(&[Int, Uint, Double, Text, Timestamp]);
                format!("int({})", self.expression(&ty, depth))
            }
            10 => {
                let method = self.of(&["indexOf", "lastIndexOf"]);
                let (of, what) = (self.expression(&Text, depth), self.expression(&Text, depth));
                if self.below(2) == 0 {
                    format!("{of}.{method}({what})")
                } else {
                    format!("{of}.{method}({what}, {})", self.small(depth))
                }
            }
            11 | 12 => {
                let method = self.of(&[
                    "getFullYear",
                    "getMonth",
                    "getDate",
                    "getDayOfMonth",
                    "getDayOfWeek",
                    "getDayOfYear",
                    "getHours",
                    "getMinutes",
                    "getSeconds",
                    "getMilliseconds",
                ]);
                let of = self.expression(&Timestamp, depth);
                if self.below(2) == 0 {
                    format!("{of}.{method}()")
                } else {
                    format!("{of}.{method}(\"{}\")", self.of(&ZONES))
                }
            }
            13 => {
                let method = self.of(&["getHours", "getMinutes", "getSeconds", "getMilliseconds"]);
                format!("{}.{method}()", self.expression(&Duration, depth))
            }
            14 => self.bits(&Int, depth),
            _ => self.extremes(&Int, depth),
        }
    }

    pub(super) fn uint(&mut self, depth: usize) -> String {
        match self.below(8) {
            0..=3 => self.binary(&Uint, &["+", "-", "*", "/", "%"], depth),
            4 | 5 => {
                let ty = self.of(&[Uint, Int, Double, Text]);
                format!("uint({})", self.expression(&ty, depth))
            }
            6 => self.bits(&Uint, depth),
            _ => self.extremes(&Uint, depth),
        }
    }

    pub(super) fn double(&mut self, depth: usize) -> String {
        match self.below(10) {
            0..=3 => self.binary(&Double, &["+", "-", "*", "/"], depth),
            4 => format!("-{}", self.grouped(&Double, depth)),
            5 | 6 => {
                let ty = self.of(&[Double, Int, Uint, Text]);
                format!("double({})", self.expression(&ty, depth))
            }
            7 => {
                let function = self.of(&["math.ceil", "math.floor", "math.round", "math.trunc"]);
                format!("{function}({})", self.expression(&Double, depth))
            }
            8 => {
                let ty = self.number();
                format!("math.sqrt({})", self.expression(&ty, depth))
            }
            _ => self.extremes(&Double, depth),
        }
    }

    pub(super) fn text(&mut self, depth: usize) -> String {
        match self.below(14) {
            0 | 1 => self.binary(&Text, &["+"], depth),
            2..=4 => {
                let ty = self.of(&[Text, Int, Uint, Double, Bool, Bytes, Timestamp, Duration]);
                format!("string({})", self.expression(&ty, depth))
            }
            5 => format!(
                "{}.charAt({})",
                self.expression(&Text, depth),
                self.small(depth)
            ),
            6 => {
                let of = self.expression(&Text, depth);
                if self.below(2) == 0 {
                    format!("{of}.substring({})", self.small(depth))
                } else {
                    format!(
                        "{of}.substring({}, {})",
                        self.small(depth),
                        self.small(depth)
                    )
                }
            }
            7 => {
                let method = self.of(&["lowerAscii", "upperAscii", "trim", "reverse"]);
                format!("{}.{method}()", self.expression(&Text, depth))
            }
            8 => {
                let (of, a, b) = (
                    self.expression(&Text, depth),
                    self.expression(&Text, depth),
                    self.expression(&Text, depth),
                );
                if self.below(2) == 0 {
                    format!("{of}.replace({a}, {b})")
                } else {
                    format!("{of}.replace({a}, {b}, {})", self.small(depth))
                }
            }
            9 => {
                let list = self.expression(&Ty::List(Box::new(Text)), depth);
                if self.below(2) == 0 {
                    format!("{list}.join()")
                } else {
                    format!("{list}.join({})", self.expression(&Text, depth))
                }
            }
            10 => format!("strings.quote({})", self.expression(&Text, depth)),
            11 => format!("base64.encode({})", self.expression(&Bytes, depth)),
            _ => self.format(depth),
        }
    }

    fn format(&mut self, depth: usize) -> String {
        let (clause, ty) = match self.below(8) {
            0 => ("%s", self.ty()),
            1 => ("%d", self.of(&[Int, Uint])),
            2 => ("%.2f", Double),
            3 => ("%e", Double),
            4 => ("%b", self.of(&[Int, Uint, Bool])),
            5 => ("%x", self.of(&[Int, Uint, Text, Bytes])),
            6 => ("%o", self.of(&[Int, Uint])),
            _ => ("%X", self.of(&[Int, Uint, Text])),
        };
        format!("\"<{clause}>\".format([{}])", self.expression(&ty, depth))
    }

    pub(super) fn bytes(&mut self, depth: usize) -> String {
        match self.below(4) {
            0 | 1 => self.binary(&Bytes, &["+"], depth),
            2 => format!("base64.decode({})", self.expression(&Text, depth)),
            _ => format!("bytes({})", self.expression(&Text, depth)),
        }
    }

    pub(super) fn timestamp(&mut self, depth: usize) -> String {
        match self.below(5) {
            0 | 1 => {
                let op = self.of(&["+", "-"]);
                format!(
                    "({} {op} {})",
                    self.expression(&Timestamp, depth),
                    self.expression(&Duration, depth)
                )
            }
            2 => format!(
                "({} + {})",
                self.expression(&Duration, depth),
                self.expression(&Timestamp, depth)
            ),
            3 => format!("timestamp({})", self.expression(&Int, depth)),
            _ => format!("timestamp(string({}))", self.expression(&Timestamp, depth)),
        }
    }

    pub(super) fn duration(&mut self, depth: usize) -> String {
        match self.below(6) {
            0..=2 => self.binary(&Duration, &["+", "-"], depth),
            3 => format!(
                "({} - {})",
                self.expression(&Timestamp, depth),
                self.expression(&Timestamp, depth)
            ),
            4 => format!("duration({})", self.expression(&Text, depth)),
            _ => format!("duration(string({}))", self.expression(&Duration, depth)),
        }
    }

    pub(super) fn list(&mut self, item: &Ty, depth: usize) -> String {
        let own = Ty::List(Box::new(item.clone()));
        match self.below(12) {
            0 | 1 => {
                let size = self.below(4);
                let items: Vec<String> = (0..size).map(|_| self.expression(item, depth)).collect();
                format!("[{}]", items.join(", "))
            }
            2 => self.binary(&own, &["+"], depth),
            3 | 4 => {
                let of = self.expression(&own, depth);
                let (name, body) = self.inside(item, |choices| choices.expression(&Bool, depth));
                format!("{of}.filter({name}, {body})")
            }
            5 | 6 => {
                let from = self.of(&PLAIN);
                let of = self.expression(&Ty::List(Box::new(from.clone())), depth);
                let test = self.below(3) == 0;
                let (name, body) = self.inside(&from, |choices| {
                    let make = choices.expression(item, depth);
                    if test {
                        format!("{}, {make}", choices.expression(&Bool, depth))
                    } else {
                        make
                    }
                });
                format!("{of}.map({name}, {body})")
            }
            7 => format!(
                "{}.slice({}, {})",
                self.expression(&own, depth),
                self.small(depth),
                self.small(depth)
            ),
            8 => {
                let method = self.of(&["distinct", "reverse"]);
                format!("{}.{method}()", self.expression(&own, depth))
            }
            9 if PLAIN.contains(item) => format!("{}.sort()", self.expression(&own, depth)),
            10 if *item == Text => {
                let (of, by) = (self.expression(&Text, depth), self.expression(&Text, depth));
                if self.below(2) == 0 {
                    format!("{of}.split({by})")
                } else {
                    format!("{of}.split({by}, {})", self.small(depth))
                }
            }
            10 if *item == Int => format!("lists.range({})", self.of(&["0", "3", "i % 5", "-1"])),
            11 if PLAIN.contains(item) => {
                let lists = Ty::List(Box::new(own));
                format!("{}.flatten()", self.expression(&lists, depth))
            }
            _ => self.leaf(&own),
        }
    }

    pub(super) fn map(&mut self, of: &Ty, depth: usize) -> String {
        let keys = match self.below(4) {
            0 => Vec::new(),
            1 => vec!["\"a\"".to_owned()],
            2 => vec!["\"a\"".to_owned(), "\"b\"".to_owned()],
            _ => vec!["\"b\"".to_owned(), self.expression(&Text, depth)],
        };
        let entries: Vec<String> = keys
            .into_iter()
            .map(|key| format!("{key}: {}", self.expression(of, depth)))
            .collect();
        format!("{{{}}}", entries.join(", "))
    }

    pub(super) fn numbered(&mut self, of: &Ty, depth: usize) -> String {
        let keys = match self.below(3) {
            0 => Vec::new(),
            1 => vec!["0".to_owned()],
            _ => vec!["1".to_owned(), self.expression(&Int, depth)],
        };
        let entries: Vec<String> = keys
            .into_iter()
            .map(|key| format!("{key}: {}", self.expression(of, depth)))
            .collect();
        format!("{{{}}}", entries.join(", "))
    }

    fn quantifier(&mut self, how: &str, depth: usize) -> String {
        let (of, item) = match self.below(5) {
            0 => (Ty::Map(Box::new(self.of(&PLAIN))), Text),
            1 => (Ty::Numbered(Box::new(self.of(&PLAIN))), Int),
            _ => {
                let item = self.of(&PLAIN);
                (Ty::List(Box::new(item.clone())), item)
            }
        };
        let of = self.expression(&of, depth);
        let (name, body) = self.inside(&item, |choices| choices.expression(&Bool, depth));
        format!("{of}.{how}({name}, {body})")
    }

    /// What `inside` makes where a variable of a macro is in sight, and its name: sometimes one that hides another.
    fn inside(&mut self, item: &Ty, inside: impl FnOnce(&mut Self) -> String) -> (String, String) {
        // `b` hides the variable of that name, of the same type: another would make the rest ill-typed.
        let name = if *item == Bool && self.below(4) == 3 {
            "b".to_owned()
        } else {
            format!("x{}", self.locals.len())
        };
        self.locals.push((name.clone(), item.clone()));
        let body = inside(self);
        self.locals.pop();
        (name, body)
    }

    fn binary(&mut self, ty: &Ty, ops: &[&str], depth: usize) -> String {
        let op = self.of(ops);
        format!(
            "({} {op} {})",
            self.expression(ty, depth),
            self.expression(ty, depth)
        )
    }

    /// In parentheses, so that a sign before it is an operator.
    fn grouped(&mut self, ty: &Ty, depth: usize) -> String {
        format!("({})", self.expression(ty, depth))
    }

    fn bits(&mut self, ty: &Ty, depth: usize) -> String {
        match self.below(6) {
            0..=2 => {
                let function = self.of(&["math.bitAnd", "math.bitOr", "math.bitXor"]);
                format!(
                    "{function}({}, {})",
                    self.expression(ty, depth),
                    self.expression(ty, depth)
                )
            }
            3 => format!("math.bitNot({})", self.expression(ty, depth)),
            _ => {
                let function = self.of(&["math.bitShiftLeft", "math.bitShiftRight"]);
                format!(
                    "{function}({}, {})",
                    self.expression(ty, depth),
                    self.small(depth)
                )
            }
        }
    }

    fn extremes(&mut self, ty: &Ty, depth: usize) -> String {
        match self.below(4) {
            0 | 1 => {
                let function = self.of(&["math.greatest", "math.least"]);
                let size = 1 + self.below(3);
                let args: Vec<String> = (0..size).map(|_| self.expression(ty, depth)).collect();
                format!("{function}({})", args.join(", "))
            }
            2 => format!("math.abs({})", self.expression(ty, depth)),
            _ => format!("math.sign({})", self.expression(ty, depth)),
        }
    }
}
