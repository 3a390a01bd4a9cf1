import { RESTDataSource } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { resolvers, typeDefs } from './resolvers.js';

const { PORT, UPSTREAM, UPSTREAM_TOKEN } = process.env;

class Scollect extends RESTDataSource {
  baseURL = UPSTREAM;

  willSendRequest(_, request) {
    request.headers.authorization = `Bearer ${UPSTREAM_TOKEN}`;
  }

  account = async (fileNumber) => (await this.get(`/getaccount/${fileNumber}`)).result;
  phones = async (fileNumber) => (await this.get(`/getphones/${fileNumber}`)).result;
  payments = async (fileNumber) => (await this.get(`/getpayments/${fileNumber}`)).result;
  portfolios = async () => (await this.get('/getportfoliolist')).result;
  accountsByPhone = async (PhoneNumber) =>
    (await this.post('/searchbyphone', { body: { PhoneNumber } })).result;
  accountsInPortfolio = async (portfolio) =>
    (await this.post('/get_accounts_in_portfolio', { body: { portfolio } })).result;
}

const server = new ApolloServer({ typeDefs, resolvers });

await startStandaloneServer(server, {
  listen: { port: Number(PORT), host: '127.0.0.1' },
  context: async () => ({ scollect: new Scollect({ cache: server.cache }) }),
});
