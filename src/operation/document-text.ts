import { Lexer, type Source, TokenKind } from 'graphql';
import type { DocumentLimits } from './document-limits.ts';
import { queryTooComplex } from './query-too-complex.ts';

/** Lists and objects in arguments stand inside fields, and nest a little themselves. */
const maxNestedValues = 64;

const opening = new Set<TokenKind>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing = new Set<TokenKind>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Looks through the text of a document before it is parsed: the parser, and all that looks at what it makes, call
 * themselves for whatever stands inside something else, and would run out of stack.
 *
 * @throws {GraphQLError} for a text that is too long or too deep, and for one that holds no tokens of GraphQL.
 */
export const checkText = (source: Source, { maxTokens, maxDepth }: DocumentLimits): void => {
  const maxNesting = 2 * maxDepth + maxNestedValues;
  const lexer = new Lexer(source);
  let tokens = 0;
  let nesting = 0;
  for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; kind = lexer.advance().kind) {
    tokens += 1;
    if (opening.has(kind)) nesting += 1;
    if (closing.has(kind)) nesting -= 1;
    if (tokens > maxTokens) throw queryTooComplex(`The document has more than ${maxTokens} tokens.`);
    if (nesting > maxNesting) {
      throw queryTooComplex(`The document has more than ${maxNesting} brackets inside one another.`);
    }
  }
};
