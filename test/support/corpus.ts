import { readdirSync, readFileSync } from 'node:fs';

/** One documented operation: the request and the answers exactly as they come over the wire. */
export interface CorpusFile {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly source: string;
  readonly request: unknown;
  readonly success: unknown;
  readonly failures: readonly unknown[];
}

const folderOf = (system: 'scollect' | 'recoveryconnect'): URL =>
  new URL(`../fixtures/upstreams/${system}/`, import.meta.url);

export const corpusFile = (system: 'scollect' | 'recoveryconnect', operation: string): CorpusFile =>
  JSON.parse(readFileSync(new URL(`${operation}.json`, folderOf(system)), 'utf8')) as CorpusFile;

export const corpusOf = (system: 'scollect' | 'recoveryconnect'): CorpusFile[] =>
  readdirSync(folderOf(system))
    .filter((name) => name.endsWith('.json'))
    .map((name) => corpusFile(system, name.replace(/\.json$/, '')));
