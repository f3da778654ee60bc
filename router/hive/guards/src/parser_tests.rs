use super::*;
use crate::document::edited;
use crate::document::Value;

fn parsed(text: &str) -> Result<Document, Refusal> {
    parse(text, &Limits::committed())
}

#[test]
fn a_document_of_everything_is_read() {
    let text = r#"
        query Q($a: [Int!]! = [1, 2], $b: In = {c: {}, d: []}) @live { a: b(c: $a, d: ENUM, e: null) @include(if: $a) { ...F } }
        fragment F on T @x(y: "z") { on fragment: query ... @skip(if: true) { c } ... on U { d } }
        mutation { e } subscription S { f }
    "#;
    let document = parsed(text).unwrap();
    assert_eq!(
        document.operations.iter().map(|each| each.kind).collect::<Vec<_>>(),
        [Kind::Query, Kind::Mutation, Kind::Subscription]
    );
    let Selection::Field(field) = &document.operations[0].selections[0] else { panic!("a field") };
    assert_eq!((field.key(), field.name.as_str(), field.conditions.len()), ("a", "b", 1));
    assert_eq!(field.arguments[0], ("c".into(), Value::Variable("a".into())));
    assert_eq!(document.fragments[0].selections.len(), 4);
}

#[test]
fn what_is_no_document_is_a_mistake_with_its_place() {
    for text in [
        "{",
        "{}",
        "{ a(b) }",
        "{ a() }",
        "query ($a) { b }",
        "fragment on on T { a }",
        "fragment F { a }",
        "type T { a: Int }",
        "{ a } }",
        "{ a: }",
        "{ ...on }",
        "{ a @ }",
    ] {
        let refusal = parsed(text).expect_err(text);
        assert!(refusal.location.is_some() && refusal.message.starts_with("Syntax error"), "{text}: {refusal:?}");
    }
    assert_eq!(parsed("{\n  a(b)\n}").unwrap_err().location, Some((2, 6)));
}

#[test]
fn tokens_and_nesting_are_limited() {
    assert!(parsed(&format!("{{{}}}", " a".repeat(4_998))).is_ok());
    for text in [
        format!("{{{}}}", " a".repeat(4_999)),
        format!("{{{}", "a{".repeat(200)),
        format!("{{ a(b: {}", "[".repeat(3_000)),
        format!("query ($a: {}", "[".repeat(3_000)),
    ] {
        assert_eq!(parsed(&text).unwrap_err().code, crate::Code::LimitExceeded);
    }
    let lists = |depth: usize| format!("{{ a(b: {}{}) }}", "[".repeat(depth - 2), "]".repeat(depth - 2));
    let most = Limits::committed().document_nesting;
    assert!(parsed(&lists(most)).is_ok());
    assert!(parsed(&lists(most + 1)).is_err());
}

#[test]
fn strings_that_some_parsers_misread_are_written_anew() {
    let text = r#"{ a(b: "\u{62}", c: """d""", e: "f") }"#;
    assert_eq!(edited(text, parsed(text).unwrap().values), r#"{ a(b: "b"     , c: "d"    , e: "f") }"#);
}

#[test]
fn what_is_written_anew_leaves_the_rest_in_its_place() {
    let text = "{ a(b: \"\"\"\n one\n two\n \"\"\") c }";
    let written = edited(text, parsed(text).unwrap().values);
    let place = |text: &str| crate::lexer::location(text, text.rfind('c').unwrap());
    assert_eq!(place(&written), place(text));
}

#[test]
fn descriptions_are_left_out() {
    let text = "\"d\" query A(\"\"\"d\"\"\" $a: Int = 1) { a(b: $a) } \"d\" fragment F on T { b } \"\" mutation { c }";
    let document = parsed(text).unwrap();
    let written = edited(text, document.values);
    assert_eq!(
        written.split_whitespace().collect::<Vec<_>>().join(" "),
        "query A( $a: Int = 1) { a(b: $a) } fragment F on T { b } mutation { c }"
    );
    for wrong in ["\"d\" { a }", "\"d\"", "\"d\" \"d\" query { a }", "{ \"d\" a }", "query(\"d\") { a }"] {
        assert!(parsed(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_variable_of_the_planners_own_name_gets_another() {
    let text = "query($representations: Int, $representations_: Int) { a(b: $representations, c: [$representations_]) }";
    let document = parsed(text).unwrap();
    assert_eq!(document.renamed(), Some(("representations", "representations__")));
    let written = edited(text, document.values);
    assert_eq!(
        written,
        "query($representations__: Int, $representations_: Int) { a(b: $representations__, c: [$representations_]) }"
    );
}

#[test]
fn the_operation_to_run_must_be_clear() {
    let document = parsed("query A { a } mutation B { b }").unwrap();
    assert_eq!(document.operation(Some("B")).unwrap().kind, Kind::Mutation);
    assert!(document.operation(None).is_err());
    assert!(document.operation(Some("C")).is_err());
    assert!(parsed("fragment F on T { a }").unwrap().operation(None).is_err());
    assert!(parsed("query A { a }").unwrap().operation(None).is_ok());
}
