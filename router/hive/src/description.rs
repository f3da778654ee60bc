//! What Hive Router says of the schema in another way than the specification: interfaces of interfaces are null where there is a list
//! (ours implement none), types come in another order each time, with a Float that nothing has, and one place of directives is missing.
//! Source: <https://spec.graphql.org/September2025/#sec-Schema-Introspection.Schema-Introspection-Schema>

use guards::introspection::kind_beside;
use guards::Schema;
use hive_router::executor::response::value::Value;

use crate::known::Known;

/// Puts right what an answer says of the schema, where its document asks about it.
pub fn mend(data: &mut Value, known: &Known, schema: &Schema) {
    if let Some(prefix) = known.prefix() {
        Mending { known, prefix, schema }.value(data);
    }
}

struct Mending<'a> {
    known: &'a Known,
    prefix: &'a str,
    schema: &'a Schema,
}

impl Mending<'_> {
    fn value(&self, value: &mut Value) {
        match value {
            Value::Array(items) => {
                self.types(items);
                add_place(items);
                items.iter_mut().for_each(|item| self.value(item));
            }
            Value::Object(members) => {
                self.interfaces(members);
                members.iter_mut().for_each(|(_, inner)| self.value(inner));
            }
            _ => (),
        }
    }

    /// All types in one order: no list of anything else has these names.
    fn types(&self, items: &mut Vec<Value>) {
        if !["__Schema", "__Type", "__Directive"].iter().all(|name| items.iter().any(|item| name_of(item) == Some(name))) {
            return;
        }
        items.retain(|item| self.schema.has_floats || name_of(item) != Some("Float"));
        items.sort_by(|one, other| name_of(one).cmp(&name_of(other)));
    }

    fn interfaces(&self, members: &mut [(&str, Value)]) {
        for index in 0..members.len() {
            let name = members[index].0;
            let key = self.known.originals.get(name).filter(|key| !key.is_empty()).map_or(name, String::as_str);
            let kind = kind_beside(self.prefix, key);
            let is_interface = |(name, value): &(&str, Value)| *name == kind && value.as_str() == Some("INTERFACE");
            if members[index].1.is_null() && members.iter().any(is_interface) {
                members[index].1 = Value::Array(Vec::new());
            }
        }
    }
}

fn name_of<'a>(item: &'a Value) -> Option<&'a str> {
    let Value::Object(members) = item else { return None };
    members.iter().find(|(key, _)| *key == "name").and_then(|(_, name)| name.as_str())
}

/// Beside the values of `__DirectiveLocation`, the one that is missing, said as the one before it.
fn add_place(items: &mut Vec<Value>) {
    let found = |place: &str| items.iter().position(|item| name_of(item) == Some(place));
    let (Some(_), Some(index), None) = (found("FRAGMENT_SPREAD"), found("INLINE_FRAGMENT"), found("VARIABLE_DEFINITION")) else {
        return;
    };
    let mut missing = items[index].clone();
    if let Value::Object(members) = &mut missing {
        let name = members.iter_mut().find(|(key, _)| *key == "name");
        name.into_iter().for_each(|(_, name)| *name = Value::String("VARIABLE_DEFINITION".into()));
    }
    items.insert(index + 1, missing);
}
