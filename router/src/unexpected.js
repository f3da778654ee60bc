/**
 * Tells the log of an error that should not have happened: what kind it is and where it was thrown, but not its message, which may
 * hold what a client has sent.
 * @param {unknown} error
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 */
export function tellOf(error, log) {
  const { name, stack = '' } = error instanceof Error ? error : new Error();
  const place = stack.split('\n').filter((line) => line.startsWith('    at ')).map((line) => line.trim());
  log.error({ error: name, place }, 'Something went wrong');
}
