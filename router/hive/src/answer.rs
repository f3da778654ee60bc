//! An answer on its way out: where denied fields are, and what its client called its fields.

use std::collections::HashMap;

use guards::rename::restore;
use hive_router::executor::response::graphql_error::{GraphQLErrorPath, GraphQLErrorPathSegment};
use hive_router::executor::response::value::Value;
use hive_router::ntex::http::body::{Body, ResponseBody};
use hive_router::ntex::web::WebResponse;
use hive_router::GraphQLError;

const DENIED: &str = "UNAUTHORIZED_FIELD_OR_TYPE";

/// Says of each denied field where it is met first, as UNAUTHENTICATED or FORBIDDEN. One that is met nowhere, as in a list
/// without items, is no error.
pub fn place_denials(errors: Vec<GraphQLError>, data: &Value, is_anonymous: bool) -> Vec<GraphQLError> {
    errors.into_iter().filter_map(|error| if is_denial(&error) { denial(&error, data, is_anonymous) } else { Some(error) }).collect()
}

fn is_denial(error: &GraphQLError) -> bool {
    error.extensions.code.as_deref() == Some(DENIED)
}

fn denial(error: &GraphQLError, data: &Value, is_anonymous: bool) -> Option<GraphQLError> {
    let affected = error.extensions.affected_path.as_deref().unwrap_or("");
    let keys: Vec<&str> = affected.split('.').collect();
    let (code, message) = if is_anonymous {
        ("UNAUTHENTICATED", format!("{affected} needs an access token."))
    } else {
        ("FORBIDDEN", format!("{affected} needs a token with another scope."))
    };
    let mut denial = GraphQLError::from_message_and_code(message, code);
    denial.path = Some(GraphQLErrorPath { segments: place(data, &keys)? });
    Some(denial)
}

/// Where the keys are met first, list indices included; a way that ends early goes on by its keys.
fn place(value: &Value, keys: &[&str]) -> Option<Vec<GraphQLErrorPathSegment>> {
    let key = |key: &&str| GraphQLErrorPathSegment::String((*key).to_string());
    let [first, rest @ ..] = keys else { return Some(Vec::new()) };
    match value {
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            let place = place(item, keys)?;
            Some(std::iter::once(GraphQLErrorPathSegment::Index(index)).chain(place).collect())
        }),
        Value::Object(members) => {
            let inner = members.iter().find(|(name, _)| name == first).map_or(&Value::Null, |(_, inner)| inner);
            Some(std::iter::once(key(first)).chain(place(inner, rest)?).collect())
        }
        _ => Some(keys.iter().map(key).collect()),
    }
}

/// The answer with the client's own aliases.
pub fn with_aliases(response: WebResponse, originals: &HashMap<String, String>) -> WebResponse {
    response.map_body(|_, body| match body {
        ResponseBody::Body(Body::Bytes(json)) | ResponseBody::Other(Body::Bytes(json)) => {
            ResponseBody::Body(Body::from(restore(&json, originals)))
        }
        other => other,
    })
}
