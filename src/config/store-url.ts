import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { keyFileName, traceExtension } from '../ledger/ledger-files.ts';
import type { PostgresSettings } from '../ledger/postgres/postgres-settings.ts';
import { isPostgresUrl, PostgresUrlError, parsePostgresUrl } from './postgres-url.ts';

const pathIn = (text: string): string => text.replace(/^file:(?:\/\/(?=\/))?/, '');

/** System folders that contain no files, or no files that survive a restart. */
const volatileFolders = ['/dev', '/proc', '/sys'];

const isVolatile = (path: string): boolean =>
  volatileFolders.some((folder) => `${resolve(path)}/`.startsWith(`${folder}/`));

/** Rules for the path of a ledger, in the order in which they are checked. */
const pathRules: readonly { readonly isSo: (path: string) => boolean; readonly expected: string }[] = [
  {
    // SQLite interprets such a text as a database in memory or as a URI, not as a path.
    isSo: (path) => /:memory:/i.test(path) || /^[a-z][a-z\d+.-]+:/i.test(path),
    expected: 'expected the path of a file, as in file:./data/gateway.db, not memory or another address',
  },
  {
    isSo: (path) => path !== path.trim() || /\p{Cc}/u.test(path),
    expected: 'expected a path without blanks at its ends and without control characters',
  },
  {
    isSo: (path) => ['', '.', '..'].includes(path.split('/').at(-1) ?? ''),
    expected: 'expected the path of a file, not of a folder',
  },
  {
    isSo: isVolatile,
    expected: `expected a file that outlives a restart, not below ${volatileFolders.join(', ')}`,
  },
  {
    isSo: (path) => basename(path) === keyFileName || basename(path).endsWith(traceExtension),
    expected: `expected another name than ${keyFileName} and *${traceExtension}, which are files next to the ledger`,
  },
];

const fileUrl = z
  .string()
  .refine((text) => /^file:(?!$|\/\/[^/])[^?#]+$/s.test(text), {
    error:
      'expected the path of a file, as in file:./data/gateway.db, or a database, as in postgres://user:password@host:5432/database',
    abort: true,
  })
  .superRefine((text, context) => {
    const fault = pathRules.find(({ isSo }) => isSo(pathIn(text)));
    if (fault) context.addIssue({ code: 'custom', message: fault.expected });
  });

/** The file of the ledger unless another place is set. */
export const defaultStore = { file: './data/gateway.db' } as const;

/** The place of the ledger: the path of a file, or a Postgres database. */
export type StorePlace = { readonly file: string } | { readonly postgres: PostgresSettings };

const toPostgres = (text: string, context: z.RefinementCtx): StorePlace => {
  try {
    return { postgres: parsePostgresUrl(text) };
  } catch (error) {
    if (!(error instanceof PostgresUrlError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
};

export const storeUrl = z
  .string()
  .trim()
  .transform((text, context): StorePlace => {
    if (isPostgresUrl(text)) return toPostgres(text, context);
    const parsed = fileUrl.safeParse(text);
    if (parsed.success) return { file: pathIn(parsed.data) };
    for (const { message } of parsed.error.issues) context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
