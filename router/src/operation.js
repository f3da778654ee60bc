import { refusal, documentRefusal } from './problem.js';

/**
 * The operation of a document that a request means.
 * @param {readonly import('graphql').OperationDefinitionNode[]} operations all of the document
 * @param {string | undefined} name
 * @param {boolean} isGet whether the request came by GET, which must change nothing
 * @throws {import('graphql').GraphQLError} a refusal when there is none that may be executed
 */
export function chosenOperation(operations, name, isGet) {
  const chosen = name ? operations.find((operation) => operation.name?.value === name) : only(operations);
  if (!chosen) throw refusal('BAD_USER_INPUT', `The document has no operation of this \`operationName\`.`, 400);
  if (chosen.operation === 'subscription') throw documentRefusal('BAD_USER_INPUT', 'There are no subscriptions yet.');
  if (isGet && chosen.operation === 'mutation') throw refusal('BAD_USER_INPUT', 'A mutation must be sent by POST.', 405, { headers: { allow: 'POST' } });
  return chosen;
}

/** @param {readonly import('graphql').OperationDefinitionNode[]} operations */
function only(operations) {
  if (operations.length > 1) throw refusal('BAD_USER_INPUT', 'The document has several operations: `operationName` must say which is meant.', 400);
  return operations[0];
}
