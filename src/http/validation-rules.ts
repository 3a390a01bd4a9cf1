import {
  GraphQLError,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  NoSchemaIntrospectionCustomRule,
  SingleFieldSubscriptionsRule,
  specifiedRules,
  type ValidationRule,
} from 'graphql';
import { incrementalRules } from '../operation/incremental-rules.ts';
import { mergeRules } from '../operation/merge-rules.ts';
import { oneSubscriptionField } from '../operation/subscription-rule.ts';
import { personalGetMessage } from './guards/personal-data.ts';

/** Types of values that identify people and cards, and those that can contain names and phones. */
const personalTypes = new Set(['SSN', 'PhoneNumber', 'CardNumber', 'SecurityCode', 'OrderFilter', '_Any']);

/** Whether a value of this type is personal, or can contain something personal. */
const isPersonal = (type: GraphQLInputType, seen = new Set<string>()): boolean => {
  const named = getNamedType(type);
  if (personalTypes.has(named.name)) return true;
  if (!isInputObjectType(named) || seen.has(named.name)) return false;
  seen.add(named.name);
  return Object.values(named.getFields()).some((field) => isPersonal(field.type, seen));
};

const NoPersonalGetRule: ValidationRule = (context) => {
  const check = (): void => {
    const type = context.getInputType();
    if (!type || !isPersonal(type)) return;
    const extensions = { code: 'BAD_REQUEST', http: { status: 400 } };
    context.reportError(new GraphQLError(personalGetMessage, { extensions }));
  };
  return { Argument: check };
};

/** The rules for documents, by how they are sent. */
export interface ValidationRules {
  readonly get: readonly ValidationRule[];
  readonly post: readonly ValidationRule[];
}

/** Those of GraphQL and of responses in parts; no introspection where it is disabled; no personal arguments in a GET, whose address servers log. */
export const validationRules = (introspection: boolean): ValidationRules => {
  const specified = specifiedRules.map((rule) =>
    rule === SingleFieldSubscriptionsRule ? oneSubscriptionField : rule,
  );
  const always = [...specified, ...incrementalRules];
  const post = introspection ? always : [...always, NoSchemaIntrospectionCustomRule];
  return { post: [mergeRules(post)], get: [mergeRules([...post, NoPersonalGetRule])] };
};
