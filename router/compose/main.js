// npm run compose               composes schema/supergraph.graphql from supergraph.yaml
// npm run compose -- --check    fails when the file is not what would be composed

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compose } from './composition.js';
import { readConfiguration } from './configuration.js';

const root = new URL('../../', import.meta.url);
const { values: options } = parseArgs({
  options: {
    config: { type: 'string', default: fileURLToPath(new URL('supergraph.yaml', root)) },
    out: { type: 'string', default: fileURLToPath(new URL('schema/supergraph.graphql', root)) },
    check: { type: 'boolean', default: false },
  },
});

process.exitCode = run();

function run() {
  const { supergraph, problems } = compose(readConfiguration(options.config));
  if (supergraph === undefined) return refuse(problems);
  return options.check ? check(supergraph) : write(supergraph);
}

/** @param {string[]} problems */
function refuse(problems) {
  console.error(`The subgraphs don't compose (${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}):`);
  for (const problem of problems) console.error(`  ${problem}`);
  return 1;
}

/** @param {string} supergraph */
function check(supergraph) {
  const written = existsSync(options.out) ? readFileSync(options.out, 'utf8') : '';
  if (written === supergraph) return 0;
  console.error(`${options.out} is stale: run \`npm run compose\` in router/ and commit the result.`);
  return 1;
}

/** @param {string} supergraph */
function write(supergraph) {
  writeFileSync(options.out, supergraph);
  console.log(`Composed ${options.out}`);
  return 0;
}
