import { readFileSync } from 'node:fs';
import { GraphQLError, isScalarType, Kind } from 'graphql';

/**
 * What a scalar of ours takes: kinds of JSON, a pattern where it is a text, and the same for people.
 * @typedef {{ kinds: readonly string[], pattern: string, description: string }} Written
 * @typedef {{ kinds: ReadonlySet<string>, pattern: RegExp, description: string }} Rule
 */

/** @type {Readonly<Record<string, Written>>} */
const WRITTEN = JSON.parse(readFileSync(new URL('../scalars.json', import.meta.url), 'utf8'));
const RULES = /** @type {ReadonlyMap<string, Rule>} */ (new Map(Object.entries(WRITTEN).map(([name, { kinds, pattern, description }]) => {
  return [name, { kinds: new Set(kinds), pattern: new RegExp(pattern, 'u'), description }];
})));

/** The kinds of JSON of literals; all others are no value of a scalar. */
const KINDS = /** @type {Readonly<Record<string, string>>} */ ({ [Kind.STRING]: 'string', [Kind.INT]: 'number', [Kind.FLOAT]: 'number', [Kind.BOOLEAN]: 'boolean' });

/**
 * Has a schema's scalars take what scalars.json says, and nothing else: a supergraph tells their names only.
 * @param {import('graphql').GraphQLSchema} schema changed in place
 */
export function keepScalarRules(schema) {
  for (const [name, rule] of RULES) {
    const type = schema.getType(name);
    if (isScalarType(type)) keepRule(type, rule);
  }
}

/**
 * What a scalar of ours takes, for people; undefined for another type.
 * @param {string} name
 */
export function takenBy(name) {
  return RULES.get(name)?.description;
}

/** @param {import('graphql').GraphQLScalarType} type @param {Rule} rule */
function keepRule(type, { kinds, pattern, description }) {
  /** @param {unknown} value @param {string} kind @param {import('graphql').ValueNode} [node] */
  const checked = (value, kind, node) => {
    if (kinds.has(kind) && (kind !== 'string' || pattern.test(String(value)))) return value;
    throw new GraphQLError(`${type.name} takes ${description}.`, node && { nodes: node });
  };
  type.parseValue = (value) => checked(value, typeof value);
  type.parseLiteral = (node) => checked('value' in node ? node.value : undefined, KINDS[node.kind] ?? '', node);
}
