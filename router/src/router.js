import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { ANSWER_TIMEOUT_MS, createConnections } from './connections.js';
import { maskError, useErrors } from './errors.js';
import { createUnifiedGraphHandler } from './execution/handler.js';
import { createPlanner } from './execution/planner.js';
import { createRouterSecret, useSubgraphHeaders } from './headers.js';
import { useAccessToken } from './jwt.js';
import { useMetrics } from './metrics.js';
import { usePipeline } from './pipeline.js';
import { createSupergraphSource } from './supergraph.js';
import { createTransports } from './transport.js';

/** How often the supergraph's file is looked at while there are requests. */
const RELOAD_INTERVAL_MS = 1_000;

/**
 * @param {import('./settings.js').Settings} settings
 * @param {import('./settings.js').Environment} environment
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 */
export function createRouter(settings, environment, log) {
  const agentFor = createConnections(settings.tlsDirectory, log);
  const planner = createPlanner(log);
  const routerSecret = createRouterSecret(settings, log);
  return createGatewayRuntime({
    supergraph: createSupergraphSource(settings.supergraphFile, environment, log),
    unifiedGraphHandler: createUnifiedGraphHandler(planner),
    pollingInterval: RELOAD_INTERVAL_MS,
    // Requests under way finish with the supergraph they began with.
    gracefulSchemaReload: { drainTimeout: 2 * ANSWER_TIMEOUT_MS },
    transports: createTransports(agentFor),
    // One request of a plan is one request to a subgraph: the planner has joined already what can be asked at once.
    __experimental__batchExecution: false,
    plugins: () => [
      usePipeline(log),
      useSubgraphHeaders(routerSecret),
      useAccessToken(settings, agentFor),
      useErrors(log),
      useMetrics(),
      { onDispose: planner.close },
    ],
    maskedErrors: { maskError },
    // The runtime's own plugins of these names do what headers.js and errors.js do, in another way.
    requestId: false,
    subgraphErrors: false,
    // answering.js has answered everything of HTTP before.
    cors: false,
    graphiql: false,
    landingPage: false,
    healthCheckEndpoint: '/health',
    readinessCheckEndpoint: '/readiness',
    logging: log,
  });
}
