//! YAML text to trees, one for each document, with the exact place of everything.
//!
//! It reads the events of a YAML 1.2 parser. It follows no alias, applies no tag and never resolves a scalar: what a
//! text means is asked of the tree.

mod block;
mod flow;
mod indent;
mod trouble;
mod unquoted;
mod words;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, Tag};

use super::tree::build::Builder;
use super::tree::{Kind, MAX_DEPTH, Node, Places, Scalar, Style};
use super::{Code, Problem, Source, Span};

/// Reads the documents of a YAML text. A document that is not YAML is missing, and so is all behind it; with any
/// other problem the tree is there, mended as the author will have meant it.
#[must_use]
pub fn parse(source: &Source) -> (Vec<Node>, Vec<Problem>) {
    let mut reader = Reader {
        source,
        builder: Builder::new(source),
        documents: Vec::new(),
        flows: Vec::new(),
        quoted_to: 0,
        anything: false,
    };
    let options = granit_parser::options! {
        emit_comments: false,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    for event in Parser::new_from_str_with_options(source.text(), options) {
        match event {
            Ok((event, span)) => {
                if !reader.event(event, span) {
                    break;
                }
            }
            Err(error) => {
                reader.anything = true;
                // Inside a text that should have been quoted it is the same mistake once more.
                if error
                    .marker()
                    .byte_offset()
                    .is_none_or(|at| at >= reader.quoted_to)
                {
                    reader.builder.report(trouble::scan(
                        source,
                        &error,
                        reader.flows.last().copied(),
                    ));
                }
                break;
            }
        }
    }
    if !reader.anything {
        let problem =
            Problem::new(Code::Empty, "there is nothing in it").at(source, Span::default(), "");
        return (Vec::new(), vec![problem]);
    }
    (reader.documents, reader.builder.into_problems())
}

/// What is known between two events.
struct Reader<'a> {
    source: &'a Source,
    builder: Builder<'a>,
    documents: Vec<Node>,
    /// Where each open list or map in brackets begins.
    flows: Vec<usize>,
    /// The end of the last text that should have been quoted: what YAML finds inside it is no problem of its own.
    quoted_to: usize,
    /// Whether anything but comments and document marks has been read.
    anything: bool,
}

impl Reader<'_> {
    /// Takes one event; false ends the reading.
    fn event(&mut self, event: Event<'_>, place: granit_parser::Span) -> bool {
        let span = place
            .byte_range()
            .map_or_else(Span::default, |range| Span::new(range.start, range.end));
        let tag_span = place
            .tag_span()
            .and_then(|tag| tag.byte_range())
            .map(|range| Span::new(range.start, range.end));
        match event {
            Event::Scalar(text, style, _, tag) => {
                if !self.builder.count_text(span.start, text.len()) {
                    return false;
                }
                let node = self.scalar(&text, style, span, tag.as_deref().zip(tag_span));
                self.add(node);
            }
            Event::SequenceStart(style, _, tag) => {
                return self.open(false, style, span, tag.as_deref().zip(tag_span));
            }
            Event::MappingStart(style, _, tag) => {
                return self.open(true, style, span, tag.as_deref().zip(tag_span));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                // Brackets are closed by a bracket; what is indented ends with the last thing in it.
                let end = (!span.is_empty()).then_some(span.end);
                if end.is_some() {
                    self.flows.pop();
                }
                let tree = self.builder.close(end);
                self.documents.extend(tree);
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                if !self.builder.count(span.start) {
                    return false;
                }
                self.alias(span, "alias", "write the value out here");
                let text = self
                    .source
                    .text()
                    .get(span.start..span.end)
                    .unwrap_or_default()
                    .to_owned();
                let scalar = Scalar {
                    text,
                    style: Style::Plain,
                    map: Places::from([(0, span.start)]),
                };
                self.add(Node {
                    span,
                    kind: Kind::Scalar(scalar),
                });
            }
            Event::Anchor(..) => self.alias(
                span,
                "anchor",
                "take the anchor out, and write the value out wherever it is used",
            ),
            _ => {}
        }
        true
    }

    fn add(&mut self, node: Node) {
        self.anything = self.anything || !node.span.is_empty();
        let tree = self.builder.add(node);
        self.documents.extend(tree);
    }

    fn open(
        &mut self,
        map: bool,
        style: StructureStyle,
        span: Span,
        tag: Option<(&Tag, Span)>,
    ) -> bool {
        self.anything = true;
        if let Some((tag, at)) = tag
            && !(tag.is_yaml_core_schema_tag(if map { "map" } else { "seq" }))
        {
            self.builder.report(trouble::tag(self.source, at));
        }
        if style == StructureStyle::Flow {
            self.flows.push(span.start);
        }
        if map {
            self.builder.open_map(span.start)
        } else {
            self.builder.open_list(span.start)
        }
    }

    fn alias(&mut self, span: Span, what: &str, help: &str) {
        if span.start < self.quoted_to {
            return;
        }
        let written = self
            .source
            .text()
            .get(span.start..span.end)
            .unwrap_or_default();
        let problem = Problem::new(
            Code::YamlAlias,
            format!("`{written}` is a YAML {what}, which is not followed"),
        )
        .at(self.source, span, "")
        .help(help);
        self.builder.report(problem);
    }

    fn scalar(
        &mut self,
        decoded: &str,
        style: ScalarStyle,
        span: Span,
        tag: Option<(&Tag, Span)>,
    ) -> Node {
        let mut node = scalar(self.source, decoded, style, span);
        if let Some((tag, at)) = tag {
            self.anything = true;
            if tag.is_yaml_core_schema_tag("str") {
                if let Kind::Scalar(scalar) = &mut node.kind
                    && scalar.style == Style::Plain
                {
                    scalar.style = Style::Quoted;
                }
                node.span = node.span.to(at);
            } else if tag.is_yaml_core_schema() || tag.original_handle() == "!!" {
                self.builder.report(trouble::tag(self.source, at));
            } else {
                return self.tagged(at);
            }
        } else if node.span.is_empty() && self.builder.awaits_key() {
            let at = Span::new(span.start, span.start.saturating_add(1));
            let problem = Problem::new(Code::WrongKind, "a key is missing before the `:`").at(
                self.source,
                at,
                "",
            );
            self.builder.report(problem);
        }
        node
    }

    /// A text that begins with `!`, which YAML took for a tag: mended to the text as it was written.
    fn tagged(&mut self, tag: Span) -> Node {
        // Inside a text that has been told it is the same mistake once more, and the same length to look through.
        let span = if tag.start < self.quoted_to {
            tag
        } else {
            let span = unquoted::rest(self.source.text(), tag.start, !self.flows.is_empty());
            self.quoted_to = span.end;
            self.builder.report(unquoted::problem(self.source, span));
            span
        };
        let text = self
            .source
            .text()
            .get(span.start..span.end)
            .unwrap_or_default()
            .to_owned();
        Node {
            span,
            kind: Kind::Scalar(Scalar {
                text,
                style: Style::Plain,
                map: Places::from([(0, span.start)]),
            }),
        }
    }
}

/// The node of a scalar that the parser decoded and found at `span`.
fn scalar(source: &Source, decoded: &str, style: ScalarStyle, span: Span) -> Node {
    let text = source.text();
    let raw = text.get(span.start..span.end).unwrap_or_default();
    let plain_place = || Places::from([(0, span.start)]);
    let (decoded, style, map, span) = match style {
        // The parser says `~` for nothing at all.
        ScalarStyle::Plain if raw.is_empty() => ("", Style::Plain, plain_place(), span),
        ScalarStyle::Plain if raw == decoded => (decoded, Style::Plain, plain_place(), span),
        // Quoted, and nothing in it is written in another way.
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted
            if raw.get(1..raw.len().saturating_sub(1)) == Some(decoded) =>
        {
            let inside = span.start.saturating_add(1);
            (decoded, Style::Quoted, Places::from([(0, inside)]), span)
        }
        ScalarStyle::Plain => (
            decoded,
            Style::Plain,
            flow::map(raw, span.start, flow::Quote::None),
            span,
        ),
        ScalarStyle::SingleQuoted => (
            decoded,
            Style::Quoted,
            flow::map(raw, span.start, flow::Quote::Single),
            span,
        ),
        ScalarStyle::DoubleQuoted => (
            decoded,
            Style::Quoted,
            flow::map(raw, span.start, flow::Quote::Double),
            span,
        ),
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let (map, span) = block::place(text, span.start, decoded);
            (decoded, Style::Block, map, span)
        }
    };
    Node {
        span,
        kind: Kind::Scalar(Scalar {
            text: decoded.to_owned(),
            style,
            map,
        }),
    }
}
