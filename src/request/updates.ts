import type { Changes } from '../updates/changes.ts';
import type { Polls } from '../updates/polls.ts';
import { type ChangedRead, scopesOfRead, scopesOfWrite } from '../upstreams/cache/scopes.ts';
import type { CallInput } from '../upstreams/endpoint/endpoint.ts';
import { type KeyedEndpoint, type KeyOf, keyReaderOf } from '../upstreams/endpoint/keyed.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';

/** A part of an account or an order that is read by its key. */
export interface FollowedPart {
  readonly endpoint: KeyedEndpoint;
  /** The values that are compared; the whole response unless given. */
  readonly compared?: (response: never) => unknown;
}

type Key = KeyOf<KeyedEndpoint>;

/** Returns the input of a call with no more than the values that it sends. */
const requestedOf = ({ params = {}, body }: CallInput<KeyedEndpoint>) => ({ params, body });

/**
 * Follows parts of an account or an order from now on, by polls that callers with the same credentials share.
 *
 * @param all all parts that can be followed.
 * @param wanted the names of the parts that are.
 * @throws what the first reads throw.
 */
export const follow = <Part extends string>(
  polls: Polls,
  upstreams: Upstreams,
  {
    all,
    wanted,
    key,
  }: {
    readonly all: Readonly<Record<Part, FollowedPart>>;
    readonly wanted: readonly Part[];
    readonly key: Key;
  },
): Promise<Changes<Part>> => {
  const scopes = new Set<string>();
  let source: object = upstreams;
  for (const { endpoint } of Object.values<FollowedPart>(all)) {
    const requested = requestedOf(keyReaderOf(endpoint).inputOf(key));
    for (const scope of scopesOfRead(endpoint, requested as never)) scopes.add(scope);
    source = upstreams[endpoint.system];
  }
  const parts = wanted.map((part) => {
    const { endpoint, compared } = all[part];
    const input = keyReaderOf(endpoint).inputOf(key);
    const read = (): Promise<unknown> => upstreams[endpoint.system].call(endpoint, input);
    return compared ? { part, read, compared } : { part, read };
  });
  return polls.subscribe({ source, name: JSON.stringify(key), scopes: [...scopes], parts });
};

/** Polls at once what a write may have changed. */
export const reportWrite = (polls: Polls, upstreams: Upstreams, changes: readonly ChangedRead[]): void => {
  if (polls.size === 0) return;
  for (const [system, client] of Object.entries(upstreams)) {
    const own = changes.filter(({ endpoint }) => endpoint.system === system);
    if (own.length > 0) polls.changed(client, scopesOfWrite(own));
  }
};
