//! An answer on its way out: where denied fields are, and what its client called its fields.

use std::collections::HashMap;

use guards::rename::restore;
use hive_router::executor::response::graphql_error::{GraphQLErrorPath, GraphQLErrorPathSegment};
use hive_router::executor::response::value::Value;
use hive_router::ntex::http::body::{Body, ResponseBody};
use hive_router::ntex::web::WebResponse;
use hive_router::GraphQLError;

const DENIED: &str = "UNAUTHORIZED_FIELD_OR_TYPE";

/// What denied fields are looked for in.
pub struct Denials<'a> {
    pub data: &'a Value<'a>,
    pub is_anonymous: bool,
    /// Whether a denial of the field at the end of the keys makes the one at the index null.
    pub empties: &'a dyn Fn(&[&str], usize) -> bool,
}

impl Denials<'_> {
    /// Says of each denied field where it is met first, as UNAUTHENTICATED or FORBIDDEN. One that is met nowhere, as in a list
    /// without items or where there is nothing anyway, is no error.
    pub fn place(&self, errors: Vec<GraphQLError>) -> Vec<GraphQLError> {
        errors.into_iter().filter_map(|error| if is_denial(&error) { self.denial(&error) } else { Some(error) }).collect()
    }

    fn denial(&self, error: &GraphQLError) -> Option<GraphQLError> {
        let affected = error.extensions.affected_path.as_deref().unwrap_or("");
        let keys: Vec<&str> = affected.split('.').collect();
        let segments = if self.data.is_null() { keys.iter().map(segment).collect() } else { self.find(self.data, &keys, 0)? };
        let (code, message) = if self.is_anonymous {
            ("UNAUTHENTICATED", "This field needs an access token.")
        } else {
            ("FORBIDDEN", "This field needs an access token with another scope.")
        };
        let mut denial = GraphQLError::from_message_and_code(message, code);
        denial.path = Some(GraphQLErrorPath { segments });
        Some(denial)
    }

    /// Where the keys from the index on are met first, list indices included.
    fn find(&self, value: &Value, keys: &[&str], index: usize) -> Option<Vec<GraphQLErrorPathSegment>> {
        let key = keys.get(index)?;
        match value {
            Value::Array(items) => items.iter().enumerate().find_map(|(item, value)| {
                let place = self.find(value, keys, index)?;
                Some(std::iter::once(GraphQLErrorPathSegment::Index(item)).chain(place).collect())
            }),
            Value::Object(members) => {
                let inner = members.iter().find(|(name, _)| name == key).map_or(&Value::Null, |(_, inner)| inner);
                let rest = if inner.is_null() { self.ends(keys, index)? } else { self.find(inner, keys, index + 1)? };
                Some(std::iter::once(segment(key)).chain(rest).collect())
            }
            _ => None,
        }
    }

    /// What follows a null: nothing when it is the denied field, or the keys to it when the null is its doing.
    fn ends(&self, keys: &[&str], index: usize) -> Option<Vec<GraphQLErrorPathSegment>> {
        let rest = &keys[index + 1..];
        (rest.is_empty() || (self.empties)(keys, index)).then(|| rest.iter().map(segment).collect())
    }
}

fn is_denial(error: &GraphQLError) -> bool {
    error.extensions.code.as_deref() == Some(DENIED)
}

fn segment(key: &&str) -> GraphQLErrorPathSegment {
    GraphQLErrorPathSegment::String((*key).to_string())
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
