//! Gives aliases back in an answer, without building a value from it.

use std::collections::HashMap;
use std::hash::BuildHasher;

/// The answer's JSON with the client's aliases in place of other names, as keys and in the paths of errors. The names stand
/// nowhere in the document and are no fields, so that a string which equals one is one. A key that nothing is the original of
/// goes, with its string or null.
pub fn restore<S: BuildHasher>(json: &[u8], originals: &HashMap<String, String, S>) -> Vec<u8> {
    let mut restored = Vec::with_capacity(json.len());
    let mut at = 0;
    while at < json.len() {
        if json[at] != b'"' {
            restored.push(json[at]);
            at += 1;
            continue;
        }
        let end = string_end(json, at);
        let inside = &json[at + 1..end.saturating_sub(1).max(at + 1)];
        match std::str::from_utf8(inside).ok().and_then(|name| originals.get(name)) {
            Some(original) if original.is_empty() => {
                at = leave_out(json, end, &mut restored);
                continue;
            }
            Some(original) => push_quoted(&mut restored, original),
            None => restored.extend_from_slice(&json[at..end]),
        }
        at = end;
    }
    restored
}

/// The byte behind the member whose key ends here, and behind one of the commas around it.
fn leave_out(json: &[u8], key_end: usize, restored: &mut Vec<u8>) -> usize {
    let found = json[key_end..].iter().position(|byte| *byte == b'"' || *byte == b'n');
    let value = found.map_or(json.len(), |offset| key_end + offset);
    let end = if json[value..].starts_with(b"null") { value + 4 } else { string_end(json, value) };
    if json.get(end) == Some(&b',') {
        return end + 1;
    }
    if restored.last() == Some(&b',') {
        restored.pop();
    }
    end
}

fn push_quoted(json: &mut Vec<u8>, name: &str) {
    json.push(b'"');
    json.extend_from_slice(name.as_bytes());
    json.push(b'"');
}

/// The byte behind the string that begins at `start`.
fn string_end(json: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = json.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_paths_get_the_clients_aliases_and_values_stay() {
        let originals = HashMap::from([("alias_0".to_string(), "id".to_string())]);
        let answer = br#"{"data":{"alias_0":"a\"alias_0\"","b":["alias_1"]},"errors":[{"path":["x",0,"alias_0"]}]}"#;
        let expected = br#"{"data":{"id":"a\"alias_0\"","b":["alias_1"]},"errors":[{"path":["x",0,"id"]}]}"#;
        assert_eq!(restore(answer, &originals), expected);
    }

    #[test]
    fn what_is_not_the_clients_goes() {
        let originals = HashMap::from([("kept".to_string(), String::new())]);
        for (json, expected) in [
            (r#"{"kept":"T","a":1}"#, r#"{"a":1}"#),
            (r#"{"a":{"kept":"T"},"b":2}"#, r#"{"a":{},"b":2}"#),
            (r#"{"a":1,"kept":"T"}"#, r#"{"a":1}"#),
            (r#"[{"a":1,"kept":"T","b":2}]"#, r#"[{"a":1,"b":2}]"#),
            (r#"{"kept":null,"a":1}"#, r#"{"a":1}"#),
            (r#"{"a":1,"kept":null}"#, r#"{"a":1}"#),
            (r#"{"kept":null}"#, r#"{}"#),
        ] {
            assert_eq!(restore(json.as_bytes(), &originals), expected.as_bytes());
        }
    }

    #[test]
    fn what_is_broken_off_comes_to_an_end() {
        for broken in [&b"\""[..], b"\"a", b"\"a\\", b""] {
            assert_eq!(restore(broken, &HashMap::new()), broken);
        }
    }
}
