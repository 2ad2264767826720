//! Readers of the values of a scenario file, each of which says what is wrong with a value and what is allowed.

use std::fmt::{self, Display};
use std::str::FromStr;

use toml::de::DeValue;

/// A value, its key, and how it is written.
pub(super) struct Value<'a> {
    pub(super) key: &'a str,
    pub(super) value: &'a DeValue<'a>,
    pub(super) written: &'a str,
}

/// As in the file, such as `tasks = 0`.
impl Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.key, self.written)
    }
}

/// What a value is, or what is wrong with it.
pub(super) trait Read<T>: Fn(&Value) -> Result<T, String> {}

impl<T, F: Fn(&Value) -> Result<T, String>> Read<T> for F {}

/// A whole number from `low` to `high`.
pub(super) fn whole(low: u64, high: u64) -> impl Read<u64> {
    move |value: &Value| {
        let number = value.value.as_integer();
        let number =
            number.and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok());
        let number = number.filter(|number| (low..=high).contains(number));
        number.ok_or_else(|| format!("{value}: allowed are {low} to {high}"))
    }
}

/// Text.
pub(super) fn text(value: &Value) -> Result<String, String> {
    let text = value.value.as_str().map(str::to_owned);
    text.ok_or_else(|| format!("{value}: allowed is text in quotes"))
}

/// A list of texts that may be empty.
pub(super) fn texts(value: &Value) -> Result<Vec<String>, String> {
    let texts = value.value.as_array().and_then(|list| {
        let texts = list.iter().map(|value| value.get_ref().as_str());
        texts.map(|text| text.map(str::to_owned)).collect()
    });
    texts.ok_or_else(|| format!("{value}: allowed is a list of texts in quotes"))
}

/// Yes or no.
pub(super) fn boolean(value: &Value) -> Result<bool, String> {
    let boolean = value.value.as_bool();
    boolean.ok_or_else(|| format!("{value}: allowed are true and false"))
}

/// A quantity with its unit, in quotes. Its type is called like its key, so its own error says all.
pub(super) fn quantity<T: FromStr<Err: Display>>(value: &Value) -> Result<T, String> {
    parse(value)?.map_err(|error| format!("{error:#}"))
}

/// The same for a type with another name than its key: the error begins with the key.
pub(super) fn quantity_for<T: FromStr<Err: Display>>(value: &Value) -> Result<T, String> {
    parse(value)?.map_err(|error| format!("{}: {error:#}", value.key))
}

/// Parses what is written, also without quotes: a value that lacks only those is told so.
fn parse<T: FromStr>(value: &Value) -> Result<Result<T, T::Err>, String> {
    let quoted = value.value.as_str();
    let quantity = quoted.unwrap_or(value.written).parse::<T>();
    if quantity.is_ok() && quoted.is_none() {
        return Err(format!("{value}: allowed is the same in quotes"));
    }
    Ok(quantity)
}
