import { readFile } from 'node:fs/promises';
import { Kind, parse, print, visit } from 'graphql';
import { subgraphUrl } from './settings.js';

/**
 * Makes the function that the runtime asks for the supergraph, again and again: it reads the file, and answers with what
 * it answered before unless the file has changed. A changed file that can't be used is named in the log, once, and the
 * supergraph before it stays.
 * @param {string} file
 * @param {import('./settings.js').Environment} environment
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 * @returns {() => Promise<string>}
 */
export function createSupergraphSource(file, environment, log) {
  let seen = '';
  let usable = '';
  return async function supergraph() {
    const text = await readFile(file, 'utf8');
    if (text === seen) return usable;
    seen = text;
    try {
      usable = withSubgraphUrls(text, environment);
      log.info({ file }, 'Supergraph loaded');
    } catch (error) {
      if (!usable) throw error;
      log.error({ file, reason: String(error) }, 'The changed supergraph is not usable; the one before it stays');
    }
    return usable;
  };
}

/**
 * Puts the environment's addresses of subgraphs into a supergraph.
 * @param {string} supergraph
 * @param {import('./settings.js').Environment} environment
 */
export function withSubgraphUrls(supergraph, environment) {
  let subgraphs = 0;
  const document = visit(parse(supergraph, { noLocation: true }), {
    Directive(node) {
      if (node.name.value !== 'join__graph') return undefined;
      subgraphs += 1;
      return withUrl(node, environment);
    },
  });
  if (subgraphs === 0) throw new Error('it names no subgraph (join__graph)');
  return print(document);
}

/**
 * @param {import('graphql').DirectiveNode} node
 * @param {import('./settings.js').Environment} environment
 */
function withUrl(node, environment) {
  const values = new Map(node.arguments?.map(({ name, value }) => [name.value, value]));
  const url = subgraphUrl(environment, textOf(values.get('name')), textOf(values.get('url')));
  values.set('url', { kind: Kind.STRING, value: url });
  const argumentNodes = [...values].map(([name, value]) => ({
    kind: /** @type {const} */ (Kind.ARGUMENT),
    name: { kind: /** @type {const} */ (Kind.NAME), value: name },
    value,
  }));
  return { ...node, arguments: argumentNodes };
}

/** @param {import('graphql').ValueNode | undefined} node */
function textOf(node) {
  return node?.kind === Kind.STRING ? node.value : '';
}
