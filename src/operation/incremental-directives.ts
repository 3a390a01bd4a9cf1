import {
  type ASTNode,
  BREAK,
  DirectiveLocation,
  type FieldNode,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLString,
  getDirectiveValues,
  print,
  visit,
} from 'graphql';

const condition = (description: string) => ({
  type: new GraphQLNonNull(GraphQLBoolean),
  defaultValue: true,
  description,
});

const label = {
  type: GraphQLString,
  description: 'A name that later parts of the response repeat: a literal, unique in the document.',
};

/** `@defer` on fragments. */
export const deferDirective = new GraphQLDirective({
  name: 'defer',
  description:
    'The fields of this fragment may come in a later part of the response. Queries only; without effect unless `Accept` names `multipart/mixed` or `text/event-stream`.',
  locations: [DirectiveLocation.FRAGMENT_SPREAD, DirectiveLocation.INLINE_FRAGMENT],
  args: { if: condition('Whether the fragment may be deferred.'), label },
});

/** `@stream` on lists. */
export const streamDirective = new GraphQLDirective({
  name: 'stream',
  description:
    'The items of this list after the first `initialCount` may come in later parts of the response. Queries only; without effect unless `Accept` names `multipart/mixed` or `text/event-stream`.',
  locations: [DirectiveLocation.FIELD],
  args: {
    if: condition('Whether the list may be streamed.'),
    label,
    initialCount: {
      type: new GraphQLNonNull(GraphQLInt),
      defaultValue: 0,
      description: 'Number of items that come with the list itself.',
    },
  },
});

export const incrementalDirectives: readonly GraphQLDirective[] = [deferDirective, streamDirective];

const names: ReadonlySet<string> = new Set(incrementalDirectives.map(({ name }) => name));

/** Whether a directive is `@defer` or `@stream`. */
export const isDelivery = ({ name }: { readonly name: { readonly value: string } }): boolean =>
  names.has(name.value);

/** Whether the text that a part of a document comes from has the names of the directives, in whatever meaning. */
export const mayHaveDelivery = ({ loc }: Pick<ASTNode, 'loc'>): boolean => {
  const text = loc?.source.body;
  return text === undefined || text.includes(deferDirective.name) || text.includes(streamDirective.name);
};

/** Whether a part of a document has `@defer` or `@stream`. */
export const hasDelivery = (node: ASTNode): boolean => {
  // Faster than a visit of each node of a document that comes for the first time.
  if (!mayHaveDelivery(node)) return false;
  let isFound = false;
  visit(node, {
    Directive: (directive) => {
      if (!isDelivery(directive)) return undefined;
      isFound = true;
      return BREAK;
    },
  });
  return isFound;
};

/** A part of a document without `@defer` and `@stream`. */
export const withoutDelivery = <Node extends ASTNode>(node: Node): Node =>
  visit(node, { Directive: (directive) => (isDelivery(directive) ? null : undefined) });

/** The arguments of `@stream` for one choice of variables. */
export interface StreamArguments {
  readonly label: string | undefined;
  readonly initialCount: number;
}

const streamText = ({ directives = [] }: FieldNode): string =>
  directives
    .filter(({ name }) => name.value === streamDirective.name)
    .map((directive) => print(directive))
    .join();

/** How the list of a field is streamed. It is not where it is selected several times, unless all are equal in it. */
export const streamOf = (
  nodes: readonly FieldNode[],
  variables: Readonly<Record<string, unknown>>,
): StreamArguments | undefined => {
  const [node] = nodes;
  const values = node && getDirectiveValues(streamDirective, node, variables);
  if (!values || values['if'] === false) return undefined;
  if (nodes.length > 1 && new Set(nodes.map(streamText)).size > 1) return undefined;
  const { label: name, initialCount } = values as { readonly label?: string; readonly initialCount: number };
  return { label: name ?? undefined, initialCount };
};
