//! Reading and checking in one step: the values of a schema, out of the reader.

use super::Reader;
use crate::number::Number;
use crate::schema::{Entries, List, Object, Real, Text, Whole};
use crate::secret::Secret;
use std::collections::BTreeMap;

impl Reader<'_> {
    /// A string the rule admits.
    pub fn text(&mut self, rule: &'static Text) -> Option<String> {
        let text = self.string()?;
        rule.admits(&text).then(|| text.into_owned())
    }

    /// A string the rule admits, kept out of sight.
    pub fn secret(&mut self, rule: &'static Text) -> Option<Secret> {
        // First hidden, then judged: what is refused is wiped too.
        let secret = Secret::new(self.string()?.into_owned());
        rule.admits(secret.expose()).then_some(secret)
    }

    /// An integer the rule admits.
    pub fn whole(&mut self, rule: &'static Whole) -> Option<i64> {
        self.integer().filter(|value| rule.admits(*value))
    }

    /// A number the rule admits, as it is written.
    pub fn real(&mut self, rule: &'static Real) -> Option<Number> {
        let lexeme = self.number()?;
        rule.admits(lexeme).then(|| Number::of(lexeme))
    }

    /// `null`, giving `Some(None)`, or what `read` reads.
    pub fn nullable<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.null() {
            Some(None)
        } else {
            read(self).map(Some)
        }
    }

    /// One of the words of an enumeration, as its own `parse` knows them.
    pub fn word<T>(&mut self, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        parse(&self.string()?)
    }

    /// An array whose items `read` reads, as many as the rule says, and none twice where the rule forbids that
    /// (`uniqueItems`): `repeat` says whether two are equal. Refuses at the first item too many, before it is read.
    pub fn list<T>(
        &mut self,
        rule: &'static List,
        repeat: fn(&[&T]) -> bool,
        mut read: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut items = Vec::new();
        self.open_array()?;
        while self.item()? {
            // guard: list-max
            if count(items.len()) >= rule.max {
                return None;
            }
            items.push(read(self)?);
        }
        // guard: list-min, where rule.min > 0
        if count(items.len()) < rule.min {
            return None;
        }
        // guard: list-unique, where rule.unique
        if rule.unique && repeat(&items.iter().collect::<Vec<_>>()) {
            return None;
        }
        Some(items)
    }

    /// An object whose names are data, as many as the rule says and none twice (P52); `read` reads each value. Refuses at the
    /// first too many, before it is read.
    pub fn entries<T>(
        &mut self,
        rule: &'static Entries,
        mut read: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<BTreeMap<String, T>> {
        let mut entries = BTreeMap::new();
        self.open_object()?;
        while let Some(name) = self.key()? {
            // guard: entry-name, where rule.names.is_some()
            if !rule.admits(&name) {
                return None;
            }
            // Where words are the names, there are no more of them.
            // guard: entries-max, where !matches!(rule.names, Some(crate::schema::Schema::Words(_)))
            if count(entries.len()) >= rule.max {
                return None;
            }
            let value = read(self)?;
            let before = entries.insert(name.into_owned(), value);
            // guard: duplicate-entry
            if before.is_some() {
                return None;
            }
        }
        // guard: entries-min, where rule.min > 0
        if count(entries.len()) < rule.min {
            return None;
        }
        Some(entries)
    }

    /// Requires that the object closed last had as many members as the rule says.
    pub fn size(&self, rule: &Object) -> Option<()> {
        // guard: object-min, where rule.min > 0
        if self.closed() < rule.min {
            return None;
        }
        // guard: object-max, where rule.max < u64::MAX
        if self.closed() > rule.max {
            return None;
        }
        Some(())
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
