import { readdirSync, readFileSync } from 'node:fs';

const EXAMPLES = new URL('../examples/', import.meta.url);
const LOGO =
  '<svg width="28" height="28" viewBox="0 0 28 28" fill="none" stroke="#d60690" stroke-width="2.4" stroke-linejoin="round">' +
  '<path d="M3 11h22l-3 13H6z"/><path d="M8 11l4-8M20 11l-4-8M11 15v5M17 15v5"/></svg>';

/**
 * The page that browsers get on /graphql, with an example a tab. It is bundled: nothing is loaded from elsewhere.
 * The first example has no variables: GraphiQL shows those of a tab only once the tab is chosen.
 * @returns {import('graphql-yoga').GraphiQLOptions}
 */
export function graphiqlOptions() {
  return {
    title: 'Mercato',
    logo: LOGO,
    defaultTabs: readExamples(),
    defaultQuery: '# Ctrl-Space completes, Ctrl-Enter sends.\n',
    defaultEditorToolsVisibility: 'variables',
    shouldPersistHeaders: true,
    credentials: 'same-origin',
  };
}

/** @type {Promise<Uint8Array<ArrayBuffer>> | undefined} */
let page;

/**
 * Renders the page, once: it is 9 MB, and so is what it is made from, which is loaded when first somebody asks for it.
 * @param {import('graphql-yoga').GraphiQLOptions | undefined} options
 */
export function renderGraphiql(options) {
  page ??= import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) => {
    return Buffer.from(renderGraphiQL(/** @type {any} */ (options)));
  });
  return page;
}

/** The examples in the order of their file names; variables and headers stand beside a document under its name. */
function readExamples() {
  const files = readdirSync(EXAMPLES).sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  return files
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => ({
      query: readExample(file),
      variables: readBeside(files, file, '.variables.json'),
      headers: readBeside(files, file, '.headers.json'),
    }));
}

/** @param {string} file */
function readExample(file) {
  return readFileSync(new URL(file, EXAMPLES), 'utf8');
}

/**
 * @param {string[]} files
 * @param {string} document
 * @param {string} extension
 */
function readBeside(files, document, extension) {
  const file = document.replace(/\.graphql$/, extension);
  return files.includes(file) ? readExample(file) : null;
}
