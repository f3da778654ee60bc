//! A document as far as its guards look at it: without directives other than conditions.

use crate::lexer::location;
use crate::schema::TypeRef;
use crate::{parser, Limits, Refusal};

#[derive(Debug)]
pub struct Document {
    pub operations: Vec<Operation>,
    pub fragments: Vec<Fragment>,
    /// What has to be written in another way for Hive Router's parser, or its planner, whatever the schema: strings, numbers,
    /// descriptions, and a variable of a name that is the planner's own.
    pub values: Vec<Edit>,
    /// The name that such a variable has in its place.
    pub renamed: Option<String>,
}

/// Bytes of the text, and what comes in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub start: usize,
    pub end: usize,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Query,
    Mutation,
    Subscription,
}

#[derive(Debug)]
pub struct Operation {
    pub kind: Kind,
    pub name: Option<String>,
    pub variables: Vec<Variable>,
    pub selections: Vec<Selection>,
    /// The byte behind the bracket that opens them.
    pub inside: usize,
}

/// A variable as an operation declares it.
#[derive(Debug)]
pub struct Variable {
    pub name: String,
    pub of_type: TypeRef,
    pub default: Option<Value>,
}

#[derive(Debug)]
pub struct Fragment {
    pub name: String,
    pub condition: String,
    pub selections: Vec<Selection>,
    /// Where its name stands.
    pub at: usize,
    /// The byte behind the bracket that opens its selections.
    pub inside: usize,
}

#[derive(Debug)]
pub enum Selection {
    Field(Field),
    /// `at` is where its dots begin.
    Spread {
        name: String,
        conditions: Vec<Condition>,
        at: usize,
    },
    Inline {
        condition: Option<String>,
        conditions: Vec<Condition>,
        selections: Vec<Selection>,
        at: usize,
        inside: usize,
    },
}

impl Selection {
    /// Where it begins.
    pub fn at(&self) -> usize {
        match self {
            Self::Field(field) => field.at(),
            Self::Spread { at, .. } | Self::Inline { at, .. } => *at,
        }
    }
}

#[derive(Debug)]
pub struct Field {
    pub alias: Option<Name>,
    pub name: String,
    /// Where its name stands, behind its alias.
    pub name_at: usize,
    pub arguments: Vec<(String, Value)>,
    /// Where their brackets begin, and the byte behind them.
    pub arguments_at: (usize, usize),
    pub conditions: Vec<Condition>,
    pub selections: Vec<Selection>,
    /// The byte behind all of it.
    pub end: usize,
    /// The byte behind the bracket that opens its selections, if it has any.
    pub inside: usize,
}

impl Field {
    /// The key that the field has in the answer.
    pub fn key(&self) -> &str {
        self.alias.as_ref().map_or(&self.name, |alias| &alias.text)
    }

    /// Where it begins.
    pub fn at(&self) -> usize {
        self.alias.as_ref().map_or(self.name_at, |alias| alias.at)
    }

    pub fn is_introspection(&self) -> bool {
        self.name == "__schema" || self.name == "__type"
    }
}

#[derive(Debug, Clone)]
pub struct Name {
    pub text: String,
    pub at: usize,
}

/// `@include(if:)`, or `@skip(if:)` when it leaves out.
#[derive(Debug)]
pub struct Condition {
    pub leaves_out: bool,
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Number(Number),
    Bool(bool),
    Variable(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
    Null,
    /// What it stands for.
    String(String),
    /// The name of one of an enum's values.
    Enum,
}

/// A number, and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Infinite for what no double holds.
    pub value: f64,
    /// Without a fraction and an exponent.
    pub is_whole: bool,
    pub at: usize,
    pub end: usize,
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// LIMIT_EXCEEDED for too many tokens or too deep a document, BAD_USER_INPUT with its place for what is no GraphQL.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, Refusal> {
        parser::parse(text, limits)
    }

    /// The client's name of a variable that Hive Router gets under another, and that one.
    pub fn renamed(&self) -> Option<(&'static str, &str)> {
        self.renamed.as_deref().map(|name| (parser::describing::RESERVED, name))
    }

    /// The name under which Hive Router gets a variable of the client's.
    pub fn sent<'a>(&'a self, name: &'a str) -> &'a str {
        self.renamed().filter(|(own, _)| *own == name).map_or(name, |(_, sent)| sent)
    }

    pub fn fragment(&self, name: &str) -> Option<usize> {
        self.fragments.iter().position(|fragment| fragment.name == name)
    }

    /// The operation that a request means.
    ///
    /// # Errors
    /// BAD_USER_INPUT when there is no such operation, or no telling which one.
    pub fn operation(&self, name: Option<&str>) -> Result<&Operation, Refusal> {
        match (name, self.operations.as_slice()) {
            (_, []) => Err(Refusal::mistake("The document has no operation.")),
            (None, [only]) => Ok(only),
            (None, _) => Err(Refusal::malformed("The document has several operations: `operationName` must say which one to run.")),
            (Some(name), all) => all
                .iter()
                .find(|operation| operation.name.as_deref() == Some(name))
                .ok_or_else(|| Refusal::malformed("The document has no operation of the name that `operationName` says.")),
        }
    }
}

/// A mistake of the document at a byte of its text.
pub fn syntax_error(text: &str, at: usize, message: &str) -> Refusal {
    Refusal::mistake(format!("Syntax error: {message}.")).at(location(text, at))
}

/// The text with its edits, which do not overlap. What is put in before another edit's place comes before what that writes.
pub fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.start, edit.end));
    let mut result = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        result.push_str(&text[from..edit.start]);
        result.push_str(&edit.text);
        from = edit.end;
    }
    result + &text[from..]
}
