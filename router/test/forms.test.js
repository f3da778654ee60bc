import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { buildSchema, Kind, parse } from 'graphql';
import { createAuthorization } from '../src/authorization.js';
import { fieldNamesOf } from '../src/execution/keys.js';
import { createPreparation } from '../src/execution/operations.js';
import { rememberPlans } from '../src/execution/planner.js';

import { publicSchema } from '../src/execution/public-schema.js';

setFlagsFromString('--expose-gc');
const collectGarbage = /** @type {() => void} */ (runInNewContext('gc'));
const sdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
const schema = publicSchema(buildSchema(sdl, { assumeValidSDL: true }));
const prepare = createPreparation(schema, createAuthorization(schema), fieldNamesOf(schema));

const FRAGMENT = `fragment A on Product { id slug title description createdAt options { name values } media { url altText mediaType }
  category { id slug name description } priceRange { min { amount currency } max { amount currency } } variants { id sku title weightGrams } }`;
const CONDITIONS = Array.from({ length: 7 }, (_, number) => `b${number}`);

/** A small document whose forms are large: 90 products of all fields, and seven conditions. @param {number} number */
function expanding(number) {
  const products = Array.from({ length: 90 }, (_, index) => `a${index}: product(slug: "a") { ...A }`);
  const conditions = CONDITIONS.map((name) => `__typename @include(if: $${name})`);
  return parse(`query Q${number}(${CONDITIONS.map((name) => `$${name}: Boolean!`)}) { ${[...products, ...conditions].join(' ')} } ${FRAGMENT}`, { noLocation: true });
}

/** @param {import('graphql').DocumentNode} document @param {number} outcome of the conditions, a bit each */
function formOf(document, outcome) {
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  const variables = Object.fromEntries(CONDITIONS.map((name, bit) => [name, (outcome & (1 << bit)) > 0]));
  return prepare(document, /** @type {import('graphql').OperationDefinitionNode} */ (operation), variables, undefined);
}

test('an operation is prepared once for each outcome of its conditions', () => {
  const document = expanding(0);
  assert.equal(formOf(document, 1), formOf(document, 1));
  assert.notEqual(formOf(document, 1), formOf(document, 2));
});

test('all forms of all documents together take no more memory than is meant for them', () => {
  const documents = Array.from({ length: 10 }, (_, number) => expanding(number));
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (const document of documents) for (let outcome = 0; outcome < 16; outcome += 1) formOf(document, outcome);
  collectGarbage();
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(grown < 55_000_000, `${grown} bytes`);
});

test('plans are forgotten by their size, and made once while they are remembered', async () => {
  const made = /** @type {string[]} */ ([]);
  const planOf = rememberPlans((text) => {
    made.push(text);
    return Promise.resolve(/** @type {any} */ ({ kind: 'QueryPlan', node: 'x'.repeat(10_000) }));
  }, 250_000);
  await Promise.all(['a', 'a', 'b', 'c', 'd'].map(planOf));
  assert.deepEqual(made, ['a', 'b', 'c', 'd']);
  for (const text of ['d', 'e', 'f', 'a']) await planOf(text);
  assert.deepEqual(made, ['a', 'b', 'c', 'd', 'e', 'f', 'a']);
});
