// node check/operations.js FILE.graphql...    validates documents, and the variables beside them, against the supergraph

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Kind, parse, Source, validate } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { readApiSchema, SUPERGRAPH } from './api.js';

const schema = readApiSchema(SUPERGRAPH);
const findings = process.argv.slice(2).flatMap(findingsOf);
for (const finding of findings) console.error(finding);
process.exitCode = findings.length > 0 ? 1 : 0;

/** @param {string} file */
function findingsOf(file) {
  try {
    const document = parse(new Source(readFileSync(file, 'utf8'), path.basename(file)));
    const errors = [...validate(schema, document), ...variableErrors(document, readVariables(file))];
    return errors.map((error) => `${file}: ${error.message}`);
  } catch (error) {
    return [`${file}: ${/** @type {Error} */ (error).message}`];
  }
}

/** @param {string} file */
function readVariables(file) {
  const beside = file.replace(/\.graphql$/, '.variables.json');
  return existsSync(beside) ? JSON.parse(readFileSync(beside, 'utf8')) : {};
}

/** @param {import('graphql').DocumentNode} document @param {Record<string, unknown>} variables */
function variableErrors(document, variables) {
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    return getVariableValues(schema, definition.variableDefinitions ?? [], variables).errors ?? [];
  });
}
