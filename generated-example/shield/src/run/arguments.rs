//! The command line of the service, read by hand: a dependency for five words would be one more to trust.

use crate::admin::{Name, Order};

/// What the service was asked to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Serve,
    Dev,
    Token(Token),
    CheckConfig,
    Revoke(Order),
    Help,
    Version,
}

/// What `token` shall sign.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Token {
    pub scheme: Option<String>,
    pub subject: String,
    pub roles: Vec<String>,
    pub scopes: Vec<String>,
    pub tenant: Option<String>,
    /// Name and JSON text.
    pub claims: Vec<(String, String)>,
    /// Seconds.
    pub ttl: Option<u64>,
}

/// Reads the arguments behind the program's name; the error is a sentence for the person.
pub(super) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut arguments = arguments.into_iter();
    let Some(command) = arguments.next() else {
        return Ok(Command::Serve);
    };
    let parsed = match command.as_str() {
        "serve" => Command::Serve,
        "dev" => Command::Dev,
        "check-config" => Command::CheckConfig,
        "--help" | "-h" | "help" => return Ok(Command::Help),
        "--version" | "-V" => return Ok(Command::Version),
        "token" => return token(arguments),
        "revoke" => return revoke(arguments),
        other => return Err(format!("there is no command `{other}`")),
    };
    match arguments.next().as_deref() {
        None => Ok(parsed),
        Some("--help" | "-h") => Ok(Command::Help),
        Some(other) => Err(format!("`{command}` takes no argument `{other}`")),
    }
}

/// `--option value` or `--option=value`.
fn divided(argument: String) -> (String, Option<String>) {
    match argument.split_once('=') {
        Some((option, value)) => (option.to_owned(), Some(value.to_owned())),
        None => (argument, None),
    }
}

fn revoke(mut arguments: impl Iterator<Item = String>) -> Result<Command, String> {
    let (mut name, mut ttl) = (None, None);
    while let Some(argument) = arguments.next() {
        if argument == "--help" || argument == "-h" {
            return Ok(Command::Help);
        }
        let (option, value) = divided(argument);
        let by = Name::ALL
            .into_iter()
            .find(|name| option.strip_prefix("--") == Some(name.word()));
        if by.is_none() && option != "--ttl" {
            return Err(format!("`revoke` has no option `{option}`"));
        }
        let value = value
            .or_else(|| arguments.next())
            .filter(|value| !value.is_empty())
            .ok_or_else(|| format!("`{option}` needs a value"))?;
        match by {
            Some(by) => match name.replace((by, value)) {
                None => {}
                Some(_) => return Err("`revoke` takes one name at a time".to_owned()),
            },
            None => single(&mut ttl, duration(&value)?, &option)?,
        }
    }
    let (by, name) = name.ok_or("`revoke` needs `--jti`, `--subject` or `--session`")?;
    Ok(Command::Revoke(Order { by, name, ttl }))
}

fn duration(text: &str) -> Result<u64, String> {
    seconds(text).ok_or_else(|| "`--ttl` is a duration such as 30s, 15m, 24h or 1d".to_owned())
}

fn token(mut arguments: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut token = Token::default();
    let mut subject = None;
    while let Some(argument) = arguments.next() {
        if argument == "--help" || argument == "-h" {
            return Ok(Command::Help);
        }
        let (option, mut value) = divided(argument);
        let mut value = || {
            value
                .take()
                .or_else(|| arguments.next())
                .ok_or_else(|| format!("`{option}` needs a value"))
        };
        match option.as_str() {
            "--subject" => single(&mut subject, value()?, &option)?,
            "--tenant" => single(&mut token.tenant, value()?, &option)?,
            "--scheme" => single(&mut token.scheme, value()?, &option)?,
            "--role" => token.roles.push(value()?),
            "--scope" => token.scopes.push(value()?),
            "--claim" => {
                let claim = value()?;
                let (name, json) = claim
                    .split_once('=')
                    .ok_or("`--claim` is NAME=JSON, such as 'age=7' or 'city=\"Rome\"'")?;
                token.claims.push((name.to_owned(), json.to_owned()));
            }
            "--ttl" => {
                single(&mut token.ttl, duration(&value()?)?, &option)?;
            }
            other => return Err(format!("`token` has no option `{other}`")),
        }
    }
    token.subject = subject
        .filter(|subject: &String| !subject.is_empty())
        .ok_or("`token` needs `--subject`")?;
    Ok(Command::Token(token))
}

fn single<T>(slot: &mut Option<T>, value: T, option: &str) -> Result<(), String> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("`{option}` may stand once")),
    }
}

/// `30s 15m 24h 30d`, as in the document; at least one second.
fn seconds(text: &str) -> Option<u64> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    let digits =
        Some(digits).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))?;
    digits
        .parse::<u64>()
        .ok()?
        .checked_mul(factor)
        .filter(|seconds| *seconds > 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn read(line: &[&str]) -> Result<Command, String> {
        parse(line.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn commands() {
        assert_eq!(read(&[]), Ok(Command::Serve));
        assert_eq!(read(&["serve"]), Ok(Command::Serve));
        assert_eq!(read(&["dev"]), Ok(Command::Dev));
        assert_eq!(read(&["check-config"]), Ok(Command::CheckConfig));
        assert_eq!(read(&["--help"]), Ok(Command::Help));
        assert_eq!(read(&["serve", "--help"]), Ok(Command::Help));
        assert_eq!(read(&["token", "-h"]), Ok(Command::Help));
        assert_eq!(read(&["--version"]), Ok(Command::Version));
    }

    #[test]
    fn a_token() {
        let line = [
            "token",
            "--subject",
            "ann",
            "--role=admin",
            "--role",
            "patient",
            "--scope",
            "a:b",
            "--tenant",
            "north",
            "--claim",
            "city=\"a=b\"",
            "--ttl",
            "2h",
        ];
        let expected = Token {
            scheme: None,
            subject: "ann".to_owned(),
            roles: vec!["admin".to_owned(), "patient".to_owned()],
            scopes: vec!["a:b".to_owned()],
            tenant: Some("north".to_owned()),
            claims: vec![("city".to_owned(), "\"a=b\"".to_owned())],
            ttl: Some(7_200),
        };
        assert_eq!(read(&line), Ok(Command::Token(expected)));
    }

    #[test]
    fn orders() {
        for (line, by, ttl) in [
            (&["revoke", "--jti", "a=b"][..], Name::Jti, None),
            (&["revoke", "--subject=a=b"], Name::Subject, None),
            (
                &["revoke", "--ttl", "2h", "--session", "a=b"],
                Name::Session,
                Some(7_200),
            ),
        ] {
            let name = "a=b".to_owned();
            let order = Order { by, name, ttl };
            assert_eq!(read(line), Ok(Command::Revoke(order)));
        }
    }

    #[test]
    fn what_is_refused() {
        for (line, word) in [
            (&["start"][..], "start"),
            (&["serve", "now"], "now"),
            (&["revoke"], "--session"),
            (&["revoke", "--ttl", "1h"], "--session"),
            (&["revoke", "--jti"], "--jti"),
            (&["revoke", "--jti", ""], "--jti"),
            (&["revoke", "--jti", "a", "--subject", "b"], "one name"),
            (&["revoke", "--jti", "a", "--ttl", "0s"], "--ttl"),
            (&["revoke", "--name", "a"], "--name"),
            (&["revoke", "jti"], "jti"),
            (&["token"], "--subject"),
            (&["token", "--subject", ""], "--subject"),
            (&["token", "--subject"], "--subject"),
            (&["token", "--subject", "a", "--subject", "b"], "--subject"),
            (&["token", "--subject", "a", "--claim", "x"], "--claim"),
            (&["token", "--subject", "a", "--user", "x"], "--user"),
            (&["token", "--subject", "a", "--ttl", "15"], "--ttl"),
            (&["token", "--subject", "a", "--ttl", "+5m"], "--ttl"),
            (&["token", "--subject", "a", "--ttl", "0s"], "--ttl"),
            (&["token", "--subject", "a", "--ttl", "5é"], "--ttl"),
            (
                &["token", "--subject", "a", "--ttl", "99999999999999999999d"],
                "--ttl",
            ),
        ] {
            let refused = read(line).unwrap_err();
            assert!(refused.contains(word), "{line:?}: {refused}");
        }
    }
}
