import { Kind, parse } from 'graphql';
import type { DocumentsById } from '../persisted-documents/documents.ts';
import { makeTool, type Tool, type ToolDocument } from './tool.ts';
import type { ToolEntries, ToolEntry } from './tool-file.ts';

/** The tools that could be made of the entries, and what is wrong with the others. */
export interface ToolSet {
  readonly tools: ReadonlyMap<string, Tool>;
  /** Sentences that begin with the name of an entry. */
  readonly problems: readonly string[];
}

const operationName = /\b(?:query|mutation)[\s,]+([A-Za-z_]\w*)/g;

/** Whether a document has the operation: its text may have the name in a comment. */
const hasOperation = (text: string, name: string): boolean =>
  parse(text).definitions.some((one) => one.kind === Kind.OPERATION_DEFINITION && one.name?.value === name);

/** Returns the documents that have one of the operations; of those with one text, the first. */
const documentsOf = (names: ReadonlySet<string>, documents: DocumentsById): Map<string, ToolDocument[]> => {
  const found = new Map<string, ToolDocument[]>();
  for (const [id, text] of documents) {
    const inText = new Set([...text.matchAll(operationName)].map(([, name = '']) => name));
    for (const name of inText) {
      const others = found.get(name) ?? [];
      if (!names.has(name) || others.some((other) => other.text === text) || !hasOperation(text, name))
        continue;
      found.set(name, [...others, { id, text }]);
    }
  }
  return found;
};

/** A document, or what was expected. */
const chosen = (
  name: string,
  { document: id }: ToolEntry,
  candidates: readonly ToolDocument[],
  documents: DocumentsById,
): ToolDocument | string => {
  if (id !== undefined) {
    const text = documents.get(id);
    return text !== undefined && hasOperation(text, name)
      ? { id, text }
      : 'expected "document" to be the id of a document of PERSISTED_DOCUMENTS with this operation';
  }
  const [first, second] = candidates;
  if (!first) return 'expected an operation of this name in a document of PERSISTED_DOCUMENTS';
  return second
    ? `expected "document", the id of one of the ${candidates.length} documents with an operation of this name`
    : first;
};

/** Makes the tools of all entries. */
export const makeTools = (entries: ToolEntries, documents: DocumentsById): ToolSet => {
  const candidates = documentsOf(new Set(entries.keys()), documents);
  const tools = new Map<string, Tool>();
  const problems: string[] = [];
  for (const [name, entry] of entries) {
    const document = chosen(name, entry, candidates.get(name) ?? [], documents);
    const made = typeof document === 'string' ? { fault: document } : makeTool(name, document, entry);
    if ('tool' in made) tools.set(name, made.tool);
    else problems.push(`${name}: ${made.fault}${made.fault.endsWith('.') ? '' : '.'}`);
  }
  return { tools, problems };
};
