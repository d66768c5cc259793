//! Well-typed expressions over typed variables, out of a list of choices: fewer and smaller choices give a smaller
//! expression, which is how a failing one shrinks.

use std::sync::Arc;

use gonogo::expr::value::{Key, Map, Missing, Value};

/// A type to generate for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ty {
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    List(Box<Ty>),
    /// A map from texts.
    Map(Box<Ty>),
    /// A map from whole numbers.
    Numbered(Box<Ty>),
}

use Ty::{Bool, Bytes, Double, Duration, Int, String as Text, Timestamp, Uint};

/// The types without parts.
const PLAIN: [Ty; 8] = [Bool, Int, Uint, Double, Text, Bytes, Timestamp, Duration];

/// A declared variable.
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) ty: Ty,
}

/// Every variable, two of each type: enough for one to be unknown.
pub(super) fn variables() -> Vec<Declared> {
    let list = |ty: Ty| Ty::List(Box::new(ty));
    let map = |ty: Ty| Ty::Map(Box::new(ty));
    let types = [
        ("b", Bool),
        ("i", Int),
        ("u", Uint),
        ("d", Double),
        ("s", Text),
        ("y", Bytes),
        ("t", Timestamp),
        ("l", Duration),
        ("ints", list(Int)),
        ("doubles", list(Double)),
        ("texts", list(Text)),
        ("counts", map(Int)),
        ("rates", map(Double)),
        ("byNumber", Ty::Numbered(Box::new(Text))),
        ("nested", map(list(Int))),
        ("rows", list(map(Double))),
        ("groups", list(list(Text))),
    ];
    let both = |(name, ty): (&str, Ty)| {
        let dotted = Declared {
            name: format!("other.{name}"),
            ty: ty.clone(),
        };
        [
            Declared {
                name: name.to_owned(),
                ty,
            },
            dotted,
        ]
    };
    types.into_iter().flat_map(both).collect()
}

const INTS: [i64; 12] = [
    0,
    1,
    2,
    -1,
    3,
    7,
    -10,
    63,
    1 << 53,
    (1 << 53) + 1,
    i64::MAX,
    i64::MIN,
];
const UINTS: [u64; 7] = [0, 1, 2, 10, 1 << 53, u64::MAX / 2 + 1, u64::MAX];
const DOUBLES: [f64; 16] = [
    0.0,
    1.0,
    2.5,
    -1.0,
    0.1,
    -0.0,
    3.999,
    1e-7,
    1e21,
    1e300,
    -1e300,
    9_007_199_254_740_993.0,
    9.3e18,
    1.85e19,
    -2.5,
    100.0,
];
const TEXTS: [&str; 22] = [
    "",
    "a",
    "b",
    "ab",
    "Abc",
    "1",
    "-7",
    "2.5",
    "true",
    "TRUE",
    "a,b,c",
    " x\t",
    "héllo",
    "日本語",
    "🎉x",
    "e\u{301}",
    "P1",
    "1h30m",
    "2025-10-16T10:05:00Z",
    "aGk=",
    "%d",
    "9223372036854775808",
];
const BYTES: [&[u8]; 5] = [b"", b"a", b"ab\x00", b"\xff\xfe", "é".as_bytes()];
const INSTANTS: [&str; 6] = [
    "2025-10-16T10:05:00Z",
    "1970-01-01T00:00:00Z",
    "2024-02-29T23:59:59.999999999Z",
    "0001-01-01T00:00:00Z",
    "9999-12-30T21:59:59Z",
    "1969-12-31T23:59:59.5Z",
];
const LENGTHS: [&str; 9] = [
    "0s",
    "1s",
    "90s",
    "-1.5s",
    "1h30m",
    "250ms",
    "24h",
    "3ns",
    "315576000000s",
];
const ZONES: [&str; 5] = [
    "UTC",
    "America/New_York",
    "Asia/Kolkata",
    "+05:30",
    "-08:00",
];
const PATTERNS: [&str; 6] = ["a", "^a.*c$", "[0-9]+", "é", "(a|b)*", "\\\\pL"];

/// What is chosen, one number after the other; nothing left means the first of every choice.
pub(super) struct Choices<'a> {
    left: std::slice::Iter<'a, u32>,
    locals: Vec<(String, Ty)>,
}

impl<'a> Choices<'a> {
    pub(super) fn new(choices: &'a [u32]) -> Self {
        Self {
            left: choices.iter(),
            locals: Vec::new(),
        }
    }

    fn below(&mut self, end: usize) -> usize {
        self.left
            .next()
            .map_or(0, |choice| usize::try_from(*choice).unwrap_or(0) % end)
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// A type, with parts now and then.
    pub(super) fn ty(&mut self) -> Ty {
        match self.below(14) {
            0 => Bool,
            n @ 1..=8 => PLAIN[n - 1].clone(),
            9 | 10 => Ty::List(Box::new(self.of(&PLAIN))),
            11 => Ty::Map(Box::new(self.of(&PLAIN))),
            12 => Ty::Numbered(Box::new(self.of(&PLAIN))),
            _ => Ty::List(Box::new(Ty::List(Box::new(self.of(&PLAIN))))),
        }
    }

    /// A value of a variable; unknown now and then.
    pub(super) fn value(&mut self, ty: &Ty) -> Value {
        match ty {
            _ if self.below(12) == 11 => Value::Unknown(Missing::Absent),
            Bool => Value::Bool(self.below(2) == 1),
            Int => Value::Int(self.of(&INTS)),
            Uint => Value::Uint(self.of(&UINTS)),
            Double => Value::Double(self.of(&DOUBLES)),
            Text => Value::String(self.of(&TEXTS).into()),
            Bytes => Value::Bytes(self.of(&BYTES).into()),
            Timestamp => Value::Timestamp(self.of(&INSTANTS).parse().expect("an instant")),
            Duration => Value::Duration(match self.below(4) {
                0 => jiff::SignedDuration::ZERO,
                1 => jiff::SignedDuration::from_millis(1_500),
                2 => jiff::SignedDuration::from_secs(-86_401),
                _ => jiff::SignedDuration::from_secs(315_000_000_000),
            }),
            Ty::List(item) => {
                let size = self.below(4);
                let items: Vec<Value> = (0..size).map(|_| self.known(item)).collect();
                Value::List(items.into())
            }
            Ty::Map(of) => {
                let size = self.below(3);
                let entries = ["a", "b", "é"].into_iter().take(size);
                let entries = entries
                    .map(|key| (Key::String(key.into()), self.known(of)))
                    .collect();
                Value::Map(Arc::new(Map::new(entries)))
            }
            Ty::Numbered(of) => {
                let size = self.below(3);
                let entries = [0, 1, -5].into_iter().take(size);
                let entries = entries.map(|key| (Key::Int(key), self.known(of))).collect();
                Value::Map(Arc::new(Map::new(entries)))
            }
        }
    }

    /// A value that is known.
    fn known(&mut self, ty: &Ty) -> Value {
        loop {
            let value = self.value(ty);
            if value.unknown().is_none() {
                return value;
            }
        }
    }

    /// An expression of a type.
    pub(super) fn expression(&mut self, ty: &Ty, depth: usize) -> String {
        if depth == 0 || self.below(4) == 0 {
            return self.leaf(ty);
        }
        let depth = depth - 1;
        // Some forms give any type.
        match self.below(20) {
            0 => {
                let (test, yes, no) = (
                    self.expression(&Bool, depth),
                    self.expression(ty, depth),
                    self.expression(ty, depth),
                );
                return format!("({test} ? {yes} : {no})");
            }
            1 => {
                let list = self.expression(&Ty::List(Box::new(ty.clone())), depth);
                let index = self.small(depth);
                return format!("{list}[{index}]");
            }
            2 => {
                let map = self.expression(&Ty::Map(Box::new(ty.clone())), depth);
                return match self.below(3) {
                    0 => format!("{map}.a"),
                    1 => format!("{map}[\"b\"]"),
                    _ => format!("{map}[{}]", self.expression(&Text, depth)),
                };
            }
            3 => {
                let map = self.expression(&Ty::Numbered(Box::new(ty.clone())), depth);
                return format!("{map}[{}]", self.small(depth));
            }
            4 => return format!("dyn({})", self.expression(ty, depth)),
            _ => {}
        }
        match ty {
            Bool => self.bool(depth),
            Int => self.int(depth),
            Uint => self.uint(depth),
            Double => self.double(depth),
            Text => self.text(depth),
            Bytes => self.bytes(depth),
            Timestamp => self.timestamp(depth),
            Duration => self.duration(depth),
            Ty::List(item) => self.list(item, depth),
            Ty::Map(of) => self.map(of, depth),
            Ty::Numbered(of) => self.numbered(of, depth),
        }
    }

    /// A literal, a variable or a variable of a macro.
    fn leaf(&mut self, ty: &Ty) -> String {
        let names: Vec<String> = self
            .locals
            .iter()
            .rev()
            .filter(|(_, local)| local == ty)
            .map(|(name, _)| name.clone())
            .chain(
                variables()
                    .into_iter()
                    .filter(|declared| declared.ty == *ty)
                    .map(|declared| declared.name),
            )
            .collect();
        if !names.is_empty() && self.below(5) < 3 {
            return self.of(&names);
        }
        match ty {
            Bool => self.of(&["true", "false"]).to_owned(),
            Int => self.of(&INTS).to_string(),
            Uint => format!("{}u", self.of(&UINTS)),
            Double => Value::Double(self.of(&DOUBLES)).to_string(),
            Text => Value::String(self.of(&TEXTS).into()).to_string(),
            Bytes => Value::Bytes(self.of(&BYTES).into()).to_string(),
            Timestamp => format!("timestamp(\"{}\")", self.of(&INSTANTS)),
            Duration => format!("duration(\"{}\")", self.of(&LENGTHS)),
            Ty::List(item) => {
                let size = self.below(3);
                let items: Vec<String> = (0..size).map(|_| self.leaf(item)).collect();
                // An empty list has no type of its own where types are compared.
                format!("[{}]", items.join(", "))
            }
            Ty::Map(of) => {
                let size = self.below(3);
                let keys = ["\"a\"", "\"b\"", "\"é\""];
                let entries: Vec<String> = keys[..size]
                    .iter()
                    .map(|key| format!("{key}: {}", self.leaf(of)))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
            Ty::Numbered(of) => {
                let size = self.below(3);
                let entries: Vec<String> = ["0", "1", "-5"][..size]
                    .iter()
                    .map(|key| format!("{key}: {}", self.leaf(of)))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    /// A small whole number, for indices and sizes, or any.
    fn small(&mut self, depth: usize) -> String {
        match self.below(6) {
            0 | 1 => "0".to_owned(),
            2 => "1".to_owned(),
            3 => "2".to_owned(),
            4 => "-1".to_owned(),
            _ => self.expression(&Int, depth),
        }
    }

    fn number(&mut self) -> Ty {
        self.of(&[Int, Uint, Double])
    }

    fn bool(&mut self, depth: usize) -> String {
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

    fn int(&mut self, depth: usize) -> String {
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

    fn uint(&mut self, depth: usize) -> String {
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

    fn double(&mut self, depth: usize) -> String {
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

    fn text(&mut self, depth: usize) -> String {
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

    fn bytes(&mut self, depth: usize) -> String {
        match self.below(4) {
            0 | 1 => self.binary(&Bytes, &["+"], depth),
            2 => format!("base64.decode({})", self.expression(&Text, depth)),
            _ => format!("bytes({})", self.expression(&Text, depth)),
        }
    }

    fn timestamp(&mut self, depth: usize) -> String {
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

    fn duration(&mut self, depth: usize) -> String {
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

    fn list(&mut self, item: &Ty, depth: usize) -> String {
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

    fn map(&mut self, of: &Ty, depth: usize) -> String {
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

    fn numbered(&mut self, of: &Ty, depth: usize) -> String {
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
