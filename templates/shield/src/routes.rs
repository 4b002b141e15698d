//! From a path to an operation, on raw segments: nothing is decoded, folded or normalised before the guards (D5, P62, P63).

use crate::spec::Route;

/// The order of `Allow` (ruling 29); methods that are not in it come after, by name.
const ORDER: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// A declared path that a request names.
pub(crate) struct Match {
    pub node: &'static Route,
    /// Where the values of its variables stand in the path of the request, in order.
    pub params: Vec<(usize, usize)>,
}

/// The declared path that `path` is, if any. Literals win over variables, with backtracking. Every node of the tree stands
/// at one depth, so none is visited twice: the work is bounded by the tree, whatever is sent.
pub(crate) fn find(root: &'static Route, path: &str) -> Option<Match> {
    let rest = path.strip_prefix('/')?;
    let mut params = Vec::new();
    let node = if rest.is_empty() {
        ends(root)?
    } else {
        descend(root, path, 1, &mut params)?
    };
    Some(Match { node, params })
}

/// `from`: where the next segment starts. Segments may not be empty, so neither `//` nor a slash at the end matches.
fn descend(
    node: &'static Route,
    path: &str,
    from: usize,
    params: &mut Vec<(usize, usize)>,
) -> Option<&'static Route> {
    let rest = path.get(from..)?;
    let end = rest.bytes().position(|byte| byte == b'/');
    let segment = rest.get(..end.unwrap_or(rest.len()))?;
    if segment.is_empty() {
        return None;
    }
    let to = from + segment.len();
    let step = |next: &'static Route, params: &mut Vec<(usize, usize)>| {
        if to == path.len() {
            ends(next)
        } else {
            descend(next, path, to + 1, params)
        }
    };
    let literal = node
        .literals
        .binary_search_by(|(name, _)| (*name).cmp(segment))
        .ok();
    if let Some((_, next)) = literal.and_then(|at| node.literals.get(at))
        && let Some(found) = step(next, params)
    {
        return Some(found);
    }
    let next = node.param?;
    let depth = params.len();
    params.push((from, to));
    let found = step(next, params);
    if found.is_none() {
        params.truncate(depth);
    }
    found
}

fn ends(node: &'static Route) -> Option<&'static Route> {
    (!node.methods.is_empty()).then_some(node)
}

/// The operation of a method, by index. HEAD is served by GET (P47); names are compared exactly.
pub(crate) fn operation(node: &Route, method: &str) -> Option<usize> {
    let named = |name: &str| {
        node.methods
            .iter()
            .find(|(method, _)| *method == name)
            .map(|(_, operation)| *operation)
    };
    named(method).or_else(|| if method == "HEAD" { named("GET") } else { None })
}

/// `Allow` of a path, exact (ruling 29).
pub(crate) fn allow(node: &Route, cors: bool) -> String {
    let declared = |name: &str| node.methods.iter().any(|(method, _)| *method == name);
    let known = ORDER.iter().copied().filter(|name| match *name {
        "HEAD" => declared("HEAD") || declared("GET"),
        "OPTIONS" => cors || declared("OPTIONS"),
        name => declared(name),
    });
    let mut others: Vec<&str> = node
        .methods
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !ORDER.contains(name))
        .collect();
    others.sort_unstable();
    known.chain(others).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const fn end(methods: &'static [(&'static str, usize)]) -> Route {
        Route {
            literals: &[],
            param: None,
            methods,
        }
    }

    // /a/b/c, /a/{x}/d, /{y}/b/e, /{y}, /
    static AX: Route = Route {
        literals: &[("d", end(&[("GET", 1)]))],
        param: None,
        methods: &[],
    };
    static Y: Route = Route {
        literals: &[("b", YB)],
        param: None,
        methods: &[("GET", 3), ("DELETE", 4)],
    };
    const YB: Route = Route {
        literals: &[("e", end(&[("POST", 2)]))],
        param: None,
        methods: &[],
    };
    static ROOT: Route = Route {
        literals: &[(
            "a",
            Route {
                literals: &[(
                    "b",
                    Route {
                        literals: &[("c", end(&[("GET", 0)]))],
                        param: None,
                        methods: &[],
                    },
                )],
                param: Some(&AX),
                methods: &[],
            },
        )],
        param: Some(&Y),
        methods: &[("GET", 5)],
    };

    fn found(path: &str) -> Option<(usize, Vec<&str>)> {
        let found = find(&ROOT, path)?;
        let operation = found.node.methods.first().unwrap().1;
        Some((
            operation,
            found
                .params
                .iter()
                .map(|(from, to)| &path[*from..*to])
                .collect(),
        ))
    }

    #[test]
    fn literals_come_first_and_dead_ends_are_left() {
        assert_eq!(found("/a/b/c"), Some((0, vec![])));
        assert_eq!(found("/a/b/d"), Some((1, vec!["b"])));
        assert_eq!(found("/a/b/e"), Some((2, vec!["a"])));
        assert_eq!(found("/a"), Some((3, vec!["a"])));
        assert_eq!(found("/"), Some((5, vec![])));
    }

    #[test]
    fn nothing_is_normalised() {
        for path in [
            "", "*", "a/b/c", "//a", "/a/b/c/", "/a//c", "/a//d", "//b/e", "/a/b/c/x", "/A/b/c",
            "/a/./b/c", "/%61/b/c", "/a/b%2Fc",
        ] {
            assert_eq!(found(path).map(|(operation, _)| operation), None, "{path}");
        }
        assert_eq!(found("/a%2Fb"), Some((3, vec!["a%2Fb"])));
    }

    #[test]
    fn allow_has_one_order() {
        let node = end(&[
            ("PATCH", 0),
            ("QUERY", 1),
            ("GET", 2),
            ("COPY", 3),
            ("DELETE", 4),
            ("POST", 5),
        ]);
        assert_eq!(
            allow(&node, false),
            "GET, HEAD, POST, PATCH, DELETE, COPY, QUERY"
        );
        assert_eq!(allow(&end(&[("PUT", 0)]), true), "PUT, OPTIONS");
    }

    #[test]
    fn methods_are_exact() {
        let node = end(&[("GET", 7)]);
        assert_eq!(operation(&node, "HEAD"), Some(7));
        for method in ["get", "GETS", "POST", "OPTIONS", "TRACE"] {
            assert_eq!(operation(&node, method), None, "{method}");
        }
    }
}
