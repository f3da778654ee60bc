import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { documentRefusal, problem, refusal } from '../problem.js';
import { draw, drawsOf } from './overrides.js';
import { createPlanningProcesses } from './planning-processes.js';
import { Remembered } from './remembered.js';

/**
 * @typedef {import('./plan.js').QueryPlan} QueryPlan
 * @typedef {(text: string) => Promise<QueryPlan>} PlanOf the plan of a document in plain form
 * @typedef {{ load(supergraph: string): Promise<PlanOf>, close(): void }} Planner
 */

/** How many documents may wait to be planned, what all remembered plans may take of memory, and how many refused documents are remembered. */
const MOST_WAITING = 256;
const REMEMBERED_BYTES = 24 * 1024 * 1024;
const REMEMBERED_REFUSALS = 1_000;

/** What a plan takes, and what each character of it does with the documents that are made of it: measured. */
const BYTES_A_PLAN = 2_000;
const BYTES_A_CHARACTER = 5;

/**
 * Plans documents in processes of their own, each document once. A document that ends its process, or takes too much of the
 * processor, is refused from then on; all others go on.
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 * @returns {Planner}
 */
export function createPlanner(log) {
  const processes = createPlanningProcesses(log);
  const refused = /** @type {Remembered<Error>} */ (new Remembered(REMEMBERED_REFUSALS));

  /** @param {string} supergraph @param {string} text @param {number} drawn @returns {Promise<QueryPlan>} */
  const plan = async (supergraph, text, drawn) => {
    const identity = createHash('sha256').update(text).digest('base64');
    const refusalBefore = refused.get(identity);
    if (refusalBefore) throw refusalBefore;
    if (processes.waiting() >= MOST_WAITING) throw refusal('UNAVAILABLE', 'Too many new documents at once; try again.', 503);
    try {
      return await processes.plan(supergraph, text, drawn);
    } catch (fault) {
      const error = refusalFor(/** @type {import('./planning-processes.js').Fault} */ (fault));
      log.error({ document: identity, reason: String(fault) }, 'A document can\'t be planned; it is refused from now on');
      refused.set(identity, error);
      throw error;
    }
  };
  return {
    async load(text) {
      const supergraph = await processes.load(text);
      const draws = drawsOf(text);
      const plans = new Map(draws.map((drawn) => [
        drawn, rememberPlans((document) => plan(supergraph, document, drawn), REMEMBERED_BYTES / draws.length),
      ]));
      return (document) => /** @type {PlanOf} */ (plans.get(draw(draws)))(document);
    },
    close: processes.close,
  };
}

/**
 * Plans each document once, as long as its plan is remembered; those who ask for it meanwhile wait together.
 * @param {PlanOf} plan
 * @param {number} [most] bytes of memory
 * @returns {PlanOf}
 */
export function rememberPlans(plan, most = REMEMBERED_BYTES) {
  const plans = /** @type {LRUCache<string, QueryPlan>} */ (new LRUCache({ maxSize: most, sizeCalculation: sizeOf }));
  const begun = /** @type {Map<string, Promise<QueryPlan>>} */ (new Map());
  /** @param {string} text */
  const begin = async (text) => {
    try {
      const made = await plan(text);
      plans.set(text, made);
      return made;
    } finally {
      begun.delete(text);
    }
  };
  return async (text) => {
    const known = plans.get(text) ?? begun.get(text);
    if (known) return known;
    const fresh = begin(text);
    begun.set(text, fresh);
    return fresh;
  };
}

/** @param {QueryPlan} plan @param {string} text */
function sizeOf(plan, text) {
  return BYTES_A_PLAN + text.length + BYTES_A_CHARACTER * JSON.stringify(plan).length;
}

/** @param {import('./planning-processes.js').Fault} fault */
function refusalFor(fault) {
  if (fault.isSlow) return documentRefusal('LIMIT_EXCEEDED', 'The document takes too long to plan.');
  return problem('INTERNAL', 'This document can\'t be planned.');
}
