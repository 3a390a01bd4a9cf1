import type { ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../request/context.ts';
import { endWhenSent } from '../../request/response-work.ts';

/** Ends the work on a response when its client has received it. */
export const useResponseWork = (): Plugin<Context> => ({
  onExecute: ({ args }) => ({
    onExecuteDone: () => {
      // There is none where the gateway is called without HTTP.
      const { pace, res } = args.contextValue as Context & { readonly res?: ServerResponse };
      endWhenSent(pace, res);
    },
  }),
});
