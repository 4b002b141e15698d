//! What an operation asks of its caller: alternatives of schemes, and what a caller must hold in any of them.

use super::model::Expression;

/// One of the alternatives must hold wholly, and all the rest besides.
#[derive(Debug, Clone)]
pub struct Need {
    /// In document order; never empty.
    pub alternatives: Vec<Alternative>,
    /// What `access` asks for: of each entry, one role.
    pub roles: Vec<u64>,
    /// What `access` asks for: all of them.
    pub scopes: Vec<String>,
    /// What must say yes besides.
    pub policy: Option<Expression>,
    /// Seconds since the caller has authenticated, at most.
    pub fresh: Option<u64>,
    /// Classes of authentication, one of which is asked for; empty: none is.
    pub acr: Vec<String>,
}

/// Schemes that are needed together.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// In document order; never empty.
    pub asks: Vec<Asks>,
    /// Which of `asks` says who the caller is (ruling 26).
    pub identity: usize,
}

/// One scheme, and what its entry in `security` lists.
#[derive(Debug, Clone)]
pub struct Asks {
    pub means: Means,
    /// Of each entry, one role.
    pub roles: Vec<u64>,
    pub scopes: Vec<String>,
}

/// A scheme, by what verifies it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Means {
    /// A bearer token: index into the `schemes` of the policy or the plan.
    Token(usize),
    /// An API key: index into their `keys`.
    Key(usize),
    /// A user and a password: index into their `passwords`.
    Password(usize),
    /// A client's certificate: index into their `certificates`.
    Certificate(usize),
}

/// All that one alternative takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand<'n> {
    /// Of each entry, one role; each entry once.
    pub roles: Vec<u64>,
    /// Each once.
    pub scopes: Vec<&'n str>,
}

impl Need {
    /// By the tokens of the first scheme, with these roles and scopes in `access`.
    #[cfg(test)]
    pub(crate) fn of_first(roles: Vec<u64>, scopes: Vec<String>) -> Self {
        let asks = Asks {
            means: Means::Token(0),
            roles: Vec::new(),
            scopes: Vec::new(),
        };
        Need {
            alternatives: vec![Alternative {
                asks: vec![asks],
                identity: 0,
            }],
            roles,
            scopes,
            policy: None,
            fresh: None,
            acr: Vec::new(),
        }
    }

    /// Whether a token of that scheme is all that is ever presented.
    pub fn is_by_token_alone(&self, scheme: usize) -> bool {
        self.means() == [Means::Token(scheme)]
    }

    /// Every scheme once, in document order.
    pub fn means(&self) -> Vec<Means> {
        let mut all = Vec::new();
        for asks in self.alternatives.iter().flat_map(|each| &each.asks) {
            if !all.contains(&asks.means) {
                all.push(asks.means);
            }
        }
        all
    }

    /// What a caller must hold who comes by one of the alternatives.
    pub fn demand<'n>(&'n self, alternative: &'n Alternative) -> Demand<'n> {
        let mut demand = Demand {
            roles: Vec::new(),
            scopes: Vec::new(),
        };
        let asked = alternative.asks.iter();
        let roles = asked.clone().flat_map(|asks| &asks.roles);
        for set in roles.chain(&self.roles) {
            if !demand.roles.contains(set) {
                demand.roles.push(*set);
            }
        }
        let scopes = asked.flat_map(|asks| &asks.scopes);
        for scope in scopes.chain(&self.scopes) {
            if !demand.scopes.contains(&scope.as_str()) {
                demand.scopes.push(scope);
            }
        }
        demand
    }

    /// The demand of each alternative.
    pub fn demands(&self) -> impl Iterator<Item = Demand<'_>> {
        self.alternatives.iter().map(|each| self.demand(each))
    }

    /// Whether some alternative takes every caller whose credentials are good. A policy may refuse each of them.
    pub fn is_for_any_caller(&self) -> bool {
        self.policy.is_none()
            && self
                .demands()
                .any(|demand| demand.roles.is_empty() && demand.scopes.is_empty())
    }

    /// Whether it matters when or how the caller has authenticated.
    pub fn is_step_up(&self) -> bool {
        self.fresh.is_some() || !self.acr.is_empty()
    }

    /// Whether some alternative asks for a role or a scope.
    pub fn is_selective(&self) -> bool {
        self.demands()
            .any(|demand| !demand.roles.is_empty() || !demand.scopes.is_empty())
    }
}

impl Alternative {
    /// The scheme that says who the caller is.
    pub fn caller(&self) -> Option<Means> {
        self.asks.get(self.identity).map(|asks| asks.means)
    }
}
