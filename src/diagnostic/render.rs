//! Diagnostics as a person reads them on stderr (ruling 78).

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    AnnotationKind, Group, Level, Origin, Padding, Patch as Replace, Renderer, Snippet,
};

use super::escape::escape;
use super::excerpt::{excerpt, replaced};
use super::patch::patch_in;
use super::texts::Texts;
use super::{Diagnostic, Diagnostics, Patch, code};
use crate::document::{LoadError, Place, Sources, UNREADABLE};

/// At most so many related places of one diagnostic are shown.
const RELATED: usize = 8;

/// Text of the document in a message may be long; what helps stands at its beginning.
const LONGEST: usize = 600;

/// All of `diagnostics` as text for stderr, coloured when `color`: sorted by place, each once, at most 50.
///
/// Empty when there are none; else it ends with a newline.
pub fn render(diagnostics: &Diagnostics, sources: &Sources, color: bool) -> String {
    let (shown, more) = diagnostics.shown();
    let mut texts = Texts::of(sources);
    let mut out = String::new();
    for one in shown {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&one_diagnostic(one, &mut texts, color));
    }
    if more > 0 {
        out.push_str(&format!("\nand {more} more\n"));
    }
    out
}

/// A refusal to load, as text for stderr.
pub fn render_load_error(error: &LoadError, color: bool) -> String {
    match error {
        LoadError::Unplaced { message, help } => {
            let message = text(message);
            let help = help.as_deref().map(text);
            let id = code(UNREADABLE);
            let mut group = Group::with_title(Level::ERROR.primary_title(&message).id(&id));
            if let Some(help) = &help {
                group = group.element(Level::HELP.message(help));
            }
            finish(&[group], color)
        }
        LoadError::Refused {
            diagnostics,
            sources,
        } => render(diagnostics, sources, color),
    }
}

fn one_diagnostic(one: &Diagnostic, texts: &mut Texts<'_>, color: bool) -> String {
    let message = text(&one.message);
    let help = one.help.as_deref().map(text);
    let id = code(one.code);
    let mut group = Group::with_title(Level::ERROR.primary_title(&message).id(&id));
    group = quote(group, one.place, None, texts);
    for (place, note) in one.related.iter().take(RELATED) {
        group = quote(group, *place, Some(note), texts);
    }
    let edited = one
        .edit
        .as_ref()
        .and_then(|edit| patch_in(edit, texts))
        .and_then(|patch| edited(&patch, texts));
    let Some(help) = &help else {
        return finish(&[group], color);
    };
    match edited {
        Some(snippet) => {
            let title = Level::HELP.secondary_title(help);
            finish(&[group, title.element(snippet)], color)
        }
        None => {
            group = group.element(Padding).element(Level::HELP.message(help));
            finish(&[group], color)
        }
    }
}

/// The line of a patch, before and after.
fn edited<'a>(patch: &Patch, texts: &mut Texts<'_>) -> Option<Snippet<'a, Replace<'a>>> {
    let line = texts.line(patch.place)?;
    let (shown, new) = replaced(line, patch)?;
    let number = usize::try_from(patch.place.line).unwrap_or(usize::MAX);
    Some(
        Snippet::source(shown.text)
            .line_start(number)
            .patch(Replace::new(shown.token, new)),
    )
}

/// Adds a place: where it is, and its line. The place is said by an [`Origin`] and not by the snippet, whose columns are
/// those of the text as it is shown.
fn quote<'a>(
    group: Group<'a>,
    place: Place,
    note: Option<&str>,
    texts: &mut Texts<'_>,
) -> Group<'a> {
    let source = texts.source(place);
    let name = source.map_or_else(|| "?".to_owned(), |source| text(&source.name));
    let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let origin = Origin::path(name)
        .line(number(place.line))
        .char_column(number(place.column));
    let group = group.element(origin);
    let Some(line) = texts.line(place) else {
        return group;
    };
    let shown = excerpt(line, place.column);
    let (kind, note) = match note {
        None => (AnnotationKind::Primary, None),
        Some(note) => (AnnotationKind::Context, Some(text(note))),
    };
    group.element(
        Snippet::source(shown.text)
            .line_start(number(place.line))
            .annotation(kind.span(shown.token).label(note)),
    )
}

fn finish(report: &[Group<'_>], color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let rendered = renderer.decor_style(DecorStyle::Ascii).render(report);
    let mut out = String::with_capacity(rendered.len());
    // A snippet without a path of its own gets a line that announces none.
    for line in rendered.lines().filter(|line| visible(line) != ":::") {
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// `line` without colours and blanks.
fn visible(line: &str) -> String {
    let mut text = String::new();
    let mut in_sequence = false;
    for c in line.chars() {
        match c {
            '\u{1b}' => in_sequence = true,
            'm' if in_sequence => in_sequence = false,
            c if in_sequence || c.is_whitespace() => {}
            c => text.push(c),
        }
    }
    text
}

/// Text for a message: escaped, and not endless.
fn text(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => escape(text).into_owned(),
        Some((end, _)) => format!("{}…", escape(text.get(..end).unwrap_or_default())),
    }
}
