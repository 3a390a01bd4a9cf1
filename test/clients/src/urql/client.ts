import { Client, type Exchange, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { keys, resolvers } from '../../generated/graphcache.ts';
import schema from '../../generated/introspection.json' with { type: 'json' };

export const createUrqlClient = (url: string, token: string, network: Exchange[] = [fetchExchange]): Client =>
  new Client({
    url,
    // The gateway rejects personal data in addresses.
    preferGetMethod: false,
    fetchOptions: () => ({ headers: { authorization: `Bearer ${token}` } }),
    exchanges: [cacheExchange({ schema, keys, resolvers }), ...network],
  });
