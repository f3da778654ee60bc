// Imported first: graphql-js and others look at this once, when they are loaded, and check every value twice without it.
process.env['NODE_ENV'] ??= 'production';
