// What a running mesh asks when contracts were saved: does it compose, and who takes away what older plans may ask for?
// On stdin, as JSON: { [subgraph]: the SDL that it serves }. On stdout: { supergraph?, problems, losing }.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compose } from './composition.js';
import { readConfiguration } from './configuration.js';
import { takesAway } from './taking-away.js';

const MANIFEST = fileURLToPath(new URL('../../supergraph.yaml', import.meta.url));

const served = /** @type {Record<string, string>} */ (JSON.parse(readFileSync(0, 'utf8')));
const subgraphs = readConfiguration(MANIFEST);
const { supergraph, problems } = compose(subgraphs);
const losing = supergraph ? subgraphs.filter(loses).map(({ name }) => name) : [];
process.stdout.write(JSON.stringify({ supergraph, problems, losing }));

/** @param {import('./configuration.js').Subgraph} subgraph */
function loses({ name, file }) {
  const before = served[name];
  return before !== undefined && takesAway(before, readFileSync(file, 'utf8'));
}
