//! The tree of an expression as it is written.

/// A node, and the byte of the text that a message about it points at: of an operator, a name, or a literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ast {
    pub at: usize,
    pub(super) node: Node,
    /// Of the tree below, itself included.
    pub(super) depth: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Name(String),
    Select(Box<Ast>, String),
    Index(Box<Ast>, Box<Ast>),
    List(Vec<Ast>),
    Call {
        on: Option<Box<Ast>>,
        name: String,
        arguments: Vec<Ast>,
    },
    Not(Box<Ast>),
    Minus(Box<Ast>),
    Binary(Operator, Box<Ast>, Box<Ast>),
    /// `&&`: two or more.
    All(Vec<Ast>),
    /// `||`: two or more.
    Any(Vec<Ast>),
    Choice(Box<[Ast; 3]>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// Signs of the operators between two values that are not `&&` and `||`.
pub const OPERATORS: &[&str] = &[
    "<", "<=", ">", ">=", "==", "!=", "in", "+", "-", "*", "/", "%",
];

impl Operator {
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::In => "in",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Remainder => "%",
        }
    }
}

impl Ast {
    /// Whether some name in it is `name`, as a variable: what an expression can be said to read before it is checked.
    pub fn names(&self, name: &str) -> bool {
        let any = |parts: &[Ast]| parts.iter().any(|part| part.names(name));
        match &self.node {
            Node::Name(known) => known == name,
            Node::Null | Node::Bool(_) | Node::Int(_) | Node::Text(_) => false,
            Node::Select(on, _) | Node::Not(on) | Node::Minus(on) => on.names(name),
            Node::Index(on, by) | Node::Binary(_, on, by) => on.names(name) || by.names(name),
            Node::List(parts) | Node::All(parts) | Node::Any(parts) => any(parts),
            Node::Call { on, arguments, .. } => {
                on.as_ref().is_some_and(|on| on.names(name)) || any(arguments)
            }
            Node::Choice(parts) => any(parts.as_slice()),
        }
    }

    /// The whole of it, when it is one name: `isClinician`.
    pub fn as_name(&self) -> Option<&str> {
        match &self.node {
            Node::Name(name) => Some(name),
            _ => None,
        }
    }
}
