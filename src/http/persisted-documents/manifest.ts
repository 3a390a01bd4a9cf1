/** A document of a manifest, under the id by which clients name it. */
export interface ManifestEntry {
  readonly id: string;
  /** The text of the document. */
  readonly body: string;
}

/** Entries, or a sentence that names what is wrong with the manifest, without anything that is in it. */
export type ReadManifest = { readonly entries: readonly ManifestEntry[] } | { readonly fault: string };

type JsonObject = Readonly<Record<string, unknown>>;

const apolloFormat = 'apollo-persisted-query-manifest';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const expected =
  'expected JSON, an object of documents by their ids, as graphql-codegen and Relay write it, or the manifest of Apollo';

/** Reads `{"<id>": "<document>"}`, as graphql-codegen's client preset and Relay's `persistConfig.file` write it. */
const entriesById = (manifest: JsonObject): ReadManifest => {
  const all = Object.entries(manifest);
  const entries: ManifestEntry[] = [];
  for (const [index, [id, body]] of all.entries()) {
    const place = `document ${index + 1} of ${all.length}`;
    if (id === '') return { fault: `${place}: expected an id that is not empty` };
    if (typeof body !== 'string') return { fault: `${place}: expected a text` };
    entries.push({ id, body });
  }
  return { entries };
};

/** Reads the manifest of `@apollo/generate-persisted-query-manifest`. Names and types are not needed: bodies have them. */
const entriesOfApollo = ({ version, operations }: JsonObject): ReadManifest => {
  if (version !== 1) return { fault: `version: expected 1, the only one of ${apolloFormat}` };
  if (!Array.isArray(operations)) return { fault: 'operations: expected a list' };
  const entries: ManifestEntry[] = [];
  for (const [index, operation] of (operations as readonly unknown[]).entries()) {
    const { id, body } = isObject(operation) ? operation : {};
    const place = `operations.${index}`;
    if (typeof id !== 'string' || id === '')
      return { fault: `${place}.id: expected a text that is not empty` };
    if (typeof body !== 'string') return { fault: `${place}.body: expected a text` };
    entries.push({ id, body });
  }
  return { entries };
};

/** Reads the text of a manifest of graphql-codegen, Relay or Apollo. */
export const readManifest = (text: string): ReadManifest => {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    // Its message would repeat what is in the file.
  }
  if (!isObject(manifest)) return { fault: expected };
  const { format } = manifest;
  // An id may be any text: `format` is one, if it names a document.
  if (format === undefined || (typeof format === 'string' && !('operations' in manifest))) {
    return entriesById(manifest);
  }
  if (format === apolloFormat) return entriesOfApollo(manifest);
  return { fault: `format: expected ${apolloFormat}, or a manifest without a format` };
};
