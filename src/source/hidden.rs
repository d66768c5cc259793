//! Characters that nobody sees for what they are. Which ones, never what is put in their place.

/// Whether a character moves the cursor, changes colours, turns the direction of the text, breaks its line or hides in it.
#[must_use]
pub fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        // What joins or fills, and is as wide as nothing.
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}')
        // Which picture of a character is meant.
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
        // Language tags, a whole alphabet that nothing shows.
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// Whether a text says nothing that anybody sees.
#[must_use]
pub fn blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || hides(c))
}

#[cfg(test)]
mod tests {
    use super::{blank, hides};

    #[test]
    fn what_is_seen_is_text() {
        assert!("Ä é日 -_*`<>&\u{fffd}😀".chars().all(|c| !hides(c)));
    }

    #[test]
    fn what_nobody_sees_is_blank() {
        assert!(blank("") && blank(" \t\u{a0}") && blank("\u{200b} \u{e0041}"));
        assert!(!blank(".") && !blank("\u{200b}a"));
    }

    #[test]
    fn what_steers_or_hides_is_none() {
        let hidden = "\n\t\u{0}\u{1b}\u{7f}\u{85}\u{9b}\u{61c}\u{200b}\u{200f}\u{2028}\u{202e}\u{2060}\u{2069}\u{feff}\u{e0041}";
        assert!(hidden.chars().all(hides));
        let wide_as_nothing =
            "\u{ad}\u{34f}\u{115f}\u{1160}\u{180e}\u{3164}\u{ffa0}\u{fe0f}\u{e0100}";
        assert!(wide_as_nothing.chars().all(hides));
    }
}
