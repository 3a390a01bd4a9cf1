import { type GraphQLSchema, isEnumType } from 'graphql';
import { errorCodes } from '../lib/error-codes.ts';
import { code, table } from './markdown.ts';

/** Codes of entries in `errors`. */
export const errorCodesTable = (): string =>
  table(
    ['code', 'HTTP status', '`retryable`', 'meaning'],
    Object.entries(errorCodes).map(([name, { status = '–', retryable = '–', meaning }]) => [
      code(name),
      status,
      retryable,
      meaning,
    ]),
  );

/** Codes of mutation results, from the schema's enum. */
export const mutationCodesTable = (schema: GraphQLSchema): string => {
  const type = schema.getType('ErrorCode');
  if (!isEnumType(type)) throw new Error('ErrorCode: expected an enum in the schema');
  return table(
    ['code', 'meaning'],
    type.getValues().map(({ name, description }) => [code(name), description ?? '']),
  );
};
