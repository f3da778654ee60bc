//! What is refused by its head alone, and the body of what is not.

use guards::media::{self, Answer};
use guards::Limits;
use hive_router::http::header::{
    ACCEPT, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING, UPGRADE,
};
use hive_router::http::Method;
use hive_router::ntex::http::header::{HeaderName, HeaderValue};
use hive_router::ntex::http::{HeaderMap, Payload};
use hive_router::ntex::web::{DefaultError, WebRequest};

use crate::reply::Problem;
use crate::{body, caller};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What the client accepts; None when that is neither media type.
pub fn accepted(request: &WebRequest<DefaultError>) -> Option<Answer> {
    media::answer(list(request.headers(), &ACCEPT).as_deref(), request.method() == Method::GET)
}

/// Looks at the head of a request, reads its body, and leaves both so that Hive Router reads them as we do.
///
/// # Errors
/// What `docs/frontend/errors.md` says of paths, methods, headers and bodies.
pub async fn open(request: &mut WebRequest<DefaultError>, accepted: Option<Answer>, limits: &Limits) -> Result<(), Problem> {
    if request.path() != "/graphql" {
        return Err(Problem::new("NOT_FOUND", 404, "There is nothing here; GraphQL is at /graphql."));
    }
    check_head(request, accepted)?;
    take_token(request)?;
    if request.headers().contains_key(UPGRADE) && !has_body(request) {
        // What would change the protocol comes with what looks like a body without end.
        request.set_payload(Payload::None);
    }
    if request.method() == Method::POST {
        read_body(request, limits).await?;
    }
    if request.method() != Method::OPTIONS {
        make_plain(request, accepted.unwrap_or(Answer::Json));
    }
    Ok(())
}

/// Lets a client whose request is refused by its head end sending.
pub async fn discard_body(request: &mut WebRequest<DefaultError>) {
    if has_body(request) {
        body::discard(&mut request.take_payload()).await;
    }
}

/// Writes who asks in the one way that Hive Router reads as it is meant. Schemes have no case; behind one there are blanks and a token.
///
/// # Errors
/// UNAUTHENTICATED for all else.
fn take_token(request: &mut WebRequest<DefaultError>) -> Result<(), Problem> {
    let Some(value) = list(request.headers(), &AUTHORIZATION) else { return Ok(()) };
    let written = caller::bearer(&value).and_then(|token| HeaderValue::from_str(&format!("Bearer {token}")).ok());
    let Some(written) = written else { return Err(caller::invalid("The access token is not valid.")) };
    request.headers_mut().insert(AUTHORIZATION, written);
    Ok(())
}

fn check_head(request: &WebRequest<DefaultError>, accepted: Option<Answer>) -> Result<(), Problem> {
    let is_post = request.method() == Method::POST;
    if !is_post && request.method() != Method::GET && request.method() != Method::OPTIONS {
        return Err(Problem::bad_input(405, "The method must be GET or POST.").with_header("allow", "GET, POST"));
    }
    if header(request.headers(), &UPGRADE).is_some_and(|upgrade| upgrade.to_lowercase().contains("websocket")) {
        return Err(Problem::bad_input(400, "There are no subscriptions yet, and so no WebSockets."));
    }
    if accepted.is_none() {
        let known = "application/json or application/graphql-response+json";
        return Err(Problem::bad_input(406, format!("The header accept must allow {known}.")));
    }
    if is_post && !has_json(request.headers()) {
        return Err(Problem::bad_input(415, "The header content-type must be application/json, with no content-encoding."));
    }
    Ok(())
}

fn has_json(headers: &HeaderMap) -> bool {
    let is_packed = header(headers, &CONTENT_ENCODING).is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity"));
    !is_packed && headers.get_all(&CONTENT_TYPE).count() == 1 && header(headers, &CONTENT_TYPE).is_some_and(media::is_json)
}

async fn read_body(request: &mut WebRequest<DefaultError>, limits: &Limits) -> Result<(), Problem> {
    let declared = header(request.headers(), &CONTENT_LENGTH).and_then(|length| length.parse().ok());
    let mut payload = request.take_payload();
    let bytes = body::read(&mut payload, declared, limits).await?;
    request.set_payload(Payload::from_stream(futures::stream::once(async move { Ok(bytes) })));
    Ok(())
}

/// Source: <https://www.rfc-editor.org/rfc/rfc9112#section-6.3>
fn has_body(request: &WebRequest<DefaultError>) -> bool {
    request.headers().contains_key(CONTENT_LENGTH) || request.headers().contains_key(TRANSFER_ENCODING)
}

/// Says what was found out in words that can't be understood in another way. That GET is no form of a foreign page, which is
/// what the type of a body that it does not have would say, is not asked of it: it never changes anything.
fn make_plain(request: &mut WebRequest<DefaultError>, answer: Answer) {
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static(answer.media_type()));
    headers.insert(CONTENT_TYPE, JSON);
}

/// All values of a header, which are one list.
pub fn list(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).map(|value| value.to_str().unwrap_or("")).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or(""))
}
