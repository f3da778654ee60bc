/**
 * Adds what a subgraph said of an object to what is known of it already. Objects and lists of one length are merged part by part;
 * a null takes nothing away that another subgraph gave.
 * @param {any} target
 * @param {any} source
 */
export function mergeInto(target, source) {
  for (const key of Object.keys(source)) {
    target[key] = merged(target[key], source[key]);
  }
}

/** @param {any} known @param {any} added @returns {any} */
function merged(known, added) {
  if (known === undefined || known === null) return added;
  if (added === null || typeof added !== 'object' || typeof known !== 'object') return added ?? known;
  if (Array.isArray(known) !== Array.isArray(added)) return added;
  if (Array.isArray(known)) return known.length === added.length ? known.map((item, index) => merged(item, added[index])) : added;
  if (known !== added) mergeInto(known, added);
  return known;
}
