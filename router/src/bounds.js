import { readFileSync } from 'node:fs';

/**
 * What one request may ask for: the numbers of limits.json, which docs/frontend/limits.md explains.
 * @type {Readonly<Record<'bodyBytes' | 'bodySeconds' | 'requestSeconds' | 'connectionsPerClient' | 'nesting' | 'values' | 'objectKeys'
 *   | 'keyCharacters' | 'tokens' | 'documentNesting' | 'depth' | 'aliases' | 'fields' | 'selections' | 'mutations' | 'introspections' | 'cost' | 'errors', number>>}
 */
export const LIMITS = Object.freeze(JSON.parse(readFileSync(new URL('../limits.json', import.meta.url), 'utf8')));
