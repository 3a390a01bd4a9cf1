import type { CombinedError } from '@urql/core';
import { createStore } from '../ui/store.ts';
import { isSessionRejected } from './problems.ts';

/** The agent's session, as far as the page can know it: by the responses to its requests. */
export interface Session {
  readonly hasEnded: boolean;
  /** The number of times that it was continued: panels read again what they could not. */
  readonly renewals: number;
}

export const session = createStore<Session>({ hasEnded: false, renewals: 0 });

/** Continues after the agent has signed in again, in another tab. */
export const continueSession = (): void =>
  session.set({ hasEnded: false, renewals: session.get().renewals + 1 });

/**
 * Follows one request, from before it is sent: pass its error, if any, to the returned function. A rejection ends the
 * session. A response to a request that was sent after the end shows that the agent has signed in again. The response
 * to a request that was sent before the last renewal says nothing.
 */
export const followRequest = (): ((error: CombinedError | undefined) => void) => {
  const { hasEnded, renewals } = session.get();
  return (error) => {
    if (session.get().renewals !== renewals) return;
    if (isSessionRejected(error)) {
      if (!session.get().hasEnded) session.set({ hasEnded: true, renewals });
    } else if (hasEnded && error?.networkError === undefined) continueSession();
  };
};
