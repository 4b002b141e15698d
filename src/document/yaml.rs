//! YAML from parser events: every node with its place, the core schema of YAML 1.2, and nothing that surprises.
//!
//! Refused by name: duplicate keys, merge keys, tags other than the core ones that agree, keys that are lists or mappings,
//! several documents, `.inf` and `.nan`, aliases inside their own anchor. The parser's recursive `load` is not used: the
//! stack of open collections is ours, so depth costs no call stack.

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};

use super::budget::{Budget, Cost, MAX_NODES, check_depth, cost};
use super::codes::{BUDGET, COMPLEX_KEY, EMPTY, MERGE_KEY, RECURSIVE, SEVERAL_DOCUMENTS, YAML};
use super::key_set::Mapping;
use super::lines::{Cursor, Lines};
use super::scalar::{check_tag, scalar_value};
use super::token;
use super::{FileId, Key, Node, Place, Value};
use crate::diagnostic::Diagnostic;

type Refused = Box<Diagnostic>;

/// Reads `text` as one YAML document.
pub(super) fn read(text: &str, file: FileId) -> Result<Node, Refused> {
    check_flow(text, file)?;
    let mut loader = Loader {
        text,
        lines: OnceCell::new(),
        last: Cell::new(None),
        file,
        budget: Budget::new(),
        open: Vec::new(),
        anchors: HashMap::new(),
        root: None,
        documents: 0,
    };
    let mut parser: Parser<'_, StrInput<'_>> = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| loader.syntax(&error))?;
        if matches!(event, Event::StreamEnd) {
            break;
        }
        loader.take(event, span)?;
    }
    loader.root.ok_or_else(|| {
        let place = Place {
            file,
            line: 1,
            column: 1,
        };
        fail(EMPTY, place, "the document is empty")
            .help("begin with `openapi: 3.1.1`, `info` and `paths`")
            .into()
    })
}

/// The parser keeps every token of a flow collection until it knows whether the collection is a key. More entries than
/// the tree may have values are refused before it can.
fn check_flow(text: &str, file: FileId) -> Result<(), Refused> {
    let most = MAX_NODES.saturating_mul(2);
    let entries = text
        .bytes()
        .filter(|byte| matches!(byte, b'[' | b'{' | b','));
    if text.len() > most && entries.count() > most {
        let place = Place {
            file,
            line: 1,
            column: 1,
        };
        let message = format!("the document has more than {most} brackets and commas");
        return Err(fail(BUDGET, place, message)
            .help("split or simplify the document")
            .into());
    }
    Ok(())
}

/// A list or mapping whose end was not reached yet.
struct Open {
    place: Place,
    anchor: usize,
    kind: OpenKind,
}

enum OpenKind {
    List(Vec<Node>),
    /// The key that waits for its value, when there is one.
    Map(Mapping, Option<Key>),
}

/// A finished anchored node and what a copy of it costs.
struct Anchored {
    node: Node,
    cost: Cost,
}

struct Loader<'t> {
    text: &'t str,
    /// Made when the first token is met whose place the parser does not tell.
    lines: OnceCell<Lines<'t>>,
    /// The last anchor or tag.
    last: Cell<Option<Cursor<'t>>>,
    file: FileId,
    budget: Budget,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    root: Option<Node>,
    documents: usize,
}

impl<'t> Loader<'t> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Refused> {
        let place = self.place(span.start);
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
                self.documents = self.documents.saturating_add(1);
                if self.documents > 1 {
                    return Err(fail(
                        SEVERAL_DOCUMENTS,
                        place,
                        "a second YAML document begins here",
                    )
                    .help("keep one document a file")
                    .into());
                }
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, place),
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), place)
            }
            Event::SequenceStart(anchor, tag) => {
                check_tag(tag.as_deref(), "seq", place)?;
                let place = self.behind(place, anchor, tag.as_deref());
                self.enter(place, anchor, OpenKind::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                check_tag(tag.as_deref(), "map", place)?;
                let place = self.behind(place, anchor, tag.as_deref());
                self.enter(place, anchor, OpenKind::Map(Mapping::default(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(),
        }
    }

    /// Whether the next node is the key of the innermost mapping.
    fn expects_key(&self) -> bool {
        matches!(
            self.open.last(),
            Some(Open {
                kind: OpenKind::Map(_, None),
                ..
            })
        )
    }

    fn enter(&mut self, place: Place, anchor: usize, kind: OpenKind) -> Result<(), Refused> {
        if self.expects_key() {
            return Err(complex_key(place));
        }
        check_depth(self.open.len().saturating_add(1), place)?;
        self.budget.nodes(1, place)?;
        self.open.push(Open {
            place,
            anchor,
            kind,
        });
        Ok(())
    }

    fn leave(&mut self) -> Result<(), Refused> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let value = match open.kind {
            OpenKind::List(items) => Value::List(items),
            OpenKind::Map(mapping, _) => Value::Map(mapping.finish()),
        };
        let node = Node {
            place: open.place,
            value,
        };
        self.keep(open.anchor, &node)?;
        self.put(node);
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        place: Place,
    ) -> Result<(), Refused> {
        let is_plain = matches!(style, ScalarStyle::Plain);
        if self.expects_key() {
            if is_plain && text == "<<" && tag.is_none() {
                return Err(fail(
                    MERGE_KEY,
                    place,
                    "merge keys (`<<`) are not part of YAML 1.2",
                )
                .help("write the members out, or use a $ref")
                .into());
            }
            scalar_value(text, is_plain, tag, place)?;
            let place = self.behind(place, anchor, tag);
            if anchor != 0 {
                let node = Node {
                    place,
                    value: Value::String(text.to_owned()),
                };
                self.keep(anchor, &node)?;
            }
            return self.key(text.to_owned(), place);
        }
        let value = scalar_value(text, is_plain, tag, place)?;
        self.budget.nodes(1, place)?;
        // A value that is not written has no token of its own: its key is what a person can look at.
        let place = match self.open.last() {
            Some(Open {
                kind: OpenKind::Map(_, Some(key)),
                ..
            }) if is_plain && text.is_empty() => key.place,
            _ if is_plain && text.is_empty() => place,
            _ if anchor == 0
                && tag.is_none()
                && matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) =>
            {
                token::indicator(self.lines(), place, text)
            }
            _ => self.behind(place, anchor, tag),
        };
        let node = Node { place, value };
        self.keep(anchor, &node)?;
        self.put(node);
        Ok(())
    }

    fn alias(&mut self, anchor: usize, place: Place) -> Result<(), Refused> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(
                fail(RECURSIVE, place, "an alias stands inside its own anchor")
                    .help(
                        "write the inner value out; a schema that holds itself is named with $ref",
                    )
                    .into(),
            );
        };
        let Cost {
            nodes,
            text,
            height,
        } = anchored.cost;
        check_depth(self.open.len().saturating_add(height), place)?;
        self.budget.nodes(nodes, place)?;
        self.budget.text(text, place)?;
        let node = anchored.node.clone();
        if self.expects_key() {
            return match node.value {
                Value::String(text) | Value::Number(text) => self.key(text, place),
                _ => Err(complex_key(place)),
            };
        }
        self.put(node);
        Ok(())
    }

    /// Remembers an anchored node. The copy is charged like any other: anchors may nest.
    fn keep(&mut self, anchor: usize, node: &Node) -> Result<(), Refused> {
        if anchor == 0 {
            return Ok(());
        }
        let cost = cost(node);
        self.budget.nodes(cost.nodes, node.place)?;
        self.budget.text(cost.text, node.place)?;
        let node = node.clone();
        self.anchors.insert(anchor, Anchored { node, cost });
        Ok(())
    }

    fn key(&mut self, text: String, place: Place) -> Result<(), Refused> {
        let key = Key { text, place };
        if let Some(Open {
            kind: OpenKind::Map(mapping, waiting),
            ..
        }) = self.open.last_mut()
        {
            mapping.check(&key)?;
            *waiting = Some(key);
        }
        Ok(())
    }

    fn put(&mut self, node: Node) {
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.root = Some(node),
            Some(OpenKind::List(items)) => items.push(node),
            Some(OpenKind::Map(mapping, waiting)) => {
                if let Some(key) = waiting.take() {
                    mapping.push(key, node);
                }
            }
        }
    }

    /// Where the value itself stands, when an anchor or a tag stands before it.
    fn behind(&self, place: Place, anchor: usize, tag: Option<&Tag>) -> Place {
        match anchor == 0 && tag.is_none() {
            true => place,
            false => token::behind(self.lines(), &self.last, place),
        }
    }

    fn lines(&self) -> &Lines<'t> {
        self.lines.get_or_init(|| Lines::of(self.text))
    }

    /// The parser counts lines from 1 and columns from 0, both in characters.
    fn place(&self, marker: Marker) -> Place {
        Place {
            file: self.file,
            line: u32::try_from(marker.line()).unwrap_or(u32::MAX).max(1),
            column: u32::try_from(marker.col().saturating_add(1)).unwrap_or(u32::MAX),
        }
    }

    fn syntax(&self, error: &ScanError) -> Refused {
        let place = self.place(*error.marker());
        // The parser's own bound on nested brackets comes first when they are never closed.
        if error.info().contains("recursion limit") {
            return match check_depth(usize::MAX, place) {
                Err(refused) => refused,
                Ok(()) => fail(YAML, place, error.info().to_owned()).into(),
            };
        }
        let behind_tab = ["tab", "valid YAML whitespace"];
        let place = match behind_tab.iter().any(|word| error.info().contains(word)) {
            true => token::tab_before(self.lines(), place),
            false => place,
        };
        let help = match error.info() {
            info if info.contains("tab") => "indent with spaces",
            info if info.contains("valid YAML whitespace") => "put a space behind the `:`",
            info if info.contains("flow") => {
                "a `[` or `{` above is not closed, or what is in it is not indented"
            }
            info if info.contains("anchor") => {
                "name an anchor that stands before it, or quote the text"
            }
            info if info.contains("mapping values") => {
                "write a text that holds `: ` in quotes; if this is a key, look at the indentation"
            }
            info if info.contains("expected key") => {
                "give all keys of a mapping the same indentation"
            }
            _ => {
                "look at the indentation and the quotes up to here; write a text that begins with a sign in quotes"
            }
        };
        fail(YAML, place, format!("not valid YAML: {}", error.info()))
            .help(help)
            .into()
    }
}

fn complex_key(place: Place) -> Refused {
    fail(
        COMPLEX_KEY,
        place,
        "a key must be a scalar, not a list or a mapping",
    )
    .help("quote it if a text is meant")
    .into()
}

fn fail(code: u16, place: Place, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(code, place, message)
}
