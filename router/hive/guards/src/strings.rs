//! Strings of GraphQL documents. The specification of 2025 knows `\u{62}` and pairs of surrogates, which Hive Router's
//! parser does not; it reads `\b` as another character, and block strings of some indentations make it panic.

/// How many bytes the string at the beginning of `text` has, its quotes included.
///
/// # Errors
/// Why it is none.
pub fn length(text: &str) -> Result<usize, &'static str> {
    if let Some(inside) = text.strip_prefix("\"\"\"") {
        return block_end(inside).map(|end| end + 6);
    }
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at += escape(&text[at..])?.1,
            Some(b'\n' | b'\r') | None => return Err("an unterminated string"),
            Some(_) => at += 1,
        }
    }
}

fn block_end(inside: &str) -> Result<usize, &'static str> {
    let mut from = 0;
    while let Some(found) = inside[from..].find("\"\"\"") {
        let end = from + found;
        if !inside[..end].ends_with('\\') {
            return Ok(end);
        }
        from = end + 3;
    }
    Err("an unterminated block string")
}

/// The character that an escape sequence stands for, and how many bytes the sequence has.
fn escape(text: &str) -> Result<(char, usize), &'static str> {
    let simple = |character| Ok((character, 2));
    match text.as_bytes().get(1) {
        Some(b'"') => simple('"'),
        Some(b'\\') => simple('\\'),
        Some(b'/') => simple('/'),
        Some(b'b') => simple('\u{8}'),
        Some(b'f') => simple('\u{C}'),
        Some(b'n') => simple('\n'),
        Some(b'r') => simple('\r'),
        Some(b't') => simple('\t'),
        Some(b'u') => unicode_escape(text),
        _ => Err("an unknown escape sequence"),
    }
}

const NO_CHARACTER: &str = "an escape sequence that stands for no character";

fn unicode_escape(text: &str) -> Result<(char, usize), &'static str> {
    if let Some(inside) = text.strip_prefix("\\u{") {
        let digits = inside.find('}').ok_or(NO_CHARACTER)?;
        let code = hexadecimal(&inside[..digits]).ok_or(NO_CHARACTER)?;
        return char::from_u32(code).map(|character| (character, digits + 4)).ok_or(NO_CHARACTER);
    }
    let first = four_digits(text).ok_or(NO_CHARACTER)?;
    if !(0xD800..0xDC00).contains(&first) {
        return char::from_u32(first).map(|character| (character, 6)).ok_or(NO_CHARACTER);
    }
    let second = text.get(6..).and_then(four_digits).filter(|code| (0xDC00..0xE000).contains(code)).ok_or(NO_CHARACTER)?;
    let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
    char::from_u32(code).map(|character| (character, 12)).ok_or(NO_CHARACTER)
}

fn four_digits(text: &str) -> Option<u32> {
    hexadecimal(text.strip_prefix("\\u")?.get(..4)?)
}

fn hexadecimal(digits: &str) -> Option<u32> {
    let sane = (1..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    sane.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// The same string as every parser understands it, where the token has anything that some do not.
pub fn plain(token: &str) -> Option<String> {
    (block(token).is_some() || token.contains('\\')).then(|| quoted(&meaning(token)))
}

/// What a string stands for.
pub fn meaning(token: &str) -> String {
    block(token).map_or_else(|| value(token), |inside| block_value(&inside.replace("\\\"\"\"", "\"\"\"")))
}

fn block(token: &str) -> Option<&str> {
    token.strip_prefix("\"\"\"")?.strip_suffix("\"\"\"")
}

/// What a string between simple quotes stands for; the token was found by [`length`], so that its escape sequences are right.
fn value(token: &str) -> String {
    let mut rest = &token[1..token.len() - 1];
    let mut value = String::with_capacity(rest.len());
    while let Some(backslash) = rest.find('\\') {
        value.push_str(&rest[..backslash]);
        let (character, length) = escape(&rest[backslash..]).unwrap_or(('\u{FFFD}', 1));
        value.push(character);
        rest = &rest[backslash + length..];
    }
    value + rest
}

/// `BlockStringValue` of the specification: the indentation that all lines but the first share goes, and so do blank lines at both ends.
fn block_value(raw: &str) -> String {
    let unified = raw.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = unified.split('\n').collect();
    let indent = lines.iter().skip(1).filter(|line| !is_blank(line)).map(|line| indentation(line)).min().unwrap_or(0);
    let cut =
        |(index, line): (usize, &&str)| if index == 0 { line.to_string() } else { line.get(indent..).unwrap_or("").to_string() };
    let cut: Vec<String> = lines.iter().enumerate().map(cut).collect();
    let first = cut.iter().position(|line| !is_blank(line)).unwrap_or(cut.len());
    let last = cut.iter().rposition(|line| !is_blank(line)).map_or(first, |index| index + 1);
    cut[first..last].join("\n")
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

fn is_blank(line: &str) -> bool {
    indentation(line) == line.len()
}

fn quoted(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_of_2025_become_their_characters() {
        assert_eq!(plain(r#""a\u{62}c""#).unwrap(), "\"abc\"");
        assert_eq!(plain(r#""\u{1F600}\uD83D\uDE00""#).unwrap(), "\"\u{1F600}\u{1F600}\"");
        assert_eq!(plain(r#""\b\"\\\/""#).unwrap(), r#""\u0008\"\\/""#);
        assert_eq!(plain("\"as it is\""), None);
    }

    #[test]
    fn escape_sequences_that_stand_for_nothing_are_mistakes() {
        for text in
            [r#""\u{D800}""#, r#""\u{110000}""#, r#""\uD83D""#, r#""\uDE00""#, r#""\u{}""#, r#""\u12""#, r#""\u{62""#, "\"\\"]
        {
            assert!(length(text).is_err(), "{text}");
        }
    }

    #[test]
    fn block_strings_lose_what_all_their_lines_share() {
        assert_eq!(plain("\"\"\"\n    Hello,\n      World!\n\n    \"\"\"").unwrap(), "\"Hello,\\u000A  World!\"");
        assert_eq!(plain("\"\"\"a\\\"\"\"b\"\"\"").unwrap(), r#""a\"\"\"b""#);
        assert_eq!(plain("\"\"\"a\n  b\n\u{3000}\n\"\"\"").unwrap(), "\"a\\u000A  b\\u000A\u{3000}\"");
    }

    #[test]
    fn the_length_of_a_string_includes_its_quotes() {
        assert_eq!(length(r#""a\"b" rest"#), Ok(6));
        assert_eq!(length("\"\" rest"), Ok(2));
        assert_eq!(length("\"\"\"a\\\"\"\"\"\"\" rest"), Ok(11));
    }
}
