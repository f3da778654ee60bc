import { GraphQLError } from 'graphql';
import { internalError } from './answers.js';
import { LIMITS } from './bounds.js';
import { createCost } from './cost.js';
import { createDocuments, errorsOfDocument } from './documents.js';
import { chosenOperation } from './operation.js';
import { documentRefusal } from './problem.js';
import { tellOf } from './unexpected.js';
import { mistakesInVariables } from './variables.js';

/**
 * @typedef {import('graphql').OperationDefinitionNode} Operation
 * @typedef {{ request: Request, params: import('./parameters.js').Parameters, context: any }} Asked
 */

/**
 * Takes a request from its text to its execution: everything that it asks for is bounded before it is worked on.
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 * @returns {import('@graphql-hive/gateway-runtime').GatewayPlugin}
 */
export function usePipeline(log) {
  const documents = createDocuments();
  const costs = /** @type {WeakMap<Operation, (variables: Record<string, unknown>) => number>} */ (new WeakMap());
  /** @type {(context: any) => any} */
  let envelopedFor;

  /** @param {Asked} asked */
  const answer = async ({ request, params, context }) => {
    const { schema, contextFactory, execute } = envelopedFor(Object.assign(context, { request, params }));
    const { query, variables = {}, operationName } = params;
    const usable = documents(query, schema);
    if ('reasons' in usable) return { errors: errorsOfDocument(usable, query) };
    const operation = chosenOperation(usable.operations, operationName, context.req?.isGet);
    const errors = mistakesInVariables(schema, operation, variables);
    if (errors.length > 0) return { errors };
    const cost = costOf(operation, () => createCost(schema, usable.document, operation))(variables);
    if (cost > LIMITS.cost) return { errors: [tooDear(cost)] };
    const result = await execute({ schema, document: usable.document, contextValue: await contextFactory(), variableValues: variables, operationName });
    return params.extensions?.['cost'] === true ? { ...result, extensions: { ...result.extensions, cost: told(cost) } } : result;
  };
  /** @param {Operation} operation @param {() => (variables: Record<string, unknown>) => number} create */
  const costOf = (operation, create) => {
    const known = costs.get(operation) ?? create();
    costs.set(operation, known);
    return known;
  };

  return {
    onYogaInit({ yoga }) {
      envelopedFor = yoga.getEnveloped;
    },
    onParams({ setParamsHandler }) {
      setParamsHandler((asked) => answer(/** @type {any} */ (asked)).catch((error) => ({ errors: errorsOf(error, log) })));
    },
  };
}

/** @param {number} cost */
function tooDear(cost) {
  const message = `The operation costs ${cost}; ${LIMITS.cost} is what one request may cost. Ask for fewer objects, or in several requests.`;
  return documentRefusal('LIMIT_EXCEEDED', message, { extensions: { cost: told(cost) } });
}

/** @param {number} cost */
function told(cost) {
  return { estimated: cost, maximum: LIMITS.cost };
}

/**
 * @param {unknown} error
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 * @returns {GraphQLError[]}
 */
function errorsOf(error, log) {
  if (error instanceof AggregateError) return error.errors.flatMap((each) => errorsOf(each, log)).slice(0, LIMITS.errors);
  if (error instanceof GraphQLError && !error.originalError) return [error];
  if (!(error instanceof Error && error.name === 'AbortError')) tellOf(error, log);
  return [internalError()];
}
