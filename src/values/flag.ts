import { toText } from './text.ts';

const yes = new Set(['yes', 'y', 'true', '1']);
const no = new Set(['no', 'n', 'false', '0']);

/** Reads a boolean in any form; `null` for everything else, including `UNKNOWN`. */
export const toFlag = (wire: unknown): boolean | null => {
  if (typeof wire === 'boolean') return wire;
  const word = (toText(wire) ?? '').toLowerCase();
  if (yes.has(word)) return true;
  return no.has(word) ? false : null;
};
