import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema, OverlappingFieldsCanBeMergedRule, parse, validate } from 'graphql';
import { fieldsCanBeMerged } from '../src/merging.js';

const schema = buildSchema(`
  interface Named { name: String! size: Int of(n: Int, o: In): Named list: [Named!] }
  input In { a: Int b: [Int] }
  type Shop implements Named { name: String! size: Int of(n: Int, o: In): Named list: [Named!] open: Boolean near: Shop cart: Cart some: [Int] must: Int! }
  type Cart implements Named { name: String! size: Int of(n: Int, o: In): Named list: [Named!] open: Int near: Shop cart: [Cart] some: Int must: Int }
  union Any = Shop | Cart
  type Query { shop: Shop cart: Cart named: Named any: Any }
`);
/** @type {Record<string, string[]>} */
const FIELDS = { Query: ['shop', 'cart', 'named', 'any'], Named: ['name', 'size', 'of', 'list'], Any: ['__typename'] };
const OWN = ['name', 'size', 'of', 'list', 'open', 'near', 'cart', 'some', 'must'];
/** @type {Record<string, string>} */
const INNER = { shop: 'Shop', named: 'Named', any: 'Any', of: 'Named', list: 'Named', near: 'Shop', cart: 'Cart' };
const ARGUMENTS = ['', '(n: 1)', '(n: 2)', '(o: {a: 1, b: [1]})', '(o: {b: [1], a: 1})', '(n: 1, o: null)', '(o: null, n: 1)'];

/**
 * @typedef {(below: number) => number} Random
 * @param {number} seed the same one makes the same numbers
 * @returns {Random}
 */
function randomFrom(seed) {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % most;
  };
}

/** @param {Random} random */
function documentOf(random) {
  const operation = selection(random, 'Query', 4, true);
  const types = ['Shop', 'Cart', 'Named', 'Any', 'Query'].filter((type) => operation.includes(`...On${type}`));
  const fragments = types.map((type) => `fragment On${type} on ${type} ${selection(random, type, 2, false)}`);
  return [operation, ...fragments].join(' ');
}

/** @param {Random} random @param {string} type @param {number} depth @param {boolean} maySpread @returns {string} */
function selection(random, type, depth, maySpread) {
  const parts = Array.from({ length: 1 + random(4) }, () => part(random, type, depth, maySpread));
  return `{ ${parts.join(' ')} }`;
}

/** @param {Random} random @param {string} type @param {number} depth @param {boolean} maySpread @returns {string} */
function part(random, type, depth, maySpread) {
  const kind = random(8);
  if (maySpread && kind === 0) return `...On${type}`;
  if (kind === 1 && depth > 0 && type !== 'Query') {
    const narrowed = oneOf(random, ['Shop', 'Cart', 'Named']);
    return `... on ${narrowed} ${selection(random, narrowed, depth - 1, maySpread)}`;
  }
  return field(random, type, depth, maySpread);
}

/** @param {Random} random @param {string} type @param {number} depth @param {boolean} maySpread @returns {string} */
function field(random, type, depth, maySpread) {
  const names = FIELDS[type] ?? OWN;
  const name = oneOf(random, names);
  const alias = random(4) === 0 ? `${oneOf(random, names)}: ` : '';
  const inner = INNER[name];
  if (!inner) return `${alias}${name}`;
  if (depth <= 0) return `${alias}__typename`;
  const given = name === 'of' ? oneOf(random, ARGUMENTS) : '';
  return `${alias}${name}${given} ${selection(random, inner, depth - 1, maySpread)}`;
}

/** @param {Random} random @param {string[]} texts */
function oneOf(random, texts) {
  return /** @type {string} */ (texts[random(texts.length)]);
}

test('the rule finds a conflict where that of graphql-js does, and nowhere else', () => {
  let conflicts = 0;
  for (let seed = 1; seed <= 3_000; seed += 1) {
    const text = documentOf(randomFrom(seed));
    const document = parse(text);
    const theirs = validate(schema, document, [OverlappingFieldsCanBeMergedRule]).length > 0;
    const ours = validate(schema, document, [fieldsCanBeMerged]).length > 0;
    assert.equal(ours, theirs, `seed ${seed}: ${text}`);
    if (ours) conflicts += 1;
  }
  assert.ok(conflicts > 300 && conflicts < 2_700, `${conflicts} of 3,000 documents have conflicts: these try nothing`);
});

test('what graphql-js takes for too much work is answered, since each of thousands of fields is compared once', () => {
  const wide = parse(`{ shop { ${'near { name size } '.repeat(1_200)} } }`);
  assert.deepEqual(validate(schema, wide, [fieldsCanBeMerged]), []);
  assert.match(validate(schema, wide, [OverlappingFieldsCanBeMergedRule])[0]?.message ?? '', /aborted/);
});
