import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import type { RouterModule, RouterReply } from './router.ts';

export const compose: RouterModule['compose'] = (services) => {
  const { supergraphSdl, errors = [] } = composeServices(
    services.map(({ sdl, ...service }) => ({ ...service, typeDefs: parse(sdl) as never })),
  );
  return { supergraph: supergraphSdl, errors: errors.map(({ extensions }) => String(extensions['code'])) };
};

export const startRouter: RouterModule['startRouter'] = async (supergraph) => {
  const router = createGatewayRuntime({
    supergraph,
    logging: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => {
        const authorization = request.headers.get('authorization');
        return authorization === null ? {} : { authorization };
      },
    },
  });
  return {
    ask: async (query, variables, authorization) => {
      const response = await router.fetch('http://router/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(authorization && { authorization }),
        },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as RouterReply;
    },
    stop: async () => {
      await router.dispose();
    },
  };
};
