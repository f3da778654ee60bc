//! What Hive Router takes for something else: descriptions, which its parser does not know, and a variable of its planner's own name.

use super::{Parsed, Parser};
use crate::document::Edit;
use crate::lexer::{Kind as TokenKind, Token};

/// What the planner calls the variable in which it sends entities.
pub(crate) const RESERVED: &str = "representations";

impl Parser<'_> {
    /// Has a description left out. Whether there was one.
    pub(super) fn skip_description(&mut self) -> Parsed<bool> {
        let is_described = self.token.kind == TokenKind::String;
        if is_described {
            let Token { start, end, .. } = self.advance()?;
            let edit = self.in_place(start, end, String::new());
            self.document.values.push(edit);
        }
        Ok(is_described)
    }

    /// An edit that leaves what is behind it in its line and column, where it does not write more than was there.
    pub(super) fn in_place(&self, start: usize, end: usize, mut text: String) -> Edit {
        let before = &self.text[start..end];
        let last_line = before.rfind('\n').map_or(before, |newline| &before[newline + 1..]);
        let newlines = before.matches('\n').count();
        let written = if newlines == 0 { text.chars().count() } else { 0 };
        text.push_str(&"\n".repeat(newlines));
        text.push_str(&" ".repeat(last_line.chars().count().saturating_sub(written)));
        Edit { start, end, text }
    }

    /// A variable with its dollar.
    pub(super) fn variable_name(&mut self) -> Parsed<String> {
        self.expect(b'$')?;
        let token = self.token;
        let name = self.name()?;
        if name == RESERVED {
            self.reserved.push(token);
        }
        Ok(name)
    }

    /// Has variables of the reserved name written by one that stands nowhere in the document.
    pub(super) fn rename_reserved(&mut self) {
        if self.reserved.is_empty() {
            return;
        }
        let mut name = format!("{RESERVED}_");
        while self.text.contains(&name) {
            name.push('_');
        }
        let renamed = self.reserved.iter().map(|token| Edit { start: token.start, end: token.end, text: name.clone() });
        self.document.values.extend(renamed);
        self.document.renamed = Some(name);
    }
}
