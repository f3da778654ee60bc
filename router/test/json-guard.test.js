import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS } from '../src/bounds.js';
import { excessOf } from '../src/json-guard.js';
import { excessOfText } from '../src/nesting.js';

/** @param {unknown} value a text as it is, else what JSON it makes */
function excess(value) {
  return excessOf(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
}

/** @param {number} depth */
function lists(depth) {
  return '['.repeat(depth) + ']'.repeat(depth);
}

/** @param {number} number @param {number} [length] */
function keys(number, length = 0) {
  return Object.fromEntries(Array.from({ length: number }, (_, index) => [`${index}`.padEnd(length, 'é'), null]));
}

test('what is at the limit passes, and one more does not', () => {
  assert.equal(excess(lists(64)), undefined);
  assert.match(excess(lists(65)) ?? '', /nested/);
  assert.equal(excess(keys(100)), undefined);
  assert.match(excess(keys(101)) ?? '', /keys/);
  assert.equal(excess(keys(1, 100)), undefined);
  assert.match(excess(keys(1, 101)) ?? '', /characters/);
  assert.equal(excess(Array.from({ length: 9_999 }, () => 0)), undefined);
  assert.match(excess(Array.from({ length: 10_000 }, () => 0)) ?? '', /values/);
});

test('escaped characters of a key count once each, whatever they are', () => {
  assert.equal(excess(`{"${'\\u0061'.repeat(100)}": 1}`), undefined);
  assert.match(excess(`{"${'\\u0061'.repeat(101)}": 1}`) ?? '', /characters/);
  assert.equal(excess(`{"${'\\"'.repeat(100)}": 1}`), undefined);
  assert.match(excess(`{"${'\\n'.repeat(101)}" \n: 1}`) ?? '', /characters/);
});

test('brackets, colons and quotes within texts are none', () => {
  assert.equal(excess(['[{"'.repeat(100), '\\"[['.repeat(100), ':'.repeat(1_000)]), undefined);
  assert.match(excess(`["\\\\", ${lists(64)}`) ?? '', /nested/);
  assert.match(excess(`["\\"", ${lists(64)}`) ?? '', /nested/);
});

test('keys of one object are counted apart from those within it and beside it', () => {
  const [many, few] = [keys(100), keys(60)];
  assert.equal(excess([many, many, { ...few, within: { ...few, deeper: [few, few] } }]), undefined);
  assert.match(excess({ ...many, within: few }) ?? '', /keys/);
});

test('a text that is no JSON is gone through to its end', () => {
  for (const text of ['', ']]]]', '"', '"\\', '"\\u12', '{"a', ':::', '}{', '\ufeff{}', 'nul', '[1,]']) assert.equal(excess(text), undefined);
});

/** @param {number} depth */
function nested(depth) {
  return '{ a '.repeat(depth) + '}'.repeat(depth);
}

test('brackets of a document count where they are brackets', () => {
  assert.equal(excessOfText(nested(LIMITS.documentNesting)), undefined);
  assert.match(excessOfText(nested(LIMITS.documentNesting + 1)) ?? '', /nested/);
  for (const text of ['"[[\\"[["', '"""[[\\"""[["""', '# {{{{\n']) assert.equal(excessOfText(`{ a(b: ${text.replace(/[[{]+/g, '$&'.repeat(40))}) }`), undefined);
  assert.match(excessOfText(`{ a(b: "unfinished\n${'['.repeat(65)}`) ?? '', /nested/);
  assert.equal(excessOfText(`{ a(b: """unfinished\n${'['.repeat(65)}`), undefined);
  assert.equal(excessOfText('}'.repeat(100) + nested(LIMITS.documentNesting)), undefined);
});

test('keys of one object of arguments count, aliases and arguments do not', () => {
  const colons = (/** @type {number} */ number) => Array.from({ length: number }, (_, index) => `k${index}: 1`).join(' ');
  assert.equal(excessOfText(`{ a(b: {${colons(100)}}) }`), undefined);
  assert.match(excessOfText(`{ a(b: {${colons(101)}}) }`) ?? '', /keys/);
  assert.match(excessOfText(`query ($a: A = [{${colons(101)}}]) { a }`) ?? '', /keys/);
  assert.equal(excessOfText(`{ a(b: [{${colons(60)}}, {${colons(60)} c: {${colons(60)}}}] ${colons(200)}) { ${colons(200)} } }`), undefined);
});
