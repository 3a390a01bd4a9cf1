import { readFileSync, writeFileSync } from 'node:fs';
import { minifyIntrospectionQuery } from '@urql/introspection';
import { buildSchema, introspectionFromSchema } from 'graphql';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const minified = minifyIntrospectionQuery(introspectionFromSchema(schema));
writeFileSync('generated/introspection.json', JSON.stringify(minified));
