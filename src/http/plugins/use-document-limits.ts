import { type DocumentNode, GraphQLError, Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type DocumentLimits, findExcess } from '../../operation/document-limits.ts';
import { checkText } from '../../operation/document-text.ts';

/** No input of any field is as deep. */
const maxVariablesDepth = 32;

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether lists and objects stand inside one another deeper than allowed. It goes no deeper than that itself. */
const isDeeper = (value: unknown, levels: number): boolean =>
  isNested(value) && (levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1)));

export const isTooDeep = (variables: unknown): boolean => isDeeper(variables, maxVariablesDepth);

const tooDeep = (): GraphQLError =>
  new GraphQLError(`variables: expected lists and objects at most ${maxVariablesDepth} levels deep.`, {
    extensions: { code: 'BAD_USER_INPUT', http: { spec: true, status: 400 } },
  });

/**
 * Refuses documents that are too large or too deep, before they are parsed or validated, and variables that are too
 * deep. A document that is kept was within the limits when it was parsed.
 */
export const useDocumentLimits = (limits: DocumentLimits): Plugin => {
  const within = new WeakSet<DocumentNode>();
  return {
    onParams: ({ params, setResult }) => {
      if (isTooDeep(params.variables)) setResult({ errors: [tooDeep()] });
    },
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
