import { defaultFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import type { Context } from '../../request/context.ts';

/**
 * Makes every field count before it is resolved: things that lead to each other, as accounts to their phones and back,
 * multiply with every level at no cost of calls, and an answer of millions would stop the process for all.
 *
 * Mutations themselves are never too many, and those before them leave each of them room: what it did must be told.
 */
export const boundAnswers = (schema: GraphQLSchema): GraphQLSchema => {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const isMutation = type === schema.getMutationType();
    for (const field of Object.values(type.getFields())) {
      const { resolve = defaultFieldResolver } = field;
      field.resolve = (parent, args, context: Context, info) => {
        if (isMutation) context.responseBudget.reserve();
        const excess = isMutation ? undefined : context.responseBudget.take(info);
        if (excess) throw excess;
        return resolve(parent, args, context, info) as unknown;
      };
    }
  }
  return schema;
};
