//! Questions about the schema where there are none.

use crate::document::{Document, Selection};
use crate::lexer::location;
use crate::{Refusal, Schema};

/// Refuses `__schema` and `__type` anywhere but beside a query's own fields. They are fields of nothing else, and Hive Router, which
/// takes them for such, answers nothing or panics.
///
/// # Errors
/// BAD_USER_INPUT with the place.
pub fn check(document: &Document, text: &str, schema: &Schema) -> Result<(), Refusal> {
    for operation in &document.operations {
        check_within(&operation.selections, schema.root(operation.kind).unwrap_or(""), text, schema)?;
    }
    document.fragments.iter().try_for_each(|fragment| check_within(&fragment.selections, &fragment.condition, text, schema))
}

fn check_within(selections: &[Selection], parent: &str, text: &str, schema: &Schema) -> Result<(), Refusal> {
    for selection in selections {
        match selection {
            Selection::Spread { .. } => (),
            Selection::Inline { condition, selections, .. } => {
                check_within(selections, condition.as_deref().unwrap_or(parent), text, schema)?;
            }
            Selection::Field(field) if field.is_introspection() && parent != schema.query => {
                let message = format!("Cannot query field \"{}\" here, which is one of {}.", field.name, schema.query);
                return Err(Refusal::mistake(message).at(location(text, field.at())));
            }
            Selection::Field(field) => {
                let rule = schema.types.get(parent).and_then(|found| found.fields.get(&field.name));
                check_within(&field.selections, rule.map_or("", |rule| &rule.type_name), text, schema)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{FieldType, Type};
    use crate::Limits;

    #[test]
    fn the_schema_is_asked_about_beside_a_querys_own_fields_alone() {
        let field = |type_name: &str| FieldType { type_name: type_name.into(), ..FieldType::default() };
        let types = [("Query", "thing", "Thing"), ("Thing", "name", "String"), ("Mutation", "make", "Thing")];
        let object = |name: &str, inner: &str| Type { weight: 1.0, fields: [(name.into(), field(inner))].into() };
        let schema = Schema {
            query: "Query".into(),
            mutation: Some("Mutation".into()),
            types: types.into_iter().map(|(name, key, inner)| (name.into(), object(key, inner))).collect(),
            ..Schema::default()
        };
        let is_right = |text: &str| check(&Document::parse(text, &Limits::committed()).unwrap(), text, &schema).is_ok();
        assert!(is_right(
            "{ thing { name } __schema { types { name } } ... { ...F } } fragment F on Query { __type(name: \"A\") { name } }"
        ));
        for wrong in [
            "mutation { __schema { types { name } } }",
            "{ thing { __schema { types { name } } } }",
            "{ ...F } fragment F on Thing { __type(name: \"A\") { name } }",
            "{ __schema { __schema { types { name } } } }",
            "{ unknown { __schema { types { name } } } }",
        ] {
            assert!(!is_right(wrong), "{wrong}");
        }
    }
}
