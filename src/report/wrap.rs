//! Lines of a given width. Counts characters, never splits a word.

/// Text in lines of at most `width` characters where words allow, the first beginning after `first` characters.
#[must_use]
pub(crate) fn wrap(text: &str, width: usize, first: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = first;
    for word in text.split_whitespace() {
        let size = word.chars().count();
        let empty = lines.last().is_none_or(String::is_empty);
        if !empty && used.saturating_add(size).saturating_add(1) > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
                used = used.saturating_add(1);
            }
            line.push_str(word);
            used = used.saturating_add(size);
        }
    }
    lines
}
