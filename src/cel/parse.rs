//! From tokens to a tree (CEL specification, Syntax). By hand: the parser that there is overflows the stack on ninety
//! parentheses (decision 18).

use super::ast::{Ast, Node, Operator};
use super::error::{Error, What};
use super::token::{Token, tokens};
use super::{DEEPEST, LONGEST};

/// What may not be a name (CEL specification, RESERVED).
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "package",
    "return",
    "var",
    "void",
    "while",
];

/// The tree of one expression.
pub fn parse(text: &str) -> Result<Ast, Error> {
    if text.len() > LONGEST {
        return Err(Error::new(
            What::Size,
            0,
            format!("an expression has at most {LONGEST} bytes"),
            "make several policies of it",
        ));
    }
    let tokens = tokens(text)?;
    let mut parser = Parser {
        tokens: &tokens,
        depth: 0,
    };
    let tree = parser.expression()?;
    match parser.peek() {
        (_, Token::End) => Ok(tree),
        (at, token) => Err(unexpected(*at, token, "an operator, or the end")),
    }
}

struct Parser<'t> {
    /// What is left; the last one is the end.
    tokens: &'t [(usize, Token)],
    /// Of the calls that are open.
    depth: u32,
}

/// Stands for the end where there is none left, which cannot be.
static END: (usize, Token) = (0, Token::End);

impl<'t> Parser<'t> {
    fn peek(&self) -> &'t (usize, Token) {
        self.tokens.first().unwrap_or(&END)
    }

    fn next(&mut self) -> &'t (usize, Token) {
        match self.tokens {
            [first, rest @ ..] => {
                if !rest.is_empty() {
                    self.tokens = rest;
                }
                first
            }
            [] => &END,
        }
    }

    /// Takes the sign, if it stands here; gives its byte.
    fn sign(&mut self, sign: &str) -> Option<usize> {
        let (at, token) = self.peek();
        if !matches!(token, Token::Sign(here) if *here == sign) {
            return None;
        }
        self.next();
        Some(*at)
    }

    fn expect(&mut self, sign: &str) -> Result<(), Error> {
        match self.sign(sign) {
            Some(_) => Ok(()),
            None => {
                let (at, token) = self.peek();
                Err(unexpected(*at, token, &format!("`{sign}`")))
            }
        }
    }

    /// Every way down goes through here, so that no text is deeper than the stack.
    fn expression(&mut self) -> Result<Ast, Error> {
        let (at, _) = self.peek();
        if self.depth >= DEEPEST {
            return Err(too_deep(*at));
        }
        self.depth += 1;
        let tree = self.choice();
        self.depth = self.depth.saturating_sub(1);
        tree
    }

    fn choice(&mut self) -> Result<Ast, Error> {
        let condition = self.any()?;
        let Some(at) = self.sign("?") else {
            return Ok(condition);
        };
        let yes = self.any()?;
        self.expect(":")?;
        let no = self.expression()?;
        node(at, Node::Choice(Box::new([condition, yes, no])))
    }

    fn any(&mut self) -> Result<Ast, Error> {
        self.chain("||", Self::all, Node::Any)
    }

    fn all(&mut self) -> Result<Ast, Error> {
        self.chain("&&", Self::relation, Node::All)
    }

    /// Two or more parts become one node, so that a long chain is not deep.
    fn chain(
        &mut self,
        sign: &str,
        part: impl Fn(&mut Self) -> Result<Ast, Error>,
        make: impl Fn(Vec<Ast>) -> Node,
    ) -> Result<Ast, Error> {
        let first = part(self)?;
        let Some(at) = self.sign(sign) else {
            return Ok(first);
        };
        let mut parts = vec![first, part(self)?];
        while self.sign(sign).is_some() {
            parts.push(part(self)?);
        }
        node(at, make(parts))
    }

    fn relation(&mut self) -> Result<Ast, Error> {
        let mut left = self.sum()?;
        while let Some((at, operator)) = self.operator(&[
            Operator::LessOrEqual,
            Operator::GreaterOrEqual,
            Operator::Less,
            Operator::Greater,
            Operator::Equal,
            Operator::NotEqual,
            Operator::In,
        ]) {
            let right = self.sum()?;
            left = binary(at, operator, left, right)?;
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<Ast, Error> {
        let mut left = self.product()?;
        while let Some((at, operator)) = self.operator(&[Operator::Add, Operator::Subtract]) {
            let right = self.product()?;
            left = binary(at, operator, left, right)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Ast, Error> {
        let mut left = self.unary()?;
        while let Some((at, operator)) =
            self.operator(&[Operator::Multiply, Operator::Divide, Operator::Remainder])
        {
            let right = self.unary()?;
            left = binary(at, operator, left, right)?;
        }
        Ok(left)
    }

    fn operator(&mut self, among: &[Operator]) -> Option<(usize, Operator)> {
        let (at, token) = self.peek();
        let sign = match token {
            Token::Sign(sign) => *sign,
            Token::Name(name) => name.as_str(),
            _ => return None,
        };
        let found = among.iter().find(|operator| operator.sign() == sign)?;
        self.next();
        Some((*at, *found))
    }

    fn unary(&mut self) -> Result<Ast, Error> {
        let mut nots = Vec::new();
        while let Some(at) = self.sign("!") {
            nots.push(at);
        }
        if !nots.is_empty() {
            let mut tree = self.member()?;
            for at in nots.into_iter().rev() {
                tree = node(at, Node::Not(Box::new(tree)))?;
            }
            return Ok(tree);
        }
        let mut minuses = Vec::new();
        while let Some(at) = self.sign("-") {
            minuses.push(at);
        }
        // The one before a number is part of it: 2^63 is an integer only with it.
        let mut tree = match (minuses.last(), self.peek()) {
            (Some(at), (_, Token::Int(value))) => {
                let at = *at;
                minuses.pop();
                self.next();
                let negative = 0_i64.checked_sub_unsigned(*value);
                node(at, Node::Int(negative.ok_or_else(|| out_of_range(at))?))?
            }
            _ => self.member()?,
        };
        for at in minuses.into_iter().rev() {
            tree = node(at, Node::Minus(Box::new(tree)))?;
        }
        Ok(tree)
    }

    fn member(&mut self) -> Result<Ast, Error> {
        let mut tree = self.primary()?;
        loop {
            if self.sign(".").is_some() {
                if let Some(at) = self.sign("?") {
                    return Err(Error::unsupported(
                        at,
                        "an optional member (`.?`)",
                        "ask with `has(…)`",
                    ));
                }
                let (at, name) = self.name()?;
                tree = match self.sign("(") {
                    Some(_) => {
                        let arguments = self.list(")")?;
                        let on = Some(Box::new(tree));
                        node(
                            at,
                            Node::Call {
                                on,
                                name,
                                arguments,
                            },
                        )?
                    }
                    None => node(at, Node::Select(Box::new(tree), name))?,
                };
            } else if let Some(at) = self.sign("[") {
                let by = self.expression()?;
                self.expect("]")?;
                tree = node(at, Node::Index(Box::new(tree), Box::new(by)))?;
            } else if let (at, Token::Sign("{")) = self.peek() {
                return Err(Error::unsupported(*at, "a message", "compare its members"));
            } else {
                return Ok(tree);
            }
        }
    }

    fn name(&mut self) -> Result<(usize, String), Error> {
        match self.next() {
            (at, Token::Name(name)) if !RESERVED.contains(&name.as_str()) => {
                Ok((*at, name.clone()))
            }
            (at, Token::Name(name)) => Err(reserved(*at, name)),
            (at, token) => Err(unexpected(*at, token, "a name")),
        }
    }

    fn primary(&mut self) -> Result<Ast, Error> {
        let (at, token) = self.next();
        let at = *at;
        match token {
            Token::Int(value) => match i64::try_from(*value) {
                Ok(value) => node(at, Node::Int(value)),
                Err(_) => Err(out_of_range(at)),
            },
            Token::Text(text) => node(at, Node::Text(text.clone())),
            Token::Name(name) => match name.as_str() {
                "true" => node(at, Node::Bool(true)),
                "false" => node(at, Node::Bool(false)),
                "null" => node(at, Node::Null),
                name if RESERVED.contains(&name) => Err(reserved(at, name)),
                name => {
                    let name = name.to_owned();
                    match self.sign("(") {
                        Some(_) => {
                            let arguments = self.list(")")?;
                            node(
                                at,
                                Node::Call {
                                    on: None,
                                    name,
                                    arguments,
                                },
                            )
                        }
                        None => node(at, Node::Name(name)),
                    }
                }
            },
            Token::Sign("(") => {
                let tree = self.expression()?;
                self.expect(")")?;
                Ok(tree)
            }
            Token::Sign("[") => {
                let items = self.list("]")?;
                node(at, Node::List(items))
            }
            Token::Sign("{") => Err(Error::unsupported(at, "a map", "compare value by value")),
            Token::Sign(".") => Err(Error::unsupported(
                at,
                "a name that begins with a dot",
                "write the name alone",
            )),
            other => Err(unexpected(at, other, "a value")),
        }
    }

    /// What stands between brackets, up to and with the closing one.
    fn list(&mut self, end: &str) -> Result<Vec<Ast>, Error> {
        let mut items = Vec::new();
        while self.sign(end).is_none() {
            items.push(self.expression()?);
            if self.sign(",").is_none() {
                self.expect(end)?;
                break;
            }
            // A list may end with a comma, arguments may not.
            if end == ")"
                && let (at, token @ Token::Sign(")")) = self.peek()
            {
                return Err(unexpected(*at, token, "a value"));
            }
        }
        Ok(items)
    }
}

fn binary(at: usize, operator: Operator, left: Ast, right: Ast) -> Result<Ast, Error> {
    node(at, Node::Binary(operator, Box::new(left), Box::new(right)))
}

/// A node over its parts, unless the tree would be too deep to go down again.
fn node(at: usize, node: Node) -> Result<Ast, Error> {
    let most = |parts: &[Ast]| parts.iter().map(|part| part.depth).max().unwrap_or(0);
    let below = match &node {
        Node::Null | Node::Bool(_) | Node::Int(_) | Node::Text(_) | Node::Name(_) => 0,
        Node::Select(on, _) | Node::Not(on) | Node::Minus(on) => on.depth,
        Node::Index(left, right) | Node::Binary(_, left, right) => left.depth.max(right.depth),
        Node::List(parts) | Node::All(parts) | Node::Any(parts) => most(parts),
        Node::Call { on, arguments, .. } => {
            most(arguments).max(on.as_ref().map_or(0, |on| on.depth))
        }
        Node::Choice(parts) => most(parts.as_slice()),
    };
    let depth = below.saturating_add(1);
    if depth > DEEPEST {
        return Err(too_deep(at));
    }
    Ok(Ast { at, node, depth })
}

fn too_deep(at: usize) -> Error {
    Error::new(
        What::Size,
        at,
        format!("more than {DEEPEST} parts of the expression stand in one another"),
        "make several policies of it, or compare with a list by `in`",
    )
}

fn out_of_range(at: usize) -> Error {
    Error::new(
        What::Syntax,
        at,
        "this is no integer of 64 bits",
        "integers go from -9223372036854775808 to 9223372036854775807",
    )
}

fn reserved(at: usize, name: &str) -> Error {
    Error::new(
        What::Syntax,
        at,
        format!("`{name}` is a word of CEL and no name"),
        "a member of that name is read as `x[\"name\"]`",
    )
}

fn unexpected(at: usize, token: &Token, wanted: &str) -> Error {
    let found = match token {
        Token::End => "the expression ends".to_owned(),
        Token::Name(name) => format!("`{name}` stands"),
        Token::Int(_) => "a number stands".to_owned(),
        Token::Text(_) => "a text stands".to_owned(),
        Token::Sign(sign) => format!("`{sign}` stands"),
    };
    Error::new(
        What::Syntax,
        at,
        format!("{found} where {wanted} should be"),
        "write one expression of CEL",
    )
}
