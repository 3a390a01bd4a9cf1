import { writeFileSync } from 'node:fs';
import { printSchema } from 'graphql';
import { subgraphSdl } from './federation/subgraph.ts';
import { schema } from './schema.ts';

/** The schema as the text that is committed as `schema.graphql`. */
writeFileSync('schema.graphql', `${printSchema(schema)}\n`);

/** The schema of the subgraph of a federation. */
writeFileSync('subgraph.graphql', subgraphSdl);
