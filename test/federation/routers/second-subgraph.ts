import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

/** A subgraph with types of its own, which extends Account and Order, and finds objects of both by their ids. */
export const secondSdl = /* GraphQL */ `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@external", "@requires"])

  type Query {
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    models(first: Int): ModelConnection
    riskiest: [Account]!
    urgentOrders: [Order]!
  }

  interface Node {
    id: ID!
  }

  type PageInfo @shareable {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }

  type Model implements Node @key(fields: "id") {
    id: ID!
    name: String!
  }

  type ModelConnection {
    edges: [ModelEdge!]!
    pageInfo: PageInfo!
  }

  type ModelEdge {
    cursor: String!
    node: Model!
  }

  type Account implements Node @key(fields: "id") {
    id: ID!
    fileNumber: String! @external
    riskScore: Int @requires(fields: "fileNumber")
  }

  type Order @key(fields: "orderId") {
    orderId: ID!
    priority: String
  }

  type Phone implements Node @key(fields: "id") {
    id: ID!
    calls: Int
  }
`;

const model = { __typename: 'Model', id: 'm1', name: 'Roll rates' };

const typeOf = (id: string): string => Buffer.from(id, 'base64url').toString().split(':')[0] ?? '';

/** Of the other subgraph, only the type and the id of an object are known here. */
const nodeOf = (id: string): object | null => {
  if (id === model.id) return model;
  const type = typeOf(id);
  return ['Account', 'Phone'].includes(type) ? { __typename: type, id } : null;
};

/** Ids and numbers of records in the sandbox, and of one that is not there. */
const accounts = ['R3013', 'NONE1', 'R3003'].map((number) =>
  Buffer.from(`Account:${number}`).toString('base64url'),
);
const orders = ['56100013', '56100003'];

const page = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };

const resolvers = {
  Query: {
    node: (_: unknown, { id }: { readonly id: string }) => nodeOf(id),
    nodes: (_: unknown, { ids }: { readonly ids: readonly string[] }) => ids.map(nodeOf),
    models: () => ({ edges: [{ cursor: 'c', node: model }], pageInfo: page }),
    riskiest: () => accounts.map((id) => ({ id })),
    urgentOrders: () => orders.map((orderId) => ({ orderId })),
  },
  Model: { __resolveReference: ({ id }: { readonly id: string }) => nodeOf(id) },
  Account: {
    riskScore: ({ fileNumber }: { readonly fileNumber: string }) => Number(fileNumber.slice(1)) % 100,
  },
  Order: { priority: () => 'high' },
  Phone: { calls: () => 3 },
};

/** Starts it on a free port, and returns its address. */
export const startSecondSubgraph = async (): Promise<{
  readonly url: string;
  readonly stop: () => Promise<void>;
}> => {
  const schema = buildSubgraphSchema({ typeDefs: parse(secondSdl) as never, resolvers: resolvers as never });
  const server = new ApolloServer({
    schema: schema as never,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  return { url, stop: () => server.stop() };
};
