use super::*;
use crate::schema::{Argument, Type};
use crate::Limits;

fn field(type_name: &str, is_list: bool) -> FieldType {
    FieldType { type_name: type_name.into(), is_list, ..Default::default() }
}

fn object(fields: Vec<(&str, FieldType)>) -> Type {
    Type { weight: 1.0, fields: fields.into_iter().map(|(name, rule)| (name.to_string(), rule)).collect() }
}

/// products(first: Int = 20): Connection @listSize(slicingArguments: ["first"], sizedFields: ["nodes"])
fn schema() -> Schema {
    let first = Argument { default: Some(20.0), ..Argument::default() };
    let list_size = ListSize { assumed: None, slicing: vec!["first".into()], sized_fields: vec!["nodes".into()] };
    let products = || FieldType {
        arguments: HashMap::from([(
            "first".into(),
            Argument { weight: first.weight, default: first.default, ..Argument::default() },
        )]),
        list_size: Some(ListSize {
            sized_fields: list_size.sized_fields.clone(),
            slicing: list_size.slicing.clone(),
            assumed: None,
        }),
        ..field("Connection", false)
    };
    let login = FieldType { weight: 3_000.0, ..field("Payload", false) };
    let types = [
        ("Query", object(vec![("products", products())])),
        ("Mutation", object(vec![("userLogin", login)])),
        ("Connection", object(vec![("nodes", field("Product", true))])),
        (
            "Product",
            object(vec![
                ("title", field("String", false)),
                ("category", field("Category", false)),
                ("media", field("Media", true)),
            ]),
        ),
        ("Category", object(vec![("products", products())])),
        ("Media", object(vec![])),
        ("Payload", object(vec![])),
    ];
    let types = types.into_iter().map(|(name, found)| (name.to_string(), found)).collect();
    Schema { query: "Query".into(), mutation: Some("Mutation".into()), types, ..Schema::default() }
}

fn cost_with(text: &str, variables: Variables) -> u64 {
    let document = Document::parse(text, &Limits::committed()).expect("a document");
    of_operation(&document, &document.operations[0], &schema(), variables)
}

fn cost(text: &str) -> u64 {
    cost_with(text, &|_| None)
}

#[test]
fn lists_multiply_what_is_in_them() {
    assert_eq!(cost("{ products(first: 5) { nodes { title } } }"), 1 + 5);
    assert_eq!(cost("{ products { nodes { title } } }"), 1 + 20);
    assert_eq!(cost("{ products(first: 5) { nodes { media { url } } } }"), 1 + 5 * (1 + 10));
    assert_eq!(cost("{ products(first: -5) { nodes { title } } }"), 1);
    let nested = "{ products(first: 100) { nodes { category { products(first: 100) { nodes { title } } } } } }";
    assert_eq!(cost(nested), 1 + 100 * (1 + 1 + 1 + 100));
}

#[test]
fn fragments_cost_as_often_as_they_are_used_and_know_their_lists_size() {
    let fragment = "fragment F on Connection { nodes { title } }";
    assert_eq!(
        cost(&format!("{{ products(first: 5) {{ ...F ...F }} b: products(first: 7) {{ ...F }} }} {fragment}")),
        2 + 5 + 5 + 7
    );
}

#[test]
fn mutations_and_weights_are_added() {
    assert_eq!(cost("mutation { userLogin { token } }"), 10 + 3_000 + 1);
}

#[test]
fn variables_and_their_defaults_count() {
    let text = "query ($n: Int = 3) { products(first: $n) { nodes { title } } }";
    assert_eq!(cost(text), 1 + 3);
    assert_eq!(cost_with(text, &|_| Some(Known::Number(50.0))), 1 + 50);
    assert_eq!(cost_with(text, &|_| Some(Known::Other)), 1 + 20);
}

#[test]
fn what_is_left_out_costs_nothing() {
    let text = "query ($no: Boolean!) { products @include(if: $no) { nodes { title } } }";
    assert_eq!(cost_with(text, &|_| Some(Known::Bool(false))), 0);
    assert_eq!(cost_with(text, &|_| Some(Known::Bool(true))), 21);
    assert_eq!(cost("{ products @skip(if: true) { nodes { title } } }"), 0);
    assert_eq!(cost("{ __schema { types { name } } __typename }"), 0);
}
