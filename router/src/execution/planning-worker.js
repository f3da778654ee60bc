import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { KNOWN_SUPERGRAPHS } from './planning-processes.js';
import { createWatch, processorSeconds } from './planning-watch.js';
import { Remembered } from './remembered.js';

/**
 * A document to plan, or none where a supergraph is only to be loaded.
 * @typedef {{
 *   supergraph: string,
 *   text: string | undefined,
 *   drawn: number,
 *   deaths: number,
 *   resolve: (plan: import('./plan.js').QueryPlan | undefined) => void,
 *   reject: (fault: import('./planning-processes.js').Fault) => void,
 * }} Job
 *
 * What a process is told and what it says. The supergraph's text comes with its first document.
 * @typedef {{ supergraph: string, supergraphText?: string, text?: string, drawn: number }} Order
 * @typedef {{ plan?: import('./plan.js').QueryPlan, failed?: string, isBusy?: true, isSlow?: true }} Reply
 */

const PROGRAM = fileURLToPath(new URL('planner-process.js', import.meta.url));
const OPTIONS = { execArgv: ['--max-old-space-size=64'], env: {} };

/** How many processes one document may end: two may just have been ending for another reason. */
const MOST_DEATHS = 3;

/** Between the end of a process and the start of the next, so that one that can't start keeps nobody busy. */
const RESTART_MS = 100;

/**
 * Keeps one process that takes jobs from the queue, one at a time.
 * @param {Job[]} queue
 * @param {Remembered<string>} supergraphs
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 */
export function startWorker(queue, supergraphs, log) {
  let child = start();
  let loaded = noneLoaded();
  let job = /** @type {Job | undefined} */ (undefined);
  let isClosed = false;
  // One that takes of the processor and says nothing is stuck altogether.
  const watch = createWatch(() => processorSeconds(child.pid), () => child.kill('SIGKILL'));

  function start() {
    const process = fork(PROGRAM, OPTIONS);
    process.on('message', hear);
    process.once('exit', (code, signal) => replace(signal ?? `status ${code}`));
    process.once('error', (error) => log.error({ reason: String(error) }, 'A planning process failed'));
    return process;
  }

  function wake() {
    if (job || child.killed || !child.connected) return;
    job = queue.shift();
    if (!job) return;
    watch.heard();
    child.send(orderFor(job));
  }

  /** @param {Job} job @returns {Order} */
  function orderFor({ supergraph, text, drawn }) {
    const order = { supergraph, drawn, ...(text !== undefined && { text }) };
    const supergraphText = supergraphs.get(supergraph);
    if (loaded.has(supergraph) || supergraphText === undefined) return order;
    loaded.set(supergraph, true);
    return { ...order, supergraphText };
  }

  /** @param {Reply} reply */
  function hear({ plan, failed, isBusy, isSlow }) {
    if (!job) return;
    if (isBusy) return watch.heard();
    watch.rest();
    if (isSlow) child.kill('SIGKILL');
    if (failed === undefined && !isSlow) job.resolve(plan);
    else job.reject(Object.assign(new Error(failed ?? 'it takes too long'), { isSlow }));
    job = undefined;
    return wake();
  }

  /** @param {string} reason */
  function replace(reason) {
    watch.rest();
    if (job) retryOrReject(job, reason);
    job = undefined;
    if (isClosed) return;
    log.error({ reason }, 'A planning process ended; another one starts');
    setTimeout(() => {
      if (isClosed) return;
      child = start();
      loaded = noneLoaded();
      wake();
    }, RESTART_MS);
  }

  /** @param {Job} failed @param {string} reason */
  function retryOrReject(failed, reason) {
    failed.deaths += 1;
    if (failed.deaths < MOST_DEATHS && !isClosed) queue.unshift(failed);
    else failed.reject(new Error(`its process ended: ${reason}`));
  }

  return {
    wake,
    close() {
      isClosed = true;
      if (child.connected) child.disconnect();
    },
  };
}

/** @returns {Remembered<true>} in step with what the process remembers */
function noneLoaded() {
  return new Remembered(KNOWN_SUPERGRAPHS);
}
