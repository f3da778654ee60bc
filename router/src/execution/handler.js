import { getOperationAST, getVariableValues } from 'graphql';
import { createAuthorization } from '../authorization.js';
import { claimsOf } from '../jwt.js';
import { refusal } from '../problem.js';
import { complete } from './completion.js';
import { introspect } from './introspection.js';
import { fieldNamesOf } from './keys.js';
import { createPreparation } from './operations.js';
import { liftedValues } from './plain.js';
import { publicSchema } from './public-schema.js';
import { execute } from './run.js';

/** More errors than this about variables help nobody. */
const MOST_ERRORS = 5;

/**
 * @typedef {import('./run.js').ExecutionRequest} ExecutionRequest
 * @typedef {import('./planner.js').Planner} Planner
 */

/**
 * Makes what the runtime asks to serve a supergraph: an operation is brought into its plain form, planned, executed, and its answer
 * brought back into the form that the client asked for.
 * @param {Planner} planner
 * @returns {import('@graphql-hive/gateway-runtime').UnifiedGraphHandler}
 */
export function createUnifiedGraphHandler(planner) {
  return async (options) => {
    const schema = publicSchema(options.unifiedGraph);
    const planOf = await planner.load(options.getUnifiedGraphSDL());
    const prepare = createPreparation(schema, createAuthorization(schema), fieldNamesOf(schema));
    const answer = createAnswering(schema, prepare, planOf, options.onSubgraphExecute);
    return { unifiedGraph: schema, getSubgraphSchema: () => schema, executor: answer };
  };
}

/**
 * @param {import('graphql').GraphQLSchema} schema
 * @param {ReturnType<typeof createPreparation>} prepare
 * @param {import('./planner.js').PlanOf} planOf
 * @param {import('./run.js').Run['ask']} ask
 */
function createAnswering(schema, prepare, planOf, ask) {
  /** @param {ExecutionRequest} request @returns {Promise<any>} */
  return async (request) => {
    const operation = getOperationAST(request.document, request.operationName);
    if (!operation) throw refusal('BAD_USER_INPUT', 'The document has no operation of this name.', 400);
    if (operation.operation === 'subscription') throw refusal('BAD_USER_INPUT', 'There are no subscriptions yet.', 400);
    const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {}, { maxErrors: MOST_ERRORS });
    if (errors) return { errors };
    const claims = claimsOf(request.context);
    const { selection, plain, introspection } = prepare(request.document, operation, coerced, claims);
    const variables = { ...coerced, ...liftedValues(plain.lifted, coerced) };
    const outcome = await run(plain.text, variables, request, operation);
    const local = introspection ? introspect(schema, introspection, request.variables).data : undefined;
    return complete(selection, outcome, local ?? {}, claims === undefined);
  };

  /** @param {string} text @param {Record<string, unknown>} variables @param {ExecutionRequest} request @param {import('graphql').OperationDefinitionNode} operation */
  async function run(text, variables, request, { operation }) {
    const outcome = { data: {}, errors: [] };
    if (text === '') return outcome;
    const { node } = await planOf(text);
    if (!node) throw new Error('The planner made an empty plan');
    // What changes something is finished, whether or not somebody waits for the answer.
    const signal = operation === 'query' ? request.context?.request?.signal : undefined;
    await execute(node, { schema, variables, request, signal, ask, ...outcome });
    return outcome;
  }
}
