//! The correlation id and the trace of a request: they begin here where the client sent none.

use hive_router::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS};
use hive_router::ntex::http::header::{HeaderName, HeaderValue};
use hive_router::ntex::http::HeaderMap;
use uuid::Uuid;

const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Sees to it that the request has both headers, and returns the correlation id.
pub fn begin(headers: &mut HeaderMap) -> HeaderValue {
    if !text(headers, &TRACEPARENT).is_some_and(is_trace) {
        set(headers, TRACEPARENT, &format!("00-{}-{}-01", Uuid::new_v4().simple(), &Uuid::new_v4().simple().to_string()[..16]));
    }
    if !text(headers, &CORRELATION_ID).is_some_and(is_correlation_id) {
        set(headers, CORRELATION_ID, &Uuid::new_v4().to_string());
    }
    headers.get(&CORRELATION_ID).cloned().unwrap_or_else(|| HeaderValue::from_static(""))
}

/// Tells the client the id under which the log knows its request; pages of all origins may read the answer.
pub fn tell(headers: &mut HeaderMap, correlation_id: HeaderValue) {
    headers.insert(CORRELATION_ID, correlation_id);
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("x-correlation-id, retry-after, www-authenticate"));
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn is_correlation_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte))
}

fn is_trace(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let hexadecimal = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let is_set = |part: &str| part.bytes().any(|byte| byte != b'0');
    matches!(parts[..], ["00", trace, parent, flags] if (trace.len(), parent.len(), flags.len()) == (32, 16, 2)
        && hexadecimal(trace) && hexadecimal(parent) && hexadecimal(flags) && is_set(trace) && is_set(parent))
}
