//! The statement below a mark: which lines it has, and that it is one that can be left out.

use syn::{Expr, Stmt};

/// How many of `lines` the statement has that begins with the first of them.
///
/// # Errors
///
/// It does not stand where the mark does, or something would be missing if it were not there.
pub(super) fn lines(indent: &str, lines: &[&str]) -> Result<usize, String> {
    let first = lines.first().copied().unwrap_or_default();
    let stands = first
        .strip_prefix(indent)
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with([' ', '/']));
    if !stands {
        return Err("no statement stands right below the mark".to_owned());
    }
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        text.push_str(line);
        text.push('\n');
        // Inside of a macro, `$name` is read as a name.
        let Ok(statement) = syn::parse_str::<Stmt>(&text.replace('$', "of_a_macro_")) else {
            continue;
        };
        let next = lines.get(at + 1).map(|line| line.trim_start());
        match statement {
            Stmt::Expr(Expr::If(each), None) if each.else_branch.is_some() => {
                return Err("an `if` that has an `else` cannot be left out".to_owned());
            }
            // `else` may stand on the next line; then the statement goes on, and ends above.
            Stmt::Expr(Expr::If(_), None) if next.is_some_and(|next| next.starts_with("else")) => {}
            Stmt::Expr(Expr::If(_) | Expr::ForLoop(_), None) => return Ok(at + 1),
            Stmt::Expr(
                Expr::Return(_) | Expr::Try(_) | Expr::Call(_) | Expr::MethodCall(_),
                Some(_),
            ) => return Ok(at + 1),
            // A piece of a longer one.
            Stmt::Expr(_, None) => {}
            _ => return Err(format!("`{}` is none that can be left out", first.trim())),
        }
    }
    Err("the statement below the mark has no end".to_owned())
}
