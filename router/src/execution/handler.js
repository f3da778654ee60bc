import { getOperationAST, getVariableValues } from 'graphql';
import { createAuthorization } from '../authorization.js';
import { claimsOf } from '../jwt.js';
import { liftedValues } from './argument-values.js';
import { complete } from './completion.js';
import { introspect } from './introspection.js';
import { fieldNamesOf } from './keys.js';
import { createPreparation } from './operations.js';
import { publicSchema } from './public-schema.js';
import { execute } from './run.js';

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
    if (!operation) throw new Error('The document has no such operation'); // The pipeline has chosen it before.
    const coerced = coercedVariables(schema, operation, request.variables);
    const claims = claimsOf(request.context);
    const usual = prepare(request.document, operation, coerced, claims);
    const values = liftedValues(usual.plain.lifted, coerced);
    const { selection, plain, introspection } = values ? usual : prepare(request.document, operation, coerced, claims, true);
    const variables = { ...coerced, ...(values ?? liftedValues(plain.lifted, coerced)) };
    const outcome = await run(plain.text, variables, request);
    const local = introspection ? introspect(schema, introspection, request.variables).data : undefined;
    return complete(selection, outcome, local ?? {}, claims === undefined);
  };

  /** @param {string} text @param {Record<string, unknown>} variables @param {ExecutionRequest} request */
  async function run(text, variables, request) {
    const outcome = { data: {}, errors: [] };
    if (text === '') return outcome;
    const { node } = await planOf(text);
    if (!node) throw new Error('The planner made an empty plan');
    // The subgraph hears of a client that left a mutation too: it begins nothing more for it, and finishes what it has begun.
    const signal = request.context?.request?.signal;
    await execute(node, { schema, variables, request, signal, ask, ...outcome });
    return outcome;
  }
}

/**
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').OperationDefinitionNode} operation
 * @param {Record<string, unknown>} [variables] that can be coerced, as the pipeline has seen to
 */
function coercedVariables(schema, { variableDefinitions = [] }, variables = {}) {
  const { coerced, errors } = getVariableValues(schema, variableDefinitions, variables, { maxErrors: 1 });
  if (errors) throw errors[0];
  return coerced;
}
