//! Interfaces of interfaces: Hive Router says null of them, where the specification has a list. Ours implement none.
//! Source: <https://spec.graphql.org/September2025/#sec-The-__Type-Type.Interface>

use guards::introspection::kind_beside;
use hive_router::executor::response::value::Value;

use crate::known::Known;

/// Puts an empty list where an interface's own interfaces are null.
pub fn mend(data: &mut Value, known: &Known) {
    if let Some(prefix) = known.prefix() {
        mend_within(data, known, prefix);
    }
}

fn mend_within(value: &mut Value, known: &Known, prefix: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| mend_within(item, known, prefix)),
        Value::Object(members) => {
            mend_type(members, known, prefix);
            members.iter_mut().for_each(|(_, inner)| mend_within(inner, known, prefix));
        }
        _ => (),
    }
}

fn mend_type(members: &mut [(&str, Value)], known: &Known, prefix: &str) {
    for index in 0..members.len() {
        let name = members[index].0;
        let key = known.originals.get(name).filter(|key| !key.is_empty()).map_or(name, String::as_str);
        let kind = kind_beside(prefix, key);
        let is_interface = |(name, value): &(&str, Value)| *name == kind && value.as_str() == Some("INTERFACE");
        if members[index].1.is_null() && members.iter().any(is_interface) {
            members[index].1 = Value::Array(Vec::new());
        }
    }
}
