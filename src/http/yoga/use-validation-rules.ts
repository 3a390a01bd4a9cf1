import {
  GraphQLError,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  NoSchemaIntrospectionCustomRule,
  type ValidationRule,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { personalGetMessage } from '../guards/personal-data.ts';
import type { ServerContext } from './yoga-exchange.ts';

/** Types of values that identify people and cards, and the filter that can contain names and phones. */
const personalTypes = new Set(['SSN', 'PhoneNumber', 'CardNumber', 'SecurityCode', 'OrderFilter']);

/** Whether a value of this type is personal, or can contain something personal. */
const isPersonal = (type: GraphQLInputType, seen = new Set<string>()): boolean => {
  const named = getNamedType(type);
  if (personalTypes.has(named.name)) return true;
  if (!isInputObjectType(named) || seen.has(named.name)) return false;
  seen.add(named.name);
  return Object.values(named.getFields()).some((field) => isPersonal(field.type, seen));
};

// The document cache distinguishes documents by the names of their rules: those of a POST do not include this one.
const NoPersonalGetRule: ValidationRule = (context) => {
  const check = (): void => {
    const type = context.getInputType();
    if (!type || !isPersonal(type)) return;
    const extensions = { code: 'BAD_REQUEST', http: { status: 400 } };
    context.reportError(new GraphQLError(personalGetMessage, { extensions }));
  };
  return { Argument: check };
};

/** Adds rules: no personal arguments in a GET, whose address servers log; no introspection where it is disabled. */
export const useValidationRules = (introspection: boolean): Plugin<ServerContext, ServerContext> => ({
  onValidate: ({ context, addValidationRule }) => {
    if (!introspection) addValidationRule(NoSchemaIntrospectionCustomRule);
    if (context.exchange.request.method === 'GET') addValidationRule(NoPersonalGetRule);
  },
});
