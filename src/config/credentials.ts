import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { TenantCredentials } from '../upstreams/tenants.ts';
import { bearerToken, secureUrl } from './fields.ts';
import { SettingsError } from './settings.ts';

const text = z
  .string({ error: 'expected a text' })
  .regex(/\S/, { error: 'expected a text that is not empty' });

const scollect = z.strictObject(
  { url: text.pipe(secureUrl), apiKey: text, pin: text },
  { error: 'expected an object with the keys url, apiKey and pin, and no others' },
);

const recoveryConnect = z
  .strictObject(
    {
      url: text.pipe(secureUrl),
      token: text.pipe(bearerToken).optional(),
      username: text.optional(),
      password: text.optional(),
    },
    {
      error: 'expected an object with the key url and either token, or username and password, and no others',
    },
  )
  .transform(({ url, token, username, password }, { addIssue }) => {
    const hasLogIn = username !== undefined && password !== undefined;
    if (token === undefined && hasLogIn) return { url, username, password };
    if (token !== undefined && username === undefined && password === undefined) return { url, token };
    addIssue('expected either a token, or a username and its password');
    return z.NEVER;
  });

const tenant = z
  .strictObject(
    { scollect: scollect.optional(), recoveryConnect: recoveryConnect.optional() },
    { error: 'expected an object with the keys scollect, recoveryConnect or both, and no others' },
  )
  .refine((systems) => systems.scollect !== undefined || systems.recoveryConnect !== undefined, {
    error: 'expected scollect, recoveryConnect or both',
  });

const isTenantName = (name: string): boolean => /^[\w.-]{1,64}$/.test(name);

const tenantName = z.string().refine(isTenantName, {
  error: 'expected the name of a tenant: 1 to 64 letters, digits, dots, underscores and hyphens',
});

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const content = z.strictObject(
  {
    tenants: z
      .custom<object>(isObject, { error: 'expected an object with a key for each tenant' })
      // A map has no special names.
      .transform((tenants) => new Map<string, unknown>(Object.entries(tenants)))
      .pipe(z.map(tenantName, tenant))
      .refine(({ size }) => size > 0, { error: 'expected at least one tenant' }),
  },
  { error: 'expected an object with the key tenants, and no others' },
);

const refuse = (...problems: readonly string[]): SettingsError =>
  new SettingsError(problems.map((problem) => `CREDENTIALS_FILE: ${problem}.`));

/** Checks and reads through one descriptor, so that the checked file is the one that is read. */
const readIfPrivate = (file: string): string | undefined => {
  const descriptor = openSync(file, 'r');
  try {
    const isForAll = process.platform !== 'win32' && (fstatSync(descriptor).mode & 0o007) !== 0;
    return isForAll ? undefined : readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
};

const read = (file: string): string => {
  let json: string | undefined;
  try {
    json = readIfPrivate(file);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw refuse(`expected a file that can be read; the system says ${code}`);
  }
  if (json === undefined) throw refuse('expected a file that is closed to all others (mode 0600 or 0640)');
  return json;
};

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    // The error of the parser contains a part of the text.
    throw refuse('expected a file of JSON');
  }
};

/** Returns the path of a problem. A text that is no valid name is omitted: it may be a value in the wrong position. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => (isTenantName(String(part)) ? String(part) : '(a name)')).join('.');

/**
 * Reads the tenants and their credentials.
 *
 * @throws {SettingsError} with every unusable tenant and key, and the expected form; never a value.
 */
export const readCredentials = (file: string): ReadonlyMap<string, TenantCredentials> => {
  const parsed = content.safeParse(parseJson(read(file)));
  if (parsed.success) return parsed.data.tenants;
  throw refuse(
    ...parsed.error.issues.map(({ path, message }) =>
      path.length > 0 ? `${placeOf(path)}: ${message}` : message,
    ),
  );
};
