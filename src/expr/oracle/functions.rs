//! The functions of the policy language, for the second engine: made of what it has itself.

use cel::common::ast::{CallExpr, Expr, IdedExpr, ListExpr, operators};
use cel::parser::{Macro, MacroExprHelper};
use cel::{Context, Env, extensions};

use super::text::{WITHIN_AMOUNT, WITHIN_SHARE};

/// The second engine's functions, its extensions and `known`; nothing if it refuses one.
pub(super) fn env() -> Option<Env> {
    let mut env = Env::stdlib();
    env.add_extension(extensions::strings).ok()?;
    env.add_extension(extensions::math).ok()?;
    env.add_extension(extensions::lists).ok()?;
    env.add_extension(extensions::encoders).ok()?;
    env.add_macro(Macro::global("known", 1, |helper, _, args| {
        Ok(args.pop().map(|arg| known(helper, arg)))
    }))
    .ok()?;
    Some(env)
}

/// `known(x)`: whether `[x] == []` is false and no error. The operator that loops of macros are made of turns an error
/// into true.
fn known(helper: &mut MacroExprHelper<'_>, arg: IdedExpr) -> IdedExpr {
    let mut list = |items| helper.next_expr(Expr::List(ListExpr::new(items)));
    let (one, none) = (list(vec![arg]), list(Vec::new()));
    let mut call = |name: &str, args| {
        helper.next_expr(Expr::Call(CallExpr {
            func_name: name.to_owned(),
            target: None,
            args,
        }))
    };
    let equal = call(operators::EQUALS, vec![one, none]);
    let absorbed = call(operators::NOT_STRICTLY_FALSE, vec![equal]);
    call(operators::LOGICAL_NOT, vec![absorbed])
}

/// A context with the two forms of `within`; nothing if it refuses one.
pub(super) fn context(env: std::sync::Arc<Env>) -> Option<Context<'static, 'static>> {
    let mut context = Context::with_env(env);
    let share = |a: f64, b: f64, share: f64| (a - b).abs() <= share * b.abs();
    let amount = |a: f64, b: f64, amount: f64| (a - b).abs() <= amount;
    context.add_function(WITHIN_SHARE, share).ok()?;
    context.add_function(WITHIN_AMOUNT, amount).ok()?;
    Some(context)
}
