import { createHash } from 'node:crypto';
import { documentRefusal, problem, refusal } from '../problem.js';
import { createPlanningProcesses } from './planning-processes.js';
import { Remembered } from './remembered.js';

/**
 * @typedef {import('./plan.js').QueryPlan} QueryPlan
 * @typedef {(text: string) => Promise<QueryPlan>} PlanOf the plan of a document in plain form
 * @typedef {{ load(supergraph: string): Promise<PlanOf>, close(): void }} Planner
 */

/** How many documents may wait to be planned, how many plans and how many refused documents are remembered. */
const MOST_WAITING = 256;
const REMEMBERED_PLANS = 1_000;
const REMEMBERED_REFUSALS = 1_000;

/**
 * Plans documents in processes of their own, each document once. A document that ends its process, or takes too much of the
 * processor, is refused from then on; all others go on.
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 * @returns {Planner}
 */
export function createPlanner(log) {
  const processes = createPlanningProcesses(log);
  const refused = /** @type {Remembered<Error>} */ (new Remembered(REMEMBERED_REFUSALS));

  /** @param {string} supergraph @param {string} text @returns {Promise<QueryPlan>} */
  const plan = async (supergraph, text) => {
    const identity = createHash('sha256').update(text).digest('base64');
    const refusalBefore = refused.get(identity);
    if (refusalBefore) throw refusalBefore;
    if (processes.waiting() >= MOST_WAITING) throw refusal('UNAVAILABLE', 'Too many new documents at once; try again.', 503);
    try {
      return await processes.plan(supergraph, text);
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
      const plans = /** @type {Remembered<Promise<QueryPlan>>} */ (new Remembered(REMEMBERED_PLANS));
      return (document) => plans.get(document) ?? rememberSuccess(plans, document, plan(supergraph, document));
    },
    close: processes.close,
  };
}

/**
 * @param {Remembered<Promise<QueryPlan>>} plans
 * @param {string} document
 * @param {Promise<QueryPlan>} plan
 */
function rememberSuccess(plans, document, plan) {
  plans.set(document, plan);
  plan.catch(() => plans.delete(document));
  return plan;
}

/** @param {import('./planning-processes.js').Fault} fault */
function refusalFor(fault) {
  if (fault.isSlow) return documentRefusal('LIMIT_EXCEEDED', 'The document takes too long to plan.');
  return problem('INTERNAL', 'This document can\'t be planned.');
}
