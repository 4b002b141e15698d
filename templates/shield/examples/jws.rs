//! `cargo xtask jws FILE.json`: the verifier against vectors that others publish.
//!
//! Reads the format of Wycheproof's `json_web_signature_test` and `json_web_key_test`: groups with a key or a set of keys
//! (`public`, or `private` where it is a secret), each with tokens and what is expected of them. Prints a line a vector and
//! ends with 1 when a forged one was accepted. What a file says of one token with one key in both ways nobody can meet: those
//! are counted apart (`json_web_signature_test` has two, 367 and 370, which are 357 again).
#![allow(clippy::print_stdout, clippy::print_stderr)]

#[cfg(feature = "testing")]
mod vectors {
    use serde_json::{Value, json};
    use std::process::ExitCode;

    #[derive(Default)]
    struct Count {
        right: usize,
        accepted: usize,
        refused: usize,
        disputed: usize,
    }

    pub fn main() -> ExitCode {
        let Some(path) = std::env::args().nth(1) else {
            eprintln!("usage: jws FILE.json");
            return ExitCode::from(2);
        };
        let read = std::fs::read(&path).map_err(|error| error.to_string());
        let vectors: Result<Value, String> =
            read.and_then(|text| serde_json::from_slice(&text).map_err(|error| error.to_string()));
        let groups = match &vectors {
            Ok(vectors) => vectors["testGroups"].as_array(),
            Err(error) => {
                eprintln!("{path}: {error}");
                return ExitCode::from(2);
            }
        };
        let Some(groups) = groups else {
            eprintln!("{path}: no member `testGroups`");
            return ExitCode::from(2);
        };
        let mut count = Count::default();
        for group in groups {
            run(group, &mut count);
        }
        println!(
            "\n{} as expected, {} forged or bad accepted, {} good refused, {} called bad that are called good elsewhere",
            count.right, count.accepted, count.refused, count.disputed
        );
        match (count.right, count.accepted) {
            (1.., 0) => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }
    }

    fn run(group: &Value, count: &mut Count) {
        let key = match &group["public"] {
            Value::Null => &group["private"],
            public => public,
        };
        let set = match key.get("keys") {
            Some(_) => key.to_string(),
            None => json!({ "keys": [key] }).to_string(),
        };
        let tests = group["tests"].as_array().map_or(&[][..], Vec::as_slice);
        let good = |token: &Value| {
            let mut same = tests.iter().filter(|test| test["jws"] == *token);
            same.any(|test| test["result"] == "valid")
        };
        for test in tests {
            let token = match &test["jws"] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let found = shield::testing::verify_jws(&set, token.as_bytes());
            let expected = test["result"].as_str().unwrap_or_default();
            let verdict = match (&found, expected) {
                (Ok(()), "valid" | "acceptable") | (Err(_), "invalid" | "acceptable") => {
                    count.right += 1;
                    "     "
                }
                (Ok(()), _) if good(&test["jws"]) => {
                    count.disputed += 1;
                    "BOTH "
                }
                (Ok(()), _) => {
                    count.accepted += 1;
                    "BAD  "
                }
                (Err(_), _) => {
                    count.refused += 1;
                    "GOOD "
                }
            };
            let found = match found {
                Ok(()) => "accept".to_owned(),
                Err(why) => format!("reject ({why})"),
            };
            println!(
                "{verdict}{:>5} {} {}: {expected}, {found}",
                test["tcId"],
                group["comment"].as_str().unwrap_or_default(),
                test["comment"].as_str().unwrap_or_default(),
            );
        }
    }
}

#[cfg(feature = "testing")]
fn main() -> std::process::ExitCode {
    vectors::main()
}

/// Without the feature there is no way to a verifier without claims.
#[cfg(not(feature = "testing"))]
fn main() {}
