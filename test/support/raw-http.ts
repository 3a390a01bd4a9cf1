import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { serve } from '../../src/http/server.ts';
import type { startGateway } from './gateway.ts';

/** An answer as it came over the wire, but for what differs from one to the next: the time and the request's id. */
export interface RawReply {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

const differing = new Set(['date', 'x-request-id']);

const headersOf = ({ rawHeaders }: IncomingMessage): string[] => {
  const lines = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  );
  return lines.map(([name, value]) => (differing.has(name.toLowerCase()) ? name : `${name}: ${value}`));
};

/** Serves a gateway over HTTP, and asks it over one connection after the other. */
export const serveRaw = async ({ gateway }: Awaited<ReturnType<typeof startGateway>>) => {
  const server = await serve(gateway.handle, { port: 0, host: '127.0.0.1' });
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => {
    agent.destroy();
    server.cut();
  });
  const { port } = server.address;

  /**
   * @param chunks the parts in which the body is sent, with pauses between them; none for a request without a body.
   * @param line what stands in the request's first line.
   */
  const send = async (
    chunks: readonly (string | Buffer)[],
    headers: Readonly<Record<string, string | readonly string[]>> = {},
    line: { readonly method?: string; readonly path?: string } = {},
  ): Promise<RawReply> => {
    const length = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk), 0);
    const ofBody = { 'content-type': 'application/json', 'content-length': String(length) };
    const options = { method: 'POST', path: '/graphql', ...line };
    const all = { ...(chunks.length > 0 && ofBody), ...headers };
    const sent = request({ port, host: '127.0.0.1', agent, ...options, headers: all });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve).once('error', reject);
    });
    for (const [index, chunk] of chunks.entries()) {
      if (index > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      sent.write(chunk);
    }
    sent.end();
    const response = await answered;
    return { status: response.statusCode ?? 0, headers: headersOf(response), body: await text(response) };
  };
  return { port, send };
};
