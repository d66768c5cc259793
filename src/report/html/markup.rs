//! Markup in the making. Tags and names of attributes are of this program; everything else is text, and never becomes markup,
//! whatever it looks like.

use crate::source::hidden::hides;

/// The most characters of a text.
const TEXT: usize = 2_000;
/// The most characters of a name.
const NAME: usize = 160;

/// Well-formed markup.
#[derive(Debug, Default)]
pub(super) struct Markup {
    out: String,
}

/// An attribute: its name, and its value as text.
pub(super) type Attribute<'a> = (&'static str, &'a str);

impl Markup {
    /// The markup.
    pub(super) fn done(self) -> String {
        self.out
    }

    /// Markup that is of this program.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// An element and what is in it.
    pub(super) fn tag(
        &mut self,
        name: &'static str,
        attributes: &[Attribute<'_>],
        inside: impl FnOnce(&mut Self),
    ) -> &mut Self {
        self.open(name, attributes);
        self.out.push('>');
        inside(self);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
        self
    }

    /// An element with a text in it.
    pub(super) fn says(
        &mut self,
        name: &'static str,
        attributes: &[Attribute<'_>],
        text: &str,
    ) -> &mut Self {
        self.tag(name, attributes, |markup| {
            markup.text(text);
        })
    }

    /// An element with nothing in it.
    pub(super) fn empty(&mut self, name: &'static str, attributes: &[Attribute<'_>]) -> &mut Self {
        self.open(name, attributes);
        self.out.push_str("/>");
        self
    }

    /// A text on one line.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.clipped(text, TEXT, false);
        self
    }

    /// A text in its lines.
    pub(super) fn lines(&mut self, text: &str) -> &mut Self {
        self.clipped(text, TEXT, true);
        self
    }

    /// A name, which stands at many places.
    pub(super) fn name(&mut self, text: &str) -> &mut Self {
        self.clipped(text, NAME, false);
        self
    }

    /// A condition, or a part of one.
    pub(super) fn code(&mut self, text: &str) -> &mut Self {
        self.says("code", &[], text)
    }

    /// A link where it is one that can be followed without harm, else the text.
    pub(super) fn link(&mut self, url: &str) -> &mut Self {
        let web = url.starts_with("https://") || url.starts_with("http://");
        let safe = |c: char| c.is_ascii_graphic() && !"<>\"'`\\{}|^".contains(c);
        if web && url.len() <= TEXT && url.chars().all(safe) {
            let attributes = [("href", url), ("rel", "noopener noreferrer")];
            self.says("a", &attributes, url)
        } else {
            self.text(url)
        }
    }

    fn open(&mut self, name: &'static str, attributes: &[Attribute<'_>]) {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            // The paths of plots are long, and are of this program.
            value.chars().for_each(|c| self.escape(c, false));
            self.out.push('"');
        }
    }

    fn clipped(&mut self, text: &str, most: usize, lines: bool) {
        let mut chars = text.chars();
        chars
            .by_ref()
            .take(most)
            .for_each(|c| self.escape(c, lines));
        let rest = chars.count();
        if rest > 0 {
            let note = format!(
                "… (clipped, {} characters in all)",
                rest.saturating_add(most)
            );
            self.out.push_str(&note);
        }
    }

    fn escape(&mut self, c: char, lines: bool) {
        match c {
            '&' => self.out.push_str("&amp;"),
            '<' => self.out.push_str("&lt;"),
            '>' => self.out.push_str("&gt;"),
            '"' => self.out.push_str("&quot;"),
            '\'' => self.out.push_str("&#39;"),
            '\n' if lines => self.out.push('\n'),
            '\n' | '\t' | '\r' | '\u{2028}' | '\u{2029}' => self.out.push(' '),
            // What no document may hold, and what would not be seen for what it is.
            '\u{fffe}' | '\u{ffff}' => self.out.push('\u{fffd}'),
            c if hides(c) => self.out.push('\u{fffd}'),
            c => self.out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Markup;

    fn said(text: &str) -> String {
        let mut markup = Markup::default();
        markup.says("p", &[("title", text)], text);
        markup.done()
    }

    #[test]
    fn text_is_text() {
        assert_eq!(
            said("</style><script>\"'&\u{202e}\u{0}\u{ffff}]]>"),
            "<p title=\"&lt;/style&gt;&lt;script&gt;&quot;&#39;&amp;\u{fffd}\u{fffd}\u{fffd}]]&gt;\">\
             &lt;/style&gt;&lt;script&gt;&quot;&#39;&amp;\u{fffd}\u{fffd}\u{fffd}]]&gt;</p>"
        );
    }

    #[test]
    fn what_is_long_is_clipped_and_says_so() {
        let mut markup = Markup::default();
        markup.name(&"ä".repeat(1_000_000));
        let text = markup.done();
        assert!(
            text.ends_with("ä… (clipped, 1000000 characters in all)"),
            "{text}"
        );
        assert!(text.len() < 400);
    }

    #[test]
    fn only_the_web_is_linked() {
        let linked = |url: &str| {
            let mut markup = Markup::default();
            markup.link(url);
            markup.done()
        };
        assert!(linked("https://wiki.example/a?b=1&c#d").starts_with(
            "<a href=\"https://wiki.example/a?b=1&amp;c#d\" rel=\"noopener noreferrer\">"
        ));
        for other in [
            "javascript:alert(1)",
            "JAVASCRIPT:alert(1)",
            " https://a.example",
            "https://a.example/\u{202e}gpj",
            "https://a.example/\" onload=\"x",
            "data:text/html,x",
            "//a.example",
        ] {
            assert!(!linked(other).contains("<a"), "{other}");
        }
    }
}
