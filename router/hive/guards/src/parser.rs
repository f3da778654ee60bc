//! From text to [`Document`], in one pass over at most so many tokens.

use crate::document::{syntax_error, Document, Field, Fragment, Kind, Name, Operation, Selection, Variable};
use crate::lexer::{Kind as TokenKind, Lexer, Mistake, Token};
use crate::schema::TypeRef;
use crate::{Limits, Refusal};

pub(crate) mod describing;
mod values;

/// See [`Document::parse`].
///
/// # Errors
/// See there.
pub fn parse(text: &str, limits: &Limits) -> Result<Document, Refusal> {
    let document = Document { operations: Vec::new(), fragments: Vec::new(), values: Vec::new(), renamed: None };
    let token = Token { kind: TokenKind::End, start: 0, end: 0 };
    let mut parser =
        Parser { text, lexer: Lexer::new(text), token, behind: 0, tokens: 0, nesting: 0, limits, document, reserved: Vec::new() };
    parser.advance()?;
    while parser.token.kind != TokenKind::End {
        parser.definition()?;
    }
    parser.rename_reserved();
    Ok(parser.document)
}

struct Parser<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    token: Token,
    /// The byte behind the token before this one.
    behind: usize,
    tokens: usize,
    nesting: usize,
    limits: &'a Limits,
    document: Document,
    /// Where variables are that have the planner's own name.
    reserved: Vec<Token>,
}

type Parsed<T> = Result<T, Refusal>;

impl<'a> Parser<'a> {
    fn advance(&mut self) -> Parsed<Token> {
        let next = self.lexer.next_token().map_err(|Mistake { at, message }| syntax_error(self.text, at, message))?;
        self.tokens += usize::from(next.kind != TokenKind::End);
        if self.tokens > self.limits.tokens {
            return Err(Refusal::excess(format!("The document has more than {} tokens.", self.limits.tokens)));
        }
        self.behind = self.token.end;
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn unexpected<T>(&self, wanted: &str) -> Parsed<T> {
        Err(syntax_error(self.text, self.token.start, &format!("expected {wanted}")))
    }

    fn is(&self, punctuator: u8) -> bool {
        self.token.kind == TokenKind::Punctuator(punctuator)
    }

    fn skip(&mut self, punctuator: u8) -> Parsed<bool> {
        let found = self.is(punctuator);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect(&mut self, punctuator: u8) -> Parsed<()> {
        if self.skip(punctuator)? {
            return Ok(());
        }
        self.unexpected(&format!("\"{}\"", punctuator as char))
    }

    fn word(&self) -> &'a str {
        &self.text[self.token.start..self.token.end]
    }

    fn is_word(&self, word: &str) -> bool {
        self.token.kind == TokenKind::Name && self.word() == word
    }

    fn name(&mut self) -> Parsed<String> {
        if self.token.kind != TokenKind::Name {
            return self.unexpected("a name");
        }
        let name = self.word().to_string();
        self.advance()?;
        Ok(name)
    }

    /// Everything that nests goes through here, so that no document makes anybody's stack overflow. Hive Router's parser gives
    /// up at fifty.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.nesting += 1;
        let most = self.limits.document_nesting;
        if self.nesting > most {
            return Err(Refusal::excess(format!("The document is nested more than {most} deep.")));
        }
        let result = inner(self)?;
        self.nesting -= 1;
        Ok(result)
    }

    /// One or more of something between two punctuators.
    fn many<T>(&mut self, open: u8, close: u8, mut one: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.expect(open)?;
        self.nested(|parser| {
            let mut found = vec![one(parser)?];
            while !parser.skip(close)? {
                found.push(one(parser)?);
            }
            Ok(found)
        })
    }

    fn definition(&mut self) -> Parsed<()> {
        let is_described = self.skip_description()?;
        match (self.token.kind, self.word()) {
            (TokenKind::Punctuator(b'{'), _) if !is_described => self.operation(Kind::Query, true),
            (TokenKind::Name, "query") => self.operation(Kind::Query, false),
            (TokenKind::Name, "mutation") => self.operation(Kind::Mutation, false),
            (TokenKind::Name, "subscription") => self.operation(Kind::Subscription, false),
            (TokenKind::Name, "fragment") => self.fragment(),
            _ => self.unexpected("an operation or a fragment"),
        }
    }

    fn operation(&mut self, kind: Kind, is_short: bool) -> Parsed<()> {
        let mut operation = Operation { kind, name: None, variables: Vec::new(), selections: Vec::new(), inside: 0 };
        if !is_short {
            self.advance()?;
            if self.token.kind == TokenKind::Name {
                operation.name = Some(self.name()?);
            }
            if self.is(b'(') {
                operation.variables = self.many(b'(', b')', Self::variable)?;
            }
            self.directives()?;
        }
        (operation.selections, operation.inside) = self.selections()?;
        self.document.operations.push(operation);
        Ok(())
    }

    fn variable(&mut self) -> Parsed<Variable> {
        self.skip_description()?;
        let name = self.variable_name()?;
        self.expect(b':')?;
        let of_type = self.type_reference()?;
        let default = if self.skip(b'=')? { Some(self.value()?) } else { None };
        self.directives()?;
        Ok(Variable { name, of_type, default })
    }

    fn type_reference(&mut self) -> Parsed<TypeRef> {
        let nullable = if self.skip(b'[')? {
            let inner = self.nested(Self::type_reference)?;
            self.expect(b']')?;
            TypeRef::List(Box::new(inner))
        } else {
            TypeRef::Named(self.name()?)
        };
        Ok(if self.skip(b'!')? { TypeRef::NonNull(Box::new(nullable)) } else { nullable })
    }

    fn fragment(&mut self) -> Parsed<()> {
        self.advance()?;
        let at = self.token.start;
        if self.is_word("on") {
            return self.unexpected("the fragment's name");
        }
        let name = self.name()?;
        if !self.is_word("on") {
            return self.unexpected("\"on\"");
        }
        self.advance()?;
        let condition = self.name()?;
        self.directives()?;
        let (selections, inside) = self.selections()?;
        self.document.fragments.push(Fragment { name, condition, selections, at, inside });
        Ok(())
    }

    /// Selections, and the byte behind the bracket that opens them.
    fn selections(&mut self) -> Parsed<(Vec<Selection>, usize)> {
        let inside = self.token.end;
        Ok((self.many(b'{', b'}', Self::selection)?, inside))
    }

    fn selection(&mut self) -> Parsed<Selection> {
        let at = self.token.start;
        if !self.skip(b'.')? {
            return self.field();
        }
        if self.token.kind == TokenKind::Name && !self.is_word("on") {
            return Ok(Selection::Spread { name: self.name()?, conditions: self.directives()?, at });
        }
        let mut condition = None;
        if self.is_word("on") {
            self.advance()?;
            condition = Some(self.name()?);
        }
        let conditions = self.directives()?;
        let (selections, inside) = self.selections()?;
        Ok(Selection::Inline { condition, conditions, selections, at, inside })
    }

    fn field(&mut self) -> Parsed<Selection> {
        let at = self.token.start;
        let mut name = self.name()?;
        let mut alias = None;
        let mut name_at = at;
        if self.skip(b':')? {
            name_at = self.token.start;
            alias = Some(Name { text: std::mem::replace(&mut name, self.name()?), at });
        }
        let arguments_at = self.behind;
        let arguments = self.arguments()?;
        let arguments_at = (arguments_at, self.behind);
        let conditions = self.directives()?;
        let (selections, inside) = if self.is(b'{') { self.selections()? } else { (Vec::new(), 0) };
        Ok(Selection::Field(Field {
            alias,
            name,
            name_at,
            arguments,
            arguments_at,
            conditions,
            selections,
            end: self.behind,
            inside,
        }))
    }
}

#[cfg(test)]
#[path = "parser_tests.rs"]
mod tests;
