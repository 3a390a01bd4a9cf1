import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';

/** Tells once for each field of an operation, and not at each of thousands of places, that an answer has more fields than it may have. */
export const useAnswerLimit = (): Plugin<Context> => ({
  onExecute: ({ args }) => ({
    onExecuteDone: ({ result, setResult }) => {
      if (Symbol.asyncIterator in result || !args.contextValue.answer.isExceeded()) return;
      const { errors = [], ...rest } = result as ExecutionResult;
      setResult({ ...rest, errors: [...new Set(errors)] });
    },
  }),
});
