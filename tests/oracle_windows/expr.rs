//! Conditions over windows as they are written in a policy. What they are worth is said by `slow` alone.

use proptest::prelude::*;

/// The inputs: numbers `x`, `y`, a counter `n`, the baseline `was.x` that does not age, and the truth value `ok`.
pub(super) const X: usize = 0;
pub(super) const Y: usize = 1;
pub(super) const N: usize = 2;
pub(super) const WAS: usize = 3;
pub(super) const OK: usize = 4;
pub(super) const INPUTS: usize = 5;

/// What a window looks at: a number or, from `Ok` on, a truth value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    X,
    Y,
    N,
    Was,
    Sum,
    Ok,
    NotOk,
    Below,
    Both,
    Either,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    Last(i64),
    Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Count,
    Sum,
    Avg,
    Min,
    Max,
    First,
    Median,
    Quarter,
    Stddev,
    Slope,
    Ago,
    Delta,
    Increase,
    Rate,
    Rising,
    Falling,
    Share,
    Edges,
    Streak,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Term {
    Plain(Of),
    Window(Of, Method, Over),
    Constant(f64),
}

#[derive(Clone, Debug)]
pub(super) enum Condition {
    /// A term that is a truth value.
    Truth(Term),
    Compare(Term, &'static str, Term),
    Known(Term),
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

impl Of {
    pub(super) fn inputs(self) -> &'static [usize] {
        match self {
            Self::X => &[X],
            Self::Y => &[Y],
            Self::N => &[N],
            Self::Was => &[WAS],
            Self::Sum | Self::Below | Self::Both | Self::Either => &[X, Y],
            Self::Ok | Self::NotOk => &[OK],
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::X => "x",
            Self::Y => "y",
            Self::N => "n",
            Self::Was => "was.x",
            Self::Sum => "(x + y)",
            Self::Ok => "ok",
            Self::NotOk => "(!ok)",
            Self::Below => "(x < y)",
            Self::Both => "(x < 5.0 && y < 5.0)",
            Self::Either => "(x < 5.0 || y < 5.0)",
        }
    }

    fn is_truth(self) -> bool {
        matches!(
            self,
            Self::Ok | Self::NotOk | Self::Below | Self::Both | Self::Either
        )
    }
}

impl Term {
    fn text(self) -> String {
        let (of, method, over) = match self {
            Self::Plain(of) => return of.text().to_owned(),
            Self::Constant(value) => return format!("{value:?}"),
            Self::Window(of, method, over) => (of.text(), method, over),
        };
        let length = match over {
            Over::Last(seconds) => format!("\"{seconds}s\""),
            Over::Stage => "\"stage\"".to_owned(),
        };
        match method {
            Method::Streak => format!("{of}.streak()"),
            Method::Quarter => format!("{of}.quantile(0.25, {length})"),
            method => {
                let name = format!("{method:?}").to_lowercase();
                format!("{of}.{name}({length})")
            }
        }
    }
}

impl Condition {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Truth(term) => term.text(),
            Self::Compare(a, op, b) => format!("{} {op} {}", a.text(), b.text()),
            Self::Known(term) => format!("known({})", term.text()),
            Self::Not(of) => format!("!({})", of.text()),
            Self::And(a, b) => format!("({}) && ({})", a.text(), b.text()),
            Self::Or(a, b) => format!("({}) || ({})", a.text(), b.text()),
        }
    }

    /// The names of its windows' methods.
    pub(super) fn methods(&self) -> Vec<String> {
        let of = |term: &Term| match term {
            Term::Window(_, method, _) => Some(format!("{method:?}").to_lowercase()),
            Term::Plain(_) | Term::Constant(_) => None,
        };
        match self {
            Self::Truth(term) | Self::Known(term) => of(term).into_iter().collect(),
            Self::Compare(a, _, b) => of(a).into_iter().chain(of(b)).collect(),
            Self::Not(of) => of.methods(),
            Self::And(a, b) | Self::Or(a, b) => [a.methods(), b.methods()].concat(),
        }
    }
}

/// A comparison with a limit that the values of the method come near.
fn limit(of: Of, method: Method) -> BoxedStrategy<f64> {
    let among = |limits: &'static [f64]| prop::sample::select(limits).boxed();
    match method {
        Method::Count | Method::Streak => among(&[1.0, 2.0, 3.0, 5.0]),
        Method::Edges => among(&[0.0, 1.0, 2.0]),
        Method::Share => among(&[0.5, 0.75, 1.0]),
        Method::Delta => among(&[-2.0, 0.0, 1.0, 3.0]),
        Method::Increase => among(&[0.0, 3.0, 5.0, 8.0]),
        Method::Rate => among(&[0.0, 0.05, 0.1]),
        // Limits that are no quotient of few whole numbers: rounding must not matter.
        Method::Stddev => among(&[0.37, 1.37]),
        Method::Slope => among(&[-36.7, 3.67, 36.7]),
        Method::Sum => among(&[10.0, 20.0, 30.0]),
        _ if of == Of::Sum => among(&[8.0, 10.0, 12.0]),
        _ => among(&[3.0, 5.0, 6.0]),
    }
}

fn number() -> BoxedStrategy<Of> {
    prop_oneof![
        4 => Just(Of::X), 2 => Just(Of::Y), 2 => Just(Of::N), 1 => Just(Of::Was), 2 => Just(Of::Sum),
    ]
        .boxed()
}

fn truth() -> BoxedStrategy<Of> {
    prop_oneof![
        3 => Just(Of::Ok), 1 => Just(Of::NotOk), 1 => Just(Of::Below), 1 => Just(Of::Both), 1 => Just(Of::Either),
    ]
        .boxed()
}

fn over() -> BoxedStrategy<Over> {
    prop_oneof![
        1 => Just(Over::Last(10)), 3 => Just(Over::Last(30)), 2 => Just(Over::Last(40)), 3 => Just(Over::Last(60)),
        1 => Just(Over::Last(120)), 4 => Just(Over::Stage),
    ]
        .boxed()
}

/// Trends need a longer window than the others.
fn window(of: Of, method: Method, over: Over) -> Term {
    let over = match (method, over) {
        (Method::Rising | Method::Falling, Over::Last(length)) => {
            Over::Last(if length < 60 { 120 } else { 240 })
        }
        _ => over,
    };
    Term::Window(of, method, over)
}

fn compared() -> BoxedStrategy<Condition> {
    let numbers = prop::sample::select(vec![
        Method::Count,
        Method::Sum,
        Method::Avg,
        Method::Min,
        Method::Max,
        Method::First,
        Method::Median,
        Method::Quarter,
        Method::Stddev,
        Method::Slope,
        Method::Ago,
        Method::Delta,
        Method::Increase,
        Method::Rate,
    ]);
    let truths = prop::sample::select(vec![
        Method::Count,
        Method::Share,
        Method::Edges,
        Method::Streak,
    ]);
    let windows = prop_oneof![
        3 => (number(), numbers, over()).prop_map(|(of, method, over)| (of, method, window(of, method, over))),
        1 => (truth(), truths, over()).prop_map(|(of, method, over)| (of, method, window(of, method, over))),
    ];
    let op = prop::sample::select(vec!["<", "<=", ">", ">="]);
    (windows, op, prop::option::weighted(0.25, number()))
        .prop_flat_map(|((of, method, term), op, other)| {
            let other = other.filter(|_| !of.is_truth());
            limit(of, method).prop_map(move |limit| {
                let other = other.map_or(Term::Constant(limit), Term::Plain);
                Condition::Compare(term, op, other)
            })
        })
        .boxed()
}

fn leaf() -> BoxedStrategy<Condition> {
    let truths = prop::sample::select(vec![Method::Ago, Method::First]);
    let trends = prop::sample::select(vec![Method::Rising, Method::Falling]);
    prop_oneof![
        12 => compared(),
        2 => (number(), trends, over()).prop_map(|(of, method, over)| Condition::Truth(window(of, method, over))),
        2 => (truth(), truths, over()).prop_map(|(of, method, over)| Condition::Truth(window(of, method, over))),
        1 => truth().prop_map(|of| Condition::Truth(Term::Plain(of))),
        1 => compared().prop_map(|condition| match condition {
            Condition::Compare(term, ..) => Condition::Known(term),
            other => other,
        }),
        1 => (number(), number(), over()).prop_map(|(a, b, over)| {
            Condition::Compare(Term::Window(a, Method::Avg, over), "<=", Term::Window(b, Method::Avg, over))
        }),
    ]
        .boxed()
}

pub(super) fn condition() -> BoxedStrategy<Condition> {
    prop_oneof![
        5 => leaf(),
        1 => leaf().prop_map(|of| Condition::Not(Box::new(of))),
        2 => (leaf(), leaf()).prop_map(|(a, b)| Condition::And(Box::new(a), Box::new(b))),
        1 => (leaf(), leaf()).prop_map(|(a, b)| Condition::Or(Box::new(a), Box::new(b))),
    ]
    .boxed()
}
