import { execute, Kind } from 'graphql';
import { collectFields } from './collect.js';

/**
 * The part of an operation that asks about the schema, as a document of its own that graphql-js executes.
 * @param {import('./collect.js').Operation} operation
 * @returns {import('graphql').DocumentNode | undefined} undefined where nothing is asked
 */
export function introspectionOf(operation) {
  const { schema, fragments } = operation;
  const root = /** @type {import('graphql').GraphQLObjectType} */ (schema.getRootType(operation.operation.operation));
  const fields = [...collectFields(operation, root, [operation.operation.selectionSet]).values()].flat();
  const selections = fields.filter(({ name }) => name.value === '__schema' || name.value === '__type');
  if (selections.length === 0) return undefined;
  const own = { ...operation.operation, selectionSet: { kind: /** @type {const} */ (Kind.SELECTION_SET), selections } };
  return { kind: Kind.DOCUMENT, definitions: [own, ...fragments.values()] };
}

/**
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').DocumentNode} document
 * @param {Record<string, unknown> | undefined} variables as the client sent them
 * @returns {import('graphql').ExecutionResult}
 */
export function introspect(schema, document, variables) {
  // Introspection has no resolver that waits.
  return /** @type {import('graphql').ExecutionResult} */ (execute({ schema, document, variableValues: variables ?? {} }));
}
