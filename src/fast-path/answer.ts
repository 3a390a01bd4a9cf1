import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { processRegularResult } from 'graphql-yoga';

/** What Yoga makes of a result, but for the headers that every answer has. */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Takes what Yoga would make a response of. */
class Taken implements Answer {
  readonly body: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(body: string, { status, headers }: Omit<Answer, 'body'>) {
    this.body = body;
    this.status = status;
    this.headers = headers;
  }
}

const yogaParts = { Response: Taken } as unknown as Parameters<typeof processRegularResult>[1];

const inLowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** The status and the text that Yoga answers a result with: by its own hand where there are errors. */
const answerOf = (result: ExecutionResult, mediaType: string): Answer => {
  if (result.errors) {
    const taken = processRegularResult(result, yogaParts, mediaType) as unknown as Taken;
    return { status: taken.status, headers: inLowerCase(taken.headers), body: taken.body };
  }
  const headers = { 'content-type': `${mediaType}; charset=utf-8` };
  return { status: 200, headers, body: JSON.stringify(result) };
};

/** Sends a result, unless nobody is there any more. */
export const send = (
  response: ServerResponse,
  result: ExecutionResult,
  mediaType: string,
  headers: Readonly<Record<string, string>>,
): void => {
  if (response.closed || response.destroyed || response.writableEnded) return;
  const { status, headers: own, body } = answerOf(result, mediaType);
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { ...own, 'content-length': length, ...headers }).end(body);
};
