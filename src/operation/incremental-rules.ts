import {
  type ArgumentNode,
  type DirectiveNode,
  type FragmentDefinitionNode,
  GraphQLError,
  getNullableType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type ValidationContext,
  type ValidationRule,
  visit,
} from 'graphql';
import { isDelivery, mayHaveDelivery, streamDirective } from './incremental-directives.ts';

const argumentOf = ({ arguments: given }: DirectiveNode, name: string): ArgumentNode | undefined =>
  given?.find((argument) => argument.name.value === name);

/** Whether a directive has no effect, whatever the variables are. */
const isOff = (directive: DirectiveNode): boolean => {
  const value = argumentOf(directive, 'if')?.value;
  return value?.kind === Kind.BOOLEAN && !value.value;
};

const labelsAreUniqueLiterals: ValidationRule = (context) => {
  const labels = new Map<string, DirectiveNode>();
  const check = (directive: DirectiveNode): void => {
    if (!isDelivery(directive)) return;
    const value = argumentOf(directive, 'label')?.value;
    if (!value || value.kind === Kind.NULL) return;
    const { name } = directive;
    if (value.kind !== Kind.STRING) {
      context.reportError(
        new GraphQLError(`@${name.value}: expected a label that is a literal.`, { nodes: directive }),
      );
      return;
    }
    const other = labels.get(value.value);
    labels.set(value.value, directive);
    if (other) {
      const nodes = [other, directive];
      context.reportError(
        new GraphQLError(`@${name.value}: expected a label that is unique in the document.`, { nodes }),
      );
    }
  };
  return { Directive: check };
};

const listsAreStreamed: ValidationRule = (context) => {
  const check = (directive: DirectiveNode): void => {
    if (directive.name.value !== streamDirective.name) return;
    const type = context.getType();
    const field = context.getFieldDef();
    if (field && type && !isListType(getNullableType(type))) {
      const message = `@stream: expected a list; ${context.getParentType()?.name}.${field.name} is none.`;
      context.reportError(new GraphQLError(message, { nodes: directive }));
    }
    const count = argumentOf(directive, 'initialCount')?.value;
    if (count?.kind === Kind.INT && count.value.startsWith('-')) {
      context.reportError(
        new GraphQLError('@stream: expected an initialCount of 0 or more.', { nodes: count }),
      );
    }
  };
  return { Directive: check };
};

const directivesIn = (definition: OperationDefinitionNode | FragmentDefinitionNode): DirectiveNode[] => {
  const found: DirectiveNode[] = [];
  visit(definition, {
    Directive: (directive) => {
      if (isDelivery(directive) && !isOff(directive)) found.push(directive);
    },
  });
  return found;
};

/** The outcome of a mutation is recorded before its response begins. */
const onlyQueries: ValidationRule = (context: ValidationContext) => {
  // Of a fragment that many operations use they are found once.
  const known = new Map<OperationDefinitionNode | FragmentDefinitionNode, DirectiveNode[]>();
  const directivesOf = (definition: OperationDefinitionNode | FragmentDefinitionNode): DirectiveNode[] => {
    const found = known.get(definition) ?? directivesIn(definition);
    known.set(definition, found);
    return found;
  };
  const check = (operation: OperationDefinitionNode): void => {
    if (operation.operation === OperationTypeNode.QUERY || !mayHaveDelivery(operation)) return;
    const parts = [operation, ...context.getRecursivelyReferencedFragments(operation)];
    for (const directive of parts.flatMap(directivesOf)) {
      const message = `@${directive.name.value}: expected in queries only, not in a ${operation.operation}.`;
      context.reportError(new GraphQLError(message, { nodes: directive }));
    }
  };
  return { OperationDefinition: check };
};

/** The rules of `@defer` and `@stream`. */
export const incrementalRules: readonly ValidationRule[] = [
  labelsAreUniqueLiterals,
  listsAreStreamed,
  onlyQueries,
];
