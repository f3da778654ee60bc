//! Values of our own scalars, by the rules of `router/scalars.json`, which the Node router reads too.

use std::collections::HashMap;

use regex::Regex;
use serde::Deserialize;

/// What a scalar takes.
#[derive(Debug)]
pub struct Scalar {
    kinds: Vec<String>,
    pattern: Regex,
    /// What to write, for a message.
    pub description: String,
}

#[derive(Deserialize)]
struct Rule {
    kinds: Vec<String>,
    pattern: String,
    description: String,
}

/// A value by its kind in JSON.
#[derive(Debug, Clone, Copy)]
pub enum Leaf<'a> {
    String(&'a str),
    Other(&'static str),
}

impl Scalar {
    pub fn takes(&self, value: Leaf) -> bool {
        match value {
            Leaf::String(text) => self.has_kind("string") && self.pattern.is_match(text),
            Leaf::Other(kind) => self.has_kind(kind),
        }
    }

    fn has_kind(&self, kind: &str) -> bool {
        self.kinds.iter().any(|known| known == kind)
    }
}

/// The scalars of the repository, by name.
///
/// # Panics
/// When the file is not what this crate was built for, which a test finds.
pub fn committed() -> HashMap<String, Scalar> {
    let rules: HashMap<String, Rule> =
        serde_json::from_str(include_str!("../../../scalars.json")).expect("scalars.json has a rule for each scalar");
    let scalar = |Rule { kinds, pattern, description }| {
        let pattern = Regex::new(&pattern).expect("scalars.json has patterns without look-around");
        Scalar { kinds, pattern, description }
    };
    rules.into_iter().map(|(name, rule)| (name, scalar(rule))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_take_what_is_written_as_their_rules_say() {
        let scalars = committed();
        for (name, text, is_taken) in [
            ("Decimal", "19.90", true),
            ("Decimal", "1e3", false),
            ("Decimal", "19.90\n", false),
            ("Date", "2024-02-29", true),
            ("Date", "2026-02-29", false),
            ("DateTime", "2026-11-22T18:00:00Z", true),
            ("DateTime", "2026-11-22T18:00:00", false),
            ("CurrencyCode", "eur", false),
        ] {
            assert_eq!(scalars[name].takes(Leaf::String(text)), is_taken, "{name} {text:?}");
        }
        assert!(!scalars["Decimal"].takes(Leaf::Other("number")));
    }
}
