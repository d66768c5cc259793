//! Lists and maps written out: the one type of their parts.

use super::{Checker, Info, join};
use crate::expr::plan::What;
use crate::expr::scope::Rules;
use crate::expr::tree::Id;
use crate::expr::types::Type;

impl Checker<'_> {
    /// `[a, b]`
    pub(super) fn list(&mut self, id: Id, items: &[Id]) -> Info {
        let infos: Vec<Info> = items.iter().map(|item| self.check(*item)).collect();
        let ty = self.common(items, &infos);
        if ty != Type::Double && self.mixed != Some(id) {
            self.one_type(items, &infos, "the items of a list");
        }
        let literal = infos.iter().all(|info| info.literal);
        self.plan(id, What::List(items.to_vec()));
        self.fold_constant(id, items);
        Info {
            literal,
            open: join::open(&infos),
            ..Info::of(Type::List(ty.into()))
        }
    }

    /// `{a: b}`
    pub(super) fn map(&mut self, id: Id, entries: &[(Id, Id)]) -> Info {
        let (keys, values): (Vec<Id>, Vec<Id>) = entries.iter().copied().unzip();
        let key_infos: Vec<Info> = keys.iter().map(|key| self.check(*key)).collect();
        let value_infos: Vec<Info> = values.iter().map(|value| self.check(*value)).collect();
        for (key, info) in keys.iter().zip(&key_infos) {
            if !matches!(
                info.ty,
                Type::Bool | Type::Int | Type::Uint | Type::String | Type::Dyn
            ) {
                let message = format!(
                    "a key of a map is a text or a whole number, not {}",
                    info.ty.a()
                );
                let help = format!("write `string({})`", self.shown(*key));
                self.mismatch(*key, message, Some(help));
            }
        }
        let value = self.common(&values, &value_infos);
        if value != Type::Double {
            self.one_type(&values, &value_infos, "the values of a map");
        }
        self.one_type(&keys, &key_infos, "the keys of a map");
        let key = join::common(&key_infos);
        let open = join::open(key_infos.iter().chain(&value_infos));
        let literal = key_infos
            .iter()
            .chain(&value_infos)
            .all(|info| info.literal);
        self.plan(id, What::Map(entries.to_vec()));
        let parts: Vec<Id> = keys.into_iter().chain(values).collect();
        self.fold_constant(id, &parts);
        Info {
            literal,
            open,
            ..Info::of(Type::Map(key.into(), value.into()))
        }
    }

    /// The one type of several values: whole-number literals become doubles where a double stands among them.
    fn common(&mut self, ids: &[Id], infos: &[Info]) -> Type {
        let doubles = infos.iter().any(|info| info.ty == Type::Double);
        let numbers = infos
            .iter()
            .all(|info| info.ty == Type::Double || (info.ty == Type::Int && info.literal));
        if doubles && numbers && self.rules == Rules::Gate {
            for (id, info) in ids.iter().zip(infos) {
                if info.ty == Type::Int {
                    self.make_double(*id);
                }
            }
            return Type::Double;
        }
        join::common(infos)
    }
}
