import { Client, fetchExchange } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';

/**
 * @param {string} url
 * @param {import('./session.js').Session} session
 */
export function connectUrql(url, session) {
  const auth = authExchange(async (utilities) => ({
    addAuthToOperation: (operation) => utilities.appendHeaders(operation, session.headers),
    didAuthError: (error) => session.tokens !== null && error.graphQLErrors.some(isUnauthenticated),
    refreshAuth: () => session.renew(),
  }));
  // What has no id of its own is kept within what it belongs to.
  const keys = { Money: () => null, PriceRange: () => null, Stock: () => null };
  const cache = cacheExchange({ keys, resolvers: { Query: { products: relayPagination() } } });
  return new Client({ url, preferGetMethod: false, exchanges: [cache, auth, fetchExchange] });
}

/** @param {import('graphql').GraphQLError} error */
function isUnauthenticated({ extensions }) {
  return extensions.code === 'UNAUTHENTICATED';
}
