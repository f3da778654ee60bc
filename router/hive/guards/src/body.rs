//! The shape of a body's JSON, measured before anything builds a value from it.

use serde::de::IgnoredAny;

use crate::{Limits, Refusal};

/// Refuses JSON that is nested too deeply, or has too many values, too many keys in one object, or too long a key. What is
/// no JSON at all passes: the parser says so.
///
/// # Errors
/// LIMIT_EXCEEDED.
pub fn check(json: &[u8], limits: &Limits) -> Result<(), Refusal> {
    Scan { json, at: 0, values: 0, open: Vec::new(), limits }.run()
}

/// Whether it is JSON at all, also where it holds what nobody can build a value from: half of a pair of surrogates, or a number that
/// is too large.
pub fn is_json(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
}

struct Scan<'a> {
    json: &'a [u8],
    at: usize,
    values: usize,
    /// How many keys each open object has so far; None for an array.
    open: Vec<Option<usize>>,
    limits: &'a Limits,
}

impl Scan<'_> {
    fn run(mut self) -> Result<(), Refusal> {
        while let Some(&byte) = self.json.get(self.at) {
            match byte {
                b'{' => self.enter(Some(0))?,
                b'[' => self.enter(None)?,
                b'}' | b']' => self.leave(),
                b'"' => self.string()?,
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => self.at += 1,
                _ => self.literal()?,
            }
        }
        Ok(())
    }

    fn enter(&mut self, keys: Option<usize>) -> Result<(), Refusal> {
        self.open.push(keys);
        self.at += 1;
        if self.open.len() > self.limits.nesting {
            return Err(Refusal::too_large(format!("The body is nested more than {} deep.", self.limits.nesting)));
        }
        self.count_value()
    }

    fn leave(&mut self) {
        self.open.pop();
        self.at += 1;
    }

    fn count_value(&mut self) -> Result<(), Refusal> {
        self.values += 1;
        if self.values <= self.limits.values {
            return Ok(());
        }
        Err(Refusal::too_large(format!("The body has more than {} values.", self.limits.values)))
    }

    fn literal(&mut self) -> Result<(), Refusal> {
        let ends = |byte: &u8| b"{}[]\",: \t\r\n".contains(byte);
        self.at += self.json[self.at..].iter().position(ends).unwrap_or(self.json.len() - self.at);
        self.count_value()
    }

    fn string(&mut self) -> Result<(), Refusal> {
        let characters = self.skip_string();
        if self.next_is_colon() {
            self.count_key(characters)
        } else {
            self.count_value()
        }
    }

    /// Goes behind the string, and says how many characters it has.
    fn skip_string(&mut self) -> usize {
        let mut characters = 0;
        self.at += 1;
        while let Some(&byte) = self.json.get(self.at) {
            self.at += match (byte, self.json.get(self.at + 1)) {
                (b'\\', Some(b'u')) => 6,
                (b'\\', _) => 2,
                _ => 1,
            };
            if byte == b'"' {
                break;
            }
            let begins_character = byte & 0b1100_0000 != 0b1000_0000;
            characters += usize::from(begins_character);
        }
        characters
    }

    fn next_is_colon(&self) -> bool {
        let rest = self.json.get(self.at..).unwrap_or_default();
        matches!((self.open.last(), rest.iter().find(|byte| !byte.is_ascii_whitespace())), (Some(Some(_)), Some(b':')))
    }

    fn count_key(&mut self, characters: usize) -> Result<(), Refusal> {
        let Limits { object_keys, key_characters, .. } = self.limits;
        if characters > *key_characters {
            return Err(Refusal::too_large(format!("A key of the body has more than {key_characters} characters.")));
        }
        let Some(Some(keys)) = self.open.last_mut() else { return Ok(()) };
        *keys += 1;
        if *keys > *object_keys {
            return Err(Refusal::too_large(format!("An object of the body has more than {object_keys} keys.")));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(json: &str) -> bool {
        check(json.as_bytes(), &Limits::committed()).is_err()
    }

    fn object(keys: usize) -> String {
        let members: Vec<String> = (0..keys).map(|key| format!("\"k{key}\": \"a, b\"")).collect();
        format!("{{{}}}", members.join(", "))
    }

    #[test]
    fn nesting_is_counted_outside_of_strings() {
        assert!(!refused(&format!("{}{}", "[".repeat(64), "]".repeat(64))));
        assert!(refused(&"[".repeat(65)));
        assert!(!refused(&format!("{{\"query\": \"{}\\\"{}\"}}", "[".repeat(90), "{".repeat(90))));
    }

    #[test]
    fn keys_are_counted_for_each_object() {
        assert!(!refused(&format!("[{0}, {0}]", object(100))));
        assert!(refused(&object(101)));
    }

    #[test]
    fn keys_are_measured_in_characters_and_strings_are_not() {
        assert!(!refused(&format!("{{\"{}\" : 1}}", "é".repeat(100))));
        assert!(refused(&format!("{{\"{}\" : 1}}", "é".repeat(101))));
        assert!(!refused(&format!("{{\"{}\" : 1}}", "\\u0061".repeat(100))));
        assert!(refused(&format!("{{\"{}\" : 1}}", "\\u0061".repeat(101))));
        assert!(!refused(&format!("[\"{}\"]", "x".repeat(1_000))));
    }

    #[test]
    fn values_are_counted_in_all() {
        assert!(!refused(&format!("[{}1]", "1,".repeat(9_998))));
        assert!(refused(&format!("[{}1]", "1,".repeat(9_999))));
    }

    #[test]
    fn json_may_hold_what_is_no_value() {
        for json in [r#"{"a": "\ud800"}"#, r#"[1e400, -1e999, 18446744073709551616]"#] {
            assert!(is_json(json.as_bytes()), "{json}");
        }
        for other in ["{", r#"["\x"]"#, "1e", "", "[1] 2"] {
            assert!(!is_json(other.as_bytes()), "{other}");
        }
        assert!(!is_json(b"\"\xff\""));
    }

    #[test]
    fn what_is_no_json_comes_to_an_end() {
        for broken in ["", "{", "\"", "\"\\", "[1", "}}}]", "nul\u{0}", "{\"a\" \"b\":"] {
            assert!(!refused(broken), "{broken:?}");
        }
    }
}
