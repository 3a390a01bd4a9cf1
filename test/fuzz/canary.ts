import type { Random } from '../../src/sandbox/random.ts';
import { times } from './chance.ts';

/** What all canaries begin with. The hyphen keeps them from being names, which GraphQL repeats. */
const mark = 'quilm-';

const letters = 'bcdfghjkmnpqrstvwxz';

/** A text that stands in one request only, wherever it may hold a text. */
export const newCanary = (random: Random): string =>
  mark + times(10, () => letters[random.integer(0, letters.length - 1)]).join('');

/** Whether a text repeats it, in any letter case. */
export const repeats = (text: string, canary: string): boolean => text.toLowerCase().includes(canary);

/** Whether a text repeats any of them. */
export const repeatsAny = (text: string): boolean => text.toLowerCase().includes(mark);
