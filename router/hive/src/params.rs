//! The members of a request: `query`, `variables`, `operationName` and `extensions`.

use std::collections::HashMap;

use guards::cost::Known;
use guards::{body, Limits, Refusal};
use hive_router::plugins::hooks::on_graphql_params::GraphQLParams;
use hive_router::sonic_rs::{self, JsonContainerTrait, JsonNumberTrait, JsonValueTrait, Value, ValueRef};

/// Reads the body of a POST.
///
/// # Errors
/// LIMIT_EXCEEDED by its shape, BAD_USER_INPUT when it is no request.
pub fn from_body(json: &[u8], limits: &Limits) -> Result<GraphQLParams, Refusal> {
    body::check(json, limits)?;
    let body: Value = sonic_rs::from_slice(json).map_err(|_| unreadable(json, "The body"))?;
    if !body.is_object() {
        return Err(Refusal::malformed("The body must be one JSON object with a `query`; there are no batches."));
    }
    from_members(|name| body.get(name).cloned())
}

/// Reads the address of a GET, in which `variables` and `extensions` are JSON.
///
/// # Errors
/// As of a body.
pub fn from_address(query_string: &str, limits: &Limits) -> Result<GraphQLParams, Refusal> {
    let members: HashMap<String, String> = form_urlencoded::parse(query_string.as_bytes()).into_owned().collect();
    let mut values: HashMap<&str, Value> = HashMap::new();
    for name in ["query", "operationName"] {
        values.extend(members.get(name).map(|text| (name, Value::from(text.as_str()))));
    }
    for name in ["variables", "extensions"] {
        let Some(text) = members.get(name).filter(|text| !text.is_empty()) else { continue };
        body::check(text.as_bytes(), limits)?;
        values.insert(name, sonic_rs::from_str(text).map_err(|_| unreadable(text.as_bytes(), &format!("`{name}`")))?);
    }
    from_members(|name| values.get(name).cloned())
}

/// JSON allows halves of characters, and numbers of any size; no type takes either.
fn unreadable(json: &[u8], what: &str) -> Refusal {
    if body::is_json(json) {
        return Refusal::mistake(format!("{what} has a string with half of a pair of surrogates, or a number that is too large."));
    }
    Refusal::malformed(format!("{what} is not JSON."))
}

fn from_members(member: impl Fn(&str) -> Option<Value>) -> Result<GraphQLParams, Refusal> {
    let operation_name = string(&member, "operationName")?.filter(|name| !name.is_empty());
    let variables = object(&member, "variables")?.unwrap_or_default();
    let extensions = object(&member, "extensions")?;
    let query = string(&member, "query")?;
    if query.is_none() {
        return Err(without_query(extensions.as_ref()));
    }
    Ok(GraphQLParams { query, operation_name, variables, extensions })
}

fn without_query(extensions: Option<&HashMap<String, Value>>) -> Refusal {
    let persisted = extensions.and_then(|extensions| extensions.get("persistedQuery"));
    if persisted.is_some_and(Value::is_object) {
        return Refusal::persisted_query();
    }
    Refusal::malformed("The request has no `query`.")
}

fn present(member: &impl Fn(&str) -> Option<Value>, name: &str) -> Option<Value> {
    member(name).filter(|value| !value.is_null())
}

fn string(member: &impl Fn(&str) -> Option<Value>, name: &str) -> Result<Option<String>, Refusal> {
    let wrong = || Refusal::malformed(format!("`{name}` must be a string."));
    present(member, name).map(|value| value.as_str().map(String::from).ok_or_else(wrong)).transpose()
}

fn object(member: &impl Fn(&str) -> Option<Value>, name: &str) -> Result<Option<HashMap<String, Value>>, Refusal> {
    let wrong = || Refusal::malformed(format!("`{name}` must be an object."));
    let members = |value: Value| {
        let object = value.as_object().ok_or_else(wrong)?;
        Ok(object.iter().map(|(key, value)| (key.to_string(), value.clone())).collect())
    };
    present(member, name).map(members).transpose()
}

/// A variable as far as it matters for the cost.
pub fn known(variables: &HashMap<String, Value>, name: &str) -> Option<Known> {
    Some(match variables.get(name)?.as_ref() {
        ValueRef::Number(number) => number.as_f64().map_or(Known::Other, Known::Number),
        ValueRef::Bool(value) => Known::Bool(value),
        _ => Known::Other,
    })
}

/// Whether the client wants to be told the cost.
pub fn wants_cost(params: &GraphQLParams) -> bool {
    params.extensions.as_ref().and_then(|extensions| extensions.get("cost")).and_then(JsonValueTrait::as_bool) == Some(true)
}
