import type { GraphQLFieldResolver } from 'graphql';
import type { FieldCost } from '../../operation/cost/field-cost.ts';
import type { Context } from '../../request/context.ts';
import { badInput } from '../kit/input-error.ts';
import { findByKey, findingCost } from '../kit/node.ts';
import { readRepresentation } from './representations.ts';

/** As many as a router sends for a long list of another subgraph. */
export const maxRepresentations = 1000;

type Representations = Readonly<Record<string, unknown>>;

const listIn = ({ representations }: Representations): readonly unknown[] =>
  Array.isArray(representations) ? representations : [];

/** What the entities cost. More than the maximum are rejected before any call, and cost nothing. */
export const entitiesCost: FieldCost = findingCost((args) => {
  const all = listIn(args);
  if (all.length > maxRepresentations) return [];
  return all.flatMap((one) => {
    const read = readRepresentation(one, '');
    return 'key' in read ? [read] : [];
  });
});

/**
 * Finds the entities of a router, as `node` finds objects: in the order of their representations, all at one moment, so
 * that they share batches. One that is missing, forbidden or invalid is null at its place.
 */
export const resolveEntities: GraphQLFieldResolver<unknown, Context> = (_, args, context, info) => {
  const all = listIn(args);
  if (all.length > maxRepresentations) {
    throw badInput('representations', `at most ${maxRepresentations} of them`);
  }
  return all.map(async (one, index) => {
    // Invalid ones cost no call, but each may be an error in the response.
    const excess = context.responseBudget.take(info);
    if (excess) throw excess;
    const read = readRepresentation(one, `representations.${index}`);
    if ('expected' in read) throw badInput(read.argument, read.expected);
    return findByKey(read, read.argument, context, info);
  });
};
