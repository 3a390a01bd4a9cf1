import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GraphQLError, parse, validate } from 'graphql';
import { SettingsError } from '../../config/settings.ts';
import { schema } from '../../schema/schema.ts';
import { scrub } from '../steps/scrubbed-messages.ts';
import { readManifest } from './manifest.ts';

/** Trusted documents by their ids. */
export type DocumentsById = ReadonlyMap<string, string>;

const problem = (text: string): SettingsError => new SettingsError([`PERSISTED_DOCUMENTS: ${text}`]);

const unreadable =
  (place: string) =>
  ({ code = 'unknown error' }: NodeJS.ErrnoException): never => {
    throw problem(`${place}: expected a file or folder that can be read; the system says ${code}.`);
  };

/** What is wrong with a document; `undefined` where nothing is. */
export const faultOf = (document: string): string | undefined => {
  try {
    return validate(schema, parse(document)).at(0)?.message;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return error.message;
  }
};

/** Names with a dot in front are drafts of editors, or what Kubernetes keeps behind the files of a volume. */
const isManifest = (name: string): boolean => name.endsWith('.json') && !name.startsWith('.');

interface ManifestFile {
  readonly file: string;
  /** Names it in messages. The path of a setting is not repeated: it may be a secret that was set by mistake. */
  readonly place: string;
}

const filesIn = async (path: string, place: string): Promise<ManifestFile[]> => {
  const found = await stat(path).catch(unreadable(place));
  if (!found.isDirectory()) return [{ file: path, place }];
  const names = await readdir(path).catch(unreadable(place));
  return names
    .filter(isManifest)
    .sort()
    .map((name) => ({ file: join(path, name), place: `${place}, ${name}` }));
};

/**
 * Returns the manifests at paths: each file, and each `*.json` directly in a folder.
 *
 * @throws {SettingsError} if there is no file or folder at one of the paths.
 */
export const manifestsAt = async (paths: readonly string[]): Promise<ManifestFile[]> => {
  const files = await Promise.all(
    paths.map((path, index) => filesIn(path, `path ${index + 1} of ${paths.length}`)),
  );
  return files.flat();
};

/** Returns the documents of one manifest. `known` are texts that need no validation again. */
const readFrom = async ({ file, place }: ManifestFile, known: ReadonlySet<string>) => {
  const read = readManifest(await readFile(file, 'utf8').catch(unreadable(place)));
  if ('fault' in read) throw problem(`${place}: ${read.fault}.`);
  for (const [index, { body }] of read.entries.entries()) {
    const fault = known.has(body) ? undefined : faultOf(body);
    if (fault === undefined) continue;
    throw problem(
      `${place}: document ${index + 1} of ${read.entries.length} cannot be used. ${scrub(fault)}`,
    );
  }
  return read.entries;
};

/**
 * Reads the documents that clients may name by their ids. An id need not be the hash of the text: manifests differ in
 * how they print a document before they hash it, and clients send the manifest's id.
 *
 * @param paths manifests of graphql-codegen, Relay or Apollo, and folders of `*.json` files with them.
 * @param known the documents that were read before: their texts are not validated again.
 * @throws {SettingsError} where a file cannot be read, a document cannot be executed, or one id has two texts.
 */
export const readPersistedDocuments = async (
  paths: readonly string[],
  known: DocumentsById = new Map(),
): Promise<DocumentsById> => {
  const valid = new Set(known.values());
  const documents = new Map<string, string>();
  for (const manifest of await manifestsAt(paths)) {
    const entries = await readFrom(manifest, valid);
    for (const [index, { id, body }] of entries.entries()) {
      if ((documents.get(id) ?? body) !== body) {
        throw problem(
          `${manifest.place}: document ${index + 1} of ${entries.length} has the id of another document; expected one text for each id.`,
        );
      }
      documents.set(id, body);
    }
  }
  if (documents.size === 0) throw problem('expected manifests with at least one document.');
  return documents;
};
