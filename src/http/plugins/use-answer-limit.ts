import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../request/context.ts';

/** Tells once for each field of an operation, and not at each of thousands of places, that an answer has more fields than it may have. */
export const withoutRepeats = (
  result: ExecutionResult,
  { responseBudget: answer }: Pick<Context, 'responseBudget'>,
): ExecutionResult => {
  if (!answer.isExceeded()) return result;
  const { errors = [], ...rest } = result;
  return { ...rest, errors: [...new Set(errors)] };
};

export const useAnswerLimit = (): Plugin<Context> => ({
  onExecute: ({ args }) => ({
    onExecuteDone: ({ result, setResult }) => {
      if (!(Symbol.asyncIterator in result)) setResult(withoutRepeats(result, args.contextValue));
    },
  }),
});
