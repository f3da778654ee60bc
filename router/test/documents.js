// Makes documents that are valid and as unlike their meaning as can be: aliases, repetitions, fragments, conditions, variables.

import { getNamedType, isCompositeType, isObjectType, isUnionType } from 'graphql';

/** Names that a federation router itself might use, or stumble over. */
const NAMES = ['id', 'name', 'size', 'aisle', 'stock', 'owner', 'things', '_entities', 'representations', '__proto__', 'constructor', 'a', 'b', 'name_2', '_e0', 'on'];

/**
 * @param {import('graphql').GraphQLSchema} schema
 * @param {number} seed
 */
export function randomDocument(schema, seed) {
  const random = createRandom(seed);
  const fragments = /** @type {string[]} */ ([]);
  const variables = /** @type {Record<string, unknown>} */ ({});
  const definitions = /** @type {string[]} */ ([]);

  /** @param {string} type @param {unknown} value @param {string} [fallback] */
  const variable = (type, value, fallback) => {
    const name = `v${definitions.length}`;
    definitions.push(`$${name}: ${type}${fallback ?? ''}`);
    if (fallback === undefined || random(2)) variables[name] = value;
    return `$${name}`;
  };
  const condition = () => {
    if (random(6)) return '';
    const value = random(3) > 0;
    const given = random(2) ? variable('Boolean!', value) : String(value);
    return random(2) ? ` @include(if: ${given})` : ` @skip(if: ${given})`;
  };
  /** @param {any} argument */
  const argumentValue = ({ type }) => {
    const named = String(getNamedType(type));
    if (named === 'Int') return random(2) ? variable('Int', random(4), ' = 1') : String(random(4));
    if (named === 'Boolean') return random(2) ? variable('Boolean', true) : 'true';
    const text = random.pick(['b1', 'x1', 'none', 'a "quoted" \\ text', 'é😀']);
    return random(2) ? variable(String(type), text) : JSON.stringify(text);
  };
  /** @param {any} type @param {number} depth @returns {string} */
  const selection = (type, depth) => {
    const count = 1 + random(5);
    return `{ ${Array.from({ length: count }, () => item(type, depth)).join(' ')} }`;
  };
  /** @param {any} type @param {number} depth @returns {string} */
  const item = (type, depth) => {
    const dice = random(10);
    if (dice === 0) return `...${condition()} ${selection(type, depth)}`;
    if (dice === 1 || (dice > 3 && isUnionType(type))) return fragmentOn(random.pick(related(schema, type)), depth);
    if (dice === 2 && fragments.length < 5) return spread(type, depth);
    if (dice === 3 || isUnionType(type)) return `${alias()}__typename${condition()}`;
    return field(type, depth);
  };
  /** @param {string} name @param {number} depth @returns {string} */
  const fragmentOn = (name, depth) => `... on ${name}${condition()} ${selection(schema.getType(name), depth)}`;
  const alias = () => (random(3) ? '' : `${random.pick(NAMES)}: `);
  /** @param {any} type @param {number} depth */
  const spread = (type, depth) => {
    const name = `F${fragments.push('')}`;
    fragments[Number(name.slice(1)) - 1] = `fragment ${name} on ${type} ${selection(type, depth)}`;
    return `...${name}${condition()} ...${name}`;
  };
  /** @param {any} type @param {number} depth @returns {string} */
  const field = (type, depth) => {
    const fields = Object.values(type.getFields());
    const choices = random(8) === 0 ? fields : fields.filter(({ name }) => !name.startsWith('broken'));
    const { name, args, type: of } = /** @type {any} */ (random.pick(choices));
    const named = getNamedType(of);
    if (isCompositeType(named) && depth === 0) return `${alias()}__typename`;
    const given = args.filter((/** @type {any} */ { type: each }) => String(each).endsWith('!') || random(2));
    const list = given.map((/** @type {any} */ argument) => `${argument.name}: ${argumentValue(argument)}`);
    const inner = isCompositeType(named) ? ` ${selection(named, depth - 1)}` : '';
    return `${alias()}${name}${list.length > 0 ? `(${list.join(', ')})` : ''}${condition()}${inner}`;
  };
  const body = selection(schema.getQueryType(), 4);
  const text = `query Q${definitions.length > 0 ? `(${definitions.join(', ')})` : ''} ${body}\n${fragments.join('\n')}`;
  return { text, variables };
}

/** The types that an object of the type may also be seen as. @param {import('graphql').GraphQLSchema} schema @param {any} type @returns {string[]} */
function related(schema, type) {
  const own = isObjectType(type) ? [type] : schema.getPossibleTypes(type);
  const interfaces = own.flatMap((each) => each.getInterfaces());
  return [...new Set([type, ...own, ...interfaces].map(String))];
}

/**
 * Numbers from a seed (mulberry32).
 * @param {number} seed
 */
function createRandom(seed) {
  let state = seed * 2_654_435_761;
  /** @param {number} below */
  const random = (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
  /** @param {readonly any[]} list */
  random.pick = (list) => list[random(list.length)];
  return random;
}
