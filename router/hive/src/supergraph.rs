//! What the guards know of a supergraph, read from its document.

use std::collections::{HashMap, HashSet};

use guards::scalars;
use guards::schema::{Argument, FieldType, ListSize, Schema, Type, TypeRef};
use hive_router::graphql_tools::static_graphql::schema::{
    Definition, Directive, Document, Field, InputValue, Type as TypeReference, TypeDefinition, Value,
};

use crate::known::Documents;
use crate::memory::Memory;

/// A supergraph, and the documents that were looked at by it.
#[derive(Default)]
pub struct Supergraph {
    pub schema: Schema,
    pub documents: Documents,
    pub memory: Memory,
}

/// Reads types, costs and names of fields.
pub fn schema(document: &Document) -> Schema {
    let mut schema = Schema { query: "Query".into(), scalars: scalars::committed(), ..Schema::default() };
    schema.leaves.extend(["String", "Int", "Float", "Boolean", "ID"].map(String::from));
    for definition in &document.definitions {
        match definition {
            Definition::SchemaDefinition(roots) => {
                schema.query = roots.query.clone().unwrap_or(schema.query);
                schema.mutation.clone_from(&roots.mutation);
            }
            Definition::TypeDefinition(definition) => {
                schema.types.extend(named_type(definition));
                note_input(definition, &mut schema);
            }
            _ => (),
        }
    }
    guard_types(document, &mut schema);
    schema.has_floats = schema.uses("Float");
    schema.field_names = schema.types.values().flat_map(|found| found.fields.keys().cloned()).collect();
    schema
}

/// A field is guarded by its own type as well, and by the one that it belongs to.
fn guard_types(document: &Document, schema: &mut Schema) {
    let types =
        document
            .definitions
            .iter()
            .filter_map(|each| if let Definition::TypeDefinition(found) = each { Some(found) } else { None });
    let guarded: HashSet<&str> = types.filter_map(guarded_type).collect();
    for (name, found) in &mut schema.types {
        for field in found.fields.values_mut() {
            field.is_guarded |= guarded.contains(name.as_str()) || guarded.contains(field.type_name.as_str());
        }
    }
}

fn guarded_type(definition: &TypeDefinition) -> Option<&str> {
    let (name, directives) = match definition {
        TypeDefinition::Object(object) => (&object.name, &object.directives),
        TypeDefinition::Interface(interface) => (&interface.name, &interface.directives),
        TypeDefinition::Scalar(scalar) => (&scalar.name, &scalar.directives),
        TypeDefinition::Enum(values) => (&values.name, &values.directives),
        TypeDefinition::Union(_) | TypeDefinition::InputObject(_) => return None,
    };
    is_guarded(directives).then_some(name)
}

fn is_guarded(directives: &[Directive]) -> bool {
    directive(directives, "authenticated").is_some() || directive(directives, "requiresScopes").is_some()
}

/// What values of the type may be, where it is one of values.
fn note_input(definition: &TypeDefinition, schema: &mut Schema) {
    match definition {
        TypeDefinition::InputObject(input) => {
            let fields = input.fields.iter().map(|field| (field.name.clone(), reference(&field.value_type)));
            schema.inputs.insert(input.name.clone(), fields.collect());
        }
        TypeDefinition::Scalar(_) | TypeDefinition::Enum(_) => {
            schema.leaves.insert(definition.name().into());
        }
        _ => (),
    }
}

fn reference(found: &TypeReference) -> TypeRef {
    match found {
        TypeReference::NamedType(name) => TypeRef::Named(name.clone()),
        TypeReference::NonNullType(inner) => TypeRef::NonNull(Box::new(reference(inner))),
        TypeReference::ListType(inner) => TypeRef::List(Box::new(reference(inner))),
    }
}

fn named_type(definition: &TypeDefinition) -> Option<(String, Type)> {
    let (name, directives, fields, usual) = match definition {
        TypeDefinition::Object(object) => (&object.name, &object.directives, object.fields.as_slice(), 1.0),
        TypeDefinition::Interface(interface) => (&interface.name, &interface.directives, interface.fields.as_slice(), 1.0),
        TypeDefinition::Union(union) => (&union.name, &union.directives, [].as_slice(), 1.0),
        TypeDefinition::Scalar(scalar) => (&scalar.name, &scalar.directives, [].as_slice(), 0.0),
        TypeDefinition::Enum(values) => (&values.name, &values.directives, [].as_slice(), 0.0),
        TypeDefinition::InputObject(_) => return None,
    };
    let fields = fields.iter().map(|field| (field.name.clone(), field_type(field))).collect();
    Some((name.clone(), Type { weight: weight(directives).unwrap_or(usual), fields }))
}

fn field_type(field: &Field) -> FieldType {
    let (type_name, is_list) = innermost(&field.field_type);
    let argument = |value: &InputValue| (value.name.clone(), argument(value));
    FieldType {
        type_name: type_name.into(),
        is_list,
        is_non_null: matches!(field.field_type, TypeReference::NonNullType(_)),
        is_guarded: is_guarded(&field.directives),
        weight: weight(&field.directives).unwrap_or(0.0),
        arguments: field.arguments.iter().map(argument).collect::<HashMap<_, _>>(),
        list_size: directive(&field.directives, "listSize").map(list_size),
    }
}

fn innermost(reference: &TypeReference) -> (&str, bool) {
    match reference {
        TypeReference::NamedType(name) => (name, false),
        TypeReference::NonNullType(inner) => innermost(inner),
        TypeReference::ListType(inner) => (innermost(inner).0, true),
    }
}

fn argument(value: &InputValue) -> Argument {
    Argument {
        of_type: reference(&value.value_type),
        weight: weight(&value.directives).unwrap_or(0.0),
        default: value.default_value.as_ref().and_then(number),
    }
}

fn weight(directives: &[Directive]) -> Option<f64> {
    directive(directives, "cost").and_then(|cost| member(cost, "weight")).and_then(number)
}

fn list_size(directive: &Directive) -> ListSize {
    let names = |name| member(directive, name).map(texts).unwrap_or_default();
    ListSize {
        assumed: member(directive, "assumedSize").and_then(number),
        slicing: names("slicingArguments"),
        sized_fields: names("sizedFields"),
    }
}

/// Composition may put the name of a specification before the directive's.
fn directive<'a>(directives: &'a [Directive], name: &str) -> Option<&'a Directive> {
    directives.iter().find(|directive| directive.name.rsplit("__").next() == Some(name))
}

fn member<'a>(directive: &'a Directive, name: &str) -> Option<&'a Value> {
    directive.arguments.iter().find(|(argument, _)| argument == name).map(|(_, value)| value)
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => number.as_i64().map(|number| number as f64),
        Value::Float(number) => Some(*number),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::List(values) => values.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}
