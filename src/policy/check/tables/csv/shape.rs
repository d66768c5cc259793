//! What the rows of a CSV file are to become, by the declared type of its table. Never the file.

use std::sync::Arc;

use crate::expr::types::{Field, Type};

/// What a file is to become.
pub(in crate::policy::check::tables) struct Shape {
    /// The column that has the keys; without one the rows are a list.
    pub(super) key: Option<Arc<str>>,
    pub(super) columns: Columns,
}

/// What a row is to become.
pub(super) enum Columns {
    /// A struct of these columns.
    Named(Vec<(Arc<str>, Type)>),
    /// The cell of the one other column.
    Other(Type),
}

/// What a declared type asks of a CSV file, or why no such file is of that type: the message and the help.
pub(in crate::policy::check::tables) fn shape(
    ty: &Type,
    key: Option<&str>,
) -> Result<Shape, (String, &'static str)> {
    let named = |fields: &[Field]| {
        let each = fields.iter();
        Columns::Named(
            each.map(|field| (Arc::clone(&field.name), field.ty.clone()))
                .collect(),
        )
    };
    let rows = "write `list<{column: double}>` for rows, or `key: COLUMN` and a map";
    let (columns, row) = match (ty, key) {
        (Type::List(row), None) => match row.as_ref() {
            Type::Struct(fields) => (named(fields), row),
            _ => return Err((format!("rows of a CSV file are structs, not `{row}`"), rows)),
        },
        (Type::Map(_, row), Some(_)) => match row.as_ref() {
            Type::Struct(fields) => (named(fields), row),
            other => (Columns::Other(other.clone()), row),
        },
        (Type::Map(..), None) => {
            let message = "a map of a CSV file needs a column with its keys".to_owned();
            return Err((message, "add `key: COLUMN`"));
        }
        (_, Some(_)) => {
            let message = format!("with `key` a CSV file is a map, not {}", ty.a());
            return Err((
                message,
                "write `map<string, {column: double}>`, or remove `key`",
            ));
        }
        (_, None) => {
            return Err((
                format!("a CSV file is a list of rows, not {}", ty.a()),
                rows,
            ));
        }
    };
    let single = |ty: &Type| !matches!(ty, Type::List(_) | Type::Map(..) | Type::Struct(_));
    let singles = match &columns {
        Columns::Named(columns) => columns.iter().all(|(_, ty)| single(ty)),
        Columns::Other(ty) => single(ty),
    };
    if !singles {
        let message = format!("a cell of a CSV file is a single value, and `{row}` asks for more");
        return Err((
            message,
            "write single values, or the table as TOML, YAML or JSON",
        ));
    }
    Ok(Shape {
        key: key.map(Arc::from),
        columns,
    })
}
