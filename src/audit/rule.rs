//! What a rule is, before anything is found.

use crate::diagnostic::Code;
use serde::Serialize;

/// How much a finding matters; the greatest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably wrong.
    Warning,
    /// Wrong: what was meant is refused, or something gets in.
    Error,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// An item of the OWASP API Security Top 10, 2023.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owasp {
    Objects,
    Authentication,
    Properties,
    Consumption,
    Functions,
    Flows,
    Forgery,
    Misconfiguration,
    Inventory,
    Upstream,
}

impl Owasp {
    /// Number, title, and the last part of its address.
    fn item(self) -> (u8, &'static str, &'static str) {
        match self {
            Owasp::Objects => (
                1,
                "Broken Object Level Authorization",
                "0xa1-broken-object-level-authorization",
            ),
            Owasp::Authentication => (2, "Broken Authentication", "0xa2-broken-authentication"),
            Owasp::Properties => (
                3,
                "Broken Object Property Level Authorization",
                "0xa3-broken-object-property-level-authorization",
            ),
            Owasp::Consumption => (
                4,
                "Unrestricted Resource Consumption",
                "0xa4-unrestricted-resource-consumption",
            ),
            Owasp::Functions => (
                5,
                "Broken Function Level Authorization",
                "0xa5-broken-function-level-authorization",
            ),
            Owasp::Flows => (
                6,
                "Unrestricted Access to Sensitive Business Flows",
                "0xa6-unrestricted-access-to-sensitive-business-flows",
            ),
            Owasp::Forgery => (
                7,
                "Server Side Request Forgery",
                "0xa7-server-side-request-forgery",
            ),
            Owasp::Misconfiguration => (
                8,
                "Security Misconfiguration",
                "0xa8-security-misconfiguration",
            ),
            Owasp::Inventory => (
                9,
                "Improper Inventory Management",
                "0xa9-improper-inventory-management",
            ),
            Owasp::Upstream => (
                10,
                "Unsafe Consumption of APIs",
                "0xaa-unsafe-consumption-of-apis",
            ),
        }
    }

    /// `API1:2023`.
    pub fn id(self) -> String {
        format!("API{}:2023", self.item().0)
    }

    pub fn title(self) -> &'static str {
        self.item().1
    }

    /// Where OWASP explains it.
    pub fn address(self) -> String {
        format!(
            "https://owasp.org/API-Security/editions/2023/en/{}/",
            self.item().2
        )
    }
}

/// A rule. Its code is stable; a number is never given to something else.
#[derive(Debug)]
pub struct Rule {
    pub code: Code,
    /// In kebab-case, for people and for SARIF.
    pub name: &'static str,
    pub owasp: Owasp,
    pub severity: Severity,
    /// What it finds: one sentence.
    pub sentence: &'static str,
    /// Why that matters here.
    pub why: &'static str,
    /// What to do about it.
    pub fix: &'static str,
}

impl Rule {
    /// `PAL-5101`.
    pub fn id(&self) -> String {
        shown(self.code)
    }

    /// Its page, relative to the root of palisade's documentation.
    pub fn page(&self) -> String {
        format!("docs/reference/rules/{}.md", self.id())
    }
}

/// A code as people see it.
pub fn shown(code: Code) -> String {
    format!("PAL-{code:04}")
}
