//! Values in the document that their types do not take, as far as Hive Router lets them pass: it takes an object for every scalar
//! and enum, and leaves values of our own scalars to the subgraphs, which may be asked when others have done their part.
//! Source: <https://spec.graphql.org/September2025/#sec-Values-of-Correct-Type>

use std::collections::HashSet;

use crate::document::{Condition, Document, Edit, Field, Number, Selection, Value};
use crate::lexer::location;
use crate::scalars::Leaf;
use crate::schema::TypeRef;
use crate::{Refusal, Schema};

/// What was found out about a document's values.
#[derive(Debug, Default)]
pub struct Literals {
    /// Whole numbers that are too large for Hive Router's parser, as the strings that they are the same ids as.
    pub edits: Vec<Edit>,
    /// Variables in conditions, which can't be null.
    pub conditions: HashSet<String>,
}

/// Looks at all values of the document.
///
/// # Errors
/// BAD_USER_INPUT with the place.
pub fn check(document: &Document, text: &str, schema: &Schema) -> Result<Literals, Refusal> {
    let mut looking = Looking { text, schema, found: Literals::default(), at: 0 };
    for operation in &document.operations {
        for variable in &operation.variables {
            looking.at = operation.inside.saturating_sub(1);
            variable.default.iter().try_for_each(|default| looking.value(default, &variable.of_type))?;
        }
        looking.selections(&operation.selections, schema.root(operation.kind).unwrap_or(""))?;
    }
    document.fragments.iter().try_for_each(|fragment| looking.selections(&fragment.selections, &fragment.condition))?;
    Ok(looking.found)
}

struct Looking<'a> {
    text: &'a str,
    schema: &'a Schema,
    found: Literals,
    /// Where the selection is whose values are looked at.
    at: usize,
}

impl Looking<'_> {
    fn selections(&mut self, selections: &[Selection], parent: &str) -> Result<(), Refusal> {
        for selection in selections {
            self.at = selection.at();
            match selection {
                Selection::Spread { conditions, .. } => self.conditions(conditions)?,
                Selection::Inline { condition, conditions, selections, .. } => {
                    self.conditions(conditions)?;
                    self.selections(selections, condition.as_deref().unwrap_or(parent))?;
                }
                Selection::Field(field) => self.field(field, parent)?,
            }
        }
        Ok(())
    }

    fn conditions(&mut self, conditions: &[Condition]) -> Result<(), Refusal> {
        let boolean = TypeRef::Named("Boolean".into());
        for condition in conditions {
            self.value(&condition.value, &boolean)?;
            if let Value::Variable(name) = &condition.value {
                self.found.conditions.insert(name.clone());
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &Field, parent: &str) -> Result<(), Refusal> {
        self.conditions(&field.conditions)?;
        let rule = self.schema.types.get(parent).and_then(|found| found.fields.get(&field.name));
        for (name, value) in &field.arguments {
            match rule.and_then(|rule| rule.arguments.get(name)) {
                Some(argument) => self.value(value, &argument.of_type)?,
                None => self.value(value, &TypeRef::Named(introspective(name).into()))?,
            }
        }
        self.selections(&field.selections, rule.map_or("", |rule| &rule.type_name))
    }

    /// Of a type of which nothing is known all values are right here, but numbers that there are not.
    fn value(&mut self, value: &Value, of_type: &TypeRef) -> Result<(), Refusal> {
        match (value, of_type.nullable()) {
            (Value::List(items), TypeRef::List(inner)) => items.iter().try_for_each(|item| self.value(item, inner)),
            (Value::Variable(_) | Value::Null, _) => Ok(()),
            (_, TypeRef::List(inner)) => self.value(value, inner),
            (_, TypeRef::Named(name)) => self.named(value, name),
            (_, TypeRef::NonNull(inner)) => self.value(value, inner),
        }
    }

    fn named(&mut self, value: &Value, name: &str) -> Result<(), Refusal> {
        if let Some(scalar) = self.schema.scalars.get(name) {
            let is_taken = scalar.takes(leaf(value));
            return if is_taken { Ok(()) } else { self.refuse(&format!("{name} takes {}", scalar.description)) };
        }
        let inputs = self.schema.inputs.get(name);
        match value {
            Value::Object(members) => {
                let unknown = TypeRef::default();
                if self.schema.leaves.contains(name) {
                    return self.refuse(&format!("{name} takes no object"));
                }
                let of_member = |member: &str| inputs.and_then(|fields| fields.get(member)).unwrap_or(&unknown).clone();
                members.iter().try_for_each(|(member, value)| self.value(value, &of_member(member)))
            }
            Value::List(_) if self.schema.leaves.contains(name) => self.refuse(&format!("{name} takes no list")),
            Value::List(items) => items.iter().try_for_each(|item| self.named(item, name)),
            Value::Number(number) => self.number(number, name),
            _ => Ok(()),
        }
    }

    /// Hive Router's parser knows numbers of 64 bits alone.
    fn number(&mut self, number: &Number, of_type: &str) -> Result<(), Refusal> {
        let digits = &self.text[number.at..number.end];
        if !number.is_whole {
            return if number.value.is_finite() { Ok(()) } else { self.refuse(&format!("{of_type} takes no such number")) };
        }
        match (digits.parse::<i64>(), of_type) {
            (Ok(_), _) => Ok(()),
            (Err(_), "ID") => {
                self.found.edits.push(Edit { start: number.at, end: number.end, text: format!("\"{digits}\"") });
                Ok(())
            }
            _ => self.refuse(&format!("{of_type} takes no such number")),
        }
    }

    fn refuse(&self, what: &str) -> Result<(), Refusal> {
        Err(Refusal::mistake(format!("A value has another type: {what}.")).at(location(self.text, self.at)))
    }
}

fn leaf(value: &Value) -> Leaf<'_> {
    match value {
        Value::String(text) => Leaf::String(text),
        Value::Number(_) => Leaf::Other("number"),
        Value::Bool(_) => Leaf::Other("boolean"),
        Value::List(_) => Leaf::Other("array"),
        _ => Leaf::Other("object"),
    }
}

/// The type of an argument of fields about the schema.
fn introspective(argument: &str) -> &'static str {
    match argument {
        "name" => "String",
        "includeDeprecated" => "Boolean",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::edited;
    use crate::schema::{Argument, FieldType, Type};
    use crate::{scalars, Limits};

    fn schema() -> Schema {
        let named = |name: &str| TypeRef::Named(name.into());
        let list = TypeRef::NonNull(Box::new(TypeRef::List(Box::new(TypeRef::NonNull(Box::new(named("ID")))))));
        let arguments = [("slug", named("String")), ("sort", named("Sort")), ("ids", list), ("input", named("In"))];
        let argument = |of_type| Argument { of_type, ..Argument::default() };
        let arguments = arguments.into_iter().map(|(name, of_type)| (name.into(), argument(of_type))).collect();
        let field = FieldType { arguments, type_name: "String".into(), ..FieldType::default() };
        Schema {
            query: "Query".into(),
            types: [("Query".into(), Type { weight: 1.0, fields: [("a".into(), field)].into() })].into(),
            inputs: [("In".into(), [("price".into(), named("Decimal")), ("in".into(), named("In"))].into())].into(),
            leaves: ["String", "Boolean", "ID", "Sort", "Int", "Decimal"].map(String::from).into(),
            scalars: scalars::committed(),
            ..Schema::default()
        }
    }

    fn checked(text: &str) -> Result<Literals, Refusal> {
        check(&Document::parse(text, &Limits::committed()).unwrap(), text, &schema())
    }

    #[test]
    fn scalars_and_enums_take_no_objects() {
        for wrong in [
            "{ a(slug: {}) }",
            "{ a(slug: { b: $c }) }",
            "{ a(sort: {}) }",
            "{ a(ids: [{}]) }",
            "{ a(ids: {}) }",
            "{ a @skip(if: { b: true }) }",
            "{ ... @include(if: {}) { a } }",
            "{ ...F @include(if: {}) } fragment F on Query { a }",
            "query A { a } query B($s: String! = {}) { a(slug: $s) }",
            "{ __type(name: {}) { fields(includeDeprecated: true) { name } } }",
            "{ __type(name: \"A\") { fields(includeDeprecated: {}) { name } } }",
            "{ ...F } fragment F on Query { a(slug: {}) }",
            "{ a(input: { in: { price: {} } }) }",
        ] {
            assert!(checked(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn our_own_scalars_take_what_their_rules_say() {
        assert!(checked("query($p: Decimal = \"1.5\") { a(input: { price: \"\"\"19.90\"\"\" in: { price: $p } }) }").is_ok());
        for wrong in ["5", "\"x\"", "\"1e3\"", "true", "[\"1\"]", "ONE", "99999999999999999999999"] {
            assert!(checked(&format!("{{ a(input: {{ price: {wrong} }}) }}")).is_err(), "{wrong}");
            assert!(checked(&format!("query($p: Decimal = {wrong}) {{ a(input: {{ price: $p }}) }}")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_without_end_are_refused_and_ids_become_strings() {
        assert!(checked("{ a(unknown: 1e999) }").is_err());
        assert!(checked("{ a(unknown: { x: [-1e400] }) }").is_err());
        let text = "{ a(ids: [18446744073709551616, -9223372036854775809, 1]) }";
        let edits = checked(text).unwrap().edits;
        assert_eq!(edited(text, edits), "{ a(ids: [\"18446744073709551616\", \"-9223372036854775809\", 1]) }");
    }

    #[test]
    fn variables_of_conditions_are_known() {
        let found = checked("{ a @skip(if: $a) ... @include(if: $b) { a(slug: $c) } }").unwrap();
        assert_eq!(found.conditions, HashSet::from(["a".to_string(), "b".to_string()]));
    }
}
