import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { post, URL } from './shop.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8';
const QUERY = { query: '{ __typename }' };

/** What clients accept that have no test of their own here, and what they are answered. */
const ACCEPTED = /** @type {const} */ ({
  'Apollo Client 3': ['*/*', JSON_TYPE],
  'Apollo Client 4, a query with @defer': ['multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9', GRAPHQL_TYPE],
  'Apollo Kotlin': ['multipart/mixed;deferSpec=20220824, application/graphql-response+json, application/json', GRAPHQL_TYPE],
  'Apollo iOS': ['multipart/mixed;boundary="graphql";deferSpec=20220824,application/json', JSON_TYPE],
  'GraphiQL': ['application/json, multipart/mixed', JSON_TYPE],
  'Hot Chocolate': ['application/graphql-response+json; charset=utf-8, application/json; charset=utf-8, text/event-stream; charset=utf-8', GRAPHQL_TYPE],
  'Spring for GraphQL': ['application/json, application/graphql-response+json, application/graphql+json', JSON_TYPE],
  'graphql_flutter': ['application/json; charset=utf-8', JSON_TYPE],
  'a program that prefers the old type': ['application/graphql-response+json;q=0.5, application/json', JSON_TYPE],
  'a program that takes anything of ours': ['application/*', JSON_TYPE],
  'Java HttpURLConnection': ['text/html, image/gif, image/jpeg, */*; q=.2', JSON_TYPE],
  'axios': ['application/json, text/plain, */*', JSON_TYPE],
});

for (const [client, [accept, type]] of Object.entries(ACCEPTED)) {
  test(`what ${client} accepts is answered with a type that it knows`, async () => {
    const { response, body } = await send(QUERY, { accept });
    assert.deepEqual([response.status, response.headers.get('content-type')], [200, type]);
    assert.deepEqual(body, { data: { __typename: 'Query' } });
  });
}

for (const type of ['application/json;charset=UTF-8', 'Application/JSON', 'application/json; charset="utf-8"', 'application/json ; charset=utf-8']) {
  test(`a body sent as ${type} is taken`, async () => {
    const { response } = await send(QUERY, { 'content-type': type });
    assert.equal(response.status, 200);
  });
}

for (const type of ['application/graphql', 'application/graphql+json', 'application/x-www-form-urlencoded', 'text/plain;charset=UTF-8']) {
  test(`a body sent as ${type} is refused with the type that is wanted`, async () => {
    const { response, body } = await send(QUERY, { 'content-type': type });
    assert.deepEqual([response.status, body.errors[0].extensions.code], [415, 'BAD_USER_INPUT']);
    assert.match(body.errors[0].message, /content-type.*application\/json/);
  });
}

test('who accepts neither type is told which there are', async () => {
  const { response, body } = await send(QUERY, { accept: 'application/graphql+json' });
  assert.deepEqual([response.status, body.errors[0].extensions.code], [406, 'BAD_USER_INPUT']);
  assert.match(body.errors[0].message, /accept.*application\/json/);
});

test('who sends the hash of a document alone is told to send the query', async () => {
  const { response, body } = await send({ documentId: 'sha256:abc', variables: {} });
  assert.deepEqual([response.status, body.errors[0].extensions.code], [400, 'BAD_USER_INPUT']);
  assert.match(body.errors[0].message, /query/);
});

for (const more of [{ id: 'a' }, { doc_id: 'a' }, { documentId: 'a' }, { extensions: { clientLibrary: { name: 'a', version: '1' } } }]) {
  test(`what clients send beside the query is no reason to refuse it: ${Object.keys(more)}`, async () => {
    const { response, body } = await send({ ...QUERY, ...more });
    assert.deepEqual([response.status, body.data.__typename], [200, 'Query']);
  });
}

test('one of several operations is chosen by its name', async () => {
  const query = 'query One { one: __typename } query Two { two: __typename }';
  const { body } = await post({ query, operationName: 'Two' });
  assert.deepEqual(body, { data: { two: 'Query' } });
});

test('the introspection of an IDE, with all that it can ask for, is a schema', async () => {
  const all = { specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true };
  const { body } = await post({ query: getIntrospectionQuery(all), operationName: 'IntrospectionQuery' });
  assert.ok(buildClientSchema(body.data).getMutationType()?.getFields().checkoutPlaceOrder);
});

for (const operation of ['query', 'mutation']) {
  test(`@defer on a ${operation} is refused as the directive that it is not`, async () => {
    const { body } = await post({ query: `${operation} { ...A @defer } fragment A on ${operation === 'query' ? 'Query' : 'Mutation'} { __typename }` });
    assert.deepEqual(body.errors.map((/** @type {any} */ { extensions }) => extensions.code), ['BAD_USER_INPUT']);
    assert.match(body.errors[0].message, /defer/);
  });
}

test('a page of another site may send what clients send, and read what they need', async () => {
  const asked = 'authorization,content-type,apollographql-client-name,apollographql-client-version,traceparent,x-correlation-id';
  const preflight = await fetch(URL, {
    method: 'OPTIONS',
    headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST', 'access-control-request-headers': asked },
  });
  assert.ok(preflight.ok);
  const allowed = preflight.headers.get('access-control-allow-headers')?.split(/, */) ?? [];
  assert.deepEqual(asked.split(',').filter((name) => !allowed.includes(name) && !allowed.includes('*')), []);
  const { response } = await send(QUERY, { origin: 'https://shop.example' });
  assert.match(response.headers.get('access-control-allow-origin') ?? '', /^(\*|https:..shop.example)$/);
  assert.match(response.headers.get('access-control-expose-headers') ?? '', /x-correlation-id/);
});

/**
 * @param {object} given
 * @param {Record<string, string>} headers
 */
async function send(given, headers = {}) {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(given) };
  const response = await fetch(URL, init);
  return { response, body: /** @type {any} */ (await response.json()) };
}
