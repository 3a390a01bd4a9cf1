import type { Digest } from './digest.ts';
import type { LedgerStore, MarkName } from './store.ts';

/**
 * Settings that determine the names of callers, with their values. The store contains only keyed digests of the values.
 */
export type IdentitySettings = Readonly<Record<string, string>>;

const prefixOf = (name: string): `setting ${string}` => `setting ${name} `;

/** Returns since when a setting has its present value; 0 if it never had another one. */
const noteSetting = async (
  store: LedgerStore,
  name: string,
  digest: string,
  now: number,
): Promise<number> => {
  const current: MarkName = `${prefixOf(name)}${digest}`;
  const { values } = await store.marks();
  const noted = [...values].filter(([mark]) => mark.startsWith(prefixOf(name)));
  const [latest] = noted.sort(([, one], [, other]) => other - one)[0] ?? [];
  if (latest !== undefined && latest !== current) {
    await store.raise({ [current]: now });
    return now;
  }
  if (latest === undefined) await store.raise({ [current]: 0 });
  return values.get(current) ?? 0;
};

/**
 * Stores the present values. Returns the settings that had another value when keys were used that are still stored:
 * these keys may belong to callers with other names.
 */
export const changedSettings = async (
  store: LedgerStore,
  digest: Digest,
  settings: IdentitySettings,
  now: number,
): Promise<string[]> => {
  const oldest = Math.min(...(await store.holders('', now)).map((holder) => holder.oldest));
  const changed: string[] = [];
  for (const [name, value] of Object.entries(settings)) {
    const since = await noteSetting(store, name, digest('gateway', ['setting', name, value]), now);
    if (oldest < since) changed.push(name);
  }
  return changed;
};
