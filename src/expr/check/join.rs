//! The one type that several values have in common. It never makes two different types one: that is `dyn`.

use std::sync::Arc;

use super::Info;
use crate::expr::types::Type;

/// The type all have, else anything.
pub(super) fn common(infos: &[Info]) -> Type {
    let mut infos = infos.iter();
    let Some(first) = infos.next() else {
        return Type::Dyn;
    };
    let mut joined = (first.ty.clone(), first.open);
    for info in infos {
        let Some(ty) = join((&joined.0, joined.1), (&info.ty, info.open)) else {
            return Type::Dyn;
        };
        joined = (ty, joined.1 && info.open);
    }
    joined.0
}

/// Whether nothing but what was left open is `dyn` in the types of these: so it is in `[]` and in `[[], [1]]`.
pub(super) fn open<'i>(infos: impl IntoIterator<Item = &'i Info>) -> bool {
    infos
        .into_iter()
        .all(|info| info.open || !has_dyn(&info.ty))
}

/// The type that two values have in common, if they have one; with each type whether its `dyn` was left open.
pub(super) fn join((a, a_open): (&Type, bool), (b, b_open): (&Type, bool)) -> Option<Type> {
    let part = |a: &Arc<Type>, b: &Arc<Type>| join((a, a_open), (b, b_open)).map(Arc::new);
    Some(match (a, b) {
        (a, b) if a == b => a.clone(),
        (Type::Dyn, b) if a_open => b.clone(),
        (a, Type::Dyn) if b_open => a.clone(),
        (Type::Dyn, _) | (_, Type::Dyn) => Type::Dyn,
        (Type::List(a), Type::List(b)) => Type::List(part(a, b)?),
        (Type::Optional(a), Type::Optional(b)) => Type::Optional(part(a, b)?),
        (Type::Map(ak, av), Type::Map(bk, bv)) => Type::Map(part(ak, bk)?, part(av, bv)?),
        _ => return None,
    })
}

fn has_dyn(ty: &Type) -> bool {
    match ty {
        Type::Dyn => true,
        Type::List(of) | Type::Optional(of) => has_dyn(of),
        Type::Map(key, value) => has_dyn(key) || has_dyn(value),
        Type::Struct(fields) => fields.iter().any(|field| has_dyn(&field.ty)),
        _ => false,
    }
}
