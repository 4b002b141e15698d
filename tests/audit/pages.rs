//! The pages of the rules are made from the table of rules and from the cases: they cannot say what is not so.

use super::{findings, folder};
use palisade::audit::{Rule, rules};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/rules")
}

fn case(rule: &Rule, kind: &str) -> String {
    fs::read_to_string(folder().join(rule.id()).join(format!("{kind}.yaml"))).unwrap()
}

fn page(rule: &Rule) -> String {
    let bad = case(rule, "bad");
    let said: Vec<String> = findings("bad.yaml", &bad)
        .list
        .iter()
        .filter(|each| each.code == rule.code)
        .map(|each| {
            format!(
                "{}: {}[{}]: {}",
                each.place.shown(),
                each.severity.as_str(),
                each.rule(),
                each.message
            )
        })
        .collect();
    format!(
        "# {id}: {name}

<!-- Made from src/audit/ and tests/audit/{id}/ by `UPDATE_GOLDEN=1 cargo test --test audit`. -->

**{severity}** · [{item} {title}]({address})

{sentence}

## Why

{why}

## What to do

{fix}

## Found here

```yaml
{bad}```

```text
{said}
```

## Not found here

```yaml
{good}```
",
        id = rule.id(),
        name = rule.name,
        severity = rule.severity.as_str(),
        item = rule.owasp.id(),
        title = rule.owasp.title(),
        address = rule.owasp.address(),
        sentence = rule.sentence,
        why = rule.why,
        fix = rule.fix,
        said = said.join("\n"),
        good = case(rule, "good"),
    )
}

fn index() -> String {
    let mut text = "# Rules of `palisade audit`

<!-- Made from src/audit/ by `UPDATE_GOLDEN=1 cargo test --test audit`. -->

What a stage refuses is among the findings, too, as an error with the code of its diagnostic (PAL-1… to PAL-4…);
`palisade gaps` lists what is refused because this version does not enforce it.

| rule | | item | finds |
|---|---|---|---|
"
    .to_owned();
    for rule in rules() {
        text.push_str(&format!(
            "| [{id}]({id}.md) {name} | {severity} | {item} | {sentence} |\n",
            id = rule.id(),
            name = rule.name,
            severity = rule.severity.as_str(),
            item = rule.owasp.id(),
            sentence = rule.sentence,
        ));
    }
    text
}

#[test]
fn pages_are_what_the_rules_say() {
    let mut wanted: BTreeMap<String, String> = rules()
        .map(|rule| (format!("{}.md", rule.id()), page(rule)))
        .collect();
    wanted.insert("README.md".to_owned(), index());
    let update = std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    if update {
        let _ = fs::remove_dir_all(pages());
        fs::create_dir_all(pages()).unwrap();
        for (name, text) in &wanted {
            fs::write(pages().join(name), text).unwrap();
        }
    }
    let found: BTreeMap<String, String> = fs::read_dir(pages())
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    let stale: Vec<&String> = wanted
        .iter()
        .filter(|(name, text)| found.get(*name) != Some(text))
        .map(|(name, _)| name)
        .chain(found.keys().filter(|name| !wanted.contains_key(*name)))
        .collect();
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; UPDATE_GOLDEN=1 cargo test --test audit writes them anew"
    );
}

#[test]
fn rules_say_what_they_mean_in_whole_sentences() {
    for rule in rules() {
        let id = rule.id();
        for text in [rule.sentence, rule.why, rule.fix] {
            assert!(text.ends_with('.'), "{id}: {text}");
            let quotes = text.matches('`').count();
            assert_eq!(quotes % 2, 0, "{id}: {text}");
        }
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(rule.name.chars().all(kebab), "{id}: {}", rule.name);
    }
}
