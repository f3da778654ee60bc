// The federation router: `node src/main.js`. Settings come from the environment; settings.js and README.md name them.

import './production.js';
import { setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import { JSONLogWriter, Logger } from '@graphql-hive/gateway-runtime';
import { serveMetrics } from './metrics.js';
import { serve, SERVER_OPTIONS, stopGracefully } from './server.js';
import { createRouter } from './router.js';
import { readSettings } from './settings.js';

// Every request in flight listens to the one signal that ends its supergraph's use; Node would take ten for a leak.
setMaxListeners(10_000);

try {
  await start();
} catch (error) {
  console.error(`The router can't start: ${/** @type {Error} */ (error).message}`);
  process.exit(1);
}

async function start() {
  const settings = readSettings(process.env);
  const log = createLog(settings);
  const router = createRouter(settings, process.env, log);
  await router.getSchema();
  const server = createServer(SERVER_OPTIONS);
  serve(server, router, settings, log);
  await listen(createServer(serveMetrics), settings.host, settings.metricsPort, 'ROUTER_METRICS_PORT');
  await listen(server, settings.host, settings.port, 'ROUTER_PORT');
  log.info({ address: `http://${settings.host}:${settings.port}/graphql` }, 'The router serves');
  stopOnSignal(server, router, log);
}

/**
 * At DEBUG the runtime would log requests whole, with tokens and the values of variables; we have no lines of our own there.
 * @param {import('./settings.js').Settings} settings
 */
function createLog({ logLevel }) {
  const level = logLevel === 'debug' ? 'info' : logLevel;
  process.env['LOG_LEVEL'] = level; // Loggers look there too, and refuse what they don't know, such as upper case.
  return new Logger({ level, writers: [new JSONLogWriter()] });
}

/**
 * @param {import('node:http').Server} server
 * @param {string} host
 * @param {number} port
 * @param {string} setting the port's name
 */
async function listen(server, host, port, setting) {
  await new Promise((resolve, reject) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new Error(`${host}:${port} is taken; set ${setting} or stop what listens there`) : error);
    });
    server.listen(port, host, () => resolve(undefined));
  });
}

/**
 * @param {import('node:http').Server} server
 * @param {AsyncDisposable} router
 * @param {Logger} log
 */
function stopOnSignal(server, router, log) {
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT'])) {
    // The runtime has put a listener there that would cut off what is in flight.
    process.removeAllListeners(signal);
    process.once(signal, async () => {
      log.info({ signal }, 'The router stops');
      await stopGracefully(server);
      await router[Symbol.asyncDispose]();
      process.exit(0);
    });
  }
}
