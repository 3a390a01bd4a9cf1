import {
  type DirectiveNode,
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getEnterLeaveForKind,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
  SingleFieldSubscriptionsRule,
  type ValidationRule,
} from 'graphql';

const isCondition = ({ name }: DirectiveNode): boolean =>
  name.value === GraphQLSkipDirective.name || name.value === GraphQLIncludeDirective.name;

/**
 * A subscription selects exactly one field, whatever its variables are: `@skip` and `@include` are refused there, as in
 * the draft of the specification. The rule of graphql-js looks only at how many fields there are, and throws where a
 * variable decides that.
 */
export const oneSubscriptionField: ValidationRule = (context) => {
  const countFields = SingleFieldSubscriptionsRule(context);
  const { enter } = getEnterLeaveForKind(countFields, Kind.OPERATION_DEFINITION);

  const conditionsIn = ({ selections }: SelectionSetNode, seen: Set<string>): DirectiveNode[] =>
    selections.flatMap((selection) => {
      const own = selection.directives?.filter(isCondition) ?? [];
      if (selection.kind === Kind.FIELD) return own;
      if (selection.kind === Kind.INLINE_FRAGMENT)
        return [...own, ...conditionsIn(selection.selectionSet, seen)];
      const name = selection.name.value;
      const fragment = seen.has(name) ? undefined : context.getFragment(name);
      seen.add(name);
      return fragment ? [...own, ...conditionsIn(fragment.selectionSet, seen)] : own;
    });

  return {
    OperationDefinition: (operation, ...position) => {
      if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return;
      const conditions = conditionsIn(operation.selectionSet, new Set());
      for (const directive of conditions) {
        const message = `@${directive.name.value}: expected below the field of a subscription only.`;
        context.reportError(new GraphQLError(message, { nodes: directive }));
      }
      if (conditions.length === 0) enter?.call(countFields, operation, ...position);
    },
  };
};
