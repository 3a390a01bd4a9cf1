import { defaultFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import type { Context } from '../../request/context.ts';

/**
 * Makes every field count before it is resolved. Objects that refer to each other, such as accounts and their phones,
 * multiply with every level without further calls; a response of millions of fields would block the process.
 *
 * Mutations themselves are never rejected, and each keeps a share of the limit: its result must be returned.
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
