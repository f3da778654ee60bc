//! From the words of Hive Router to those of `docs/frontend/errors.md`.

use hive_router::http::StatusCode;
use hive_router::GraphQLError;

/// The codes that clients meet.
const CODES: [&str; 10] = [
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "NOT_FOUND",
    "BAD_USER_INPUT",
    "CONFLICT",
    "RATE_LIMITED",
    "LIMIT_EXCEEDED",
    "UNAVAILABLE",
    "PERSISTED_QUERY_NOT_SUPPORTED",
    "INTERNAL",
];

/// Characters of a message: some quote what the client sent.
const LONGEST: usize = 500;

pub const INTERNAL: &str = "Something went wrong on our side.";
pub const UNAVAILABLE: &str = "This part of the answer is not available now; try again.";

pub fn is_code(code: &str) -> bool {
    CODES.contains(&code)
}

/// The error as clients meet it, and the status where it is another than Hive Router's.
pub fn for_client(error: &mut GraphQLError) -> Option<StatusCode> {
    let code = error.extensions.code.take().unwrap_or_default();
    let (code, message, status) = translated(&code, &error.message);
    error.extensions.code = Some(code.into());
    error.message = message.chars().take(LONGEST).collect();
    error.extensions.service_name = None;
    error.extensions.affected_path = None;
    error.extensions.extensions.retain(|member, _| member == "cost");
    status
}

fn translated<'a>(code: &'a str, message: &str) -> (&'a str, String, Option<StatusCode>) {
    let told = |code, message: &str, status| (code, message.to_string(), status);
    match code {
        "INTERNAL" => told(code, INTERNAL, None),
        _ if is_code(code) => (code, without_value(message), None),
        "GATEWAY_TIMEOUT" => told("UNAVAILABLE", "The request took too long; try again.", Some(StatusCode::GATEWAY_TIMEOUT)),
        "NO_SUPERGRAPH_AVAILABLE" => {
            told("UNAVAILABLE", "The router is not ready yet; try again.", Some(StatusCode::SERVICE_UNAVAILABLE))
        }
        "PAYLOAD_TOO_LARGE_CONTENT_LENGTH" | "PAYLOAD_TOO_LARGE_BODY_STREAM" => {
            told("LIMIT_EXCEEDED", "The body is too large.", Some(StatusCode::PAYLOAD_TOO_LARGE))
        }
        // What we write anew for the planner may be longer than it was.
        "TOKEN_LIMIT_EXCEEDED" | "MAX_ALIASES_EXCEEDED" | "MAX_DEPTH_EXCEEDED" => {
            told("LIMIT_EXCEEDED", "The document asks for too much.", None)
        }
        "REQUEST_HEADER_FIELDS_TOO_LARGE" => told("LIMIT_EXCEEDED", "The headers are too large.", None),
        "PAYLOAD_READ_ERROR" | "DECOMPRESSION_FAILED" | "INVALID_HEADER" => {
            told("BAD_USER_INPUT", "The body can't be read.", Some(StatusCode::BAD_REQUEST))
        }
        "UNSUPPORTED_CONTENT_ENCODING" => {
            told("BAD_USER_INPUT", "The header content-encoding names an encoding that is not known here.", None)
        }
        "GRAPHQL_PARSE_FAILED" => told("BAD_USER_INPUT", "Syntax error: the document is not GraphQL.", None),
        "OPERATION_RESOLUTION_FAILURE" => told("BAD_USER_INPUT", "The operation can't be run as it is.", None),
        _ if is_validation(code) => told("BAD_USER_INPUT", message, None),
        _ => told("INTERNAL", INTERNAL, None),
    }
}

/// Rules of validation have names in CamelCase, all other codes are in capitals.
fn is_validation(code: &str) -> bool {
    code.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// What is wrong with a variable, without its value: that may be a password. Hive Router prints it last, or between quotes
/// before the type of an enum; whoever else speaks of a variable is not quoted at all.
fn without_value(message: &str) -> String {
    let Some(rest) = message.strip_prefix("Variable ") else { return message.into() };
    match rest.split_once(": ") {
        Some((variable, reason)) if variable.contains(" has invalid ") => format!("Variable {variable}: {}", without_quote(reason)),
        _ => format!("Variable {} has an invalid value.", rest.split_whitespace().next().unwrap_or("")),
    }
}

fn without_quote(reason: &str) -> String {
    if let Some((before, _)) = reason.split_once(", found: ") {
        return format!("{before}.");
    }
    if let Some((before, _)) = reason.split_once(" value: ") {
        return format!("{before} value.");
    }
    match reason.rfind(" does not exist in ") {
        Some(end) if reason.starts_with("Value \"") => format!("The value{}", &reason[end..]),
        _ => reason.into(),
    }
}
