import { Kind } from 'graphql';
import { documentRefusal } from '../problem.js';
import { conditionVariables } from './collect.js';
import { createForms } from './forms.js';
import { createIntrospectionLimit } from './introspection-cost.js';
import { introspectionOf } from './introspection.js';
import { createPlainKeys } from './keys.js';
import { plainOf } from './plain.js';
import { shapeOf } from './shape.js';

/**
 * Makes the function that prepares operations, and remembers them for as long as their documents are.
 * @param {import('graphql').GraphQLSchema} schema
 * @param {ReturnType<typeof import('../authorization.js').createAuthorization>} authorization
 * @param {ReadonlySet<string>} fieldNames
 */
export function createPreparation(schema, authorization, fieldNames) {
  const conditionsOf = rememberConditions();
  const forms = createForms();
  const limitIntrospection = createIntrospectionLimit(schema);
  /**
   * @param {import('graphql').DocumentNode} document
   * @param {import('graphql').OperationDefinitionNode} operation one of the document
   * @param {Record<string, unknown>} variables coerced
   * @param {import('../authorization.js').Claims | undefined} claims
   * @param {boolean} [isLacking] whether nulls in variables leave arguments without a value, whose fields fail
   * @returns {import('./forms.js').Form} ready to be planned and answered
   */
  return (document, operation, variables, claims, isLacking = false) => {
    const key = JSON.stringify([operation.name?.value, authorization.keyOf(claims), conditionsOf(document).map((name) => variables[name] === true), isLacking ? nullsIn(variables) : []]);
    const earlier = forms.get(document, key);
    if (earlier) return earlier;
    refuseUnusableVariables(operation);
    const whole = { schema, operation, fragments: fragmentsOf(document), variables };
    const selection = shapeOf(whole, authorization.denials(claims), createPlainKeys(fieldNames), isLacking);
    const introspection = introspectionOf(whole);
    if (introspection) limitIntrospection(introspection);
    const form = { selection, plain: plainOf(whole, selection), introspection };
    forms.set(document, key, form);
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

/** @param {Record<string, unknown>} variables */
function nullsIn(variables) {
  return Object.keys(variables).filter((name) => variables[name] === null);
}

/** The variables that decide what a document includes, searched for once. */
function rememberConditions() {
  const known = /** @type {WeakMap<import('graphql').DocumentNode, readonly string[]>} */ (new WeakMap());
  /** @param {import('graphql').DocumentNode} document */
  return (document) => {
    const conditions = known.get(document) ?? conditionVariables(document);
    known.set(document, conditions);
    return conditions;
  };
}

/** @param {import('graphql').DocumentNode} document */
function fragmentsOf(document) {
  return new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])));
}
