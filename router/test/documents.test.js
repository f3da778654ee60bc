import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { buildSchema, parse, specifiedRules, validate } from 'graphql';
import { createDocuments, errorsOfDocument } from '../src/documents.js';

setFlagsFromString('--expose-gc');
const collectGarbage = /** @type {() => void} */ (runInNewContext('gc'));
const schema = buildSchema('type Query { a: Query b: Int }');

/** @type {Record<string, (number: number) => string>} */
const KINDS = {
  valid: (number) => `{ ${'a { b } '.repeat(1_000)} c${number}: b }`,
  'with unknown fields': (number) => `{ ${'c '.repeat(2_000)} c${number} }`,
  'with a long name': (number) => `{ ${'c'.repeat(100_000)}${number} }`,
  'with a wrong value': (number) => `{ b(c: [${'1 '.repeat(2_000)} ${number}]) }`,
  'with a syntax error': (number) => `{ ${'a { b } '.repeat(1_000)} ${number}`,
  'with a long comment': (number) => `{ b } # ${'x'.repeat(200_000)}${number}`,
};

test('equal texts have the same document for one schema, and another for another', () => {
  const documents = createDocuments();
  assert.equal(documents('{ b }', schema), documents('{ b }', schema));
  assert.notEqual(documents('{ b }', schema), documents('{ b }', buildSchema('type Query { b: Int }')));
});

for (const text of [
  '{ b\n  c(d: [1, {e: 2}]) }',
  'query($v: Int, $w: Nothing) { a { ...f } }\nfragment f on Query { b(x: 1) }',
  '{ ...f }\nfragment f on Query { a { ...g } }\nfragment g on Query { a { ...f } }',
  '{ b @include(if: 1) @skip }\n{ a }',
]) {
  test(`mistakes are where graphql-js finds them: ${JSON.stringify(text)}`, () => {
    const outcome = createDocuments()(text, schema);
    assert.ok('reasons' in outcome);
    const found = errorsOfDocument(outcome, text).map(({ message, locations }) => ({ message, locations }));
    const expected = validate(schema, parse(text), specifiedRules).map(({ message, locations }) => ({ message, locations }));
    assert.ok(found.length > 0);
    for (const each of found) assert.ok(expected.some((other) => isDeepStrictEqual(each, other)), JSON.stringify(each));
  });
}

for (const [kind, make] of Object.entries(KINDS)) {
  test(`a stream of documents ${kind} takes no more memory than is meant for all`, () => {
    const documents = createDocuments(10_000_000);
    documents(make(-1), schema);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let number = 0; number < 100; number += 1) documents(make(number), schema);
    collectGarbage();
    const grown = process.memoryUsage().heapUsed - before;
    assert.ok(grown < 12_000_000, `${grown} bytes`);
  });
}
