import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { processRegularResult } from 'graphql-yoga';
import type { JsonResponseType } from '../media-types.ts';
import { withStatus } from '../response-status.ts';

/** What Yoga makes of a result, but for the headers that every answer has. */
interface Answer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
}

interface ResponseInit {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Takes what Yoga would make a response of. */
class Taken implements Answer {
  readonly body: string;
  readonly status: number;
  readonly headers: readonly string[];

  constructor(body: string, { status, headers }: ResponseInit) {
    this.body = body;
    this.status = status;
    this.headers = Object.entries(headers).flatMap(([name, value]) => [name.toLowerCase(), value]);
  }
}

const yogaParts = { Response: Taken } as unknown as Parameters<typeof processRegularResult>[1];

/** The status and the text that Yoga answers a result with: by its own hand where there are errors. */
const answerOf = (result: ExecutionResult, mediaType: JsonResponseType): Answer =>
  result.errors
    ? (processRegularResult(withStatus(result, mediaType), yogaParts, mediaType) as unknown as Taken)
    : {
        status: 200,
        headers: ['content-type', `${mediaType}; charset=utf-8`],
        body: JSON.stringify(result),
      };

/**
 * Sends a result, unless nobody is there any more.
 *
 * @param headers what else the answer says: names and values in turn.
 */
export const send = (
  response: ServerResponse,
  result: ExecutionResult,
  mediaType: JsonResponseType,
  headers: readonly string[],
): void => {
  if (response.closed || response.destroyed || response.writableEnded) return;
  const { status, headers: own, body } = answerOf(result, mediaType);
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, [...own, 'content-length', length, ...headers]).end(body);
};
