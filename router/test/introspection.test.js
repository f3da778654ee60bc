import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSchema, getIntrospectionQuery, parse } from 'graphql';
import { createIntrospectionLimit } from '../src/execution/introspection-cost.js';
import { publicSchema } from '../src/execution/public-schema.js';

const SUPERGRAPH = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
const limit = createIntrospectionLimit(publicSchema(buildSchema(SUPERGRAPH, { assumeValidSDL: true })));
const EACH_FIELD = 'fields { name type { name ofType { name } } args { name type { name ofType { name } } } }';

/** @param {number} count @param {(number: number) => string} write */
const times = (count, write) => Array.from({ length: count }, (_, number) => write(number)).join(' ');

const TOO_MUCH = {
  'the schema under many names': `{ ${times(90, (n) => `s${n}: __schema { types { name ${EACH_FIELD} } }`)} }`,
  'its types under many names': `{ __schema { ${times(90, (n) => `t${n}: types { name ${EACH_FIELD} }`)} } }`,
  'their fields under many names': `{ __schema { types { ${times(30, (n) => `f${n}: ${EACH_FIELD}`)} } } }`,
  'fragments that double each other': `{ __schema { types { fields { ...F0 } } } }
    ${times(30, (n) => `fragment F${n} on __Field { a${n}: name ...F${n + 1} ... { ...F${n + 1} } }`)} fragment F30 on __Field { name }`,
};
for (const [name, text] of Object.entries(TOO_MUCH)) {
  test(`${name}: refused`, () => {
    assert.throws(() => limit(parse(text)), { extensions: { code: 'LIMIT_EXCEEDED', http: { status: 400, spec: true } } });
  });
}

test('what tools ask for is answered', () => {
  limit(parse(getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, specifiedByUrl: true, oneOf: true })));
});
