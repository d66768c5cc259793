//! Well-typed expressions over typed variables, out of a list of choices: fewer and smaller choices give a smaller
//! expression, which is how a failing one shrinks.

mod forms;

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
            if !matches!(value, Value::Unknown(_)) {
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
            5 | 6 => {
                let optional = self.optional(ty, depth);
                return match self.below(5) {
                    0 => format!("{optional}.value()"),
                    1 if *ty == Bool => format!("{optional}.hasValue()"),
                    2 => {
                        let other = self.optional(ty, depth);
                        format!(
                            "{optional}.or({other}).orValue({})",
                            self.expression(ty, depth)
                        )
                    }
                    _ => format!("{optional}.orValue({})", self.expression(ty, depth)),
                };
            }
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

    /// An optional value of a type.
    fn optional(&mut self, ty: &Ty, depth: usize) -> String {
        match self.below(7) {
            0 => format!("optional.of({})", self.expression(ty, depth)),
            1 => format!("optional.ofNonZeroValue({})", self.expression(ty, depth)),
            2 => {
                let map = self.expression(&Ty::Map(Box::new(ty.clone())), depth);
                format!("{map}.?{}", self.of(&["a", "z"]))
            }
            3 => {
                let map = self.expression(&Ty::Map(Box::new(ty.clone())), depth);
                format!("{map}[?{}]", self.expression(&Text, depth))
            }
            4 => {
                let list = self.expression(&Ty::List(Box::new(ty.clone())), depth);
                format!("{list}[?{}]", self.small(depth))
            }
            5 => {
                let (test, value) = (self.expression(&Bool, depth), self.expression(ty, depth));
                format!("({test} ? optional.of({value}) : optional.none())")
            }
            _ => {
                let from = self.ty();
                let optional = self.expression(&from, depth);
                let name = format!("v{}", self.locals.len());
                self.locals.push((name.clone(), from));
                let body = self.expression(ty, depth);
                self.locals.pop();
                format!("optional.of({optional}).optMap({name}, {body})")
            }
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
}
