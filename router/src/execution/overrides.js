/**
 * Fields that move from one subgraph to another by `@override(from:, label: "percent(x)")`: of all requests, x of a hundred are planned
 * with the new place. Each request draws once, so that all of it is answered by one side.
 */

const LABEL = /overrideLabel: "percent\(([\d.]+)\)"/g;

/**
 * The draws that make a difference: below the first threshold everything goes to its new place, and at or above the last one nothing does.
 * @param {string} supergraph
 * @returns {number[]} percentages, at least one
 */
export function drawsOf(supergraph) {
  const thresholds = [...supergraph.matchAll(LABEL)].map(([, percent]) => Number(percent));
  return [...new Set([0, ...thresholds])].sort((left, right) => left - right);
}

/**
 * Draws for a request.
 * @param {number[]} draws as `drawsOf` tells them
 * @param {number} [random] from 0 to 1, without 1
 * @returns {number} the one of the draws that this one comes to
 */
export function draw(draws, random = Math.random()) {
  return /** @type {number} */ (draws.findLast((threshold) => threshold <= random * 100));
}
