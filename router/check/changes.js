// npm run check -- --base OLD_SUPERGRAPH.graphql    fails when clients of the old supergraph would break with the new one

import { parseArgs } from 'node:util';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { readApiSchema, SUPERGRAPH } from './api.js';

const { values: options } = parseArgs({
  options: {
    base: { type: 'string' },
    supergraph: { type: 'string', default: SUPERGRAPH },
  },
});
if (!options.base) {
  console.error('usage: npm run check -- --base OLD_SUPERGRAPH.graphql');
  process.exit(2);
}

const changes = await diff(readApiSchema(options.base), readApiSchema(options.supergraph));
const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
for (const { criticality, message } of changes) console.log(`${criticality.level.padEnd(12)} ${message}`);
console.log(`${changes.length} changes, ${breaking.length} of them breaking`);
process.exitCode = breaking.length > 0 ? 1 : 0;
