//! Fields of the specification's own names where there are none: Hive Router takes every name with two underscores in front for a
//! field of every type.

use crate::document::{Document, Field, Selection};
use crate::lexer::location;
use crate::{Refusal, Schema};

/// Refuses `__schema` and `__type` anywhere but beside a query's own fields, all other names that begin like them but `__typename`, and
/// what that one does not take: arguments and selections.
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
            Selection::Field(field) if field.name.starts_with("__") => {
                mistake(field, parent, schema)
                    .map_or(Ok(()), |message| Err(Refusal::mistake(message).at(location(text, field.at()))))?;
                check_within(&field.selections, "", text, schema)?;
            }
            Selection::Field(field) => {
                let rule = schema.types.get(parent).and_then(|found| found.fields.get(&field.name));
                check_within(&field.selections, rule.map_or("", |rule| &rule.type_name), text, schema)?;
            }
        }
    }
    Ok(())
}

fn mistake(field: &Field, parent: &str, schema: &Schema) -> Option<String> {
    let Field { name, arguments, selections, .. } = field;
    match name.as_str() {
        "__typename" if !selections.is_empty() => Some("Field \"__typename\" must not have a selection.".into()),
        "__typename" => arguments.first().map(|(argument, _)| format!("Unknown argument \"{argument}\" on field \"__typename\".")),
        "__schema" | "__type" if parent == schema.query => None,
        "__schema" | "__type" => Some(format!("Cannot query field \"{name}\" here, which is one of {}.", schema.query)),
        _ => Some(format!("Cannot query field \"{name}\": there is none of this name.")),
    }
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
            "{ __typename thing { name t: __typename } __schema { __typename types { name } } ... { ...F } } fragment F on Query { __type(name: \"A\") { name } }"
        ));
        for wrong in [
            "mutation { __schema { types { name } } }",
            "{ thing { __schema { types { name } } } }",
            "{ ...F } fragment F on Thing { __type(name: \"A\") { name } }",
            "{ __schema { __schema { types { name } } } }",
            "{ unknown { __schema { types { name } } } }",
            "{ __foo }",
            "mutation { make { name __x } }",
            "{ thing { name __x } }",
            "{ __schema { types { __x } } }",
            "{ __typename { a } }",
            "{ thing { __typename(a: 1) } }",
        ] {
            assert!(!is_right(wrong), "{wrong}");
        }
    }
}
