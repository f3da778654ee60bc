import { readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';

/**
 * A subgraph as supergraph.yaml declares it.
 * @typedef {{ name: string, url: string, file: string }} Subgraph
 */

/**
 * Reads a supergraph configuration in rover's format. Subgraphs come sorted by name, so that the order in the file
 * doesn't show in what is composed.
 * @param {string} configurationFile
 * @returns {Subgraph[]}
 */
export function readConfiguration(configurationFile) {
  const folder = path.dirname(configurationFile);
  const { subgraphs } = /** @type {any} */ (load(readFileSync(configurationFile, 'utf8')));
  return Object.entries(subgraphs)
    .map(([name, declared]) => ({
      name,
      url: declared.routing_url,
      file: path.resolve(folder, declared.schema.file),
    }))
    .sort((left, right) => left.name.localeCompare(right.name, 'en'));
}
