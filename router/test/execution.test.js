import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Logger } from '@graphql-hive/gateway-runtime';
import { buildSchema, parse, validate } from 'graphql';
import { createUnifiedGraphHandler } from '../src/execution/handler.js';
import { createPlanner } from '../src/execution/planner.js';
import { randomDocument } from './documents.js';
import { askMonolith, askSubgraph, monolith, supergraph } from './shop.js';

const DOCUMENTS = Number(process.env['DOCUMENTS'] ?? 300);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

const planner = createPlanner(new Logger({ level: false }));
/** @type {(request: any) => any} */
let execute;

before(async () => {
  const options = { unifiedGraph: buildSchema(supergraph, { assumeValidSDL: true }), getUnifiedGraphSDL: () => supergraph, onSubgraphExecute: askSubgraph };
  ({ executor: execute } = /** @type {any} */ (await createUnifiedGraphHandler(planner)(/** @type {any} */ (options))));
});
after(() => planner.close());

/** @param {string} text @param {Record<string, unknown>} [variables] */
async function assertRight(text, variables = {}) {
  const document = parse(text);
  const context = { request: {} };
  const wanted = /** @type {any} */ (await askMonolith(document, variables));
  const given = await execute({ document, variables, context });
  const about = `${text}\n${JSON.stringify(variables)}\n${JSON.stringify(given.errors)}`;
  assert.equal(JSON.stringify(given.data), JSON.stringify(wanted.data), about);
  assert.equal(Boolean(given.errors), Boolean(wanted.errors), about);
  assert.deepEqual(lostPlaces(given), lostPlaces(wanted), about);
}

/**
 * The nulls that errors explain. Of what is lost with its object graphql-js tells the first reason and leaves out others.
 * @param {{ data: any, errors?: readonly { path?: readonly (string | number)[] }[] }} answer
 */
function lostPlaces({ data, errors = [] }) {
  return [...new Set(errors.map(({ path = [] }) => JSON.stringify(lostPlace(data, path))))].sort();
}

/** @param {any} data @param {readonly (string | number)[]} path */
function lostPlace(data, path) {
  let at = data;
  const end = path.findIndex((key) => at === null || (at = at[key], false));
  return end === -1 ? path : path.slice(0, end);
}

test(`documents of any form are answered as graphql-js answers them over one schema (SEED=${SEED})`, async () => {
  let asked = 0;
  for (let seed = SEED; asked < DOCUMENTS; seed += 1) {
    const { text, variables } = randomDocument(monolith, seed);
    if (text.length > 4_000 || validate(monolith, parse(text), undefined, { maxErrors: 1 }).length > 0) continue;
    await assertRight(text, variables);
    asked += 1;
  }
});

const DOCUMENTS_BY_NAME = {
  'types of one interface that call alike what differs in type': '{ things(first: 5) { ... on Book { id: size } ... on Box { id: size name } } }',
  'an error of an entity at each of its places':
    '{ things(first: 1) { ... on Book { a: faulty } } thing(id: "b1") { ... on Book { b: faulty } } crowded { things { ... on Book { faulty } } } }',
  'a null of an entity that none may be':
    '{ things(first: 3) { ... on Book { name strict } } thing(id: "b2") { name ... on Book { id: strict } } everything { ... on Book { strict } } }',
  'a null of an entity that takes the whole answer': '{ oldest { ... on Book { id: strict } } things { name } }',
  'an error under one of two names': '{ everything { ... on Book { name } } all: everything { ... on Book { faulty } } }',
  'keys of two fields under each other\'s names': '{ crowded { aisle: number number: aisle things { ... on Box { shelf { aisle: height } } } } }',
  'a required field under the key\'s name': '{ things(first: 3) { ... on Book { id: room size: id room: size } } }',
  'lists of lists': '{ a: things(first: 5) { ... on Book { matrix } } things(first: 5) { ... on Book { m: matrix n: matrix } } }',
};
for (const [name, text] of Object.entries(DOCUMENTS_BY_NAME)) test(name, () => assertRight(text));

const WITH_A_NULL = {
  'instead of a variable\'s default': 'query ($n: ID = "b1") { thing(id: $n) { name } things(first: 1) { name } }',
  'under two names': 'query ($n: ID = "b1") { a: thing(id: $n) { name } b: thing(id: "b1") { name } thing(id: $n) { id } }',
  'alone': 'query ($n: ID = "b1") { thing(id: $n) { name } }',
  'in one mutation of several': 'mutation ($n: String = "x") { a: rename(id: "b1", name: "y") { name } b: rename(id: "b1", name: $n) { name } }',
  'where one is taken': 'query ($n: Int = 1) { things(first: $n) { name } }',
};
for (const [name, text] of Object.entries(WITH_A_NULL)) {
  test(`a field fails that does not take a null, ${name}`, async () => {
    await assertRight(text, { n: null });
    await assertRight(text, {});
  });
}

test('a variable of any name may be absent', () => assertRight('query ($representations: String) { things(tag: $representations) { name } }'));

test('a condition that is null does not hold', async () => {
  const text = 'query ($n: Boolean = true) { things(first: 1) { name @skip(if: $n) id @include(if: $n) ... @include(if: $n) { a: name } } }';
  const given = await execute({ document: parse(text), variables: { n: null }, context: { request: {} } });
  assert.equal(JSON.stringify(given), '{"data":{"things":[{"name":"Book 1"}]}}');
});
