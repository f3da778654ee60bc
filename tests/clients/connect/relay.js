import relay from 'relay-runtime';

const { Environment, Network, RecordSource, Store } = relay;

/**
 * @param {string} url
 * @param {import('./session.js').Session} session
 */
export function connectRelay(url, session) {
  /** @type {relay.FetchFunction} */
  const execute = async ({ text }, variables) => {
    const body = JSON.stringify({ query: text, variables });
    const send = () => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', accept, ...session.headers }, body });
    const accept = 'application/graphql-response+json, application/json';
    const response = await send();
    if (response.status !== 401 || !session.tokens) return response.json();
    await session.renew();
    return (await send()).json();
  };
  return new Environment({ network: Network.create(execute), store: new Store(new RecordSource()) });
}
