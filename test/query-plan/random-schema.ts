import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfig,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';

/** Says what the resolver of a field is to do, by the field's place; the same for every executor. */
export type Behave = (place: string) => number;

/** What each resolver was told, by its place. */
export type Told = Map<string, unknown>;

export interface RunContext {
  readonly behave: Behave;
  readonly told: Told;
  /** Replaces lists of objects, by default by nothing. */
  readonly arrive?: (items: readonly unknown[]) => unknown;
}

const placeOf = ({ path }: GraphQLResolveInfo): string => {
  const keys: (string | number)[] = [];
  for (let at: typeof path | undefined = path; at; at = at.prev)
    keys.unshift(`${at.typename ?? ''}.${at.key}`);
  return keys.join('/');
};

/** A value as it is, later, or not at all. */
const given = (number: number, make: () => unknown): unknown => {
  switch (number % 9) {
    case 0:
      return null;
    case 1:
      return new Error('returned');
    case 2:
      throw new Error('thrown');
    case 3:
      return Promise.reject(new Error('rejected'));
    case 4:
    case 5:
      return Promise.resolve(make());
    default:
      return make();
  }
};

type Make = (number: number) => unknown;

const resolveTo =
  (make: Make) =>
  (_: unknown, args: object, { behave, told, arrive }: RunContext, info: GraphQLResolveInfo): unknown => {
    const place = placeOf(info);
    const { fieldName, fieldNodes, returnType, parentType, variableValues, operation, fragments, rootValue } =
      info;
    const nodes = fieldNodes.map(({ name, alias, loc }) => [name.value, alias?.value, loc?.start]);
    const names = [Object.keys(fragments), operation.name?.value, String(returnType), parentType.name];
    told.set(place, {
      fieldName,
      nodes,
      names,
      variableValues: { ...variableValues },
      rootValue,
      args: { ...args },
    });
    const number = behave(place);
    return given(number, () => {
      const made = make(number >> 4);
      return arrive && fieldName !== 'lists' && Array.isArray(made) ? arrive(made) : made;
    });
  };

const color = new GraphQLEnumType({ name: 'Color', values: { RED: { value: 1 }, BLUE: { value: 2 } } });

const item: Make = (number) => ({ name: ['Cat', 'Dog', 'Stone'][number % 3] });
/** What a list holds, so that none of it throws at once. */
const itemOf = (number: number, make: () => unknown): unknown => {
  try {
    return given(number, make);
  } catch (error) {
    return error;
  }
};

const listOf =
  (make: Make): Make =>
  (number) =>
    Array.from({ length: number % 4 }, (_, index) =>
      itemOf(number >> (index + 3), () => make(number >> index)),
    );

/** All of it comes later: where an item fails at once, graphql-js leaves those before it with nobody to hear of them. */
const laterListOf =
  (make: Make): Make =>
  (number) =>
    Array.from({ length: number % 4 }, async (_, index) =>
      itemOf(number >> (index + 3), () => make(number >> index)),
    );

const namedArgs = {
  size: { type: GraphQLInt, defaultValue: 3 },
  flag: { type: new GraphQLNonNull(GraphQLBoolean), defaultValue: false },
};

const animal = new GraphQLInterfaceType({
  name: 'Animal',
  fields: {
    name: { type: GraphQLString, args: namedArgs },
    leaf: { type: GraphQLString },
    sure: { type: new GraphQLNonNull(GraphQLString) },
  },
  resolveType: ({ name }) => (name === 'Cat' ? Promise.resolve(name) : name),
});

type Fields = Record<string, GraphQLFieldConfig<unknown, RunContext>>;

const fieldsOf = (self: () => GraphQLObjectType): Fields => {
  const text: Make = (number) => (number % 7 === 0 ? {} : `t${number % 5}`);
  const leaf = { type: GraphQLString, resolve: resolveTo(text) };
  return {
    leaf,
    name: { type: GraphQLString, args: namedArgs, resolve: resolveTo(text) },
    sure: { type: new GraphQLNonNull(GraphQLString), resolve: resolveTo(text) },
    color: { type: color, resolve: resolveTo((number) => number % 4) },
    animal: { type: animal, args: namedArgs, resolve: resolveTo(item) },
    self: { type: self(), resolve: resolveTo(item) },
    sureSelf: { type: new GraphQLNonNull(self()), resolve: resolveTo(item) },
    list: { type: new GraphQLList(self()), resolve: resolveTo(listOf(item)) },
    sureList: {
      type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(self()))),
      resolve: resolveTo(laterListOf(item)),
    },
    animals: { type: new GraphQLList(new GraphQLNonNull(animal)), resolve: resolveTo(laterListOf(item)) },
    lists: {
      type: new GraphQLList(new GraphQLList(new GraphQLNonNull(GraphQLString))),
      resolve: resolveTo(listOf(laterListOf(text))),
    },
    plain: { type: GraphQLString },
  };
};

const typeOf = (name: string): GraphQLObjectType => {
  const type: GraphQLObjectType = new GraphQLObjectType({
    name,
    interfaces: name === 'Stone' ? [] : [animal],
    fields: () => fieldsOf(() => type),
  });
  return type;
};

/** Fields of all kinds, of which any may be null, fail, or come later. */
export const randomSchema = new GraphQLSchema({
  query: typeOf('Query'),
  types: [typeOf('Cat'), typeOf('Dog'), typeOf('Stone')],
});
