import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../request/context.ts';

/**
 * Ends a request's life when it is answered, or when its client leaves.
 *
 * Who leaves a mutation does not stop it: what it reads tells what has become of its writes.
 */
export const useRequestLife = (): Plugin<Context> => ({
  onExecute: ({ args }) => {
    const { life, request } = args.contextValue;
    const leave = (): void => life.leave();
    const canBeLeft = getOperationAST(args.document, args.operationName)?.operation === 'query';
    if (canBeLeft && request.signal.aborted) leave();
    if (canBeLeft) request.signal.addEventListener('abort', leave, { once: true });
    return {
      onExecuteDone: () => {
        request.signal.removeEventListener('abort', leave);
        life.end();
      },
    };
  },
  // The schema has none: whoever asks for one is told so, and has no execution whose end would be heard of.
  onSubscribe: ({ args }) => args.contextValue.life.end(),
});
