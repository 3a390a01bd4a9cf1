import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../request/context.ts';

/**
 * Tells who asked what its query cost, as `extensions.upstream`.
 *
 * It lists every exchange with an upstream and every one that was joined, but no log-ins: they serve all requests.
 */
export const useUpstreamTrace = (): Plugin<Context> => ({
  onExecute: ({ args }) => ({
    onExecuteDone: ({ result, setResult }) => {
      const { trace } = args.contextValue;
      if (!trace || Symbol.asyncIterator in result) return;
      const { extensions, ...rest } = result as ExecutionResult;
      setResult({ ...rest, extensions: { ...extensions, upstream: trace.calls() } });
    },
  }),
});
