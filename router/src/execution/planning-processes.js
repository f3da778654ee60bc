import { Remembered } from './remembered.js';
import { startWorker } from './planning-worker.js';

/**
 * Why a document got no plan.
 * @typedef {Error & { isSlow?: boolean }} Fault
 * @typedef {import('./plan.js').QueryPlan} QueryPlan
 */

/** One plans while the other is replaced. */
const PROCESSES = 2;

/** How many supergraphs are known at a time: requests under way finish with the one they began with. */
export const KNOWN_SUPERGRAPHS = 3;

/**
 * Processes that plan, each one document at a time. One that dies is replaced, and its document tried once more.
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 */
export function createPlanningProcesses(log) {
  const supergraphs = /** @type {Remembered<string>} */ (new Remembered(KNOWN_SUPERGRAPHS));
  const queue = /** @type {import('./planning-worker.js').Job[]} */ ([]);
  const workers = Array.from({ length: PROCESSES }, () => startWorker(queue, supergraphs, log));
  let loaded = 0;

  /** @param {string} supergraph @param {string} [text] @param {number} [drawn] @returns {Promise<QueryPlan | undefined>} */
  const work = (supergraph, text, drawn = 0) => new Promise((resolve, reject) => {
    queue.push({ supergraph, text, drawn, deaths: 0, resolve, reject });
    for (const worker of workers) worker.wake();
  });
  return {
    waiting: () => queue.length,
    /**
     * @param {string} text
     * @returns {Promise<string>} by which the supergraph is known
     * @throws {Fault} where it can't be planned with
     */
    async load(text) {
      const supergraph = String((loaded += 1));
      supergraphs.set(supergraph, text);
      await work(supergraph);
      return supergraph;
    },
    /**
     * @param {string} supergraph
     * @param {string} text
     * @param {number} drawn a percentage: fields that move are asked for in their new place where it is below theirs
     * @returns {Promise<QueryPlan>}
     * @throws {Fault}
     */
    async plan(supergraph, text, drawn) {
      return /** @type {QueryPlan} */ (await work(supergraph, text, drawn));
    },
    close() {
      for (const worker of workers) worker.close();
    },
  };
}
