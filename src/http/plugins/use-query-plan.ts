import type { Plugin } from 'graphql-yoga';
import { executeOperation } from '../../operation/execute-plan.ts';

/**
 * Executes operations as the fast path does. Yoga's own executor takes any object with a member `then` for a promise,
 * and the caller chooses the names in a response.
 */
export const useQueryPlan = (): Plugin => ({
  onExecute: ({ setExecuteFn }) => setExecuteFn(executeOperation),
});
