import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, fetchExchange, gql } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { connectUrql } from './connect/urql.js';
import { Session } from './connect/session.js';
import { NO_SUCH_ID, recorded, refreshTokensIn, registerWithEndedToken, URL } from './shop.js';

const LISTING = gql`
  query Listing($first: Int!, $after: String, $sort: ProductSort) {
    products(first: $first, after: $after, sort: $sort) {
      edges { node { id title defaultVariant { id price { amount currency } stock { available } } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
const ME = gql`query Me { me { id email } }`;
const ME_AND_SHOP = gql`query MeAndShop { me { id } categories { id name } }`;
const CART = gql`query Cart($id: ID!) { cart(id: $id) { id totalQuantity } }`;
const CREATE_CART = gql`mutation { cartCreate { cart { id totalQuantity } } }`;
const ADD_LINES = gql`
  mutation AddLines($input: CartAddLinesInput!) {
    cartAddLines(input: $input) { cart { id totalQuantity } errors { code message field } }
  }`;

const variables = { first: 5, sort: 'TITLE' };
const anonymous = () => connectUrql(URL, new Session(URL));

/** @param {import('@urql/core').Exchange[]} exchanges */
const over = (...exchanges) => new Client({ url: URL, preferGetMethod: false, exchanges: [...exchanges, fetchExchange] });

/** @param {import('@urql/core').OperationResult} result */
const codes = ({ error }) => error?.graphQLErrors.map(({ path, extensions }) => [path, extensions.code]);

test('a query with variables is answered, and what is in the cache is not asked again', async () => {
  const client = anonymous();
  const { data } = await client.query(LISTING, variables);
  assert.equal(data.products.edges.length, 5);
  const { requests } = await recorded(() => client.query(LISTING, variables).toPromise());
  assert.equal(requests.length, 0);
});

test('what a mutation answers reaches the queries that show the same object', async () => {
  const client = anonymous();
  const { data: created } = await client.mutation(CREATE_CART, {});
  const { id } = created.cartCreate.cart;
  await client.query(CART, { id });
  const { data: listing } = await client.query(LISTING, variables);
  const variantId = listing.products.edges[0].node.defaultVariant.id;
  await client.mutation(ADD_LINES, { input: { cartId: id, lines: [{ variantId, quantity: 3 }] } });
  assert.equal(client.readQuery(CART, { id })?.data.cart.totalQuantity, 3);
});

test('pages are joined into one list by relayPagination', async () => {
  const client = anonymous();
  const first = await client.query(LISTING, variables);
  const after = first.data.products.pageInfo.endCursor;
  await client.query(LISTING, { ...variables, after });
  const { edges, pageInfo } = client.readQuery(LISTING, variables)?.data.products;
  assert.equal(new Set(edges.map((/** @type {any} */ { node }) => node.id)).size, 10);
  assert.notEqual(pageInfo.endCursor, after);
});

test('what the caller of a mutation can mend is in its payload, and is no error of urql', async () => {
  const input = { cartId: NO_SUCH_ID, lines: [{ variantId: NO_SUCH_ID, quantity: 1 }] };
  const { data, error } = await anonymous().mutation(ADD_LINES, { input });
  assert.equal(error, undefined);
  assert.equal(data.cartAddLines.cart, null);
  assert.equal(data.cartAddLines.errors[0].code, 'CART_NOT_FOUND');
});

test('without a token the rest of the answer stands beside an error with code and path', async () => {
  const result = await anonymous().query(ME_AND_SHOP, {});
  assert.equal(result.data.me, null);
  assert.ok(result.data.categories.length > 0);
  assert.deepEqual(codes(result), [[['me'], 'UNAUTHENTICATED']]);
});

test('an access token that has ended is renewed, all who wait are answered, and no refresh token is used twice', async () => {
  const client = connectUrql(URL, await registerWithEndedToken());
  const again = gql`query Again { me { id name } }`;
  const { answer, requests } = await recorded(() => Promise.all([client.query(ME, {}), client.query(again, {})]));
  assert.match(answer[0].data.me.email, /@example\.com$/);
  assert.equal(answer[1].data.me.name, 'Ada Lovelace');
  const used = await refreshTokensIn(requests);
  assert.ok(used.length > 0);
  assert.equal(new Set(used).size, used.length);
});

test('a token that nobody can renew is an error with its code, under status 401', async () => {
  const client = new Client({
    url: URL,
    preferGetMethod: false,
    exchanges: [fetchExchange],
    fetchOptions: { headers: { authorization: 'Bearer not.a.token' } },
  });
  const result = await client.query(ME, {});
  assert.deepEqual(codes(result)?.map(([, code]) => code), ['UNAUTHENTICATED']);
  assert.equal(result.error?.response.status, 401);
});

test('a query with a mistake is refused with BAD_USER_INPUT', async () => {
  const result = await anonymous().query(gql`{ categories { id nonsense } }`, {});
  assert.deepEqual(codes(result)?.map(([, code]) => code), ['BAD_USER_INPUT']);
  assert.match(result.error?.message ?? '', /nonsense/);
});

for (const preferGetForPersistedQueries of /** @type {const} */ (['force', false])) {
  test(`persisted queries fall back to whole ones, asked by ${preferGetForPersistedQueries ? 'GET' : 'POST'}`, async () => {
    const client = over(persistedExchange({ preferGetForPersistedQueries }));
    const { answer, requests } = await recorded(async () => [
      await client.query(LISTING, variables),
      await client.query(LISTING, { ...variables, first: 6 }),
    ]);
    assert.deepEqual(answer.map(({ data }) => data?.products.edges.length), [5, 6]);
    assert.equal(requests.length, 3, 'a hash, then whole queries');
  });
}

test('queries can be asked by GET', async () => {
  const client = new Client({ url: URL, preferGetMethod: 'force', exchanges: [fetchExchange] });
  const { answer, requests } = await recorded(() => client.query(LISTING, variables).toPromise());
  assert.equal(answer.data.products.edges.length, 5);
  assert.deepEqual(requests.map(({ method }) => method), ['GET']);
});

test('a subscription by events is refused with a message that names what can be accepted', async () => {
  const client = new Client({ url: URL, preferGetMethod: false, exchanges: [fetchExchange], fetchSubscriptions: true });
  const result = await new Promise((resolve) => {
    client.subscription(gql`subscription { orderStatusChanged { id } }`, {}).subscribe(resolve);
  });
  assert.equal(result.error.response.status, 406);
  assert.deepEqual(codes(result)?.map(([, code]) => code), ['BAD_USER_INPUT']);
  assert.match(result.error.message, /accept/);
});

test('a file to upload is refused with a message that names the content type', async () => {
  const mutation = gql`mutation ($input: CartAddLinesInput!) { cartAddLines(input: $input) { cart { id } } }`;
  const result = await over().mutation(mutation, { input: new Blob(['a picture']) });
  assert.equal(result.error?.response.status, 415);
  assert.deepEqual(codes(result)?.map(([, code]) => code), ['BAD_USER_INPUT']);
  assert.match(result.error?.message ?? '', /content.type/i);
});

test('a request that was given up does not disturb the next', async () => {
  const client = over();
  client.query(LISTING, variables).subscribe(() => assert.fail('it was answered')).unsubscribe();
  const { data } = await client.query(LISTING, variables);
  assert.equal(data.products.edges.length, 5);
});
