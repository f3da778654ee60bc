"""Documents that are dear to lex, parse, measure, validate or plan, whatever the schema."""

from collections.abc import Iterator

from tests.security.hostile.case import ANSWERED, MOST_BYTES, PLANTED, REFUSED, Case, asks, body, fill
from tests.security.hostile.terrain import Terrain

NAME = f"a{PLANTED}"
INTROSPECTED = (
    ("__schema{types", ("fields", "type")),
    ("__schema{types", ("possibleTypes", "interfaces")),
    ('__type(name:"Query")', ("fields", "args", "type")),
    ('__type(name:"Query")', ("fields", "type", "ofType")),
    ("__schema{queryType", ("fields", "type", "inputFields", "type")),
)


def documents(ground: Terrain) -> Iterator[Case]:
    """All kinds."""
    yield from _wide(ground)
    yield from _deep()
    yield from _expanding()
    yield from _many_definitions()
    yield from _lexical()
    yield from _values()
    yield from _directives()
    yield from _variables()
    yield from _introspection()


def _wide(ground: Terrain) -> Iterator[Case]:
    for count in (100, 1_200, 4_900, 10_000):
        names = [f"b{number}" for number in range(count)]
        yield asks(f"{count} times __typename", "{" + " __typename" * count + "}", codes=ANSWERED)
        yield asks(
            f"{count} aliases of __typename",
            "{" + "".join(f" {name}: __typename" for name in names) + "}",
            codes=ANSWERED,
        )
        yield asks(f"{count} unknown fields", "{" + "".join(f" {name}" for name in names) + "}")
        conflicts = "".join(f" x: __schema {{ {name}: __typename }}" for name in names)
        yield asks(f"{count} selections merged into one", f"{{{conflicts}}}"[: MOST_BYTES - 2000], codes=ANSWERED)
    for operation, field in list(ground.calls()):
        if operation == "query" and field.arguments:
            name, argument = field.name.value, field.arguments[0].name.value
            for count in (90, 1_000):
                differing = "".join(f' {name}({argument}: "{number}") {{ __typename }}' for number in range(count))
                yield asks(f"{count} times {name} with another {argument}", f"{{{differing}}}")
    pairs = "".join(f" a{n}: __schema {{ x: description }} a{n}: __schema {{ x: __typename }}" for n in range(200))
    yield asks("200 pairs of fields in conflict", f"{{{pairs}}}")


def _deep() -> Iterator[Case]:
    for depth in (16, 200, 2_000, 40_000):
        whole = depth < 80_000
        yield asks(f"{depth} fields deep", "{a" * depth + "}" * depth * whole)
        spreads = min(depth, 20_000)
        yield asks(
            f"{spreads} inline fragments deep",
            "{" + "...{" * spreads + "__typename" + "}" * spreads + "}",
            codes=ANSWERED,
        )
    for depth in (2_000, 100_000):
        yield asks(f"{depth} opening brackets", "{a(b:" + "[" * depth)
        yield asks(f"{depth} opening braces", "{" * depth)
        yield asks(
            f"a type {depth} lists deep", f"query($a: {'[' * depth}Int{']' * depth}) {{ __typename }}", codes=ANSWERED
        )
    yield asks("a value 30000 objects deep", "{a(b:" + "{c:" * 30_000 + "1" + "}" * 30_000 + ")}")
    yield asks("a value 1000 lists deep", "{__typename @skip(if: " + "[" * 1_000 + "true" + "]" * 1_000 + ")}")
    yield asks("a default value 1000 lists deep", "query($a: Int = " + "[" * 1_000 + "]" * 1_000 + ") { __typename }")


def _expanding() -> Iterator[Case]:
    for levels in (12, 20, 24, 60, 300):
        yield asks(f"{levels} fragments that spread the next one twice", "{...f0}" + _doubling(levels))
        yield asks(f"{levels} fragments that spread the next one twice, unused", "{__typename}" + _doubling(levels))
        nested = "".join(
            f"fragment f{n} on Query {{a:__typename ...{{...f{n + 1}}} ...f{n + 1}}}" for n in range(levels)
        )
        yield asks(
            f"{levels} fragments that spread the next one in a fragment too",
            f"{{...f0}}{nested}fragment f{levels} on Query{{x:__typename}}",
        )
        under = "".join(
            f"fragment f{n} on __Type {{ofType{{...f{n + 1}}} interfaces{{...f{n + 1}}}}}" for n in range(levels)
        )
        last = f"fragment f{levels} on __Type{{name}}"
        yield asks(
            f"{levels} fragments that spread the next one under two fields",
            f'{{__type(name:"Query"){{...f0}}}}{under}{last}',
        )
    for ring in (1, 2, 3, 500):
        around = "".join(f"fragment f{n} on Query{{...f{(n + 1) % ring}}}" for n in range(ring))
        yield asks(f"a ring of {ring} fragments", "{...f0}" + around)
        yield asks(f"a ring of {ring} fragments with fields", "{...f0}" + around.replace("{...", "{a:__typename ..."))
    every = " ".join(f"...f{n}" for n in range(60))
    full = "".join(f"fragment f{n} on Query{{{every}}}" for n in range(60))
    yield asks("60 fragments that each spread all", f"{{...f0}}{full}")
    for count in (100, 1_600):
        yield asks(
            f"one fragment spread {count} times",
            "{" + " ...f" * count + "} fragment f on Query {" + " __typename" * 40 + "}",
            codes=ANSWERED,
        )
    chain = "".join(f"fragment f{n} on Query{{...f{n + 1}}}" for n in range(600))
    yield asks("a chain of 600 fragments", f"{{...f0}}{chain}fragment f600 on Query{{__typename}}", codes=ANSWERED)
    backwards = "".join(f"fragment f{n} on Query{{...f{n - 1}}}" for n in range(600, 0, -1))
    yield asks(
        "a chain of 600 fragments, last one first",
        f"{{...f600}}{backwards}fragment f0 on Query{{__typename}}",
        codes=ANSWERED,
    )


def _doubling(levels: int) -> str:
    spreads = "".join(f"fragment f{n} on Query{{...f{n + 1} ...f{n + 1}}}" for n in range(levels))
    return f"{spreads}fragment f{levels} on Query{{a:__typename b:__typename}}"


def _many_definitions() -> Iterator[Case]:
    for count in (100, 900, 10_000):
        yield asks(f"{count} operations of one name", "query q{__typename}" * count)
        yield asks(f"{count} operations, none of them named", "{__typename}" * count)
        operations = " ".join(f"query q{n}{{__typename}}" for n in range(count))
        yield Case(
            f"{count} operations, the last one asked for",
            body(operations, operationName=f"q{count - 1}"),
            codes=ANSWERED,
        )
        unused = "".join(f"fragment f{n} on Query{{__typename}}" for n in range(min(count, 6_000)))
        yield asks(f"{count} fragments that nothing uses", f"{{__typename}}{unused}")
        unknown = " ".join(f"...f{n}" for n in range(count))
        yield asks(f"{count} fragments that are not there", f"{{{unknown}}}")
        same = "fragment f on Query{__typename}" * min(count, 6_000)
        yield asks(f"{count} fragments of one name", f"{{...f}}{same}")
        types = " ".join(f"... on T{n}{{a}}" for n in range(count))
        yield asks(f"{count} conditions of types that are not there", f"{{{types}}}")
    for name, count in (
        ("type T{a:Int}", 4_000),
        ('"""d""" extend schema{query:Q}', 4_000),
        ("directive @d on FIELD", 4_000),
    ):
        yield asks(f"{count} definitions such as {name[:12]}", "{__typename}" + name * count)


def _lexical() -> Iterator[Case]:
    long = NAME + fill("b", 250_000)
    yield asks("a name of 250 kB", f"{{{long}}}")
    yield asks("an alias of 250 kB", f"{{{long}: __typename}}", codes=ANSWERED)
    yield asks(
        "a variable's name of 120 kB", f"query(${long[:120_000]}: Int){{__typename @skip(if: ${long[:120_000]})}}"
    )
    yield asks("a type's name of 250 kB", f"query($a: {long}){{__typename}}")
    yield asks("an argument's name of 250 kB", f"{{__typename({long}: 1)}}")
    yield asks("a directive's name of 250 kB", f"{{__typename @{long}}}")
    yield asks("an operation's name of 250 kB", f"query {long} {{__typename}}", codes=ANSWERED)
    yield asks("a fragment's name of 250 kB", f"{{...{long}}}")
    yield asks("30 names of 8 kB", "{" + " ".join(f"{long[:8_000]}{n}" for n in range(30)) + "}")
    for name, text in {
        "a comment": "#" + fill("x"),
        "comments": fill("#\n"),
        "commas": fill(","),
        "spaces": fill(" "),
        "line breaks": fill("\n"),
        "returns": fill("\r"),
        "byte order marks": fill("\ufeff"),
        "a comment of combining marks": "#" + fill("\u0301"),
        "a comment with line separators": "#" + fill("\u2028"),
        "a comment of lone surrogates": "#" + fill("\ud800"),
        "a comment with NUL": "#\x00",
    }.items():
        yield asks(f"a document with 250 kB of {name}", f"{{__typename}}{text}", codes=ANSWERED)
        yield asks(f"a document that begins with {name}", f"{text}\n{{__typename", codes=REFUSED)
    for name, token in {
        "!": "!",
        "dollars": "$a",
        "names": "a ",
        "dots": "...",
        "numbers": "1 ",
        "strings": '"" ',
        "blocks": '"""""" ',
    }.items():
        yield asks(f"a document of nothing but {name}", fill(token))
        yield asks(f"arguments of nothing but {name}", f"{{a(b:[{fill(token, 200_000)}])}}")
    for unexpected in ("\x00", "\ud800", "\udc00", "\U0001f600", "\u202e", "\u0301", "\uffff", "%", "\\", "`", "?"):
        yield asks(f"an unexpected character {unexpected!a}", f"{{__typename {unexpected}")
        yield asks(f"many unexpected characters {unexpected!a}", "{__typename " + fill(unexpected, 200_000))


def _values() -> Iterator[Case]:
    texts = {
        "a string of 250 kB": f'"{fill("x")}"',
        "a string of 80 kB of escapes": '"' + fill("\\u0041") + '"',
        "a string of braced escapes": '"' + fill("\\u{1F600}") + '"',
        "a string of an endless escape": '"\\u{' + fill("0", 200_000) + '41}"',
        "a string of surrogate escapes": '"' + fill("\\uD83D\\uDE00") + '"',
        "a string of lone surrogate escapes": '"' + fill("\\uD800") + '"',
        "a string of combining marks": f'"a{fill(chr(0x301))}"',
        "a string with NUL": '"a\\u0000b"',
        "a string that does not end": '"' + fill("x"),
        "strings that do not end": fill('"\n'),
        "a block string": '"""' + fill("x") + '"""',
        "a block string of line breaks": '"""' + fill("\n") + '"""',
        "a block string of growing indentation": '"""\n' + "\n".join(" " * n + "x" for n in range(650)) + '"""',
        "a block string of escaped quotes": '"""' + fill('\\"""') + '"""',
        "a block string that does not end": '"""' + fill('"" '),
        "an integer of 250,000 digits": fill("9"),
        "a negative integer of 250,000 digits": "-" + fill("9"),
        "a number 1e400": "1e400",
        "a number with an exponent of 100,000 digits": "1e" + "9" * 100_000,
        "a fraction of 250,000 digits": "0." + fill("1"),
        "minus zero": "-0",
        "minus zero as a float": "-0.0",
        "leading zeros": fill("0"),
        "a list of 2,400 numbers": "[" + "1 " * 2_400 + "]",
        "a list of 120,000 numbers": "[" + "1 " * 120_000 + "]",
        "an object of 1,600 fields": "{" + " ".join(f"{NAME}{n}: 1" for n in range(1_600)) + "}",
        "an object of one field 1,600 times": "{" + f"{NAME}: 1 " * 1_600 + "}",
        "an enum value of 250 kB": NAME + fill("x"),
    }
    for name, text in texts.items():
        yield asks(f"{name} for a Boolean", f"{{__typename @skip(if: {text})}}")
        yield asks(f"{name} for a String", f"{{__type(name: {text}) {{name}}}}", codes=ANSWERED)
        yield asks(f"{name} as a default", f"query($a: String = {text}) {{__typename}}")


def _directives() -> Iterator[Case]:
    for count in (100, 1_200, 20_000):
        yield asks(f"{count} unknown directives", "{__typename" + " @d" * count + "}")
        yield asks(f"{count} times @include", "{__typename" + " @include(if:true)" * min(count, 12_000) + "}")
        yield asks(
            f"{count} directives of the operation", "query" + " @skip(if:true)" * min(count, 12_000) + "{__typename}"
        )
    for count in (50, 90, 400):
        declared = ",".join(f"$v{n}: Boolean!" for n in range(count))
        fields = "".join(f" a{n}: __typename @include(if: $v{n}) @skip(if: $v{(n + 1) % count})" for n in range(count))
        given = {f"v{n}": n % 2 == 0 for n in range(count)}
        yield asks(f"{count} conditions by as many variables", f"query({declared}){{{fields}}}", given, codes=ANSWERED)
        inner = "".join(f" ... @include(if: $v{n}) {{" for n in range(count)) + "__typename" + "}" * count
        yield asks(f"{count} conditions within each other", f"query({declared}){{{inner}}}", given, codes=ANSWERED)
    yield asks("a field that is never asked for", "{__typename @skip(if: true)}", codes=ANSWERED)


def _variables() -> Iterator[Case]:
    for count in (100, 1_000, 12_000):
        declared = ",".join(f"$v{n}:Int" for n in range(count))
        yield asks(f"{count} variables that nothing uses", f"query({declared}){{__typename}}", {})
        yield asks(f"{count} variables of one name", f"query({'$v:Int,' * count}){{__typename}}", {"v": 1})
        used = ",".join(f"$v{n}" for n in range(count))
        yield asks(f"{count} variables that are not declared", f"{{__type(name:[{used}]){{name}}}}")
        yield asks(
            f"{count} variables of unknown types",
            f"query({','.join(f'$v{n}:T{n}' for n in range(count))}){{__typename}}",
            {},
        )
    spreads = "".join(f"fragment f{n} on Query{{...f{n + 1} a:__typename @skip(if:$v)}}" for n in range(300))
    yield asks("variables within 300 fragments", f"query($v:Int){{...f0}}{spreads}fragment f300 on Query{{__typename}}")
    operations = "".join(f"query q{n}($v{n}:Boolean!){{...f0}}" for n in range(150))
    deep = "".join(f"fragment f{n} on Query{{...f{n + 1} a{n}:__typename @skip(if:$v{n})}}" for n in range(150))
    yield asks("150 operations, each through 150 fragments", f"{operations}{deep}fragment f150 on Query{{__typename}}")


def _introspection() -> Iterator[Case]:
    for start, around in INTROSPECTED:
        for depth in (4, 6, 12, 40):
            steps = [start, *(around * depth)[:depth]]
            text = "{" + "{".join(steps) + "{name}" + "}" * "{".join(["", *steps]).count("{")
            yield asks(f"{start} and {depth} of {', '.join(around)}", text, codes=ANSWERED)
    field = "name description args{name type{...t}} type{...t}"
    everything = f"__schema{{types{{name description fields(includeDeprecated:true){{{field}}}}}}}"
    kinds = "fragment t on __Type{kind name ofType{kind name ofType{kind name ofType{kind name}}}}"
    for times in (1, 5, 30, 90):
        aliased = "".join(f" a{n}:{everything}" for n in range(times))
        yield asks(f"the schema {times} times", f"{{{aliased}}}{kinds}", codes=ANSWERED)
        fields = " ".join(f"a{n}:fields{{name description}}" for n in range(times))
        yield asks(f"all fields {times} times", f"{{__schema{{types{{{fields}}}}}}}", codes=ANSWERED)
    yield asks(
        "all types 90 times by name",
        "{" + "".join(f' a{n}:__type(name:"Order"){{fields{{name}}}}' for n in range(90)) + "}",
        codes=ANSWERED,
    )
    unknown = "".join(f' a{n}:__type(name:"{PLANTED}{n}"){{name}}' for n in range(99))
    yield asks("99 types that are not there", f"{{{unknown}}}", codes=ANSWERED)
    yield asks("a subscription", "subscription { x }")
    yield asks("a subscription of everything", "subscription {" + " x" * 2_000 + "}")
