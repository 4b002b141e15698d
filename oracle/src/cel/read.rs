//! The tree of an expression (langdef.md, Syntax): from the choice down to the members.

use super::tokens::{Token, tokens};
use regex::Regex;

#[derive(Debug, Clone)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Node>),
    /// A root, or the item of a macro.
    Name(String),
    Member(Box<Node>, String),
    Has(Box<Node>, String),
    Not(Box<Node>),
    Minus(Box<Node>),
    /// Its sign says which.
    Two(&'static str, Box<[Node; 2]>),
    Choice(Box<[Node; 3]>),
    Call(String, Vec<Node>),
    Matches(Box<Node>, Regex),
    Each {
        how: Each,
        list: Box<Node>,
        item: String,
        holds: Box<Node>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Each {
    All,
    Exists,
    ExistsOne,
}

/// Deeper than palisade takes (64 levels), so that nothing is left out and no stack ends.
const DEEPEST: usize = 100;

pub(super) fn read(text: &str) -> Result<Node, String> {
    let mut reader = Reader {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
    };
    let node = reader.choice()?;
    match reader.tokens.get(reader.at) {
        None => Ok(node),
        Some(more) => Err(format!("{more:?} where nothing more is expected")),
    }
}

impl Node {
    pub(super) fn reads(&self, root: &str) -> bool {
        match self {
            Node::Null | Node::Bool(_) | Node::Int(_) | Node::Text(_) => false,
            Node::Name(name) => name == root,
            Node::List(items) | Node::Call(_, items) => items.iter().any(|item| item.reads(root)),
            Node::Member(on, _)
            | Node::Has(on, _)
            | Node::Not(on)
            | Node::Minus(on)
            | Node::Matches(on, _) => on.reads(root),
            Node::Two(_, both) => both.iter().any(|each| each.reads(root)),
            Node::Choice(parts) => parts.iter().any(|part| part.reads(root)),
            Node::Each { list, holds, .. } => list.reads(root) || holds.reads(root),
        }
    }
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

type Read = Result<Node, String>;

impl Reader {
    /// The next sign, if it is one of these.
    fn sign(&mut self, of: &[&'static str]) -> Option<&'static str> {
        let Some(Token::Sign(sign)) = self.tokens.get(self.at) else {
            return None;
        };
        let sign = of.iter().find(|each| *each == sign)?;
        self.at += 1;
        Some(sign)
    }

    fn must(&mut self, sign: &'static str) -> Result<(), String> {
        let there = self.tokens.get(self.at).cloned();
        match self.sign(&[sign]) {
            Some(_) => Ok(()),
            None => Err(format!("{there:?} in place of {sign}")),
        }
    }

    fn name(&mut self) -> Result<String, String> {
        match self.tokens.get(self.at) {
            Some(Token::Name(name)) => {
                self.at += 1;
                Ok(name.clone())
            }
            other => Err(format!("{other:?} in place of a name")),
        }
    }

    fn choice(&mut self) -> Read {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("too deep".to_owned());
        }
        let condition = self.any()?;
        let node = match self.sign(&["?"]) {
            None => condition,
            Some(_) => {
                let yes = self.any()?;
                self.must(":")?;
                Node::Choice(Box::new([condition, yes, self.choice()?]))
            }
        };
        self.depth -= 1;
        Ok(node)
    }

    fn any(&mut self) -> Read {
        self.joined(&["||"], Self::all)
    }

    fn all(&mut self) -> Read {
        self.joined(&["&&"], Self::relation)
    }

    /// All comparisons bind alike, and `in` is one of them.
    fn relation(&mut self) -> Read {
        let mut left = self.sum()?;
        loop {
            let sign = match self.tokens.get(self.at) {
                Some(Token::Name(name)) if name == "in" => {
                    self.at += 1;
                    "in"
                }
                _ => match self.sign(&["<=", ">=", "==", "!=", "<", ">"]) {
                    Some(sign) => sign,
                    None => return Ok(left),
                },
            };
            left = Node::Two(sign, Box::new([left, self.sum()?]));
        }
    }

    fn sum(&mut self) -> Read {
        self.joined(&["+", "-"], Self::product)
    }

    fn product(&mut self) -> Read {
        self.joined(&["*", "/", "%"], Self::unary)
    }

    fn joined(&mut self, by: &[&'static str], part: fn(&mut Self) -> Read) -> Read {
        let mut left = part(self)?;
        while let Some(sign) = self.sign(by) {
            left = Node::Two(sign, Box::new([left, part(self)?]));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Read {
        let mut signs = Vec::new();
        while let Some(sign) = self.sign(&["!", "-"]) {
            signs.push(sign);
        }
        // The least integer is a minus and a number that is none by itself.
        let mut node = match (signs.last(), self.tokens.get(self.at)) {
            (Some(&"-"), Some(Token::Number(number))) => {
                let least = 0_i64.checked_sub_unsigned(*number);
                let least = least.ok_or("a number below all")?;
                self.at += 1;
                signs.pop();
                Node::Int(least)
            }
            _ => self.member()?,
        };
        for sign in signs.into_iter().rev() {
            node = match sign {
                "!" => Node::Not(Box::new(node)),
                _ => Node::Minus(Box::new(node)),
            };
        }
        Ok(node)
    }

    fn member(&mut self) -> Read {
        let mut on = self.primary()?;
        loop {
            if self.sign(&["."]).is_some() {
                let name = self.name()?;
                on = match self.sign(&["("]) {
                    Some(_) => self.method(on, name)?,
                    None => Node::Member(Box::new(on), name),
                };
            } else if self.sign(&["["]).is_some() {
                let Node::Text(name) = self.choice()? else {
                    return Err("an index that is no name".to_owned());
                };
                self.must("]")?;
                on = Node::Member(Box::new(on), name);
            } else {
                return Ok(on);
            }
        }
    }

    fn method(&mut self, on: Node, name: String) -> Read {
        let how = match name.as_str() {
            "all" => Each::All,
            "exists" => Each::Exists,
            "exists_one" => Each::ExistsOne,
            _ => {
                let mut arguments = vec![on];
                arguments.extend(self.arguments()?);
                return function(name, arguments);
            }
        };
        let item = self.name()?;
        self.must(",")?;
        let holds = self.choice()?;
        self.must(")")?;
        Ok(Node::Each {
            how,
            list: Box::new(on),
            item,
            holds: Box::new(holds),
        })
    }

    /// Up to the parenthesis that closes.
    fn arguments(&mut self) -> Result<Vec<Node>, String> {
        self.until(")")
    }

    fn until(&mut self, end: &'static str) -> Result<Vec<Node>, String> {
        let mut all = Vec::new();
        if self.sign(&[end]).is_some() {
            return Ok(all);
        }
        loop {
            all.push(self.choice()?);
            if self.sign(&[end]).is_some() {
                return Ok(all);
            }
            self.must(",")?;
        }
    }

    fn primary(&mut self) -> Read {
        let token = self.tokens.get(self.at).cloned().ok_or("it ends")?;
        self.at += 1;
        match token {
            Token::Text(text) => Ok(Node::Text(text)),
            Token::Number(number) => {
                let number = i64::try_from(number).map_err(|error| error.to_string())?;
                Ok(Node::Int(number))
            }
            Token::Sign("(") => {
                let inner = self.choice()?;
                self.must(")")?;
                Ok(inner)
            }
            Token::Sign("[") => Ok(Node::List(self.until("]")?)),
            Token::Sign(sign) => Err(format!("{sign} where a value is expected")),
            Token::Name(name) => match name.as_str() {
                "true" => Ok(Node::Bool(true)),
                "false" => Ok(Node::Bool(false)),
                "null" => Ok(Node::Null),
                _ if self.sign(&["("]).is_some() => {
                    let arguments = self.arguments()?;
                    function(name, arguments)
                }
                _ => Ok(Node::Name(name)),
            },
        }
    }
}

/// A function, by name and by how many it takes; a method's first is what it stands on.
fn function(name: String, arguments: Vec<Node>) -> Read {
    let mut given = arguments.into_iter();
    match (name.as_str(), [given.next(), given.next(), given.next()]) {
        ("has", [Some(Node::Member(on, member)), None, None]) => Ok(Node::Has(on, member)),
        ("matches", [Some(on), Some(Node::Text(pattern)), None]) => {
            let pattern = Regex::new(&pattern).map_err(|error| error.to_string())?;
            Ok(Node::Matches(Box::new(on), pattern))
        }
        ("size" | "timestamp" | "duration", [Some(one), None, None]) => {
            Ok(Node::Call(name, vec![one]))
        }
        ("startsWith" | "endsWith" | "contains", [Some(on), Some(with), None]) => {
            Ok(Node::Call(name, vec![on, with]))
        }
        _ => Err(format!("{name} is not called so")),
    }
}
