//! One table of a scenario file, read key by key. What is wrong with a value is kept with its place, and reading goes on.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::faults::Faults;
use super::value::{Read, Value};
use crate::names::closest;

/// A value with the place where it is written.
pub(super) type Placed<T> = Spanned<T>;

/// A table, and which of its keys have been asked for.
pub(super) struct Table<'a> {
    /// What faults begin with, such as `get: `.
    pub(super) prefix: String,
    /// Where it begins.
    pub(super) at: Range<usize>,
    values: &'a DeTable<'a>,
    known: Vec<String>,
    /// The keys that only this program writes.
    hidden: Vec<&'static str>,
}

impl<'a> Table<'a> {
    pub(super) fn new(values: &'a DeTable<'a>, at: Range<usize>) -> Self {
        Table {
            prefix: String::new(),
            at,
            values,
            known: Vec::new(),
            hidden: Vec::new(),
        }
    }

    fn find(&mut self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.known.push(key.to_owned());
        self.values.get(key)
    }

    /// The value of a key; nothing where it is missing or wrong.
    pub(super) fn get<T>(
        &mut self,
        faults: &mut Faults,
        key: &str,
        read: impl Read<T>,
    ) -> Option<Placed<T>> {
        let value = self.find(key)?;
        self.read(faults, key, value, &read)
    }

    /// The value of a key that a stored spec has and no person needs.
    pub(super) fn stored<T>(
        &mut self,
        faults: &mut Faults,
        key: &'static str,
        read: impl Read<T>,
    ) -> Option<T> {
        self.hidden.push(key);
        let value = self.values.get(key)?;
        self.read(faults, key, value, &read).map(Placed::into_inner)
    }

    /// The values of a key that may have several, in their order and each once; nothing where they are missing or one of them is wrong.
    pub(super) fn list<T: PartialEq>(
        &mut self,
        faults: &mut Faults,
        key: &str,
        read: impl Read<T>,
    ) -> Option<Vec<Placed<T>>> {
        let value = self.find(key)?;
        let Some(list) = value.get_ref().as_array() else {
            return Some(vec![self.read(faults, key, value, &read)?]);
        };
        if list.is_empty() {
            let text = format!("{}{key} = []: at least one value is needed", self.prefix);
            faults.add(&value.span(), text);
            return None;
        }
        let values: Vec<_> = list
            .iter()
            .map(|value| self.read(faults, key, value, &read))
            .collect();
        let values: Vec<Placed<T>> = values.into_iter().collect::<Option<_>>()?;
        for (index, value) in values.iter().enumerate() {
            let same = |other: &&Placed<T>| other.get_ref() == value.get_ref();
            if let Some(first) = values[..index].iter().find(same) {
                let text = format!(
                    "{}{key}: {} is there already, in line {}; each once is enough",
                    self.prefix,
                    faults.written(&value.span()),
                    faults.line(&first.span())
                );
                faults.add(&value.span(), text);
                return None;
            }
        }
        Some(values)
    }

    fn read<T>(
        &self,
        faults: &mut Faults,
        key: &str,
        value: &Spanned<DeValue>,
        read: &impl Read<T>,
    ) -> Option<Placed<T>> {
        let at = value.span();
        let placed = Value {
            key,
            value: value.get_ref(),
            written: faults.written(&at),
        };
        match read(&placed) {
            Ok(value) => Some(Spanned::new(at, value)),
            Err(wrong) => {
                faults.add(&at, format!("{}{wrong}", self.prefix));
                None
            }
        }
    }

    /// The tables of a key that is written `[[key]]`, each with its place.
    pub(super) fn tables(&mut self, faults: &mut Faults, key: &str) -> Vec<Table<'a>> {
        let Some(value) = self.find(key) else {
            return Vec::new();
        };
        let wrong = |faults: &mut Faults, at: &Range<usize>| {
            faults.add(at, format!("{key}: write [[{key}]], in two brackets each"));
        };
        let Some(list) = value.get_ref().as_array() else {
            wrong(faults, &value.span());
            return Vec::new();
        };
        let mut tables = Vec::new();
        for value in list.iter() {
            match value.get_ref().as_table() {
                Some(table) => tables.push(Table::new(table, value.span())),
                None => wrong(faults, &value.span()),
            }
        }
        tables
    }

    /// Where the value of a key is; where the table begins if it has none.
    pub(super) fn place(&self, key: &str) -> Range<usize> {
        let value = self.values.get(key);
        value.map_or_else(|| self.at.clone(), Spanned::span)
    }

    /// Says that a key is needed, unless a wrong value was met.
    pub(super) fn need(&self, faults: &mut Faults, key: &str, example: &str) {
        if !self.values.contains_key(key) {
            let text = format!(
                "{}it needs a `{key}`, such as {key} = {example}",
                self.prefix
            );
            faults.add(&self.at, text);
        }
    }

    /// The value of a key, or else that of `core`. Where there is neither, the key is needed.
    pub(super) fn or<T: Default>(
        &self,
        faults: &mut Faults,
        key: &str,
        value: Option<Placed<T>>,
        core: Option<T>,
    ) -> T {
        let value = value.map(Placed::into_inner).or(core);
        value.unwrap_or_else(|| {
            self.need(faults, key, "as in another scenario");
            T::default()
        })
    }

    /// Refuses the keys that nobody asked for; `elsewhere` says where one belongs instead.
    pub(super) fn finish(
        &self,
        faults: &mut Faults,
        elsewhere: impl Fn(&str) -> Option<&'static str>,
    ) {
        let known: Vec<&str> = self.known.iter().map(String::as_str).collect();
        for key in self.values.keys() {
            let name = key.get_ref().as_ref();
            if known.contains(&name) || self.hidden.contains(&name) {
                continue;
            }
            let hint = match elsewhere(name) {
                Some(place) => format!("it belongs {place}; "),
                None => closest(name, &known)
                    .map(|like| format!("did you mean `{like}`? "))
                    .unwrap_or_default(),
            };
            let text = format!(
                "{}no key is called `{name}`; {hint}allowed are {}",
                self.prefix,
                known.join(", ")
            );
            faults.add(&key.span(), text);
        }
    }
}
