//! Numbers of GraphQL documents. Hive Router's parser reads no exponent that begins with 0 or 9, and takes a mark of the byte
//! order, or the quote of the next string, for a part of the number before it.

use crate::document::Edit;

const MARK: &str = "\u{FEFF}";

/// The number from `start` to `end` of the text as the parser reads it, where it has to be written in another way.
pub fn plain(text: &str, start: usize, end: usize) -> Option<Edit> {
    let number = &text[start..end];
    let with_sign = exponent(number).filter(|at| matches!(number.as_bytes()[*at], b'0' | b'9'));
    let written = with_sign.map(|at| format!("{}+{}", &number[..at], &number[at..]));
    let separated = text[end..].starts_with(MARK) || text[end..].starts_with('"');
    if written.is_none() && !separated {
        return None;
    }
    let space = if separated { " " } else { "" };
    Some(Edit { start, end, text: written.unwrap_or_else(|| number.to_owned()) + space })
}

/// Where the exponent's sign or digits begin.
fn exponent(number: &str) -> Option<usize> {
    number.find(['e', 'E']).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, end: usize) -> Option<String> {
        plain(text, 0, end).map(|edit| edit.text)
    }

    #[test]
    fn numbers_are_written_as_the_parser_reads_them() {
        assert_eq!(written("1.5E09", 6).as_deref(), Some("1.5E+09"));
        assert_eq!(written("1e9", 3).as_deref(), Some("1e+9"));
        assert_eq!(written("-1\u{FEFF}", 2).as_deref(), Some("-1 "));
        assert_eq!(written("1\"a\"", 1).as_deref(), Some("1 "));
        for same in ["1", "-1.5", "1e5", "1e-9", "1e+0"] {
            assert_eq!(written(same, same.len()), None, "{same}");
        }
    }
}
