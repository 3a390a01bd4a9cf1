import {
  Environment,
  type FetchFunction,
  type GraphQLSingularResponse,
  Network,
  RecordSource,
  Store,
} from 'relay-runtime';

/** Sends a request to the gateway. */
export const sender =
  (url: string, token: string) =>
  async (body: object): Promise<GraphQLSingularResponse> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as GraphQLSingularResponse;
  };

export type Send = ReturnType<typeof sender>;

/** Sends the texts of documents. */
export const byText =
  (send: Send): FetchFunction =>
  ({ text }, variables) =>
    send({ query: text, variables });

export const createEnvironment = (fetchFunction: FetchFunction): Environment =>
  new Environment({ network: Network.create(fetchFunction), store: new Store(new RecordSource()) });
