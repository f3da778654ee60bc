"""Bodies that are dear to decode, or mean two things."""

import json
from collections.abc import Iterator

from tests.security.hostile.case import ANSWERED, LIMITED, MOST_BYTES, PLANTED, REFUSED, Case, body, body_with, fill

QUERY = "query($a: String!) { __type(name: $a) { name } }"
ROOM = MOST_BYTES - 2_000


def bodies() -> Iterator[Case]:
    """All kinds."""
    yield from _deep()
    yield from _keys()
    yield from _malformed()
    yield from _members()
    yield from _numbers()
    yield from _texts()
    yield from _extensions()


def _deep() -> Iterator[Case]:
    """What is nested too deeply is refused for that and for nothing else, so that nobody has to look what it is."""
    for depth in (65, 1_000, 20_000, 40_000):
        for name, opened, closed in (("lists", "[", "]"), ("objects", '{"a":', "}")):
            value, codes = opened * depth + "1" + closed * depth, LIMITED if depth > 100 else REFUSED
            yield Case(f"variables {depth} {name} deep", body_with(QUERY, f'{{"a":{value}}}'), codes)
            yield Case(f"{depth} {name} in place of the variables", body_with(QUERY, value), codes)
            yield Case(
                f"extensions {depth} {name} deep", body(QUERY)[:-1] + f',"extensions":{{"a":{value}}}}}'.encode(), codes
            )
            yield Case(f"an unknown member {depth} {name} deep", body(QUERY)[:-1] + f',"x":{value}}}'.encode(), codes)
            yield Case(f"a body of {depth} {name}", value.encode())
            yield Case(f"{depth} {name} that do not end", body(QUERY)[:-1] + f',"variables":{opened * depth}'.encode())
    yield Case("250,000 lists that do not end", body(QUERY)[:-1] + b',"variables":' + b"[" * 250_000)
    mixed = '[{"a":' * 10_000 + "1" + "}]" * 10_000
    yield Case("variables 20,000 deep, lists and objects by turns", body_with(QUERY, f'{{"a":{mixed}}}'), LIMITED)
    hidden = json.dumps("[" * 100_000)
    yield Case("a string of 100,000 brackets", body_with(QUERY, f'{{"a":{hidden}}}'), codes=ANSWERED)
    quoted = json.dumps('\\"[' * 40_000)
    yield Case("a string of 40,000 quotes and brackets", body_with(QUERY, f'{{"a":{quoted}}}'), codes=ANSWERED)


def _keys() -> Iterator[Case]:
    for count in (101, 1_000, 10_000, 25_000):
        pairs = ",".join(f'"{PLANTED}{n}":1' for n in range(count))[: ROOM - 10].rpartition(",")[0]
        yield Case(f"{count} variables that nothing declares", body_with(QUERY, f"{{{pairs}}}"))
        yield Case(f"{count} unknown members", body(QUERY)[:-1] + f",{pairs}}}".encode())
        yield Case(f"{count} extensions", body(QUERY)[:-1] + f',"extensions":{{{pairs}}}}}'.encode())
    yield Case("one variable 20,000 times", body_with(QUERY, "{" + ",".join(['"a":1'] * 20_000) + "}"))
    yield Case("the query 2,000 times", b"{" + b",".join([b'"query":"{__typename}"'] * 2_000) + b"}", codes=ANSWERED)
    yield Case("two queries, the second one other", b'{"query":"{__typename}","query":"{a}"}', codes=ANSWERED)
    yield Case("two variables of one name", body_with(QUERY, '{"a":1,"a":"x"}'), codes=ANSWERED)
    yield Case("a key of 250 kB", body_with(QUERY, f'{{"{PLANTED}{fill("k")}":1}}'))
    yield Case("a key of combining marks", body_with(QUERY, f'{{"{fill(chr(0x301))}":1}}'))
    yield Case(
        "keys that collide when they are numbers",
        body_with(QUERY, "{" + ",".join(f'"{n}":1' for n in range(2**31, 2**31 + 15_000)) + "}"),
    )
    for key in ("__proto__", "constructor", "toString", "hasOwnProperty", "", "\\u0000", "a.b", "$a"):
        yield Case(f"a variable {key!r}", body_with(QUERY, f'{{"{key}":{{"a":1,"toString":1}}}}'), codes=ANSWERED)
        yield Case(f"a member {key!r}", body(QUERY)[:-1] + f',"{key}":{{"a":{{}}}}}}'.encode(), codes=ANSWERED)


def _malformed() -> Iterator[Case]:
    good = body(QUERY)
    texts: dict[str, bytes] = {
        "nothing": b"",
        "a space": b" ",
        "250 kB of spaces": b" " * ROOM,
        "null": b"null",
        "a number": b"1",
        "a string": b'"' + b"x" * ROOM + b'"',
        "a batch of one": b"[" + good + b"]",
        "a batch of 2,000": b"[" + b",".join([b'{"query":"{__typename}"}'] * 2_000) + b"]",
        "an empty batch": b"[]",
        "no query": b'{"variables":{}}',
        "two bodies": good * 2,
        "a body that breaks off": good[:-5],
        "a comma too many": good[:-1] + b",}",
        "a byte order mark before it": b"\xef\xbb\xbf" + good,
        "UTF-16": good.decode().encode("utf-16"),
        "a NUL behind it": good + b"\x00",
        "bytes that are no UTF-8": b'{"query":"{__typename}","variables":{"a":"'
        + b"\xff\xfe\xc0\x80\xed\xa0\x80" * 20_000
        + b'"}}',
        "control characters in a string": b'{"query":"{__typename}\x01\x02\n"}',
        "250 kB of 0xff": b"\xff" * ROOM,
        "half a character": good[:-2] + b"\xf0\x9f",
        "NaN": body_with(QUERY, '{"a":NaN}'),
        "Infinity": body_with(QUERY, '{"a":-Infinity}'),
        "a comment": b"/* " + PLANTED.encode() + b" */" + good,
        "single quotes": b"{'query':'{__typename}'}",
        "a form": b"query=%7B__typename%7D&variables=" + b"x" * 200_000,
        "200 kB of escapes": b'{"query":"' + b"\\u0020" * 33_000 + b'{__typename}"}',
        "an escape that is none": b'{"query":"{__typename}\\x"}',
    }
    for name, text in texts.items():
        yield Case(f"a body of {name}", text, codes=ANSWERED)


def _members() -> Iterator[Case]:
    for member in ("query", "variables", "operationName", "extensions"):
        for name, value in {
            "a number": 1,
            "a list": [1] * 1_000,
            "false": False,
            "a text": PLANTED,
            "an object": {"a": {}},
        }.items():
            given = {"query": QUERY, member: value}
            yield Case(f"{member} is {name}", json.dumps(given).encode(), codes=ANSWERED)
    for name, text in {
        "250 kB": fill("x"),
        "combining marks": fill("\u0301"),
        "NUL": "\x00",
        "nothing": "",
        "a newline": "a\nb",
    }.items():
        yield Case(f"operationName is {name}", body(QUERY, operationName=PLANTED + text), codes=ANSWERED)
    yield Case("id and doc of another protocol", json.dumps({"id": fill("x"), "documentId": PLANTED}).encode())


def _numbers() -> Iterator[Case]:
    numbers = {
        "1e400": "1e400",
        "-1e400": "-1e400",
        "1e-400": "1e-400",
        "-0": "-0",
        "250,000 digits": fill("7"),
        "a fraction of 250,000 digits": "0." + fill("7"),
        "an exponent of 100,000 digits": "1e" + "9" * 100_000,
        "2**53 + 1": "9007199254740993",
        "2**64": "18446744073709551616",
        "leading zeros": "0001",
        "40 numbers of 6,000 digits": "[" + ",".join(["9" * 6_000] * 40) + "]",
        "9,000 floats": "[" + ",".join(["1.7976931348623157e308"] * 9_000) + "]",
        "120,000 zeros": "[" + "0," * 120_000 + "0]",
        "60,000 nulls": "[" + "null," * 50_000 + "null]",
        "80,000 empty lists": "[" + "[]," * 80_000 + "[]]",
        "80,000 empty objects": "[" + "{}," * 80_000 + "{}]",
        "60,000 empty strings": "[" + '"",' * 60_000 + '""]',
    }
    for name, text in numbers.items():
        yield Case(f"a variable of {name}", body_with(QUERY, f'{{"a":{text}}}'))


def _texts() -> Iterator[Case]:
    for name, text in {
        "250 kB": fill("x"),
        "combining marks": fill("\u0301"),
        "ligatures": fill("\ufdfa"),
        "line separators": fill("\u2028"),
        "NUL": fill("\x00", 40_000),
        "lone surrogates": fill("\ud800"),
        "quotes": fill('"'),
        "backslashes": fill("\\"),
        "emoji": fill("\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        "right to left": fill("\u202e"),
        "markup": fill("<script>"),
        "line breaks": fill("\r\n"),
    }.items():
        yield Case(f"a variable of {name}", body(QUERY, {"a": PLANTED + text}), codes=ANSWERED)


def _extensions() -> Iterator[Case]:
    for name, extension in {
        "a hash without its query": {"version": 1, "sha256Hash": "0" * 64},
        "a hash of 200 kB": {"version": 1, "sha256Hash": fill("f", 200_000)},
        "a hash that is a list": {"version": 1, "sha256Hash": ["0"] * 5_000},
        "another version": {"version": 10**300, "sha256Hash": PLANTED},
        "no hash": {},
    }.items():
        codes = REFUSED | {"PERSISTED_QUERY_NOT_SUPPORTED"}
        yield Case(
            f"a persisted query of {name}",
            json.dumps({"extensions": {"persistedQuery": extension}}).encode(),
            codes=codes,
        )
        both = json.dumps({"query": QUERY, "extensions": {"persistedQuery": extension}}).encode()
        yield Case(f"a query and a persisted query of {name}", both, codes=ANSWERED | codes)
