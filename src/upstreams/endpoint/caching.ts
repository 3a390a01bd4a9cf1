/** Why the responses of a read are never cached. */
export const uncachedReasons = {
  logIn: 'its response is a token',
  money: 'payments are decided by its response, which must be the present one',
  contact: 'whether a debtor may be contacted again depends on every event in its response',
  links: 'its response contains links that are secrets and expire',
  rows: 'its rows are returned while they arrive, and later pages have a cache of their own',
} as const;

/** Whether the responses of a read may be cached, and otherwise why not. */
export type Caching = 'allowed' | keyof typeof uncachedReasons;

/** Returns why the responses of an operation may not be cached; `null` if they may. */
export const whyUncached = ({
  effect,
  caching,
}: {
  readonly effect: 'read' | 'write';
  readonly caching?: Caching;
}): string | null => {
  if (effect === 'write') return 'it is a write';
  if (caching === 'allowed') return null;
  // A read always declares it: `scollectRead` and `recoveryConnectRead` require that.
  return caching ? uncachedReasons[caching] : 'nothing is known about it';
};
