import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientError, GraphQLClient } from 'graphql-request';
import { register, URL } from './shop.js';

const PRODUCTS = 'query ($first: Int!) { products(first: $first) { nodes { id } } }';

test('a query with variables is answered', async () => {
  const { products } = await new GraphQLClient(URL).request(PRODUCTS, { first: 3 });
  assert.equal(products.nodes.length, 3);
});

test('a token in the headers is taken', async () => {
  const { headers } = await register();
  const { me } = await new GraphQLClient(URL, { headers }).request('{ me { email } }');
  assert.match(me.email, /@example\.com$/);
});

test('what is refused has its status and its codes', async () => {
  const bad = { authorization: 'Bearer not.a.token' };
  const refused = await new GraphQLClient(URL, { headers: bad }).request('{ me { id } }').catch((reason) => reason);
  assert.ok(refused instanceof ClientError);
  assert.equal(refused.response.status, 401);
  assert.deepEqual(refused.response.errors?.map(({ extensions }) => extensions.code), ['UNAUTHENTICATED']);
});

test('errorPolicy all gives the rest of the answer beside the errors', async () => {
  const { data, errors } = await new GraphQLClient(URL, { errorPolicy: 'all' }).rawRequest('{ me { id } categories { id } }');
  assert.ok(data.categories.length > 0);
  assert.deepEqual(errors?.map(({ path }) => path), [['me']]);
});

test('a batch is refused with a message that says so', async () => {
  const batch = [PRODUCTS, PRODUCTS].map((document) => ({ document, variables: { first: 1 } }));
  const refused = await new GraphQLClient(URL).batchRequests(batch).catch((reason) => reason);
  assert.equal(refused.response.status, 400);
  assert.match(JSON.stringify(refused.response), /batch|one JSON object/i);
});

test('queries can be asked by GET', async () => {
  const client = new GraphQLClient(URL, { method: 'GET', jsonSerializer: JSON });
  const { products } = await client.request(PRODUCTS, { first: 3 });
  assert.equal(products.nodes.length, 3);
});
