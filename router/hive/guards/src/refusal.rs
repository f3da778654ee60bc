//! Why a request is refused, in the words of `docs/frontend/errors.md`.

/// The codes that clients meet in `extensions.code` when the router itself refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    BadUserInput,
    LimitExceeded,
    PersistedQueryNotSupported,
}

impl Code {
    pub fn name(self) -> &'static str {
        match self {
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
        }
    }
}

/// Whether the HTTP status says it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// This status, whatever the client accepts.
    Always(u16),
    /// 200 for `application/json`, 400 for `application/graphql-response+json`: the request could be read.
    OfDocument,
}

/// An answer without data.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub code: Code,
    pub message: String,
    pub status: Status,
    /// The line and the column of the document, both from 1.
    pub location: Option<(usize, usize)>,
    /// What the document would cost and what it may cost.
    pub cost: Option<(u64, u64)>,
}

impl Refusal {
    fn new(code: Code, status: Status, message: impl Into<String>) -> Self {
        Self { code, status, message: message.into(), location: None, cost: None }
    }

    /// The body is malformed: status 400 for every client.
    pub fn malformed(message: impl Into<String>) -> Self {
        Self::new(Code::BadUserInput, Status::Always(400), message)
    }

    /// The body is too large in some way: status 400 for every client.
    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(Code::LimitExceeded, Status::Always(400), message)
    }

    /// The document has a mistake.
    pub fn mistake(message: impl Into<String>) -> Self {
        Self::new(Code::BadUserInput, Status::OfDocument, message)
    }

    /// The document asks for too much.
    pub fn excess(message: impl Into<String>) -> Self {
        Self::new(Code::LimitExceeded, Status::OfDocument, message)
    }

    /// The document costs too much.
    pub fn too_dear(estimated: u64, maximum: u64) -> Self {
        let message = format!("The operation costs {estimated}; {maximum} is what one request may cost. Ask for fewer objects, or in several requests.");
        Self { cost: Some((estimated, maximum)), ..Self::excess(message) }
    }

    /// Apollo's name for "send the query", which its clients do by themselves.
    pub fn persisted_query() -> Self {
        Self::new(Code::PersistedQueryNotSupported, Status::Always(200), "PersistedQueryNotSupported")
    }

    /// The same with its place in the document.
    pub fn at(self, (line, column): (usize, usize)) -> Self {
        Self { location: Some((line, column)), ..self }
    }
}
