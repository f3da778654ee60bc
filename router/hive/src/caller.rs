//! Who asks. With a token that is not valid the whole request is refused, before any subgraph is asked; Hive Router by
//! itself takes such a caller for an anonymous one, and believes a token for a minute after it has expired.

use std::time::{SystemTime, UNIX_EPOCH};

use hive_router::executor::execution::client_request_details::{ClientRequestDetails, JwtRequestDetails};
use hive_router::sonic_rs::{JsonValueTrait, Value};
use jsonwebtoken::decode_header;

use crate::keys::Keys;
use crate::reply::Problem;

const TYPES: [&str; 2] = ["at+jwt", "application/at+jwt"];

/// Nothing for an anonymous caller, and for one whose token is valid.
///
/// # Errors
/// UNAUTHENTICATED, or UNAVAILABLE when tokens can't be verified now.
pub async fn check(details: &ClientRequestDetails<'_>, keys: &Keys) -> Result<(), Problem> {
    let Some(header) = details.headers.get("authorization") else { return Ok(()) };
    match &*details.jwt {
        JwtRequestDetails::Authenticated { claims, token, .. } => check_type(token).and_then(|()| check_claims(claims)),
        JwtRequestDetails::Unauthenticated => {
            let token = header.to_str().ok().and_then(bearer);
            if token.is_none() || keys.can_judge(token.unwrap_or("")).await {
                return Err(invalid("The access token is not valid."));
            }
            Err(Problem::new("UNAVAILABLE", 503, "Access tokens can't be verified now; try again."))
        }
    }
}

/// The token in a header such as `Bearer abc`.
/// Source: <https://www.rfc-editor.org/rfc/rfc9110#section-11.1>
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim_matches(' ');
    let is_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte));
    (scheme.eq_ignore_ascii_case("bearer") && is_token).then_some(token)
}

/// What else the issuer signs, such as an ID token, is no access token.
/// Source: <https://www.rfc-editor.org/rfc/rfc9068#section-4>
fn check_type(token: &str) -> Result<(), Problem> {
    let named = decode_header(token).ok().and_then(|header| header.typ).unwrap_or_default().to_lowercase();
    if TYPES.contains(&named.as_str()) {
        return Ok(());
    }
    Err(invalid("The access token is not valid."))
}

fn check_claims(claims: &Value) -> Result<(), Problem> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64().floor());
    let time = |name: &str| claims.get(name).and_then(JsonValueTrait::as_f64);
    if time("exp").is_none_or(|expires| expires <= now) {
        return Err(invalid("The access token has expired; get a new one by tokenRefresh."));
    }
    let is_text = |name: &str| claims.get(name).is_some_and(|claim| claim.is_str());
    let is_whole = is_text("sub") && is_text("sid") && time("auth_time").is_some();
    if !is_whole || time("nbf").is_some_and(|begins| begins > now) {
        return Err(invalid("The access token is not valid."));
    }
    Ok(())
}

/// What refuses a token.
pub fn invalid(message: &str) -> Problem {
    Problem::new("UNAUTHENTICATED", 401, message).with_header("www-authenticate", "Bearer error=\"invalid_token\"")
}
