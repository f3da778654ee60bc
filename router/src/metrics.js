import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const registry = new Registry();
collectDefaultMetrics({ register: registry });

const requestSeconds = new Histogram({
  name: 'router_request_duration_seconds',
  help: 'How long GraphQL requests took, by outcome: ok, partial (data and errors) or failed (errors alone).',
  labelNames: ['outcome'],
  buckets: SECONDS,
  registers: [registry],
});
const errorCount = new Counter({
  name: 'router_errors_total',
  help: 'Errors in answers, by extensions.code.',
  labelNames: ['code'],
  registers: [registry],
});
const subgraphSeconds = new Histogram({
  name: 'router_subgraph_request_duration_seconds',
  help: 'How long requests to subgraphs took.',
  labelNames: ['subgraph'],
  buckets: SECONDS,
  registers: [registry],
});
export const certificateExpires = new Gauge({
  name: 'tls_certificate_expires_timestamp_seconds',
  help: 'When a file of TLS_DIR expires, in Unix time.',
  labelNames: ['file'],
  registers: [registry],
});

/**
 * Measures requests and what they ask of subgraphs. It comes after useErrors, so that it counts the codes that clients see.
 * @returns {import('@graphql-hive/gateway-runtime').GatewayPlugin}
 */
export function useMetrics() {
  const starts = /** @type {WeakMap<object, () => number>} */ (new WeakMap());
  return {
    onParams({ request }) {
      starts.set(request, requestSeconds.startTimer());
    },
    onSubgraphExecute({ subgraphName }) {
      const stop = subgraphSeconds.startTimer({ subgraph: subgraphName });
      return () => void stop();
    },
    onResultProcess({ request, result }) {
      const { data, errors = [] } = /** @type {import('graphql').ExecutionResult} */ (result);
      for (const error of errors) errorCount.inc({ code: String(error.extensions['code']) });
      const stop = /** @type {((labels: object) => number) | undefined} */ (starts.get(request));
      stop?.({ outcome: errors.length === 0 ? 'ok' : data ? 'partial' : 'failed' });
    },
  };
}

/**
 * Answers Prometheus, on a port of its own: what is measured is nobody's business who asks for products.
 * @type {import('node:http').RequestListener}
 */
export async function serveMetrics(request, response) {
  if (request.method !== 'GET' || request.url !== '/metrics') {
    response.writeHead(404).end();
    return;
  }
  const text = await registry.metrics();
  response.writeHead(200, { 'content-type': registry.contentType }).end(text);
}
