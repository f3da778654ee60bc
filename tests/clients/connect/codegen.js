/** @type {import('@graphql-codegen/cli').CodegenConfig} */
export default {
  schema: process.env.ROUTER_URL ?? 'http://127.0.0.1:4000/graphql',
  documents: ['../../router/examples/*.graphql'],
  generates: {
    'build/codegen/': { preset: 'client' },
    'build/codegen/schema.graphql': { plugins: ['schema-ast'] },
  },
  config: {
    strictScalars: true,
    scalars: { CurrencyCode: 'string', Date: 'string', DateTime: 'string', Decimal: 'string' },
  },
};
