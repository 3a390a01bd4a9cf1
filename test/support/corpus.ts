import { readdirSync, readFileSync } from 'node:fs';

/** A documented failure, with a request to which the sandbox responds with it. */
export interface DocumentedFailure {
  /** The verdict of `envelope.ts`. */
  readonly kind: string;
  /** The path parameters, if they differ from those of the documented request. */
  readonly params?: Readonly<Record<string, string>>;
  /** The body, if it differs from that of the documented request. */
  readonly request?: unknown;
  readonly response: unknown;
}

/** A documented operation: request and responses, exactly as on the wire. The sandbox uses them as its records. */
export interface CorpusFile {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly source: string;
  /** The path parameters of the documented request. */
  readonly params?: Readonly<Record<string, string>>;
  /** The operation whose documented request comes before this one. */
  readonly after?: string;
  /** The time of the documented request, if the response contains it. */
  readonly time?: string;
  readonly request: unknown;
  /** Of a read that returns a list: what identifies a row, all of these keys or any of them. */
  readonly identity?: { readonly all: readonly string[] } | { readonly any: readonly string[] };
  /** `null` if it is not documented. */
  readonly success: unknown;
  readonly failures: readonly DocumentedFailure[];
}

/** The folders of the fixtures. */
export const folders = { SCOLLECT: 'scollect', RECOVERY_CONNECT: 'recoveryconnect' } as const;

const folderOf = (system: 'scollect' | 'recoveryconnect'): URL =>
  new URL(`../../src/sandbox/fixtures/${system}/`, import.meta.url);

export const corpusFile = (system: 'scollect' | 'recoveryconnect', operation: string): CorpusFile =>
  JSON.parse(readFileSync(new URL(`${operation}.json`, folderOf(system)), 'utf8')) as CorpusFile;

export const corpusOf = (system: 'scollect' | 'recoveryconnect'): CorpusFile[] =>
  readdirSync(folderOf(system))
    .filter((name) => name.endsWith('.json'))
    .map((name) => corpusFile(system, name.replace(/\.json$/, '')));
