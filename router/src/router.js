import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { useAccessToken } from './jwt.js';
import { useAuthorization } from './authorization.js';
import { maskError, useErrors } from './errors.js';
import { graphiqlOptions, renderGraphiql } from './graphiql.js';
import { useSubgraphHeaders } from './headers.js';
import { useLimits } from './limits.js';
import { createSupergraphSource } from './supergraph.js';

/** How long a subgraph may take, and how long requests under way may still use a supergraph that was exchanged. */
const SUBGRAPH_TIMEOUT_MS = 10_000;
const RELOAD_INTERVAL_MS = 1_000;

/**
 * @param {import('./settings.js').Settings} settings
 * @param {import('./settings.js').Environment} environment
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 */
export function createRouter(settings, environment, log) {
  return createGatewayRuntime({
    supergraph: createSupergraphSource(settings.supergraphFile, environment, log),
    unifiedGraphHandler,
    pollingInterval: RELOAD_INTERVAL_MS,
    gracefulSchemaReload: { drainTimeout: SUBGRAPH_TIMEOUT_MS },
    transportEntries: {
      // Sharing the answers of equal requests in flight costs a deep copy of every answer.
      '*.http': { options: { timeout: SUBGRAPH_TIMEOUT_MS, deduplicateInflightRequests: false } },
    },
    plugins: () => [
      useLimits(),
      useSubgraphHeaders(settings.routerSecret),
      useAccessToken(settings),
      useAuthorization(),
      useErrors(log),
    ],
    maskedErrors: { maskError },
    // The runtime's own plugins of these names do what headers.js and errors.js do, in another way.
    requestId: false,
    subgraphErrors: false,
    // Tokens come in a header, never in a cookie: a foreign page can't send somebody's token, so any may ask.
    cors: { origin: '*', credentials: false, methods: ['GET', 'POST', 'OPTIONS'], maxAge: 86_400 },
    graphiql: graphiqlOptions(),
    renderGraphiQL: renderGraphiql,
    landingPage: false,
    healthCheckEndpoint: '/health',
    readinessCheckEndpoint: '/health/ready',
    logging: log,
  });
}
