import { readFileSync } from 'node:fs';
import path from 'node:path';
import { composeServices, compositionHasErrors } from '@theguild/federation-composition';
import { GraphQLError, parse, Source } from 'graphql';
import { unheldBy, withoutPolicies } from './held.js';

/** What stands at the top of the composed file. */
const NOTICE = '# Composed from supergraph.yaml by `npm run compose` in router/. Edit the subgraphs\' files, not this one.\n\n';

/**
 * Composes the subgraphs into one supergraph.
 * @param {import('./configuration.js').Subgraph[]} subgraphs
 * @returns {{ supergraph?: string, problems: string[] }} the composed SDL, or what stands against it, a line a problem
 */
export function compose(subgraphs) {
  const problems = /** @type {string[]} */ ([]);
  const services = subgraphs.flatMap((subgraph) => parseService(subgraph, problems));
  if (problems.length > 0) return { problems };
  const result = composeServices(services);
  if (compositionHasErrors(result)) return { problems: result.errors.map(describeCompositionError) };
  return { supergraph: `${NOTICE}${result.supergraphSdl.trimEnd()}\n`, problems };
}

/**
 * @param {import('./configuration.js').Subgraph} subgraph
 * @param {string[]} problems
 */
function parseService({ name, url, file }, problems) {
  try {
    const document = parse(new Source(readFileSync(file, 'utf8'), path.basename(file)));
    problems.push(...unheldBy(document).map((problem) => `[${name}] ${problem}`));
    return [{ name, url, typeDefs: withoutPolicies(document) }];
  } catch (error) {
    problems.push(`[${name}] ${describeFileError(error)}`);
    return [];
  }
}

/** @param {unknown} error */
function describeFileError(error) {
  if (!(error instanceof GraphQLError)) return String(error);
  const place = error.locations?.[0];
  return place ? `${error.source?.name}:${place.line}:${place.column}: ${error.message}` : error.message;
}

/**
 * The library begins messages about one subgraph with its name in brackets already, those about several name them.
 * @param {GraphQLError} error
 */
function describeCompositionError(error) {
  const code = error.extensions['code'];
  return code ? `${error.message} (${code})` : error.message;
}
