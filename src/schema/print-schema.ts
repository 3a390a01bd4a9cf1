import { writeFileSync } from 'node:fs';
import { printSchema } from 'graphql';
import { schema } from './schema.ts';

/** The schema as the text that is committed as `schema.graphql`. */
writeFileSync('schema.graphql', `${printSchema(schema)}\n`);
