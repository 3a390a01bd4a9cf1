import type { Sandbox } from '../sandbox/sandbox.ts';

/** What a gateway needs to know of a sandbox that another process runs. */
export type SharedSandbox = Pick<Sandbox, 'scollect' | 'recoveryConnect'>;

/** Starts the sandbox that replaces the upstreams. */
export const startOwnSandbox = async (): Promise<Sandbox> => {
  const { startSandbox } = await import('../sandbox/sandbox.ts');
  return startSandbox();
};
