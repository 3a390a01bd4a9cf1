import {
  GraphQLError,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  type ValidationRule,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { refusal } from './refusal.ts';

/** By what people and cards are known, and the filter that may hold names and phones. */
const personalTypes = new Set(['SSN', 'PhoneNumber', 'CardNumber', 'SecurityCode', 'OrderFilter']);

const message = 'Personal data in a GET would end in logs and histories: use POST.';

const status = 400;
const code = 'BAD_REQUEST';

/** Whether a value of this type is, or may have in it, something personal. */
const isPersonal = (type: GraphQLInputType, seen = new Set<string>()): boolean => {
  const named = getNamedType(type);
  if (personalTypes.has(named.name)) return true;
  if (!isInputObjectType(named) || seen.has(named.name)) return false;
  seen.add(named.name);
  return Object.values(named.getFields()).some((field) => isPersonal(field.type, seen));
};

// Yoga keeps what was found in a document by the names of the rules: those of a POST have not this one.
const NoPersonalGetRule: ValidationRule = (context) => {
  const check = (): void => {
    const type = context.getInputType();
    if (!type || !isPersonal(type)) return;
    context.reportError(new GraphQLError(message, { extensions: { code, http: { status } } }));
  };
  return { Argument: check };
};

/** So many digits may be a social security number, an account or a card. A list of shorter numbers is none. */
const longNumber = /\d(?:[\s-]?\d){8,}/;

/** Hashes of trusted documents, which may have any digits. */
const hash = /(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9a-f])/gi;

/** The texts of an address, as they are read; a malformed one is looked at as it stands. */
const textsIn = (url: URL): string => [...url.searchParams].flat().join('\n').replace(hash, '');

/** Whether a GET of this address is rejected before its document is read. */
export const hasLongNumber = (url: URL): boolean => longNumber.test(textsIn(url));

/**
 * Keeps personal data out of addresses, which servers log and browsers keep: by GET nothing is asked by somebody's
 * number, nor with a number as long as one.
 */
export const useNoPersonalGet = (): Plugin => ({
  onRequest: ({ request, url, fetchAPI, endResponse }) => {
    if (request.method !== 'GET' || !hasLongNumber(url)) return;
    endResponse(refusal(fetchAPI, { status, code, message }));
  },
  onValidate: ({ context, addValidationRule }) => {
    if (context.request.method === 'GET') addValidationRule(NoPersonalGetRule);
  },
});
