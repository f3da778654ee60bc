import { getOperationAST, GraphQLError, Kind } from 'graphql';
import { LIMITS } from './bounds.js';
import { isCode, problem } from './problem.js';

const UNAVAILABLE = 'This part of the answer is not available now; try again.';
const INTERNAL = 'Something went wrong on our side.';

/** Messages may quote the document, whose names are as long as anybody likes. */
const LONGEST_MESSAGE = 500;

/** The runtime's own word for "the supergraph was exchanged meanwhile", on which it tries again. */
const RELOADED = 'SCHEMA_RELOAD';

/**
 * Sees to it that clients meet the codes of problem.js only. A subgraph's errors keep code, message and path and lose all
 * else, such as stack traces; a subgraph that can't be asked leaves its fields null and an UNAVAILABLE error for each.
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 * @returns {import('@graphql-hive/gateway-runtime').GatewayPlugin}
 */
export function useErrors(log) {
  const report = createOutageReport(log);
  return {
    onSubgraphExecute({ subgraphName, executionRequest }) {
      return ({ result, setResult }) => {
        if (!('errors' in result || 'data' in result)) return;
        const errors = result.errors ?? [];
        report(subgraphName, errors.find(isTransportFault));
        if (errors.length === 0) return;
        setResult({ ...result, errors: errors.flatMap((error) => forClient(error, executionRequest.document, log)) });
      };
    },
    onResultProcess({ result }) {
      if (!('errors' in result) || !result.errors) return;
      const isRefused = !('data' in result);
      const errors = isRefused ? result.errors.slice(0, LIMITS.errors) : result.errors;
      /** @type {{ errors: readonly GraphQLError[] }} */ (result).errors = errors.map(withCode);
    },
  };
}

/**
 * What masks errors that are no GraphQL errors: mistakes of the router itself, which only the log may tell.
 * @param {unknown} error
 */
export function maskError(error) {
  const isGraphQL = error instanceof GraphQLError && (!error.originalError || error.originalError instanceof GraphQLError);
  return isGraphQL ? error : problem('INTERNAL', INTERNAL);
}

/**
 * Tells the log when a subgraph begins and when it ceases to fail, not of every request in between.
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 */
function createOutageReport(log) {
  const failing = /** @type {Set<string>} */ (new Set());
  /** @param {string} subgraph @param {GraphQLError | undefined} fault */
  return (subgraph, fault) => {
    if (fault && !failing.has(subgraph)) {
      failing.add(subgraph);
      log.warn({ subgraph, reason: fault.message }, 'A subgraph can\'t be asked');
    } else if (!fault && failing.delete(subgraph)) {
      log.info({ subgraph }, 'A subgraph answers again');
    }
  };
}

/**
 * Whether the subgraph did not answer in GraphQL at all: unreachable, too slow, or an answer that makes no sense.
 * @param {import('graphql').GraphQLError} error
 */
function isTransportFault(error) {
  return error.originalError !== undefined || error.extensions['request'] !== undefined;
}

/**
 * @param {GraphQLError} error
 * @param {import('graphql').DocumentNode} document what the subgraph was asked
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 */
function forClient(error, document, log) {
  const code = error.extensions['code'];
  if (code === RELOADED) return [error];
  if (isCode(code)) return [problem(code, error.message, { path: error.path })];
  if (isTransportFault(error)) return placesAsked(document).map((path) => problem('UNAVAILABLE', UNAVAILABLE, { path }));
  log.error({ code: String(code), reason: error.message }, 'A subgraph answered with an error it should not make');
  return [problem('INTERNAL', INTERNAL, { path: error.path })];
}

/**
 * The places that stay empty when a subgraph doesn't answer: its root fields, or the fields of the first of the entities
 * that it was asked for. One error a field is enough; a list of a hundred products needs no hundred of them.
 * @param {import('graphql').DocumentNode} document
 */
function placesAsked(document) {
  return fieldsOf(getOperationAST(document)?.selectionSet).flatMap(({ key, field }) => {
    const isEntities = field.name.value === '_entities';
    return isEntities ? fieldsOf(field.selectionSet).map((inner) => [key, 0, inner.key]) : [[key]];
  });
}

/**
 * @param {import('graphql').SelectionSetNode | undefined} selectionSet
 * @returns {{ key: string, field: import('graphql').FieldNode }[]}
 */
function fieldsOf(selectionSet) {
  return (selectionSet?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet);
    if (selection.kind !== Kind.FIELD || selection.name.value === '__typename') return [];
    return [{ key: selection.alias?.value ?? selection.name.value, field: selection }];
  });
}

/**
 * Errors that the runtime makes itself are about the request: its syntax, its fields, its variables.
 * @param {GraphQLError} error
 */
function withCode(error) {
  const { code, http } = error.extensions ?? {};
  if (isCode(code) && error.message.length <= LONGEST_MESSAGE) return error;
  const { nodes, source, positions, path } = error;
  const message = error.message.length <= LONGEST_MESSAGE ? error.message : `${error.message.slice(0, LONGEST_MESSAGE - 1)}…`;
  const extensions = isCode(code) ? error.extensions : { code: 'BAD_USER_INPUT', ...(http ? { http } : {}) };
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}
