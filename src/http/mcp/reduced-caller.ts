import type { Caller } from '../../operation/caller.ts';

/** The same object for each request of a caller: what is cached for it is found by that. */
const reduced = new WeakMap<Caller, Caller>();

/** Returns a caller without the scope `pii:read`: what a model has read may be anywhere. */
export const withoutPersonalData = (caller: Caller): Caller => {
  if (!caller.scopes.has('pii:read')) return caller;
  const known = reduced.get(caller);
  if (known) return known;
  const scopes = new Set([...caller.scopes].filter((scope) => scope !== 'pii:read'));
  const made = { ...caller, scopes };
  reduced.set(caller, made);
  return made;
};
