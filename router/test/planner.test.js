import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Logger } from '@graphql-hive/gateway-runtime';
import { createPlanner } from '../src/execution/planner.js';

const SUPERGRAPH = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
const LISTING = '{ products(first: 1) { nodes { slug } } }';

/**
 * Ends the process that plans it: the native planner panics about an alias of a key with a condition. The plain form never has one.
 * When this document gets a plan, upstream has mended that; take another document that ends the process, or a planner without processes.
 */
const DEADLY = `query ($t: Boolean!) { products { nodes { defaultVariant {
  stock { available } id: price { ... @include(if: $t) { amount } } } } } }`;

/** @type {import('../src/execution/planner.js').Planner} */
let planner;
/** @type {import('../src/execution/planner.js').PlanOf} */
let planOf;

before(async () => {
  planner = createPlanner(new Logger({ level: false }));
  planOf = await planner.load(SUPERGRAPH);
});
after(() => planner.close());

/** @param {string} text */
const refusalOf = (text) => planOf(text).then(() => assert.fail('it was planned'), (error) => error);

/** @returns {number[]} the planner's processes */
function processes() {
  const task = `/proc/${process.pid}/task`;
  return readdirSync(task).flatMap((thread) => readFileSync(`${task}/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number));
}

test('a document is planned once', async () => {
  const plan = await planOf(LISTING);
  assert.equal(plan.node?.kind, 'Fetch');
  assert.equal(await planOf(LISTING), plan);
});

test('a document that ends its process is refused, and no other is', async () => {
  const others = Array.from({ length: 20 }, (_, number) => planOf(`{ products(first: ${number}) { nodes { title } } }`));
  const error = await refusalOf(DEADLY);
  assert.equal(error.extensions.code, 'INTERNAL');
  assert.equal((await Promise.all(others)).length, 20);
  assert.equal((await planOf('{ products(first: 50) { nodes { title } } }')).kind, 'QueryPlan');
});

test('a refused document ends no further process', async () => {
  await refusalOf(DEADLY);
  const before = processes();
  await refusalOf(DEADLY);
  assert.deepEqual(processes(), before);
});

test('a document whose process is killed is planned by another', async () => {
  const asked = planOf('{ products(first: 60) { nodes { title } } }');
  for (const id of processes()) process.kill(id, 'SIGKILL');
  assert.equal((await asked).kind, 'QueryPlan');
});

test('a document that takes a second of the processor is refused as too dear', async () => {
  const error = await refusalOf(dearDocument());
  assert.equal(error.extensions.code, 'LIMIT_EXCEEDED');
  assert.equal((await planOf('{ products(first: 70) { nodes { title } } }')).kind, 'QueryPlan');
});

test('a supergraph that can not be read is refused, and the one before stays', async () => {
  await assert.rejects(planner.load('type Query { a: Int'));
  assert.equal((await planOf('{ products(first: 80) { nodes { title } } }')).kind, 'QueryPlan');
});

test('what is planned with a new supergraph knows its types', async () => {
  const renamed = await planner.load(SUPERGRAPH.replaceAll('defaultVariant', 'standardVariant'));
  const plan = await renamed('{ products(first: 1) { nodes { standardVariant { stock { available } } } } }');
  assert.equal(plan.node?.kind, 'Sequence');
});

test('what the line of a cart provides of its variant is not asked of the catalogue', async () => {
  const plan = await planOf('{ myCart { lines { variant { id sku } } } }');
  assert.deepEqual(subgraphsOf(plan), ['orders']);
  assert.deepEqual(subgraphsOf(await planOf('{ myCart { lines { variant { sku title } } } }')), ['orders', 'products']);
});

test('what a variant weighs goes to inventory, which estimates its shipping, with the stock in one request', async () => {
  const plan = await planOf('{ products(first: 1) { nodes { defaultVariant { shippingEstimate(quantity: 2) { parcels } stock { available } } } } }');
  assert.deepEqual(subgraphsOf(plan), ['products', 'inventory']);
  assert.match(JSON.stringify(plan), /"name":"weightGrams"/);
});

/** The subgraphs of a plan in their order, each as often as it is asked. @param {import('../src/execution/plan.js').QueryPlan} plan */
function subgraphsOf(plan) {
  return [...JSON.stringify(plan).matchAll(/"serviceName":"(\w+)"/g)].map(([, name]) => name);
}

/** Planning takes the square of the root fields; the router lets far fewer in. */
function dearDocument() {
  const fields = Array.from({ length: 2_000 }, (_, n) => `p${n}: products(first: ${n}) { nodes { defaultVariant { stock { available } } } }`);
  return `{ ${fields.join(' ')} }`;
}
