//! Answers that hold errors alone.

use guards::media::Answer;
use guards::refusal::Status;
use guards::Refusal;
use hive_router::ntex::http::{Response, StatusCode};
use serde_json::{json, Value};

/// An error without data: what went wrong, and the HTTP status that says it.
pub struct Problem {
    pub code: &'static str,
    pub message: String,
    pub status: u16,
    pub headers: Vec<(&'static str, &'static str)>,
    rest: Vec<(&'static str, Value)>,
    cost: Option<Value>,
}

impl Problem {
    pub fn new(code: &'static str, status: u16, message: impl Into<String>) -> Self {
        Self { code, status, message: message.into(), headers: Vec::new(), rest: Vec::new(), cost: None }
    }

    pub fn bad_input(status: u16, message: impl Into<String>) -> Self {
        Self::new("BAD_USER_INPUT", status, message)
    }

    pub fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// A refusal of the guards, to a client that accepts this.
    pub fn of(refusal: &Refusal, answer: Answer) -> Self {
        let status = match refusal.status {
            Status::Always(status) => status,
            Status::OfDocument => answer.status_of_refusal(),
        };
        let mut problem = Self::new(refusal.code.name(), status, refusal.message.clone());
        problem.rest.extend(refusal.location.map(|(line, column)| ("locations", json!([{ "line": line, "column": column }]))));
        problem.cost = refusal.cost.map(|(estimated, maximum)| json!({ "estimated": estimated, "maximum": maximum }));
        problem
    }

    /// The answer's JSON.
    pub fn body(&self) -> Vec<u8> {
        let mut extensions = json!({ "code": self.code });
        if let Some(cost) = &self.cost {
            extensions["cost"] = cost.clone();
        }
        let mut error = json!({ "message": self.message });
        for (member, value) in &self.rest {
            error[*member] = value.clone();
        }
        error["extensions"] = extensions;
        json!({ "errors": [error] }).to_string().into_bytes()
    }

    /// The answer, in JSON for a client that accepts neither media type. After a body that came too late there is no going on.
    pub fn response(&self, answer: Answer) -> Response {
        let media_type = if answer == Answer::Html { Answer::Json } else { answer }.media_type();
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Response::build(status);
        response.header("content-type", format!("{media_type}; charset=utf-8"));
        for (name, value) in &self.headers {
            response.header(*name, *value);
        }
        if self.status == 408 {
            response.force_close();
        }
        response.body(self.body())
    }
}
