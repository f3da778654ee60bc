import { Kind } from 'graphql';
import { documentRefusal } from '../problem.js';
import { conditionVariables } from './collect.js';
import { createIntrospectionLimit } from './introspection-cost.js';
import { introspectionOf } from './introspection.js';
import { createPlainKeys } from './keys.js';
import { plainOf } from './plain.js';
import { shapeOf } from './shape.js';

/**
 * An operation, ready to be planned and answered for callers who may see the same, with one outcome of its conditions.
 * @typedef {{
 *   selection: import('./shape.js').Selection,
 *   plain: import('./plain.js').Plain,
 *   introspection: import('graphql').DocumentNode | undefined,
 * }} Prepared
 * @typedef {{ conditions: readonly string[], prepared: Map<string, Prepared> }} Known
 */

/** How many forms of one document are remembered: callers with other scopes, other outcomes of conditions. The oldest go first. */
const REMEMBERED_FORMS = 16;

/**
 * Makes the function that prepares operations, and remembers them for as long as their documents are.
 * @param {import('graphql').GraphQLSchema} schema
 * @param {ReturnType<typeof import('../authorization.js').createAuthorization>} authorization
 * @param {ReadonlySet<string>} fieldNames
 */
export function createPreparation(schema, authorization, fieldNames) {
  const known = /** @type {WeakMap<import('graphql').DocumentNode, Known>} */ (new WeakMap());
  const limitIntrospection = createIntrospectionLimit(schema);
  /**
   * @param {import('graphql').DocumentNode} document
   * @param {import('graphql').OperationDefinitionNode} operation one of the document
   * @param {Record<string, unknown>} variables coerced
   * @param {import('../authorization.js').Claims | undefined} claims
   * @returns {Prepared}
   */
  return (document, operation, variables, claims) => {
    const { conditions, prepared } = remembered(known, document);
    const key = JSON.stringify([operation.name?.value, authorization.keyOf(claims), conditions.map((name) => variables[name] === true)]);
    const earlier = prepared.get(key);
    if (earlier) return earlier;
    refuseUnusableVariables(operation);
    const whole = { schema, operation, fragments: fragmentsOf(document), variables };
    const selection = shapeOf(whole, authorization.denials(claims), createPlainKeys(fieldNames));
    const introspection = introspectionOf(whole);
    if (introspection) limitIntrospection(introspection);
    const form = { selection, plain: plainOf(whole, selection), introspection };
    if (prepared.size >= REMEMBERED_FORMS) prepared.delete(/** @type {string} */ (prepared.keys().next().value));
    prepared.set(key, form);
    return form;
  };
}

/**
 * Values of variables are kept in plain objects, in which this name is taken, here and in graphql-js.
 * @param {import('graphql').OperationDefinitionNode} operation
 */
function refuseUnusableVariables({ variableDefinitions = [] }) {
  if (!variableDefinitions.some(({ variable }) => variable.name.value === '__proto__')) return;
  throw documentRefusal('BAD_USER_INPUT', 'A variable can\'t be called __proto__.');
}

/** @param {WeakMap<import('graphql').DocumentNode, Known>} known @param {import('graphql').DocumentNode} document */
function remembered(known, document) {
  const earlier = known.get(document);
  if (earlier) return earlier;
  const fresh = { conditions: conditionVariables(document), prepared: new Map() };
  known.set(document, fresh);
  return fresh;
}

/** @param {import('graphql').DocumentNode} document */
function fragmentsOf(document) {
  return new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])));
}
