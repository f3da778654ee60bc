import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Logger } from '@graphql-hive/gateway-runtime';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { draw, drawsOf } from '../src/execution/overrides.js';
import { createPlanner } from '../src/execution/planner.js';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@override"])';
const OLD = `${LINK} type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! size: Int }`;

/** @param {string} percent */
const moved = (percent) => `${LINK} type Thing @key(fields: "id") { id: ID! size: Int @override(from: "old", label: "percent(${percent})") }`;

/** @type {import('../src/execution/planner.js').Planner} */
let planner;

before(() => {
  planner = createPlanner(new Logger({ level: false }));
});
after(() => planner.close());

/** @param {string} percent */
function supergraphOf(percent) {
  const services = { old: OLD, new: moved(percent) };
  const { supergraphSdl } = composeServices(Object.entries(services).map(([name, sdl]) => ({ name, typeDefs: parse(sdl) })));
  return supergraphSdl ?? assert.fail('it does not compose');
}

test('draws that make no difference are one', () => {
  assert.deepEqual(drawsOf('type Query { a: Int }'), [0]);
  const draws = drawsOf('@join__field(overrideLabel: "percent(5.5)") @join__field(overrideLabel: "percent(50)") "percent(50)"');
  assert.deepEqual(draws, [0, 5.5, 50]);
  assert.deepEqual([0, 0.0549, 0.055, 0.4999, 0.5, 0.999].map((random) => draw(draws, random)), [0, 0, 5.5, 5.5, 50, 50]);
});

for (const [percent, least, most] of /** @type {[string, number, number][]} */ ([['0', 0, 0], ['50', 300, 700], ['100', 1000, 1000]])) {
  test(`of a thousand requests, a field that has moved by ${percent} percent comes from its new place in as many`, async () => {
    const planOf = await planner.load(supergraphOf(percent));
    const plans = await Promise.all(Array.from({ length: 1000 }, () => planOf('{ thing { size } }')));
    const there = plans.filter((plan) => JSON.stringify(plan).includes('"serviceName":"new"')).length;
    assert.ok(there >= least && there <= most, `${there} of 1000`);
  });
}
