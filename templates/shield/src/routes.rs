//! From a path to an operation, on raw segments: nothing is decoded, folded or normalised before the guards (D5, P62, P63).

use std::collections::BTreeMap;

use crate::spec::Policy;

/// The order of `Allow` (ruling 29); methods that are not in it come after, by name.
const ORDER: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// A node of the tree of paths. Literals are matched first, with backtracking; both on raw, undecoded segments.
#[derive(Default)]
pub(crate) struct Node {
    literals: BTreeMap<&'static str, Node>,
    param: Option<Box<Node>>,
    /// Method name and index into `Spec::operations`. Empty: no path ends here.
    pub methods: Vec<(&'static str, usize)>,
}

impl Node {
    /// The tree of all operations.
    ///
    /// # Errors
    ///
    /// The operation that has path and method of one before it.
    pub fn of(operations: &[&'static Policy]) -> Result<Self, &'static Policy> {
        let mut root = Node::default();
        for (index, policy) in operations.iter().enumerate() {
            let mut node = &mut root;
            let segments = policy.route.split('/').filter(|name| !name.is_empty());
            for segment in segments {
                node = match segment.starts_with('{') && segment.ends_with('}') {
                    true => node.param.get_or_insert_default(),
                    false => node.literals.entry(segment).or_default(),
                };
            }
            if node.methods.iter().any(|(name, _)| *name == policy.method) {
                return Err(policy);
            }
            node.methods.push((policy.method, index));
        }
        Ok(root)
    }
}

/// A declared path that a request names.
pub(crate) struct Match<'a> {
    pub node: &'a Node,
    /// Where the values of its variables stand in the path of the request, in order.
    pub params: Vec<(usize, usize)>,
}

/// The declared path that `path` is, if any. Literals win over variables, with backtracking. Every node of the tree stands
/// at one depth, so none is visited twice: the work is bounded by the tree, whatever is sent.
pub(crate) fn find<'a>(root: &'a Node, path: &str) -> Option<Match<'a>> {
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
fn descend<'a>(
    node: &'a Node,
    path: &str,
    from: usize,
    params: &mut Vec<(usize, usize)>,
) -> Option<&'a Node> {
    let rest = path.get(from..)?;
    let end = rest.bytes().position(|byte| byte == b'/');
    let segment = rest.get(..end.unwrap_or(rest.len()))?;
    if segment.is_empty() {
        return None;
    }
    let to = from + segment.len();
    let step = |next: &'a Node, params: &mut Vec<(usize, usize)>| {
        if to == path.len() {
            ends(next)
        } else {
            descend(next, path, to + 1, params)
        }
    };
    if let Some(next) = node.literals.get(segment)
        && let Some(found) = step(next, params)
    {
        return Some(found);
    }
    let next = node.param.as_deref()?;
    let depth = params.len();
    params.push((from, to));
    let found = step(next, params);
    if found.is_none() {
        params.truncate(depth);
    }
    found
}

fn ends(node: &Node) -> Option<&Node> {
    (!node.methods.is_empty()).then_some(node)
}

/// The operation of a method, by index. HEAD is served by GET (P47); names are compared exactly.
pub(crate) fn operation(node: &Node, method: &str) -> Option<usize> {
    let named = |name: &str| {
        node.methods
            .iter()
            .find(|(method, _)| *method == name)
            .map(|(_, operation)| *operation)
    };
    named(method).or_else(|| if method == "HEAD" { named("GET") } else { None })
}

/// `Allow` of a path, exact (ruling 29).
pub(crate) fn allow(node: &Node, cors: bool) -> String {
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

    const BASE: Policy = Policy::base(0, 0, 0);

    static OPERATIONS: [&Policy; 6] = [
        &BASE.of("a", "GET", "/a/b/c"),
        &BASE.of("b", "GET", "/a/{x}/d"),
        &BASE.of("c", "POST", "/{y}/b/e"),
        &BASE.of("d", "GET", "/{y}"),
        &BASE.of("e", "DELETE", "/{z}"),
        &BASE.of("f", "GET", "/"),
    ];

    fn end(methods: &[(&'static str, usize)]) -> Node {
        Node {
            methods: methods.to_vec(),
            ..Node::default()
        }
    }

    fn tree() -> Node {
        Node::of(&OPERATIONS).ok().unwrap()
    }

    fn found(path: &str) -> Option<(usize, Vec<&str>)> {
        let root = tree();
        let found = find(&root, path)?;
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
    fn a_path_is_one_whatever_its_variables_are_called() {
        let root = tree();
        let node = find(&root, "/z").unwrap().node;
        assert_eq!(operation(node, "GET"), Some(3));
        assert_eq!(operation(node, "DELETE"), Some(4));
    }

    #[test]
    fn path_and_method_are_those_of_one_operation() {
        static AGAIN: Policy = BASE.of("again", "GET", "/{x}");
        static OTHER: Policy = BASE.of("other", "PUT", "/{x}");
        let mut operations = OPERATIONS.to_vec();
        operations.push(&OTHER);
        assert!(Node::of(&operations).is_ok());
        operations.push(&AGAIN);
        let found = Node::of(&operations).err().unwrap();
        assert_eq!(found.operation, "again");
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
