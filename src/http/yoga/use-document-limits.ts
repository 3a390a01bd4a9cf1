import { type DocumentNode, Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type DocumentLimits, findExcess } from '../../operation/document-limits.ts';
import { checkText } from '../../operation/document-text.ts';

/**
 * Rejects documents that are too large or too deep, before they are parsed or validated. A cached document was within
 * the limits when it was parsed.
 */
export const useDocumentLimits = (limits: DocumentLimits): Plugin => {
  const within = new WeakSet<DocumentNode>();
  return {
    onParse: ({ parseFn, setParseFn }) => {
      setParseFn((text: string | Source, options?: object): DocumentNode => {
        checkText(typeof text === 'string' ? new Source(text) : text, limits);
        return parseFn(text, options);
      });
      return ({ result, replaceParseResult }) => {
        if (result === null || result instanceof Error || within.has(result)) return;
        const excess = findExcess(result, limits);
        if (excess) replaceParseResult(excess);
        else within.add(result);
      };
    },
  };
};
