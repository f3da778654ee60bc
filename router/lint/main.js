// npm run lint                       holds the subgraphs' SDL to the conventions of the supergraph
// node lint/main.js FILE.graphql...  the same for other files

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { getLocation, GraphQLError, parse, Source, visit, visitInParallel } from 'graphql';
import {
  connectionsArePagedForward,
  everythingIsNamedAndDescribed,
  mutationsTakeAnInputAndReturnAPayload,
} from './rules.js';
import { listsSayTheirSize } from './sizes.js';

const RULES = [
  everythingIsNamedAndDescribed,
  mutationsTakeAnInputAndReturnAPayload,
  connectionsArePagedForward,
  listsSayTheirSize,
];
const SCHEMA = fileURLToPath(new URL('../../schema', import.meta.url));

const files = process.argv.length > 2 ? process.argv.slice(2) : subgraphFiles();
const findings = files.flatMap(lint);
for (const finding of findings) console.error(finding);
process.exitCode = findings.length > 0 ? 1 : 0;

/** All SDL but the composed one, which is not written by hand. */
function subgraphFiles() {
  const names = readdirSync(SCHEMA).filter((name) => name.endsWith('.graphql') && name !== 'supergraph.graphql');
  return names.sort().map((name) => path.join(SCHEMA, name));
}

/**
 * @param {string} file
 * @returns {string[]} findings as `file:line:column: message`
 */
function lint(file) {
  const source = new Source(readFileSync(file, 'utf8'), path.relative(process.cwd(), file));
  const found = /** @type {string[]} */ ([]);
  try {
    const report = (/** @type {import('graphql').ASTNode} */ node, /** @type {string} */ message) => {
      found.push(describe(source, node.loc?.start ?? 0, message));
    };
    visit(parse(source), visitInParallel(RULES.map((rule) => rule(report))));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    found.push(describe(source, error.positions?.[0] ?? 0, error.message));
  }
  return found;
}

/** @param {Source} source @param {number} position @param {string} message */
function describe(source, position, message) {
  const { line, column } = getLocation(source, position);
  return `${source.name}:${line}:${column}: ${message}`;
}
