import { LRUCache } from 'lru-cache';
import { innerSelection } from './shape.js';

/**
 * A form of an operation: for callers who may see the same, with one outcome of its conditions.
 * @typedef {{ selection: import('./shape.js').Selection, plain: import('./plain.js').Plain, introspection: import('graphql').DocumentNode | undefined }} Form
 * @typedef {{ form: Form, place: number }} Kept
 */

/** What all forms together may take of memory, about. */
const REMEMBERED_BYTES = 40 * 1024 * 1024;

/** What a form takes, and each field of it, fragments as often as they are used: measured. */
const BYTES_A_FORM = 2_000;
const BYTES_A_FIELD = 300;

/**
 * Remembers the forms of documents as long as the documents are, and as long as there is room: a small document may have many large
 * forms. Those that were not used for longest go first.
 * @param {number} [most] bytes
 */
export function createForms(most = REMEMBERED_BYTES) {
  const formsOf = /** @type {WeakMap<import('graphql').DocumentNode, Map<string, Kept>>} */ (new WeakMap());
  // Holds no form itself, so that nothing of a document outlives it.
  const places = /** @type {LRUCache<number, { forms: WeakRef<Map<string, Kept>>, key: string }>} */ (new LRUCache({
    maxSize: most,
    dispose: ({ forms, key }) => forms.deref()?.delete(key),
  }));
  let kept = 0;
  return {
    /** @param {import('graphql').DocumentNode} document @param {string} key @returns {Form | undefined} */
    get(document, key) {
      const known = formsOf.get(document)?.get(key);
      if (known) places.get(known.place); // It was used.
      return known?.form;
    },
    /** @param {import('graphql').DocumentNode} document @param {string} key @param {Form} form */
    set(document, key, form) {
      const forms = formsOf.get(document) ?? new Map();
      formsOf.set(document, forms);
      const place = (kept += 1);
      forms.set(key, { form, place });
      places.set(place, { forms: new WeakRef(forms), key }, { size: sizeOf(form) });
      if (!places.has(place)) forms.delete(key); // It is larger than all may be.
    },
  };
}

/** @param {Form} form */
function sizeOf({ selection, plain }) {
  return BYTES_A_FORM + plain.text.length + BYTES_A_FIELD * fieldsIn(selection);
}

/** @param {import('./shape.js').Selection} selection @returns {number} */
function fieldsIn({ fields }) {
  let count = 0;
  for (const each of fields.values()) {
    for (const { value } of each) {
      const inner = innerSelection(value);
      count += 1 + (inner ? fieldsIn(inner) : 0);
    }
  }
  return count;
}
