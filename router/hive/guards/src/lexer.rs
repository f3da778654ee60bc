//! The tokens of a GraphQL document.

use crate::strings;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Name,
    Number,
    String,
    /// `...` is the dot.
    Punctuator(u8),
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

/// A mistake, and the byte where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub at: usize,
    pub message: &'static str,
}

pub struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next token.
    ///
    /// # Errors
    /// What is no token.
    pub fn next_token(&mut self) -> Result<Token, Mistake> {
        self.skip_ignored();
        let start = self.at;
        let kind = match self.peek() {
            None => Kind::End,
            Some(b'_' | b'a'..=b'z' | b'A'..=b'Z') => self.name(),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'"') => self.string()?,
            Some(b'.') => self.spread()?,
            Some(byte) if b"!$&():=@[]{|}".contains(&byte) => self.punctuator(byte),
            Some(_) => return Err(self.mistake("an unexpected character")),
        };
        Ok(Token { kind, start, end: self.at })
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes().get(self.at).copied()
    }

    fn mistake(&self, message: &'static str) -> Mistake {
        Mistake { at: self.at, message }
    }

    fn skip_ignored(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r' | b',') => self.at += 1,
                Some(b'#') => self.skip_while(|byte| byte != b'\n' && byte != b'\r'),
                Some(0xEF) if self.bytes()[self.at..].starts_with("\u{FEFF}".as_bytes()) => self.at += 3,
                _ => return,
            }
        }
    }

    fn skip_while(&mut self, belongs: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&belongs) {
            self.at += 1;
        }
    }

    fn name(&mut self) -> Kind {
        self.skip_while(is_name);
        Kind::Name
    }

    fn punctuator(&mut self, byte: u8) -> Kind {
        self.at += 1;
        Kind::Punctuator(byte)
    }

    fn spread(&mut self) -> Result<Kind, Mistake> {
        if !self.bytes()[self.at..].starts_with(b"...") {
            return Err(self.mistake("an unexpected \".\""));
        }
        self.at += 3;
        Ok(Kind::Punctuator(b'.'))
    }

    fn number(&mut self) -> Result<Kind, Mistake> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leads_with_zero = self.peek() == Some(b'0');
        let whole = self.digits()?;
        if leads_with_zero && whole > 1 {
            return Err(self.mistake("a number that begins with 0"));
        }
        self.fraction()?;
        match self.peek() {
            Some(byte) if byte == b'.' || is_name(byte) => Err(self.mistake("a malformed number")),
            _ => Ok(Kind::Number),
        }
    }

    fn fraction(&mut self) -> Result<(), Mistake> {
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<usize, Mistake> {
        let start = self.at;
        self.skip_while(|byte| byte.is_ascii_digit());
        match self.at - start {
            0 => Err(self.mistake("a malformed number")),
            count => Ok(count),
        }
    }

    fn string(&mut self) -> Result<Kind, Mistake> {
        let length = strings::length(&self.text[self.at..]).map_err(|message| self.mistake(message))?;
        self.at += length;
        Ok(Kind::String)
    }
}

fn is_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// The line and the column of a byte of the text, both from 1, the column in characters.
pub fn location(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Result<Vec<Kind>, Mistake> {
        let mut lexer = Lexer::new(text);
        let mut kinds = Vec::new();
        loop {
            match lexer.next_token()?.kind {
                Kind::End => return Ok(kinds),
                kind => kinds.push(kind),
            }
        }
    }

    #[test]
    fn what_stands_between_tokens_is_ignored() {
        let found = kinds("\u{FEFF}a,, # {\n ...\t-1.5e3").unwrap();
        assert_eq!(found, [Kind::Name, Kind::Punctuator(b'.'), Kind::Number]);
    }

    #[test]
    fn malformed_tokens_are_mistakes() {
        for text in ["00", "1.", "1a", "-", "1e", "..", "\"a", "\"\"\"a", "\"\n\"", "\"\\x\"", "%", "\u{E9}"] {
            assert!(kinds(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn places_are_told_in_lines_and_columns() {
        assert_eq!(location("{\n  é x", 7), (2, 5));
    }
}
