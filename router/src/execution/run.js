import { GraphQLError } from 'graphql';
import { atPath } from './errors.js';
import { mergeInto } from './merge.js';
import { documentOf } from './plan.js';
import { noRepresentations, represent, targetsAt } from './representations.js';
import { rewritten } from './rewrites.js';

/**
 * A plan's execution: what is known so far, and what went wrong.
 * @typedef {import('./plan.js').PlanNode} PlanNode
 * @typedef {import('./plan.js').FetchNode} FetchNode
 * @typedef {import('./plan.js').BatchFetchNode} BatchFetchNode
 * @typedef {Parameters<import('@graphql-hive/gateway-runtime').UnifiedGraphHandler>[0]} HandlerOptions
 * @typedef {Parameters<HandlerOptions['onSubgraphExecute']>[1]} ExecutionRequest
 * @typedef {{
 *   schema: import('graphql').GraphQLSchema,
 *   variables: Record<string, unknown>,
 *   request: ExecutionRequest,
 *   signal: AbortSignal | undefined,
 *   ask: (subgraph: string, request: ExecutionRequest) => any,
 *   data: Record<string, any>,
 *   errors: GraphQLError[],
 * }} Run
 */

/**
 * Executes a plan. When the run's signal says that nobody waits for the answer any more, nothing more is asked.
 * @param {PlanNode} node
 * @param {Run} run whose data and errors are filled
 * @returns {Promise<void>}
 */
export async function execute(node, run) {
  if (run.signal?.aborted) return;
  switch (node.kind) {
    case 'Sequence':
      for (const each of node.nodes) await execute(each, run);
      return;
    case 'Parallel':
      await Promise.all(node.nodes.map((each) => execute(each, run)));
      return;
    case 'Flatten':
      await fetchEntities(node, run);
      return;
    case 'Fetch':
      await fetchRoot(node, run);
      return;
    case 'BatchFetch':
      await fetchBatch(node, run);
      return;
    default:
      throw new Error(`The planner made a step that is not known: ${node.kind}`);
  }
}

/** @param {FetchNode} fetch @param {Run} run */
async function fetchRoot(fetch, run) {
  const { data, errors = [] } = await ask(fetch, {}, run);
  run.errors.push(...errors);
  if (data) mergeInto(run.data, rewritten(data, fetch.outputRewrites ?? [], run.schema));
}

/** @param {import('@graphql-hive/router-query-planner').FlattenNode} flatten @param {Run} run */
async function fetchEntities({ path, node }, run) {
  if (node.kind !== 'Fetch') throw new Error(`The planner flattens a step that is not known: ${node.kind}`);
  const representations = noRepresentations();
  const targets = represent(representations, targetsAt(run.data, path, run.schema), node, run.schema);
  if (targets.size === 0) return;
  const { data, errors = [] } = await ask(node, { representations: representations.list }, run);
  run.errors.push(...errors.flatMap((error) => errorsAtTargets(error, targets)));
  if (data) answer(targets, rewritten(data, node.outputRewrites ?? [], run.schema)['_entities']);
}

/**
 * Several questions about entities in one request, each under an alias.
 * @param {BatchFetchNode} fetch
 * @param {Run} run
 */
async function fetchBatch(fetch, run) {
  const variables = /** @type {Record<string, ReturnType<typeof noRepresentations>>} */ ({});
  const questions = new Map(fetch.entityBatch.aliases.map((question) => {
    const representations = (variables[question.representationsVariableName] ??= noRepresentations());
    const found = question.paths.flatMap((path) => targetsAt(run.data, path, run.schema));
    return [question.alias, { question, targets: represent(representations, found, question, run.schema) }];
  }));
  const lists = Object.entries(variables).map(([name, { list }]) => [name, list]);
  if (lists.every(([, list]) => list?.length === 0)) return;
  const { data, errors = [] } = await ask(fetch, Object.fromEntries(lists), run);
  run.errors.push(...errors.flatMap((error) => errorsAtTargets(error, questions.get(String(error.path?.[0]))?.targets)));
  for (const [alias, { question, targets }] of questions) {
    answer(targets, rewritten(data?.[alias], question.outputRewrites ?? [], run.schema));
  }
}

/**
 * Gives what a subgraph said of each representation to the objects that it is about.
 * @param {import('./representations.js').Targets} targets
 * @param {unknown} entities
 */
function answer(targets, entities) {
  if (!Array.isArray(entities)) return;
  for (const [index, objects] of targets) {
    const entity = entities[index];
    if (entity === null || typeof entity !== 'object') continue;
    for (const { object } of objects) mergeInto(object, entity);
  }
}

/**
 * A subgraph's error at the places where the entity that it is about belongs. An outage is told once, at the first of them.
 * @param {GraphQLError} error
 * @param {import('./representations.js').Targets | undefined} targets
 */
function errorsAtTargets(error, targets) {
  const [, index, ...rest] = error.path ?? [];
  const objects = targets?.get(/** @type {number} */ (index)) ?? [];
  const told = error.extensions['code'] === 'UNAVAILABLE' ? objects.slice(0, 1) : objects;
  if (told.length === 0) return [atPath(error, undefined)];
  return told.map(({ place }) => atPath(error, [...place, ...rest]));
}

/**
 * @param {FetchNode | BatchFetchNode} fetch
 * @param {Record<string, unknown>} representations
 * @param {Run} run
 * @returns {Promise<{ data?: any, errors?: readonly GraphQLError[] }>}
 */
async function ask(fetch, representations, run) {
  const { request, variables, signal } = run;
  try {
    return await run.ask(fetch.serviceName, {
      document: documentOf(fetch),
      variables: { ...used(variables, fetch.variableUsages ?? []), ...representations },
      operationType: /** @type {import('graphql').OperationTypeNode} */ (fetch.operationKind ?? 'query'),
      ...(fetch.operationName && { operationName: fetch.operationName }),
      rootValue: request.rootValue,
      context: request.context,
      subgraphName: fetch.serviceName,
      ...(signal && { signal }),
    });
  } catch (error) {
    return { errors: [error instanceof GraphQLError ? error : new GraphQLError(String(error), { originalError: /** @type {Error} */ (error) })] };
  }
}

/** @param {Record<string, unknown>} variables @param {readonly string[]} names */
function used(variables, names) {
  return Object.fromEntries(names.flatMap((name) => (name in variables ? [[name, variables[name]]] : [])));
}
