// A small supergraph with all that the great one may get one day: interfaces, unions, keys of several fields, required fields,
// lists of lists. The same data once behind subgraphs and once in one schema, which graphql-js answers: that is what is right.

import { composeServices } from '@theguild/federation-composition';
import { buildSchema, execute, GraphQLError, parse, validate } from 'graphql';

const FEDERATION = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key", "@requires", "@external", "@shareable"])`;

const CATALOGUE = `
type Query { things(first: Int = 2, tag: String): [Thing!]! thing(id: ID!): Thing oldest: Thing! broken: String brokenBox: Box! everything: [Item] }
type Mutation { rename(id: ID!, name: String!): Thing }
interface Named { name: String! }
interface Thing implements Named { id: ID! name: String! label(upper: Boolean = false): String owner: Person }
type Book implements Thing & Named @key(fields: "id") {
  id: ID! name: String! label(upper: Boolean = false): String owner: Person pages: Int size: Int! kind: Kind matrix: [[Int]!] }
type Box implements Thing & Named @key(fields: "id") {
  id: ID! name: String! label(upper: Boolean = false): String owner: Person size: String contents: [Thing!] fragile: Boolean! }
type Person implements Named @key(fields: "id") { id: ID! name: String! things: [Thing!]! }
union Item = Book | Box | Person
enum Kind { NOVEL ATLAS }
`;
const STOCK = `
type Query { crowded: [Shelf!]! }
type Book @key(fields: "id") { id: ID! size: Int! @external stock: Int! room: Int @requires(fields: "size") shelf: Shelf faulty: Int strict: Int! }
type Box @key(fields: "id") { id: ID! stock: Int! shelf: Shelf }
type Shelf @key(fields: "aisle number") { aisle: String! number: Int! height: Int things: [Placed!]! }
union Placed = Book | Box
type Person @key(fields: "id") { id: ID! score(of: Int = 1): Int friends: [Person!] }
`;
const MONOLITH = `
type Query { things(first: Int = 2, tag: String): [Thing!]! thing(id: ID!): Thing oldest: Thing! broken: String brokenBox: Box! everything: [Item] crowded: [Shelf!]! }
type Mutation { rename(id: ID!, name: String!): Thing }
interface Named { name: String! }
interface Thing implements Named { id: ID! name: String! label(upper: Boolean = false): String owner: Person }
type Book implements Thing & Named { id: ID! name: String! label(upper: Boolean = false): String owner: Person pages: Int size: Int! kind: Kind
  matrix: [[Int]!] stock: Int! room: Int shelf: Shelf faulty: Int strict: Int! }
type Box implements Thing & Named { id: ID! name: String! label(upper: Boolean = false): String owner: Person size: String contents: [Thing!]
  fragile: Boolean! stock: Int! shelf: Shelf }
type Person implements Named { id: ID! name: String! things: [Thing!]! score(of: Int = 1): Int friends: [Person!] }
union Item = Book | Box | Person
union Placed = Book | Box
enum Kind { NOVEL ATLAS }
type Shelf { aisle: String! number: Int! height: Int things: [Placed!]! }
`;

const books = [1, 2, 3].map((n) => ({
  __typename: 'Book', id: `b${n}`, name: `Book ${n}`, pages: n === 2 ? null : n * 100, size: n, kind: n === 1 ? 'NOVEL' : 'ATLAS',
  matrix: n === 3 ? null : [[n, null], []], stock: n, room: n * 10, ...labelled(`Book ${n}`),
  faulty: () => fail('faulty'), strict: () => (n === 2 ? fail('strict') : n),
}));
const boxes = [1, 2].map((n) => ({
  __typename: 'Box', id: `x${n}`, name: `Box ${n}`, size: `${n} m`, fragile: n === 1, stock: n * 5, ...labelled(`Box ${n}`),
}));
const people = [1, 2].map((n) => ({ __typename: 'Person', id: `p${n}`, name: `Person ${n}`, score: (/** @type {any} */ { of }) => n * of }));
const shelves = [1, 2].map((n) => ({ __typename: 'Shelf', aisle: 'A', number: n, height: n === 2 ? null : 3 }));
const things = [...books, ...boxes];

/** @param {string} reason @returns {never} */
function fail(reason) {
  throw new Error(reason);
}
/** @param {string} name */
function labelled(name) {
  return { label: (/** @type {any} */ { upper }) => (upper ? name.toUpperCase() : name) };
}
/** @param {any[]} objects @param {Record<string, any>} more */
function also(objects, more) {
  for (const object of objects) Object.assign(object, Object.fromEntries(Object.entries(more).map(([key, of]) => [key, of(object)])));
}
const owned = { b1: people[0], b3: people[1], x1: people[0] };
also(things, {
  owner: (/** @type {any} */ { id }) => /** @type {any} */ (owned)[id] ?? null,
  shelf: (/** @type {any} */ { id }) => (id === 'b2' ? null : shelves[id.charCodeAt(1) % 2]),
});
also(boxes, { contents: (/** @type {any} */ { id }) => (id === 'x1' ? [books[0], boxes[1]] : null) });
also(people, {
  things: (/** @type {any} */ person) => things.filter(({ id }) => /** @type {any} */ (owned)[id] === person),
  friends: (/** @type {any} */ { id }) => people.filter((other) => other.id !== id),
});
also(shelves, { things: (/** @type {any} */ shelf) => things.filter((/** @type {any} */ thing) => thing.shelf === shelf) });

const roots = {
  things: (/** @type {any} */ { first, tag }) => things.slice(0, first).map((thing) => (tag ? { ...thing, name: `${thing.name} ${tag}` } : thing)),
  thing: (/** @type {any} */ { id }) => things.find((each) => each.id === id) ?? null,
  oldest: () => books[1],
  broken: () => fail('broken'),
  brokenBox: () => fail('broken box'),
  everything: () => [...things, null, ...people],
  crowded: () => shelves,
  rename: (/** @type {any} */ { id, name }) => ({ .../** @type {any} */ (things.find((each) => each.id === id)), name }),
};

export const monolith = buildSchema(MONOLITH);
const subgraphs = { CATALOGUE: subgraph(CATALOGUE), STOCK: subgraph(STOCK) };

/** @param {string} sdl */
function subgraph(sdl) {
  const entities = [...sdl.matchAll(/type (\w+)[^{]*@key/g)].map(([, name]) => name);
  const plain = sdl.replace(/ @(key|requires)\([^)]*\)/g, '').replace(/ @(external|shareable)/g, '');
  return buildSchema(`${plain} scalar _Any union _Entity = ${entities.join(' | ')} extend type Query { _entities(representations: [_Any!]!): [_Entity]! }`);
}

/** @param {{ representations: any[] }} given */
function entitiesOf({ representations }) {
  return representations.map((wanted) => {
    const known = [...things, ...people, ...shelves].find((/** @type {any} */ each) => isMeant(each, wanted));
    if (known && 'room' in known) return { ...known, room: wanted.size === undefined ? null : wanted.size * 10 };
    return known ?? null;
  });
}

/** @param {any} object @param {any} wanted */
function isMeant(object, wanted) {
  const keys = wanted.__typename === 'Shelf' ? ['__typename', 'aisle', 'number'] : ['__typename', 'id'];
  return keys.every((key) => object[key] === wanted[key]);
}

export const supergraph = compose();

function compose() {
  const services = Object.entries({ CATALOGUE, STOCK }).map(([name, sdl]) => ({
    name: name.toLowerCase(), url: `http://${name}`, typeDefs: parse(`${FEDERATION}\n${sdl}`),
  }));
  const composed = composeServices(services);
  if (!composed.supergraphSdl) throw new Error(String(composed.errors));
  return composed.supergraphSdl;
}

/** What a subgraph answers. @param {string} name @param {{ document: import('graphql').DocumentNode, variables?: any }} request */
export function askSubgraph(name, { document, variables }) {
  const schema = subgraphs[/** @type {keyof typeof subgraphs} */ (name.toUpperCase())];
  const mistakes = validate(schema, document);
  if (mistakes.length > 0) return { errors: mistakes };
  const answer = execute({ schema, document, variableValues: variables, rootValue: { ...roots, _entities: entitiesOf } });
  return JSON.parse(JSON.stringify(answer), (key, value) => (key === 'errors' ? value.map((/** @type {any} */ error) => new GraphQLError(error.message, { path: error.path, extensions: { code: 'INTERNAL' } })) : value));
}

/** What is right. @param {import('graphql').DocumentNode} document @param {any} variables @param {string} [operationName] */
export function askMonolith(document, variables, operationName) {
  return execute({ schema: monolith, document, variableValues: variables, rootValue: roots, operationName });
}
