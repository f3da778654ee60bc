import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import { buildASTSchema, parse } from 'graphql';

export const SUPERGRAPH = fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));

/**
 * The schema that clients see of a supergraph.
 * @param {string} file
 */
export function readApiSchema(file) {
  return buildASTSchema(transformSupergraphToPublicSchema(parse(readFileSync(file, 'utf8'))));
}
