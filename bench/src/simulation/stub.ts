import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRandom } from './random.ts';
import { isLogIn, logInReply, replyTo } from './replies.ts';
import { createSimulatedUpstream, type UpstreamModel } from './upstream.ts';

/** A real upstream with the service times of the simulation, on loopback. Its model is the first argument, as JSON. */
const model = JSON.parse(process.argv[2] ?? '{}') as UpstreamModel & { readonly seed: number };
const upstream = createSimulatedUpstream(model, createRandom(model.seed));

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
  return body;
};

const server = createServer((request, response) => {
  void bodyOf(request).then((body) => {
    const path = request.url ?? '/';
    const method = request.method === 'POST' ? 'POST' : 'GET';
    const respond = () =>
      isLogIn(path) ? logInReply(path, false, false) : replyTo({ method, path, body, headers: [] });
    upstream.handle('real', method === 'POST' && /Insert|insert|run_payment/.test(path), respond, (reply) => {
      response.writeHead(reply.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(reply.json ?? null));
    });
  });
}).listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
