import type { Changes } from '../updates/changes.ts';
import { type ChangedRead, scopesOfRead, scopesOfWrite } from '../upstreams/cache/scopes.ts';
import type { CallInput } from '../upstreams/endpoint/endpoint.ts';
import { type KeyedEndpoint, type KeyOf, keyReaderOf } from '../upstreams/endpoint/keyed.ts';
import type { UpstreamSystem } from '../upstreams/errors.ts';
import type { Context } from './context.ts';

/** A part of an account or an order that is read by its key. */
export interface FollowedPart {
  readonly endpoint: KeyedEndpoint;
  /** The values that are compared; the whole response unless given. */
  readonly compared?: (response: never) => unknown;
}

type Key = KeyOf<KeyedEndpoint>;

/** Returns the input of a call with no more than the values that it sends. */
const requestedOf = ({ params = {}, body }: CallInput<KeyedEndpoint>) => ({ params, body });

type UpdatesContext = Pick<Context, 'polls' | 'upstreams' | 'opaque'>;

/**
 * Returns the names of scopes of an upstream, which other processes see: digests. Tenants at one upstream may have the
 * same accounts, so that a write of one concerns all.
 */
const namesOf = (
  { upstreams, opaque }: UpdatesContext,
  system: UpstreamSystem,
  scopes: Iterable<string>,
): string[] => {
  const { address = '' } = upstreams[system];
  return [...scopes].map((scope) => opaque('scope', system, address, scope));
};

/**
 * Follows parts of an account or an order from now on, by polls that callers with the same credentials share.
 *
 * @param all all parts that can be followed.
 * @param wanted the names of the parts that are.
 * @throws what the first reads throw.
 */
export const follow = <Part extends string>(
  context: UpdatesContext,
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
  const { polls, upstreams } = context;
  const scopes = new Set<string>();
  let source: object = upstreams;
  for (const { endpoint } of Object.values<FollowedPart>(all)) {
    const requested = requestedOf(keyReaderOf(endpoint).inputOf(key));
    const read = scopesOfRead(endpoint, requested as never);
    for (const name of namesOf(context, endpoint.system, read)) scopes.add(name);
    source = upstreams[endpoint.system];
  }
  const parts = wanted.map((part) => {
    const { endpoint, compared } = all[part];
    const input = keyReaderOf(endpoint).inputOf(key);
    // A read in flight may have begun before a write of another process.
    const read = (): Promise<unknown> => upstreams[endpoint.system].call(endpoint, input, { joins: false });
    return compared ? { part, read, compared } : { part, read };
  });
  return polls.subscribe({ source, name: JSON.stringify(key), scopes: [...scopes], parts });
};

/** Polls at once what a write may have changed, here and in other processes. */
export const reportWrite = (context: UpdatesContext, changes: readonly ChangedRead[]): void => {
  const { polls, upstreams } = context;
  if (!polls.mayFollow) return;
  const scopes = (Object.keys(upstreams) as UpstreamSystem[]).flatMap((system) => {
    const own = changes.filter(({ endpoint }) => endpoint.system === system);
    return own.length > 0 ? namesOf(context, system, scopesOfWrite(own)) : [];
  });
  if (scopes.length > 0) polls.changed(scopes);
};
