//! What is open at an instant, and when that changes next, against a table that another program worked out.

use super::{calendar, rows};
use jiff::Timestamp;

const TABLE: &str = include_str!("independent.csv");

#[test]
fn an_instant_is_open_or_closed_as_the_table_says() {
    let table = TABLE.replace(',', "|");
    let rows = rows(&table);
    let (head, rows) = rows.split_first().expect("a head");
    assert_eq!(head.len(), 7);
    assert!(rows.len() > 500, "{}", rows.len());
    for row in rows {
        let [name, allow, deny, at, state, next_open, next_change] = row.as_slice() else {
            panic!("{row:?}")
        };
        let calendar = calendar(name, allow, deny);
        let at: Timestamp = at.parse().expect("an instant");
        let found = match (calendar.is_open(at), calendar.denied(at)) {
            (true, None) => "open",
            (false, Some(_)) => "denied",
            (false, None) => "closed",
            (true, Some(_)) => "open and denied",
        };
        assert_eq!(found, *state, "{row:?}");
        let told = |at: Option<Timestamp>| at.map_or("never".to_owned(), |at| at.to_string());
        assert_eq!(told(calendar.next_open(at)), *next_open, "{row:?}");
        assert_eq!(told(calendar.next_change(at)), *next_change, "{row:?}");
    }
}
