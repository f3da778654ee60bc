import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { beforeEach, test } from 'node:test';
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache, ServerError } from '@apollo/client';
import { BatchHttpLink } from '@apollo/client/link/batch-http';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { LocalState } from '@apollo/client/local-state';
import { filter, firstValueFrom, lastValueFrom } from 'rxjs';
import { connectApollo } from './connect/apollo.js';
import { Session } from './connect/session.js';
import { NO_SUCH_ID, recorded, refreshTokensIn, registerWithEndedToken, URL } from './shop.js';

const LISTING = gql`
  query Listing($first: Int!, $after: String, $sort: ProductSort) {
    products(first: $first, after: $after, sort: $sort) {
      edges { cursor node { id title slug defaultVariant { id price { amount currency } stock { available } } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
const DETAIL = gql`query Detail($slug: String!) { product(slug: $slug) { id title description } }`;
const ME = gql`query Me { me { id email } }`;
const ME_AND_SHOP = gql`query MeAndShop { me { id } categories { id name } }`;
const ADD_LINES = gql`
  mutation AddLines($input: CartAddLinesInput!) {
    cartAddLines(input: $input) { cart { id totalQuantity } errors { code message field } }
  }`;
const NOBODY = new Session(URL);

const variables = { first: 5, sort: 'TITLE' };
let client = connectApollo(URL, NOBODY);

beforeEach(() => (client = connectApollo(URL, NOBODY)));

/** @param {ApolloLink[]} links */
const over = (...links) => new ApolloClient({ cache: new InMemoryCache(), link: ApolloLink.from(links) });

/** @param {Promise<unknown>} asked */
async function errorsOf(asked) {
  const error = await asked.then(() => assert.fail('it went well'), (reason) => reason);
  assert.ok(CombinedGraphQLErrors.is(error), `${error}`);
  return error.errors;
}

test('a query with variables is answered, and its objects are kept by type and id', async () => {
  const { data } = await client.query({ query: LISTING, variables });
  const { node } = data.products.edges[0];
  const id = client.cache.identify(node);
  assert.equal(id, `Product:${node.id}`);
  const { data: detail } = await client.query({ query: DETAIL, variables: { slug: node.slug } });
  assert.equal(client.cache.identify(detail.product), id);
  const fragment = gql`fragment Both on Product { description defaultVariant { stock { available } } }`;
  const kept = /** @type {any} */ (client.readFragment({ id, fragment }));
  assert.equal(kept.description, detail.product.description);
  assert.equal(kept.defaultVariant.stock.available, node.defaultVariant.stock.available);
});

test('what is in the cache is not asked again', async () => {
  const ask = () => client.query({ query: LISTING, variables });
  await ask();
  const { requests } = await recorded(ask);
  assert.equal(requests.length, 0);
});

test('pages are joined into one list by relayStylePagination', async () => {
  const listing = client.watchQuery({ query: LISTING, variables });
  const first = await firstValueFrom(listing.pipe(filter(({ loading }) => !loading)));
  const { endCursor } = /** @type {any} */ (first).data.products.pageInfo;
  await listing.fetchMore({ variables: { after: endCursor } });
  const { edges, pageInfo } = /** @type {any} */ (listing.getCurrentResult()).data.products;
  const titles = edges.map((/** @type {any} */ { node }) => node.title);
  assert.equal(new Set(titles).size, 10);
  assert.deepEqual(titles, titles.toSorted((/** @type {string} */ a, /** @type {string} */ b) => (a < b ? -1 : 1)));
  assert.notEqual(pageInfo.endCursor, endCursor);
});

test('what the caller of a mutation can mend is in its payload, and is no error of Apollo', async () => {
  const input = { cartId: NO_SUCH_ID, lines: [{ variantId: NO_SUCH_ID, quantity: 1 }] };
  const { data, error } = await client.mutate({ mutation: ADD_LINES, variables: { input } });
  assert.equal(error, undefined);
  assert.equal(data.cartAddLines.cart, null);
  assert.equal(data.cartAddLines.errors[0].code, 'CART_NOT_FOUND');
  assert.deepEqual(data.cartAddLines.errors[0].field, ['cartId']);
});

test('without a token the rest of the answer stands beside an error with code and path', async () => {
  const { data, error } = await client.query({ query: ME_AND_SHOP, errorPolicy: 'all' });
  assert.equal(data.me, null);
  assert.ok(data.categories.length > 0);
  assert.ok(CombinedGraphQLErrors.is(error));
  assert.deepEqual(error.errors.map(({ path, extensions }) => [path, extensions?.code]), [[['me'], 'UNAUTHENTICATED']]);
});

test('an access token that has ended is renewed, all who wait are answered, and no refresh token is used twice', async () => {
  const apollo = connectApollo(URL, await registerWithEndedToken());
  const again = gql`query Again { me { id name } }`;
  const { answer, requests } = await recorded(() => Promise.all([apollo.query({ query: ME }), apollo.query({ query: again })]));
  assert.match(answer[0].data.me.email, /@example\.com$/);
  assert.equal(answer[1].data.me.name, 'Ada Lovelace');
  const used = await refreshTokensIn(requests);
  assert.ok(used.length > 0);
  assert.equal(new Set(used).size, used.length);
});

test('a token that nobody can renew is an error with its code', async () => {
  const session = new Session(URL, { accessToken: 'not.a.token', refreshToken: '' });
  const link = new HttpLink({ uri: URL, headers: session.headers });
  const [error] = await errorsOf(over(link).query({ query: ME }));
  assert.equal(error?.extensions?.code, 'UNAUTHENTICATED');
});

test('a client that knows application/json only sees the status of a bad token', async () => {
  const link = new HttpLink({ uri: URL, headers: { authorization: 'Bearer not.a.token', accept: 'application/json' } });
  const error = await over(link).query({ query: ME }).catch((reason) => reason);
  assert.ok(ServerError.is(error));
  assert.equal(error.statusCode, 401);
  assert.equal(JSON.parse(error.bodyText).errors[0].extensions.code, 'UNAUTHENTICATED');
});

test('a query with a mistake is refused with BAD_USER_INPUT', async () => {
  const [error] = await errorsOf(client.query({ query: gql`{ categories { nonsense } }` }));
  assert.equal(error?.extensions?.code, 'BAD_USER_INPUT');
  assert.match(error?.message ?? '', /nonsense/);
});

test('a variable of the wrong type is refused with BAD_USER_INPUT', async () => {
  const [error] = await errorsOf(client.query({ query: LISTING, variables: { first: 'many' } }));
  assert.equal(error?.extensions?.code, 'BAD_USER_INPUT');
});

for (const useGETForHashedQueries of [false, true]) {
  test(`persisted queries fall back to whole ones, asked by ${useGETForHashedQueries ? 'GET' : 'POST'}`, async () => {
    const sha256 = (/** @type {string} */ text) => createHash('sha256').update(text).digest('hex');
    const apollo = over(new PersistedQueryLink({ sha256, useGETForHashedQueries }), new HttpLink({ uri: URL }));
    const { answer, requests } = await recorded(async () => [
      await apollo.query({ query: LISTING, variables }),
      await apollo.query({ query: DETAIL, variables: { slug: 'none' } }),
    ]);
    assert.equal(/** @type {any} */ (answer[0]).data.products.edges.length, 5);
    assert.equal(requests.length, 3, 'a hash, then whole queries');
  });
}

test('queries can be asked by GET, and mutations go by POST all the same', async () => {
  const apollo = over(new HttpLink({ uri: URL, useGETForQueries: true }));
  const { answer, requests } = await recorded(async () => {
    await apollo.mutate({ mutation: gql`mutation { cartCreate { cart { id } } }` });
    return apollo.query({ query: LISTING, variables });
  });
  assert.equal(/** @type {any} */ (answer).data.products.edges.length, 5);
  assert.deepEqual(requests.map(({ method }) => method), ['POST', 'GET']);
});

test('a batch is refused: no operation of it is answered, and the response says why', async () => {
  const responses = /** @type {Response[]} */ ([]);
  const link = new BatchHttpLink({
    uri: URL,
    batchInterval: 1,
    async fetch(input, init) {
      const response = await fetch(input, init);
      responses.push(response.clone());
      return response;
    },
  });
  const asked = [DETAIL, gql`query Other($slug: String!) { category(slug: $slug) { id } }`];
  const answers = await Promise.allSettled(asked.map((query) => over(link).query({ query, variables: { slug: 'none' } })));
  assert.deepEqual(answers.map(({ status }) => status), ['rejected', 'rejected']);
  assert.deepEqual(responses.map(({ status }) => status), [400]);
  assert.match((await /** @type {Response} */ (responses[0]).json()).errors[0].message, /batch|one JSON object/i);
});

test('fields of the client alone are answered there and not asked for', async () => {
  const localState = new LocalState({ resolvers: { Product: { isFavourite: () => true } } });
  const apollo = new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri: URL }), localState });
  const query = gql`query { products(first: 1) { nodes { id isFavourite @client } } }`;
  const { data } = /** @type {any} */ (await apollo.query({ query }));
  assert.equal(data.products.nodes[0].isFavourite, true);
});

test('a subscription ends with an error that says that there are none', async () => {
  const query = gql`subscription { orderStatusChanged { id } }`;
  const asked = lastValueFrom(client.subscribe({ query }));
  const { error } = await asked;
  assert.ok(CombinedGraphQLErrors.is(error), `${error}`);
  assert.equal(error.errors[0]?.extensions?.code, 'BAD_USER_INPUT');
  assert.match(error.errors[0]?.message ?? '', /subscription/i);
});

test('a request that was given up does not disturb the next', async () => {
  const controller = new AbortController();
  const link = new HttpLink({
    uri: URL,
    fetch(input, init) {
      const asked = fetch(input, init);
      controller.abort();
      return asked;
    },
  });
  const context = { fetchOptions: { signal: controller.signal } };
  const apollo = over(link);
  const refusal = await apollo.query({ query: LISTING, variables, context }).catch((reason) => reason);
  assert.equal(refusal.name, 'AbortError');
  const { data } = /** @type {any} */ (await apollo.query({ query: LISTING, variables }));
  assert.equal(data.products.edges.length, 5);
});
