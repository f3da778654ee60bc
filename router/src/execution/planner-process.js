// Plans documents for the router in a process of its own: a panic of the native planner ends the process that it happens in.
// `planning-worker.js` starts it and gives it one document at a time.

import { QueryPlanner } from '@graphql-hive/router-query-planner';
import { KNOWN_SUPERGRAPHS } from './planning-processes.js';
import { Remembered } from './remembered.js';

/**
 * @typedef {import('./planning-worker.js').Order} Order
 * @typedef {import('./planning-worker.js').Reply} Reply
 */

/** What planning may take of the processor. Time alone says little on a busy machine. */
const PLANNING_CPU_MICROSECONDS = 1_000_000;
const LOOK_INTERVAL_MS = 100;

const planners = /** @type {Remembered<QueryPlanner>} */ (new Remembered(KNOWN_SUPERGRAPHS));

// Signals to stop reach the router as well; it closes the channel once it has answered its last request.
process.on('SIGTERM', () => {});
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));
process.on('message', async (/** @type {Order} */ order) => {
  try {
    const planner = plannerFor(order);
    reply(order.text === undefined ? {} : { plan: await planWatched(planner, order.text, order.drawn) });
  } catch (error) {
    reply({ failed: String(error) });
  }
});

/** @param {Reply} message */
function reply(message) {
  process.send?.(message);
}

/** @param {Order} order */
function plannerFor({ supergraph, supergraphText }) {
  if (supergraphText !== undefined) planners.set(supergraph, new QueryPlanner(supergraphText));
  const planner = planners.get(supergraph);
  if (!planner) throw new Error('the supergraph is not known');
  return planner;
}

/** @param {QueryPlanner} planner @param {string} text @param {number} drawn */
async function planWatched(planner, text, drawn) {
  const began = process.cpuUsage();
  const watch = setInterval(() => {
    const { user, system } = process.cpuUsage(began);
    reply(user + system > PLANNING_CPU_MICROSECONDS ? { isSlow: true } : { isBusy: true });
  }, LOOK_INTERVAL_MS);
  try {
    return await planner.planAsync(text, undefined, new Set(), drawn);
  } finally {
    clearInterval(watch);
  }
}
