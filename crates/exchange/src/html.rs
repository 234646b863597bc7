//! HTML to plain text.
//!
//! HTML is tokenized by the rules of the HTML standard, so hostile markup is read as a browser reads it. No tree is
//! built: time and memory grow linearly with the input, and deep nesting does not use the stack.

use html5gum::{DefaultEmitter, EndTag, StartTag, Token, Tokenizer};

/// Elements whose content is no text for people. Their content is left out.
const HIDDEN: [&[u8]; 19] = [
    b"applet",
    b"audio",
    b"canvas",
    b"iframe",
    b"math",
    b"noembed",
    b"noframes",
    b"noscript",
    b"object",
    b"plaintext",
    b"script",
    b"select",
    b"style",
    b"svg",
    b"template",
    b"textarea",
    b"title",
    b"video",
    b"xmp",
];

/// Elements with an empty line before and after them.
const PARAGRAPHS: [&[u8]; 22] = [
    b"address",
    b"article",
    b"aside",
    b"blockquote",
    b"dl",
    b"figure",
    b"footer",
    b"form",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"header",
    b"hr",
    b"ol",
    b"p",
    b"pre",
    b"section",
    b"table",
    b"ul",
];

/// Elements that begin on a new line.
const LINES: [&[u8]; 10] = [
    b"caption",
    b"dd",
    b"details",
    b"div",
    b"dt",
    b"figcaption",
    b"li",
    b"main",
    b"summary",
    b"tr",
];

/// The text of a piece of HTML. Paragraphs are separated by an empty line, list items begin with `- `. Scripts, styles,
/// comments, attributes and control characters are left out. A text without a tag keeps its line breaks.
pub(crate) fn to_text(html: &str) -> String {
    let mut text = Text {
        keeps_lines: !has_tag(html),
        ..Text::default()
    };
    for token in tokens(html) {
        match token {
            Token::StartTag(tag) => text.start(&tag),
            Token::EndTag(tag) => text.end(&tag),
            Token::String(bytes) => text.bytes.extend_from_slice(&bytes),
            _ => {}
        }
    }
    text.flush();
    text.output
}

fn has_tag(html: &str) -> bool {
    html.contains('<')
        && tokens(html).any(|token| matches!(token, Token::StartTag(_) | Token::EndTag(_)))
}

fn tokens(html: &str) -> impl Iterator<Item = Token> {
    let mut emitter = DefaultEmitter::<()>::default();
    // The content of `<script>` and the like has no tags.
    emitter.naively_switch_states(true);
    // Reading from a text does not fail.
    Tokenizer::new_with_emitter(html, emitter).flatten()
}

/// White space that is due before the next character.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

/// An element whose content is left out.
#[derive(Debug)]
struct Hidden {
    name: Vec<u8>,
    depth: usize,
}

#[derive(Debug, Default)]
struct Text {
    output: String,
    /// Text that is not yet written. A character may be split between two tokens, so it is decoded at the next tag.
    bytes: Vec<u8>,
    gap: Gap,
    has_bullet: bool,
    hidden: Option<Hidden>,
    keeps_lines: bool,
}

impl Text {
    fn start(&mut self, tag: &StartTag<()>) {
        self.flush();
        let name = tag.name.as_slice();
        if let Some(hidden) = &mut self.hidden {
            hidden.depth += usize::from(hidden.name == name && !tag.self_closing);
        } else if HIDDEN.contains(&name) {
            // Only elements of SVG and MathML can close themselves.
            let is_closed = tag.self_closing && matches!(name, b"svg" | b"math");
            self.hidden = (!is_closed).then(|| Hidden {
                name: name.to_vec(),
                depth: 1,
            });
        } else if name == b"br" {
            self.break_line();
        } else {
            self.block(name);
            self.has_bullet |= name == b"li";
        }
    }

    fn end(&mut self, tag: &EndTag<()>) {
        self.flush();
        let name = tag.name.as_slice();
        match &mut self.hidden {
            Some(hidden) if hidden.name == name => {
                hidden.depth -= 1;
                if hidden.depth == 0 {
                    self.hidden = None;
                }
            }
            Some(_) => {}
            None => {
                self.block(name);
                // An empty item has no bullet.
                self.has_bullet &= !matches!(name, b"li" | b"ol" | b"ul");
            }
        }
    }

    /// A block begins or ends.
    fn block(&mut self, name: &[u8]) {
        let gap = if PARAGRAPHS.contains(&name) {
            Gap::Paragraph
        } else if LINES.contains(&name) {
            Gap::Line
        } else if matches!(name, b"td" | b"th") {
            Gap::Space
        } else {
            Gap::None
        };
        self.gap = self.gap.max(gap);
    }

    /// A second line break makes an empty line.
    fn break_line(&mut self) {
        self.gap = match self.gap {
            Gap::None | Gap::Space => Gap::Line,
            Gap::Line | Gap::Paragraph => Gap::Paragraph,
        };
    }

    /// Writes the text before a tag.
    fn flush(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        if self.hidden.is_some() {
            return;
        }
        for character in String::from_utf8_lossy(&bytes).chars() {
            match character {
                '\n' if self.keeps_lines => self.break_line(),
                _ if character.is_whitespace() => self.gap = self.gap.max(Gap::Space),
                _ if character.is_control() => {}
                _ => self.write(character),
            }
        }
    }

    fn write(&mut self, character: char) {
        if !self.output.is_empty() {
            self.output.push_str(match self.gap {
                Gap::None => "",
                Gap::Space => " ",
                Gap::Line => "\n",
                Gap::Paragraph => "\n\n",
            });
        }
        if std::mem::take(&mut self.has_bullet) {
            self.output.push_str("- ");
        }
        self.gap = Gap::None;
        self.output.push(character);
    }
}

#[cfg(test)]
mod tests;
