import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { GraphQLError, parse, validate } from 'graphql';
import { SettingsError } from '../config/settings.ts';
import { schema } from '../schema/schema.ts';
import { scrub } from './plugins/use-scrubbed-messages.ts';

const problem = (text: string): SettingsError => new SettingsError([`PERSISTED_DOCUMENTS: ${text}`]);

const hashed = (algorithm: 'sha1' | 'sha256', text: string): string =>
  createHash(algorithm).update(text).digest('hex');

/** Whether a key that looks like a hash is the document's. */
const isHashOf = (key: string, document: string): boolean => {
  const hash = key.replace(/^sha256:/, '').toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hash)) return hash === hashed('sha256', document);
  if (/^[0-9a-f]{40}$/.test(hash)) return hash === hashed('sha1', document);
  return true;
};

/** What is wrong with a document; `undefined` where nothing is. */
const faultOf = (document: string): string | undefined => {
  try {
    return validate(schema, parse(document)).at(0)?.message;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return error.message;
  }
};

const readManifest = async (file: string): Promise<Record<string, unknown>> => {
  const text = await readFile(file, 'utf8').catch(({ code = 'unknown error' }: NodeJS.ErrnoException) => {
    throw problem(`expected a file that can be read; the system says ${code}.`);
  });
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest)) {
      return manifest as Record<string, unknown>;
    }
  } catch {
    // Its words would repeat what is in the file.
  }
  throw problem('expected JSON, an object of documents by their hashes, as `npm run codegen` writes it.');
};

/**
 * Reads the documents that clients may name by their hash.
 *
 * @param file JSON as graphql-codegen writes it for `persistedDocuments`: `{"<hash>": "<document>"}`.
 * @returns the documents by their hashes.
 * @throws {SettingsError} where the file cannot be read, or a document in it cannot be carried out or is not that
 *   of its hash.
 */
export const readPersistedDocuments = async (file: string): Promise<ReadonlyMap<string, string>> => {
  const entries = Object.entries(await readManifest(file));
  if (entries.length === 0) throw problem('expected a file with at least one document.');
  const documents = entries.map(([key, document], index): readonly [string, string] => {
    const place = `document ${index + 1} of ${entries.length}`;
    if (typeof document !== 'string') throw problem(`${place}: expected a text.`);
    if (!isHashOf(key, document)) throw problem(`${place}: expected its own hash as its key.`);
    const fault = faultOf(document);
    if (fault !== undefined) throw problem(`${place} cannot be used. ${scrub(fault)}`);
    return [key, document];
  });
  return new Map(documents);
};
