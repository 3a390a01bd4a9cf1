import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  getNamedType,
  isInterfaceType,
  isObjectType,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Caller } from '../../operation/caller.ts';
import { forbidden } from './builder.ts';

/** The scopes that a field names. It wants each of them. */
export const scopesOf = ({ extensions }: GraphQLField<unknown, unknown>): string[] => {
  const options = extensions['pothosOptions'] as { readonly authScopes?: object } | undefined;
  return Object.keys(options?.authScopes ?? {});
};

type Visit = (type: GraphQLNamedType, field: GraphQLField<unknown, unknown>) => void;

/** Visits each field that is selected below the one being resolved, be it skipped or not. */
const visitSelected = (
  { schema, fragments, fieldNodes, returnType }: GraphQLResolveInfo,
  visit: Visit,
): void => {
  const seen = new Set<string>();

  const walkSet = (set: SelectionSetNode | undefined, type: GraphQLNamedType | undefined): void => {
    for (const selection of set?.selections ?? []) if (type) walk(selection, type);
  };
  const walk = (selection: SelectionNode, type: GraphQLNamedType): void => {
    if (selection.kind === 'Field') {
      const field =
        isObjectType(type) || isInterfaceType(type) ? type.getFields()[selection.name.value] : undefined;
      if (!field) return;
      visit(type, field);
      walkSet(selection.selectionSet, getNamedType(field.type));
      return;
    }
    if (selection.kind === 'InlineFragment') {
      const { typeCondition, selectionSet } = selection;
      walkSet(selectionSet, typeCondition ? schema.getType(typeCondition.name.value) : type);
      return;
    }
    const name = selection.name.value;
    const fragment = fragments[name];
    if (!fragment || seen.has(name)) return;
    seen.add(name);
    walkSet(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value));
  };
  for (const { selectionSet } of fieldNodes) walkSet(selectionSet, getNamedType(returnType));
};

/**
 * Checks that a caller may read all that is selected below the field being resolved.
 *
 * @throws {GraphQLError} with the code FORBIDDEN.
 */
export const checkSelected = (info: GraphQLResolveInfo, { scopes }: Caller): void => {
  const allowed: ReadonlySet<string> = scopes;
  visitSelected(info, (type, field) => {
    const missing = scopesOf(field).filter((scope) => !allowed.has(scope));
    if (missing.length > 0) throw forbidden(`${type.name}.${field.name}`, missing);
  });
};
