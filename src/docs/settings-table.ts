import { environment } from '../config/environment.ts';
import { code, table } from './markdown.ts';

type Name = keyof typeof environment.shape;

const isName = (name: string): name is Name => Object.hasOwn(environment.shape, name);

/** Names of all settings, as in the environment. */
export const settingNames: readonly string[] = Object.keys(environment.shape);

const metaOf = (name: Name) => environment.shape[name].meta() ?? {};

const defaultOf = (name: Name): string => {
  const { unset } = metaOf(name);
  if (typeof unset === 'string') return unset;
  const { data } = environment.shape[name].safeParse(undefined);
  return data === undefined || (Array.isArray(data) && data.length === 0) ? 'none' : code(String(data));
};

/** Neither a number nor a name, a path or a URL: the error message for it says what a setting accepts. */
const invalid = '\u0001';

const acceptedBy = (name: Name): string => {
  const { accepts } = metaOf(name);
  if (typeof accepts === 'string') return accepts;
  const message = environment.shape[name].safeParse(invalid).error?.issues[0]?.message;
  return message?.replace(/^expected /, '').replace(/;.*/, '') ?? 'text';
};

const row = (name: string): string[] => {
  if (!isName(name)) throw new Error(`docs/settings.md: ${name} is no setting in src/config/environment.ts`);
  const { description } = metaOf(name);
  if (description === undefined) throw new Error(`${name}: expected a description in its definition`);
  return [code(name), defaultOf(name), acceptedBy(name), description];
};

/** The table of the settings with these names. */
export const settingsTable = (names: readonly string[]): string =>
  table(['setting', 'default', 'accepted values', 'meaning'], names.map(row));
