import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { relayStylePagination } from '@apollo/client/utilities';
import { from, switchMap } from 'rxjs';

/**
 * @param {string} url
 * @param {import('./session.js').Session} session
 */
export function connectApollo(url, session) {
  const authorize = new SetContextLink(({ headers }) => ({ headers: { ...headers, ...session.headers } }));
  const renew = new ErrorLink(({ error, operation, forward }) => {
    if (!session.tokens || operation.getContext().renewed || !isUnauthenticated(error)) return;
    operation.setContext({ renewed: true });
    return from(session.renew()).pipe(switchMap(() => forward(operation)));
  });
  const products = relayStylePagination(['filter', 'sort']);
  const cache = new InMemoryCache({ typePolicies: { Query: { fields: { products } } } });
  return new ApolloClient({ cache, link: ApolloLink.from([renew, authorize, new HttpLink({ uri: url })]) });
}

/** @param {unknown} error */
function isUnauthenticated(error) {
  return CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
}
