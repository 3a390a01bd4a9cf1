import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../request/context.ts';

/** Hands the upstreams' warnings on, as `extensions.warnings`. */
export const withWarnings = (
  result: ExecutionResult,
  { warnings }: Pick<Context, 'warnings'>,
): ExecutionResult => {
  if (warnings.length === 0) return result;
  const { extensions, ...rest } = result;
  return { ...rest, extensions: { ...extensions, warnings } };
};

export const useWarnings = (): Plugin<Context> => ({
  onExecute: ({ args }) => ({
    onExecuteDone: ({ result, setResult }) => {
      if (!(Symbol.asyncIterator in result)) setResult(withWarnings(result, args.contextValue));
    },
  }),
});
