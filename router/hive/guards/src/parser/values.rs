//! Arguments, directives and the values in them.

use super::{Parsed, Parser};
use crate::document::{Condition, Edit, Number, Value};
use crate::lexer::{Kind as TokenKind, Lexer, Token};
use crate::{numbers, strings, Refusal};

impl Parser<'_> {
    pub(super) fn arguments(&mut self) -> Parsed<Vec<(String, Value)>> {
        if self.is(b'(') {
            return self.many(b'(', b')', Self::member);
        }
        Ok(Vec::new())
    }

    fn member(&mut self) -> Parsed<(String, Value)> {
        let name = self.name()?;
        self.expect(b':')?;
        Ok((name, self.value()?))
    }

    pub(super) fn directives(&mut self) -> Parsed<Vec<Condition>> {
        let mut conditions = Vec::new();
        while self.skip(b'@')? {
            let name = self.name()?;
            let value = self.arguments()?.into_iter().find(|(argument, _)| argument == "if");
            match (name.as_str(), value) {
                ("skip", Some((_, value))) => conditions.push(Condition { leaves_out: true, value }),
                ("include", Some((_, value))) => conditions.push(Condition { leaves_out: false, value }),
                _ => (),
            }
        }
        Ok(conditions)
    }

    pub(super) fn value(&mut self) -> Parsed<Value> {
        match self.token.kind {
            TokenKind::Punctuator(b'$') => self.variable_name().map(Value::Variable),
            TokenKind::Punctuator(b'[') => self.any_number(b'[', b']', Self::value).map(Value::List),
            TokenKind::Punctuator(b'{') => self.object(),
            TokenKind::Number | TokenKind::String | TokenKind::Name => self.scalar(),
            _ => self.unexpected("a value"),
        }
    }

    fn object(&mut self) -> Parsed<Value> {
        let members = self.any_number(b'{', b'}', Self::member)?;
        if members.len() > self.limits.object_keys {
            return Err(Refusal::excess(format!("An object of the document has more than {} keys.", self.limits.object_keys)));
        }
        Ok(Value::Object(members))
    }

    fn any_number<T>(&mut self, open: u8, close: u8, one: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut ahead = Lexer::new(&self.text[self.token.end..]);
        if matches!(ahead.next_token(), Ok(Token { kind: TokenKind::Punctuator(byte), .. }) if byte == close) {
            self.advance()?;
            return self.nested(|parser| parser.advance().map(|_| Vec::new()));
        }
        self.many(open, close, one)
    }

    fn scalar(&mut self) -> Parsed<Value> {
        let token = self.advance()?;
        let text = &self.text[token.start..token.end];
        self.document.values.extend(self.plain(token));
        Ok(match (token.kind, text) {
            (TokenKind::Number, number) => Value::Number(Number {
                value: number.parse().unwrap_or(f64::INFINITY),
                is_whole: !number.contains(['.', 'e', 'E']),
                at: token.start,
                end: token.end,
            }),
            (TokenKind::String, string) => Value::String(strings::meaning(string)),
            (TokenKind::Name, "true") => Value::Bool(true),
            (TokenKind::Name, "false") => Value::Bool(false),
            (TokenKind::Name, "null") => Value::Null,
            _ => Value::Enum,
        })
    }

    fn plain(&self, Token { kind, start, end }: Token) -> Option<Edit> {
        match kind {
            TokenKind::String => strings::plain(&self.text[start..end]).map(|text| self.in_place(start, end, text)),
            TokenKind::Number => numbers::plain(self.text, start, end),
            _ => None,
        }
    }
}
