import { printSubgraphSchema } from '@apollo/subgraph';
import { getTypeBrand } from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isObjectType,
  isUnionType,
  parse,
  print,
  visit,
} from 'graphql';
import { costing } from '../../operation/cost/field-cost.ts';
import { isDelivery } from '../../operation/incremental-directives.ts';
import type { Context } from '../../request/context.ts';
import { description } from '../description.ts';
import { builder } from '../kit/builder.ts';
import { directives } from '../kit/directives.ts';
import { findableTypes } from '../kit/node.ts';
import { noteRecords } from '../kit/record-notes.ts';
import { boundAnswers } from '../kit/response-size.ts';
import '../schema.ts';
import { entitiesCost, resolveEntities } from './entities.ts';

// Only a gateway with FEDERATION, and `npm run schema`, load this module and the packages that it imports.

/** The oldest version with all directives that are used here. Every router of federation 2 knows it. */
const linkUrl = 'https://specs.apollo.dev/federation/v2.0';

/**
 * The fields that are left out of the SDL: a router would send ids of any type to any subgraph that has them, and each
 * subgraph knows its own types only. Requests to the gateway itself can use them.
 */
const notFederated: ReadonlySet<string> = new Set(['node', 'nodes']);

const buildSubgraph = (): GraphQLSchema => {
  const { options } = builder;
  // The schema without a federation has been built: it has no directives.
  options.plugins = [...(options.plugins ?? []), DirectivesPlugin, FederationPlugin];
  for (const [typeName, { keyField }] of findableTypes) {
    const names = [...(keyField ? [keyField.name] : []), 'id'];
    const key = names.map((name) => builder.selection<object>(name as never));
    // Entities are found by `resolveEntities`, which checks their representations.
    builder.asEntity(typeName as never, { key, resolveReference: () => null } as never);
  }
  return builder.toSubGraphSchema({
    linkUrl,
    federationDirectives: ['@key', '@shareable'],
    directives,
  });
};

const withoutUnfederated = (sdl: string): string =>
  print(
    visit(parse(sdl), {
      // Routers have directives of their own for it.
      DirectiveDefinition: (definition) => (isDelivery(definition) ? null : undefined),
      ObjectTypeDefinition: (type) => {
        if (type.name.value !== 'Query') return false;
        const fields = type.fields?.filter(({ name }) => !notFederated.has(name.value)) ?? [];
        return { ...type, fields };
      },
    }),
  );

const built = buildSubgraph();

/** The schema of the subgraph for composition; committed as `subgraph.graphql`. */
export const subgraphSdl = `${withoutUnfederated(printSubgraphSchema(built))}\n`;

const typeIn = <Type extends GraphQLNamedType>(
  name: string,
  isWanted: (type: unknown) => type is Type,
): Type => {
  const type = built.getType(name);
  if (!isWanted(type)) throw new Error(`Expected the type ${name}.`);
  return type;
};

const fieldIn = (typeName: string, name: string): GraphQLField<unknown, Context> => {
  const field = typeIn(typeName, isObjectType).getFields()[name];
  if (!field) throw new Error(`Expected the field ${typeName}.${name}.`);
  return field;
};

/** The SDL is as long as so many fields: a document could repeat it hundreds of times. */
const fieldsOfSdl = Math.ceil(subgraphSdl.length / 20);

const useOwnResolvers = (): void => {
  const entities = fieldIn('Query', '_entities');
  entities.resolve = resolveEntities;
  entities.extensions = costing(entitiesCost);
  typeIn('_Entity', isUnionType).resolveType = (found) => getTypeBrand(found) as string;
  fieldIn('Query', '_service').resolve = () => ({});
  fieldIn('_Service', 'sdl').resolve = (_, __, { responseBudget }, info) => {
    for (let field = 1; field < fieldsOfSdl; field += 1) {
      const excess = responseBudget.take(info);
      if (excess) throw excess;
    }
    return subgraphSdl;
  };
};

built.description = description;
useOwnResolvers();

/** The schema with `_service` and `_entities`. */
export const subgraph: GraphQLSchema = boundAnswers(noteRecords(built));
