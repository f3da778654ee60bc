import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverAudits } from 'graphql-http';
import { URL } from './shop.js';

// Each of https://graphql.github.io/graphql-over-http that graphql-http audits: what servers MUST, SHOULD and MAY do.
for (const { id, name, fn } of serverAudits({ url: URL })) {
  test(`${id} ${name}`, async () => {
    const result = await fn();
    assert.equal(result.status, 'ok', result.status === 'ok' ? undefined : result.reason);
  });
}
