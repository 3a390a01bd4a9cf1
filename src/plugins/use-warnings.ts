import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';

/** Hands the upstreams' warnings on, as `extensions.warnings`. */
export const useWarnings = (): Plugin<Context> => ({
  onExecute: ({ args }) => ({
    onExecuteDone: ({ result, setResult }) => {
      const { warnings } = args.contextValue;
      if (warnings.length === 0 || Symbol.asyncIterator in result) return;
      const { extensions, ...rest } = result as ExecutionResult;
      setResult({ ...rest, extensions: { ...extensions, warnings } });
    },
  }),
});
