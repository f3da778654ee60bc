//! Who asks. With a token that is not valid the whole request is refused, before any subgraph is asked; Hive Router by
//! itself takes such a caller for an anonymous one, and believes a token for a minute after it has expired.

use std::time::{SystemTime, UNIX_EPOCH};

use hive_router::executor::execution::client_request_details::{ClientRequestDetails, JwtRequestDetails};
use hive_router::sonic_rs::{JsonValueTrait, Value};

use crate::keys::Keys;
use crate::reply::Problem;

/// Nothing for an anonymous caller, and for one whose token is valid.
///
/// # Errors
/// UNAUTHENTICATED, or UNAVAILABLE when tokens can't be verified now.
pub async fn check(details: &ClientRequestDetails<'_>, keys: &Keys) -> Result<(), Problem> {
    let Some(header) = details.headers.get("authorization") else { return Ok(()) };
    match &*details.jwt {
        JwtRequestDetails::Authenticated { claims, .. } => check_claims(claims),
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

fn check_claims(claims: &Value) -> Result<(), Problem> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64().floor());
    let time = |name: &str| claims.get(name).and_then(JsonValueTrait::as_f64);
    if time("exp").is_none_or(|expires| expires <= now) {
        return Err(invalid("The access token has expired; get a new one by tokenRefresh."));
    }
    if time("nbf").is_some_and(|begins| begins > now) || !claims.get("sub").is_some_and(|subject| subject.is_str()) {
        return Err(invalid("The access token is not valid."));
    }
    Ok(())
}

/// What refuses a token.
pub fn invalid(message: &str) -> Problem {
    Problem::new("UNAUTHENTICATED", 401, message).with_header("www-authenticate", "Bearer error=\"invalid_token\"")
}
