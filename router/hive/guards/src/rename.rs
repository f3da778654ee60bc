//! Gives aliases back in an answer, without building a value from it.

use std::collections::HashMap;
use std::hash::BuildHasher;

/// The answer's JSON with the client's aliases in place of other names, as keys and in the paths of errors. The names stand
/// nowhere in the document and are no fields, so that a string which equals one is one.
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
            Some(original) => push_quoted(&mut restored, original),
            None => restored.extend_from_slice(&json[at..end]),
        }
        at = end;
    }
    restored
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
    fn what_is_broken_off_comes_to_an_end() {
        for broken in [&b"\""[..], b"\"a", b"\"a\\", b""] {
            assert_eq!(restore(broken, &HashMap::new()), broken);
        }
    }
}
