import { LRUCache } from 'lru-cache';
import type { CacheStore } from './cache-store.ts';

interface Entry {
  readonly generation: string;
  readonly time: number;
  readonly value: Buffer;
}

interface Scope {
  readonly generation: number;
  /** When the leases of writers expire. */
  readonly writers: Map<string, number>;
}

export interface MemoryStoreOptions {
  /** The maximum bytes of all entries. */
  readonly maxBytes?: number;
  /** The maximum number of scopes. The values of a forgotten scope are not found any more. */
  readonly maxScopes?: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

const defaultBytes = 32 * 1024 * 1024;
const defaultScopes = 50_000;

/** Measured: the key, the generation and the objects of an entry. */
const bytesPerEntry = 600;

/** Creates a store in the memory of one process, which must be the only one that writes. */
export const createMemoryStore = ({
  maxBytes = defaultBytes,
  maxScopes = defaultScopes,
  now = () => performance.now(),
}: MemoryStoreOptions = {}): CacheStore & { bytes(): number } => {
  const entries = new LRUCache<string, Entry>({
    maxSize: maxBytes,
    maxEntrySize: maxBytes,
    sizeCalculation: ({ value }) => bytesPerEntry + value.length,
  });
  const scopes = new LRUCache<string, Scope>({ max: maxScopes });
  let lastGeneration = 0;

  const renew = (name: string, writers: Map<string, number>): Scope => {
    lastGeneration += 1;
    const scope = { generation: lastGeneration, writers };
    scopes.set(name, scope);
    return scope;
  };

  const scopeOf = (name: string): Scope => scopes.get(name) ?? renew(name, new Map());

  const isHeld = ({ writers }: Scope, time: number): boolean => {
    for (const [writer, expiry] of writers) if (expiry <= time) writers.delete(writer);
    return writers.size > 0;
  };

  const invalidate = (names: readonly string[], writer: string, holdMs: number): void => {
    for (const name of names) {
      const { writers } = scopes.get(name) ?? { writers: new Map<string, number>() };
      if (holdMs > 0) writers.set(writer, now() + holdMs);
      else writers.delete(writer);
      renew(name, writers);
    }
  };

  return {
    bytes: () => entries.calculatedSize,
    find: async (entry, names, ttlMs) => {
      const time = now();
      const all = names.map(scopeOf);
      const generation = all.map((scope) => scope.generation).join(' ');
      const held = all.filter((scope) => isHeld(scope, time)).length > 0;
      const found = entries.get(entry);
      const ageMs = time - (found?.time ?? 0);
      const isValid = found !== undefined && !held && found.generation === generation && ageMs < ttlMs;
      if (found && !isValid) entries.delete(entry);
      return { generation, isHeld: held, time, value: isValid ? found.value : null, ageMs };
    },
    store: async (entry, names, { generation, isHeld: wasHeld, time }, value, ttlMs) => {
      const present = names.map((name) => scopeOf(name).generation).join(' ');
      if (wasHeld || present !== generation || now() - time >= ttlMs) return;
      entries.set(entry, { generation, time, value });
    },
    begin: async (names, writer, leaseMs) => invalidate(names, writer, leaseMs),
    end: async (names, writer, holdMs) => invalidate(names, writer, holdMs),
  };
};
