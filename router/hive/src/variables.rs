//! Values of variables: Hive Router takes numbers apart by how they are written, where JSON knows one kind, and leaves values of our
//! own scalars to the subgraphs, which may be asked when others have done their part.

use std::collections::HashMap;

use guards::document::Operation;
use guards::scalars::Leaf;
use guards::schema::TypeRef;
use guards::{Refusal, Schema};
use hive_router::sonic_rs::{JsonContainerTrait, JsonNumberTrait, JsonType, JsonValueTrait, Number, Value};

use crate::known::Known;

/// The largest whole number that every client writes as it means it.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// What is wrong with a value, and where in it.
struct Wrong {
    path: String,
    what: String,
}

impl Wrong {
    fn new(what: impl Into<String>) -> Self {
        Self { path: String::new(), what: what.into() }
    }

    fn within(mut self, step: &str) -> Self {
        self.path.insert_str(0, step);
        self
    }

    fn refusal(self, variable: &str) -> Refusal {
        let place = if self.path.is_empty() { String::new() } else { format!(" at {}", self.path) };
        Refusal::mistake(format!("Variable \"${variable}\" has an invalid value{place}: {}.", self.what))
    }
}

/// Puts values into the form in which Hive Router takes them, under the names that it gets. What it refuses itself it is left to refuse.
///
/// # Errors
/// BAD_USER_INPUT, without the value.
pub fn coerce(values: &mut HashMap<String, Value>, known: &Known, operation: &Operation, schema: &Schema) -> Result<(), Refusal> {
    for variable in &operation.variables {
        let name = &variable.name;
        let Some(value) = values.get_mut(name) else { continue };
        if value.is_null() && known.conditions.contains(name) {
            // The specification's CollectFields asks for the value true alone; subgraphs would refuse the null.
            *value = Value::from(false);
        }
        if let Some(coerced) = coerced(value, &variable.of_type, schema).map_err(|wrong| wrong.refusal(name))? {
            *value = coerced;
        }
    }
    rename(values, known);
    Ok(())
}

fn rename(values: &mut HashMap<String, Value>, known: &Known) {
    let Some((from, to)) = known.document.renamed() else { return };
    if let Some(value) = values.remove(from) {
        values.insert(to.into(), value);
    }
}

/// The value in its other form, where it needs one.
fn coerced(value: &Value, of_type: &TypeRef, schema: &Schema) -> Result<Option<Value>, Wrong> {
    match of_type.nullable() {
        _ if value.is_null() => Ok(None),
        TypeRef::List(inner) => match value.as_array() {
            Some(items) => list(items, inner, schema),
            None => coerced(value, inner, schema),
        },
        TypeRef::Named(name) => named(value, name, schema),
        TypeRef::NonNull(inner) => coerced(value, inner, schema),
    }
}

fn list(items: &[Value], inner: &TypeRef, schema: &Schema) -> Result<Option<Value>, Wrong> {
    let mut changed = None;
    for (index, item) in items.iter().enumerate() {
        let other = coerced(item, inner, schema).map_err(|wrong| wrong.within(&format!("[{index}]")))?;
        if let Some(other) = other {
            changed.get_or_insert_with(|| items.to_vec())[index] = other;
        }
    }
    Ok(changed.map(Value::from))
}

fn named(value: &Value, name: &str, schema: &Schema) -> Result<Option<Value>, Wrong> {
    if let Some(fields) = schema.inputs.get(name) {
        return object(value, fields, schema);
    }
    if let Some(scalar) = schema.scalars.get(name) {
        return if scalar.takes(leaf(value)) { Ok(None) } else { Err(Wrong::new(format!("{name} takes {}", scalar.description))) };
    }
    match (name, value.as_number()) {
        ("Int", Some(number)) => Ok(whole(&number).filter(|whole| i32::try_from(*whole).is_ok()).map(Value::from)),
        ("ID", Some(number)) if number.as_f64().is_some_and(|number| number.abs() > LARGEST) => {
            Err(Wrong::new("a number as large as this has to be sent as a string"))
        }
        ("ID", Some(number)) => Ok(whole(&number).map(Value::from)),
        _ => Ok(None),
    }
}

fn object(value: &Value, fields: &HashMap<String, TypeRef>, schema: &Schema) -> Result<Option<Value>, Wrong> {
    let Some(members) = value.as_object() else { return Ok(None) };
    let mut changed: HashMap<&str, Value> = HashMap::new();
    for (key, member) in members.iter() {
        let Some(of_type) = fields.get(key) else { continue };
        let other = coerced(member, of_type, schema).map_err(|wrong| wrong.within(&format!(".{key}")))?;
        changed.extend(other.map(|other| (key, other)));
    }
    if changed.is_empty() {
        return Ok(None);
    }
    Ok(Some(members.iter().map(|(key, member)| (key, changed.get(key).unwrap_or(member))).collect()))
}

/// A whole number that is not written as one: `1.0`, `1e3`, `-0`.
fn whole(number: &Number) -> Option<i64> {
    let value = number.as_f64().filter(|_| !number.is_i64())?;
    (value.fract() == 0.0 && value.abs() <= LARGEST).then_some(value as i64)
}

fn leaf(value: &Value) -> Leaf<'_> {
    match value.get_type() {
        JsonType::String => Leaf::String(value.as_str().unwrap_or("")),
        JsonType::Number => Leaf::Other("number"),
        JsonType::Boolean => Leaf::Other("boolean"),
        JsonType::Array => Leaf::Other("array"),
        _ => Leaf::Other("object"),
    }
}
