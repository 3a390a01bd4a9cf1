import { composeServices } from '@apollo/composition';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { parse } from 'graphql';
import type { RouterModule, RouterReply } from './router.ts';

export const compose: RouterModule['compose'] = (services) => {
  const { supergraphSdl, errors = [] } = composeServices(
    services.map(({ sdl, ...service }) => ({ ...service, typeDefs: parse(sdl) as never })),
  );
  return { supergraph: supergraphSdl, errors: errors.map(({ extensions }) => String(extensions['code'])) };
};

interface RouterContext {
  readonly authorization: string | undefined;
}

/** Sends the caller's token on to each subgraph. */
class Forwarding extends RemoteGraphQLDataSource<RouterContext> {
  override willSendRequest({
    request,
    context,
  }: Parameters<NonNullable<RemoteGraphQLDataSource<RouterContext>['willSendRequest']>>[0]): void {
    const { authorization } = context as Partial<RouterContext>;
    if (authorization) request.http?.headers.set('authorization', authorization);
  }
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export const startRouter: RouterModule['startRouter'] = async (supergraph) => {
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph,
    buildService: ({ url }) => new Forwarding({ url: url ?? '' }),
    logger: silent,
  });
  const server = new ApolloServer<RouterContext>({
    gateway: gateway as never,
    logger: silent,
    includeStacktraceInErrorResponses: false,
  });
  await server.start();
  return {
    ask: async (query, variables, authorization) => {
      const { body } = await server.executeOperation(
        { query, variables: { ...variables } },
        { contextValue: { authorization } },
      );
      if (body.kind !== 'single') throw new Error('Expected one response.');
      return body.singleResult as RouterReply;
    },
    stop: () => server.stop(),
  };
};
