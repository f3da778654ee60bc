import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { generate } from '@graphql-codegen/cli';
import { buildSchema, isSpecifiedDirective, isSpecifiedScalarType } from 'graphql';
import config from './connect/codegen.js';

const FOLDER = new URL('.', import.meta.url).pathname;
const TYPESCRIPT = new URL('../../router/node_modules/.bin/tsc', import.meta.url).pathname;

before(() => generate({ ...config, cwd: FOLDER, silent: true }, true));

const schema = () => buildSchema(readFileSync(`${FOLDER}build/codegen/schema.graphql`, 'utf8'));

test('introspection shows no scalar but those that clients are told of', () => {
  const types = Object.values(schema().getTypeMap());
  const scalars = types.filter((type) => type.astNode?.kind === 'ScalarTypeDefinition' && !isSpecifiedScalarType(type));
  assert.deepEqual(scalars.map(({ name }) => name).sort(), Object.keys(config.config?.scalars).sort());
});

test('introspection shows nothing of how the supergraph is composed', () => {
  const inner = /^(_|link__|join__|core__|federation__)|__/;
  const types = Object.keys(schema().getTypeMap()).filter((name) => !name.startsWith('__'));
  assert.deepEqual(types.filter((name) => inner.test(name)), []);
  assert.deepEqual(schema().getDirectives().filter((directive) => !isSpecifiedDirective(directive)), []);
  assert.deepEqual(Object.keys(schema().getQueryType()?.getFields() ?? {}).filter((name) => name.startsWith('_')), []);
});

test('the types of all examples are written, and TypeScript believes them', () => {
  const written = readFileSync(`${FOLDER}build/codegen/graphql.ts`, 'utf8');
  assert.match(written, /export type BrowseProductsQuery = /);
  const strict = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler', '--types', '', '--ignoreConfig'];
  execFileSync(TYPESCRIPT, [...strict, 'build/codegen/graphql.ts', 'build/codegen/gql.ts'], { cwd: FOLDER, stdio: 'pipe' });
});
