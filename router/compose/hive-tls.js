// npm run hive-tls               writes router.tls.config.yaml: router.config.yaml with hive-tls.overlay.yaml
// npm run hive-tls -- --check    fails when the file is not what would be written
//
// Hive Router's configuration has no conditions, and its image no shell that could merge files at the start.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { dump, load } from 'js-yaml';

const HEADER = '# Written by `npm run hive-tls` from router.config.yaml and hive-tls.overlay.yaml; change those. ROUTER_CONFIG_FILE_PATH names it.\n\n';
const OUT = file('router.tls.config.yaml');

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const text = HEADER + dump(merge(read('router.config.yaml'), read('hive-tls.overlay.yaml')), { lineWidth: -1 });
process.exitCode = options.check ? check() : write();

function check() {
  if (existsSync(OUT) && readFileSync(OUT, 'utf8') === text) return 0;
  console.error('router.tls.config.yaml is stale: run `npm run hive-tls` in router/ and commit the result.');
  return 1;
}

function write() {
  writeFileSync(OUT, text);
  return 0;
}

/** @param {string} name */
function file(name) {
  return new URL(`../${name}`, import.meta.url);
}

/** @param {string} name */
function read(name) {
  return load(readFileSync(file(name), 'utf8'));
}

/**
 * Mappings become one, all else is replaced.
 * @param {any} base
 * @param {any} overlay
 * @returns {any}
 */
function merge(base, overlay) {
  if (!isMapping(base) || !isMapping(overlay)) return overlay;
  return { ...base, ...Object.fromEntries(Object.entries(overlay).map(([key, value]) => [key, merge(base[key], value)])) };
}

/** @param {any} value */
function isMapping(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
