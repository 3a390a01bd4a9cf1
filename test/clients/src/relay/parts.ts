import { type FetchFunction, type GraphQLResponse, graphql, Observable } from 'relay-runtime';

export const partsQuery = graphql`
  query partsQuery($fileNumber: String!) {
    account(fileNumber: $fileNumber) {
      id
      currentBalance
      ...parts_phones
      ...parts_notes @defer(label: "notes")
    }
  }
`;

export const phonesInParts = graphql`
  fragment parts_phones on Account {
    phones @stream(label: "phones", initialCount: 1) { id number status }
  }
`;

export const notesInParts = graphql`
  fragment parts_notes on Account {
    notes(first: 10) { edges { node { id body } } }
  }
`;

interface Entry {
  readonly data?: unknown;
  readonly items?: readonly unknown[] | null;
  readonly path: readonly (string | number)[];
  readonly label?: string;
  readonly errors?: readonly unknown[];
}

interface Payload extends Omit<Entry, 'path'> {
  readonly incremental?: readonly Entry[];
  readonly hasNext?: boolean;
}

/** One response of Relay for each item of a list. */
const entriesOf = ({ items, path, ...entry }: Entry): object[] => {
  if (!items) return [{ data: null, ...entry, path }];
  const from = Number(path.at(-1));
  return items.map((data, index) => ({ ...entry, data, path: [...path.slice(0, -1), from + index] }));
};

const responsesOf = ({ incremental, hasNext = false, ...first }: Payload): GraphQLResponse => {
  const responses = incremental ? incremental.flatMap(entriesOf) : [first];
  return responses.map((response, index) => ({
    ...response,
    extensions: { is_final: !hasNext && index === responses.length - 1 },
  })) as unknown as GraphQLResponse;
};

/** Reads the parts of a body as they come; a result that comes at once is one part. */
async function* payloadsIn(response: Response): AsyncGenerator<Payload> {
  if (!response.headers.get('content-type')?.startsWith('multipart/mixed')) {
    yield (await response.json()) as Payload;
    return;
  }
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const parts = text.split('\r\n---');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const json = part.slice(part.indexOf('\r\n\r\n') + 4);
      if (json.startsWith('{')) yield JSON.parse(json) as Payload;
    }
  }
}

/** Sends the texts of documents, and reads responses in parts. */
export const inParts =
  (url: string, token: string): FetchFunction =>
  ({ text }, variables) =>
    Observable.create<GraphQLResponse>((sink) => {
      const request = new AbortController();
      const read = async (): Promise<void> => {
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            accept: 'multipart/mixed;deferSpec=20220824, application/json',
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ query: text, variables }),
          signal: request.signal,
        });
        for await (const payload of payloadsIn(response)) sink.next(responsesOf(payload));
      };
      read().then(
        () => sink.complete(),
        (error: Error) => sink.error(error),
      );
      return () => request.abort();
    });
