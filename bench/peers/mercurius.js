import { fastify } from 'fastify';
import mercurius from 'mercurius';
import { resolvers, typeDefs } from './resolvers.js';

const { PORT, UPSTREAM, UPSTREAM_TOKEN } = process.env;

const authorization = `Bearer ${UPSTREAM_TOKEN}`;

const get = async (path) => {
  const response = await fetch(UPSTREAM + path, { headers: { authorization } });
  return (await response.json()).result;
};

const post = async (path, input) => {
  const headers = { authorization, 'content-type': 'application/json' };
  const response = await fetch(UPSTREAM + path, { method: 'POST', headers, body: JSON.stringify(input) });
  return (await response.json()).result;
};

const scollect = {
  account: (fileNumber) => get(`/getaccount/${fileNumber}`),
  phones: (fileNumber) => get(`/getphones/${fileNumber}`),
  payments: (fileNumber) => get(`/getpayments/${fileNumber}`),
  portfolios: () => get('/getportfoliolist'),
  accountsByPhone: (PhoneNumber) => post('/searchbyphone', { PhoneNumber }),
  accountsInPortfolio: (portfolio) => post('/get_accounts_in_portfolio', { portfolio }),
};

const app = fastify();
await app.register(mercurius, { schema: typeDefs, resolvers, jit: 1, context: () => ({ scollect }) });
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
