//! The identity of a row: a strategy, and which entry of it.
//!
//! Files hold a row as one text. It is printed and parsed here and nowhere else.

use std::fmt;
use std::str::FromStr;

use anyhow::{Result, anyhow, bail, ensure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::spec::quantity::Percent;

/// A row of a workload's table. It is the name of a strategy, such as `tokio`. Further rows of the same strategy say what sets them
/// apart: `tokio#2` is its second entry, all waits of `tokio+10%` last longer, `tokio@base` runs another build.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Row {
    /// Name of the strategy.
    pub strategy: String,
    /// Which of its rows.
    pub arm: Arm,
}

/// What distinguishes a row from the other rows of its strategy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arm {
    /// Nothing: it is the strategy's first entry.
    Plain,
    /// It is another entry of the same cell, in a process of its own. The number is 2 or more. Printed as `#2`.
    Twin(u32),
    /// All of its waits last longer by this share. Printed as `+10%`.
    Delayed(Percent),
    /// It runs another build of the program. Printed as `@base`.
    Build(String),
}

impl Row {
    /// The first entry of a strategy. The name is not checked; see [`Row::named`].
    pub fn plain(strategy: impl Into<String>) -> Row {
        let strategy = strategy.into();
        let arm = Arm::Plain;
        Row { strategy, arm }
    }

    /// The first entry of a strategy.
    ///
    /// # Errors
    ///
    /// If the name looks like an arm, so that the row could not be read back.
    pub fn named(strategy: &str) -> Result<Row> {
        match strategy.parse() {
            Ok(
                row @ Row {
                    arm: Arm::Plain, ..
                },
            ) => Ok(row),
            _ => bail!(
                "strategy name `{strategy}`: allowed are names without `#` and `@` that do not end with a percentage such as `+10%`"
            ),
        }
    }

    /// Another entry of this row's strategy.
    pub fn with(&self, arm: Arm) -> Row {
        let strategy = self.strategy.clone();
        Row { strategy, arm }
    }

    /// Whether it is the first entry of that strategy.
    pub fn is(&self, strategy: &str) -> bool {
        self.arm == Arm::Plain && self.strategy == strategy
    }

    /// The strategy whose second entry it is: both together show what is noise. None for all other arms.
    pub fn twin_of(&self) -> Option<&str> {
        matches!(self.arm, Arm::Twin(_)).then_some(self.strategy.as_str())
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let strategy = &self.strategy;
        match &self.arm {
            Arm::Plain => f.write_str(strategy),
            Arm::Twin(entry) => write!(f, "{strategy}#{entry}"),
            Arm::Delayed(share) => write!(f, "{strategy}+{share}"),
            Arm::Build(name) => write!(f, "{strategy}@{name}"),
        }
    }
}

impl FromStr for Row {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Row> {
        let parse = || {
            let (strategy, arm) = if let Some((strategy, name)) = text.split_once('@') {
                ensure!(
                    Row::named(name).is_ok(),
                    "a build is named as a strategy is"
                );
                (strategy, Arm::Build(name.to_owned()))
            } else if let Some((strategy, entry)) = text.split_once('#') {
                let entry = entry.parse()?;
                ensure!(entry >= 2, "a second entry has the number 2 at least");
                (strategy, Arm::Twin(entry))
            } else if let (Some((strategy, share)), true) =
                (text.rsplit_once('+'), text.ends_with('%'))
            {
                (strategy, Arm::Delayed(share.parse()?))
            } else {
                (text, Arm::Plain)
            };
            let row = Row::plain(strategy).with(arm);
            ensure!(!strategy.is_empty(), "it has no strategy");
            // One row has one text: no second arm, no leading zero.
            ensure!(
                row.arm == Arm::Plain || Row::named(strategy).is_ok() && row.to_string() == text,
                "it has several arms, or one that is written in another way"
            );
            Ok(row)
        };
        parse().map_err(|error| {
            anyhow!("row `{text}`: {error:#}; allowed are a strategy's name, or one with `#2`, `+10%` or `@build`")
        })
    }
}

impl TryFrom<String> for Row {
    type Error = anyhow::Error;

    fn try_from(text: String) -> Result<Row> {
        text.parse()
    }
}

impl From<Row> for String {
    fn from(row: Row) -> String {
        row.to_string()
    }
}

/// A row as two fields of a file: `strategy` with its text, and `twin_of`, which says for readers of the file what the text says.
/// Use it with `flatten`.
pub(crate) mod fields {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use super::{JsonSchema, Row};

    #[derive(Serialize, Deserialize, JsonSchema)]
    pub(crate) struct Fields {
        /// Name of the strategy.
        strategy: Row,
        /// The row that this one is, entered a second time.
        twin_of: Option<String>,
    }

    pub(crate) fn serialize<S: Serializer>(row: &Row, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = Fields {
            strategy: row.clone(),
            twin_of: row.twin_of().map(str::to_owned),
        };
        fields.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Row, D::Error> {
        let Fields { strategy, twin_of } = Fields::deserialize(deserializer)?;
        if strategy.twin_of() != twin_of.as_deref() {
            let error = format!("row `{strategy}`: its `twin_of` says something else: {twin_of:?}");
            return Err(de::Error::custom(error));
        }
        Ok(strategy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_arm_is_read_as_it_is_printed() {
        let tokio = Row::plain("tokio");
        let rows = [
            ("tokio", Arm::Plain),
            ("tokio#2", Arm::Twin(2)),
            ("tokio+10%", Arm::Delayed(Percent::of_hundredths(1000))),
            ("tokio+0.5%", Arm::Delayed(Percent::of_hundredths(50))),
            ("tokio@base", Arm::Build("base".into())),
        ];
        for (text, arm) in rows {
            let row = tokio.with(arm);
            assert_eq!(row.to_string(), text);
            assert_eq!(text.parse::<Row>().unwrap(), row);
            assert_eq!(toml::Value::try_from(&row).unwrap().as_str(), Some(text));
        }
        // A sign alone makes no arm.
        assert_eq!("a+b".parse::<Row>().unwrap(), Row::plain("a+b"));
    }

    #[test]
    fn what_is_no_row_is_refused() {
        for text in [
            "tokio#",
            "tokio#1",
            "tokio#02",
            "tokio#+2",
            "tokio#2#3",
            "tokio+x%",
            "tokio+10%+10%",
            "tokio+010%",
            "tokio@",
            "tokio@a@b",
            "tokio#2@a",
            "tokio@base#2",
            "#2",
            "@base",
            "+10%",
            "",
        ] {
            assert!(text.parse::<Row>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_strategy_cannot_be_named_like_an_arm() {
        assert_eq!(Row::named("tokio").unwrap(), Row::plain("tokio"));
        for name in ["tokio#2", "tokio+10%", "tokio@base", "a#b", "a@", "a+b%"] {
            let error = Row::named(name).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("strategy name `{name}`: allowed are")),
                "{error}"
            );
        }
    }

    #[test]
    fn a_file_that_contradicts_itself_is_refused() {
        #[derive(Debug, Serialize, Deserialize)]
        struct Holder {
            #[serde(flatten, with = "fields")]
            row: Row,
        }
        let row = "tokio#2".parse().unwrap();
        let text = toml::to_string(&Holder { row }).unwrap();
        assert_eq!(text, "strategy = \"tokio#2\"\ntwin_of = \"tokio\"\n");
        let read = |text: &str| toml::from_str::<Holder>(text).map(|it| it.row.to_string());
        assert_eq!(read(&text).unwrap(), "tokio#2");
        let error = read(&text.replace("\"tokio\"", "\"smol\"")).unwrap_err();
        assert!(error.to_string().contains("row `tokio#2`"), "{error}");
        assert!(read("strategy = \"tokio\"\ntwin_of = \"tokio\"").is_err());
    }

    #[test]
    fn only_twins_are_another_entry_of_the_same() {
        let twins: Vec<bool> = ["tokio", "tokio#3", "tokio+10%", "tokio@base"]
            .map(|text| text.parse::<Row>().unwrap().twin_of() == Some("tokio"))
            .to_vec();
        assert_eq!(twins, [false, true, false, false]);
        assert!(Row::plain("tokio").is("tokio") && !Row::plain("tokio").is("smol"));
        assert!(!"tokio#2".parse::<Row>().unwrap().is("tokio"));
    }
}
