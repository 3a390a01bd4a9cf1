import { type DefaultConnectionArguments, resolveArrayConnection } from '@pothos/plugin-relay';
import { pageSize } from '../builder.ts';
import { badInput } from './input-error.ts';

const checkSize = (size: number | null | undefined, argument: string): void => {
  if (size == null || (size >= 0 && size <= pageSize.max)) return;
  throw badInput(argument, `a number from 0 to ${pageSize.max}`);
};

const checkCursor = (cursor: string | null | undefined, argument: string): void => {
  if (cursor == null || /^OffsetConnection:\d{1,9}$/.test(Buffer.from(cursor, 'base64').toString())) return;
  throw badInput(argument, 'a cursor that came with an earlier page');
};

/**
 * Gives one page of a list that is there as a whole.
 *
 * @throws {GraphQLError} with the code BAD_USER_INPUT for arguments out of range.
 */
export const pageOf = <Item>(items: readonly Item[], args: DefaultConnectionArguments) => {
  checkSize(args.first, 'first');
  checkSize(args.last, 'last');
  checkCursor(args.after, 'after');
  checkCursor(args.before, 'before');
  const page = resolveArrayConnection({ args, defaultSize: pageSize.default, maxSize: pageSize.max }, items);
  const isEmpty = page.edges.length === 0;
  return isEmpty ? { ...page, pageInfo: { ...page.pageInfo, startCursor: null, endCursor: null } } : page;
};
