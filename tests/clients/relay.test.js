import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import { buildClientSchema, getIntrospectionQuery, printSchema } from 'graphql';
import relay from 'relay-runtime';
import { connectRelay } from './connect/relay.js';
import { Session } from './connect/session.js';
import { NO_SUCH_ID, post, recorded, registerWithEndedToken, URL } from './shop.js';

const { commitMutation, createOperationDescriptor, fetchQuery, getPaginationMetadata, getPaginationVariables, getRequest } = relay;
const { getSingularSelector } = relay;

const FOLDER = new globalThis.URL('.', import.meta.url).pathname;
const ARTIFACTS = `${FOLDER}build/relay`;
const variables = { count: 5, cursor: null, sort: 'TITLE' };

/** @param {string} name @returns {any} */
const artifact = (name) => createRequire(import.meta.url)(`${ARTIFACTS}/${name}.graphql.js`);

const anonymous = () => connectRelay(URL, new Session(URL));

before(async () => {
  mkdirSync(ARTIFACTS, { recursive: true });
  writeFileSync(`${ARTIFACTS}/package.json`, '{"type": "commonjs"}');
  const { body } = await post({ query: getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true }) });
  writeFileSync(`${FOLDER}build/schema.graphql`, printSchema(buildClientSchema(body.data)));
  execFileSync('node', ['node_modules/relay-compiler/cli.js', 'relay.config.json'], { cwd: FOLDER, stdio: 'pipe' });
});

/**
 * @param {relay.Environment} environment
 * @param {string} name
 * @param {Record<string, unknown>} given
 * @returns {Promise<any>}
 */
const ask = (environment, name, given = {}) => fetchQuery(environment, artifact(name), given).toPromise();

/**
 * @param {relay.Environment} environment
 * @param {string} name
 * @param {Record<string, unknown>} given
 * @returns {Promise<any>}
 */
const change = (environment, name, given = {}) =>
  new Promise((onCompleted, onError) => {
    commitMutation(environment, { mutation: artifact(name), variables: given, onCompleted, onError });
  });

/**
 * What a component with usePaginationFragment sees.
 * @param {relay.Environment} environment
 */
function listing(environment) {
  const operation = createOperationDescriptor(getRequest(artifact('catalogueListingQuery')), variables);
  const selector = getSingularSelector(artifact('catalogueListing_query'), environment.lookup(operation.fragment).data);
  return /** @type {any} */ (environment.lookup(/** @type {relay.SingularReaderSelector} */ (selector)).data).products;
}

test('a query with variables is answered, and a fragment reads it from the store', async () => {
  const environment = anonymous();
  await ask(environment, 'catalogueListingQuery', variables);
  const { edges } = listing(environment);
  assert.equal(edges.length, 5);
  assert.match(edges[0].node.defaultVariant.price.amount, /^\d+\.\d\d$/);
  assert.equal(environment.getStore().getSource().get(edges[0].node.id)?.__typename, 'Product');
});

test('the next page is joined to the connection', async () => {
  const environment = anonymous();
  await ask(environment, 'catalogueListingQuery', variables);
  const { pageInfo } = listing(environment);
  const { paginationRequest, paginationMetadata } = getPaginationMetadata(artifact('catalogueListing_query'), 'listing');
  const next = getPaginationVariables('forward', 5, pageInfo.endCursor, variables, {}, paginationMetadata);
  await fetchQuery(environment, paginationRequest, next).toPromise();
  const { edges, pageInfo: later } = listing(environment);
  assert.equal(new Set(edges.map((/** @type {any} */ { node }) => node.id)).size, 10);
  assert.notEqual(later.endCursor, pageInfo.endCursor);
  assert.equal(later.hasNextPage, true);
});

test('what a mutation answers reaches the record that others read', async () => {
  const environment = anonymous();
  const { cartCreate } = await change(environment, 'catalogueCreateCartMutation');
  const { id } = cartCreate.cart;
  await ask(environment, 'catalogueListingQuery', variables);
  const variantId = listing(environment).edges[0].node.defaultVariant.id;
  await change(environment, 'catalogueAddLinesMutation', { input: { cartId: id, lines: [{ variantId, quantity: 3 }] } });
  assert.equal(environment.getStore().getSource().get(id)?.totalQuantity, 3);
});

test('what the caller of a mutation can mend is in its payload, and is no error of Relay', async () => {
  const input = { cartId: NO_SUCH_ID, lines: [{ variantId: NO_SUCH_ID, quantity: 1 }] };
  const { cartAddLines } = await change(anonymous(), 'catalogueAddLinesMutation', { input });
  assert.equal(cartAddLines.cart, null);
  assert.deepEqual(cartAddLines.errors.map((/** @type {any} */ { code }) => code), ['CART_NOT_FOUND']);
});

test('without a token @catch holds the error of its field, and the rest of the answer stands', async () => {
  const { me, categories } = await ask(anonymous(), 'catalogueMeQuery');
  assert.equal(me.ok, false);
  assert.deepEqual(me.errors.map((/** @type {any} */ { extensions }) => extensions.code), ['UNAUTHENTICATED']);
  assert.ok(categories.length > 0);
});

test('an access token that has ended is renewed on a 401', async () => {
  const session = await registerWithEndedToken();
  const { me } = await ask(connectRelay(URL, session), 'catalogueMeQuery');
  assert.match(me.value.email, /@example\.com$/);
});

test('a bad token that nobody renews is an error of the operation with its code', async () => {
  const session = { tokens: null, headers: { authorization: 'Bearer not.a.token' } };
  const refused = await ask(connectRelay(URL, /** @type {any} */ (session)), 'catalogueMeQuery').catch((reason) => reason);
  assert.deepEqual(refused.source.errors.map((/** @type {any} */ { extensions }) => extensions.code), ['UNAUTHENTICATED']);
});

test('a request that was given up is answered to nobody, and asking again works', async () => {
  const environment = anonymous();
  fetchQuery(environment, artifact('catalogueListingQuery'), variables)
    .subscribe({ next: () => assert.fail('it was answered') })
    .unsubscribe();
  const { requests } = await recorded(() => ask(environment, 'catalogueListingQuery', variables));
  assert.equal(requests.length, 1);
  assert.equal(listing(environment).edges.length, 5);
});
