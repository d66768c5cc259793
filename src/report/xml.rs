//! What reports in `JUnit` XML share: whole documents, and texts that XML can hold. Knows no test and no verdict.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::clip::seen;
use crate::source::runner::in_markup;

/// A document with a line end, out of what writes its root.
pub(crate) fn document(root: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let declaration = Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None));
    // A vector takes all that is written to it.
    let written = writer
        .write_event(declaration)
        .and_then(|()| root(&mut writer));
    let bytes = written.map(|()| writer.into_inner()).unwrap_or_default();
    let mut text = in_markup(&String::from_utf8(bytes).unwrap_or_default());
    text.push('\n');
    text
}

/// A failure, an error or a text that was skipped: its message, and all else as its text.
pub(crate) fn told<W: Write>(
    writer: &mut Writer<W>,
    what: &str,
    attributes: &[(&str, &str)],
    lines: &[String],
) -> io::Result<()> {
    let element = writer.create_element(what);
    let element = element.with_attributes(attributes.iter().copied());
    let lines: Vec<String> = lines.iter().map(|line| seen(line)).collect();
    if lines.is_empty() {
        element.write_empty()?;
    } else {
        element.write_text_content(BytesText::new(&lines.join("\n")))?;
    }
    Ok(())
}
