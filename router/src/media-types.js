/** The two media types of answers, the one that stands for any first. */
const MEDIA_TYPES = /** @type {const} */ (['application/json', 'application/graphql-response+json']);

/** @typedef {typeof MEDIA_TYPES[number]} MediaType */

/** The type for those who accept neither, or were not understood. */
export const DEFAULT_MEDIA_TYPE = MEDIA_TYPES[0];

/**
 * A range of an accept header with its weight, from 0 (not at all) to 1.
 * @typedef {{ range: string, weight: number }} Accepted
 */

/**
 * The media type of the answer that a client likes best; of equals the one that it names first.
 * @param {string | undefined} header
 * @returns {MediaType | undefined} undefined when it accepts neither
 */
export function acceptedMediaType(header) {
  const accepted = readAccepted(header || '*/*');
  const weights = MEDIA_TYPES.map((type) => ({ type, ...weightOf(type, accepted) })).filter(({ weight }) => weight > 0);
  weights.sort((one, other) => other.weight - one.weight || one.place - other.place);
  return weights[0]?.type;
}

/**
 * Whether a page is what the client likes best: browsers name text/html, programs don't.
 * @param {string | undefined} header
 */
export function prefersPage(header = '') {
  const accepted = readAccepted(header);
  const { weight } = weightOf('text/html', accepted.filter(({ range }) => range === 'text/html'));
  return weight > 0 && MEDIA_TYPES.every((type) => weightOf(type, accepted).weight <= weight);
}

/**
 * Reads the header of an accept-... kind. Parameters but the weight don't count: JSON has one character set.
 * @param {string} header
 * @returns {Accepted[]}
 */
export function readAccepted(header) {
  return header.split(',').flatMap((part) => {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    return range === '' ? [] : [{ range, weight: Number(weight) || 0 }];
  });
}

/**
 * @param {string} type
 * @param {readonly Accepted[]} accepted
 * @returns {{ weight: number, place: number }} by the most exact range that takes it in, and where that stands
 */
function weightOf(type, accepted) {
  for (const range of [type, `${type.split('/', 1)[0]}/*`, '*/*']) {
    const place = accepted.findIndex((each) => each.range === range);
    if (place >= 0) return { weight: /** @type {Accepted} */ (accepted[place]).weight, place: range === type ? place : Infinity };
  }
  return { weight: 0, place: Infinity };
}

const PARAMETER = /^[\w!#$&^.+-]+=("[^"\\]*"|[\w!#$&^.+-]+)$/;

/**
 * Whether the content type is application/json and nothing else. A browser sends that to another site only after asking for permission:
 * no form on a foreign page can post here. What merely has the words in it, such as `text/plain; application/json`, it sends at once.
 * @param {readonly string[]} headers all that came
 */
export function isJson(headers) {
  if (headers.length !== 1) return false;
  const [type = '', ...parameters] = /** @type {[string]} */ (headers)[0].split(';').map((text) => text.trim());
  if (type.toLowerCase() !== 'application/json') return false;
  return parameters.every((parameter) => parameter === '' || PARAMETER.test(parameter));
}
