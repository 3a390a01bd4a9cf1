import type { DocumentNode, ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { bytesOfDocument, createDocumentCache, mayBeKept } from '../../operation/document-cache.ts';

/** A document that was parsed and is valid. */
interface ValidDocument {
  readonly document: DocumentNode;
  /** The names of the rules that it fulfils: those of a GET differ from those of a POST. */
  readonly rules: Set<string>;
}

/** Enough for a hundred operations of three hundred fields. */
const maxBytes = 6 * 1024 * 1024;

/**
 * Keeps valid documents, so that they are neither parsed nor validated again.
 *
 * Nothing is kept of an invalid document: its errors would hold the call stack at which they were created, and with it
 * the request. It must be listed after all plugins that add rules.
 */
export const useDocumentCache = (): Plugin => {
  const cache = createDocumentCache<ValidDocument>({
    maxBytes,
    bytesOf: ({ document }) => bytesOfDocument(document),
  });
  return {
    onParse: ({ params: { source }, setParsedDocument }) => {
      const known = cache.get(typeof source === 'string' ? source : source.body);
      if (known) setParsedDocument(known.document);
    },
    onValidate: ({ params: { documentAST, rules }, setResult }) => {
      const document: DocumentNode = documentAST;
      const text = document.loc?.source.body;
      if (text === undefined) return undefined;
      const names = ((rules ?? []) as readonly ValidationRule[]).map(({ name }) => name).join();
      const known = cache.get(text);
      const own = known?.document === document ? known : undefined;
      if (own?.rules.has(names)) {
        setResult([]);
        return undefined;
      }
      return ({ valid }) => {
        if (!valid) return;
        if (own) own.rules.add(names);
        else if (mayBeKept(document)) cache.set(text, { document, rules: new Set([names]) });
      };
    },
  };
};
