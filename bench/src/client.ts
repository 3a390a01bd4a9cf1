import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Answer, createAnswerReader } from './answer-reader.ts';
import { type FormName, requestIn } from './forms.ts';
import type { Variables } from './operations.ts';
import { templateOf } from './template.ts';

/** One connection that is kept, with one request under way at a time. */
export interface Client {
  ask(key: string): Promise<Answer>;
  close(): void;
}

export interface Question {
  readonly document: string;
  /** Its variables, with holes for the key. */
  readonly variables: Variables;
  readonly token: string | undefined;
  /** How long all keys are. */
  readonly keyLength: number;
  readonly form: FormName;
}

class ClosedError extends Error {
  constructor() {
    super('The server closed a connection.');
  }
}

const requestTemplate = (port: number, { document, variables, token, keyLength, form }: Question) => {
  const { method, target, headers, body } = requestIn(form, document, variables);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
    ...(body === '' ? [] : [`content-length: ${templateOf(body).lengthWith(keyLength)}`]),
  ];
  return templateOf(`${lines.join('\r\n')}\r\n\r\n${body}`);
};

interface Connection {
  ask(request: string): Promise<Answer>;
  readonly socket: Socket;
}

const open = async (port: number): Promise<Connection> => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const read = createAnswerReader();
  let settle: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  socket.on('data', (chunk) => {
    const answer = read(chunk);
    if (answer) settle?.resolve(answer);
  });
  const lose = (): void => settle?.reject(new ClosedError());
  socket.on('close', lose).on('error', lose);
  const ask = (request: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      settle = { resolve, reject };
      if (socket.destroyed) lose();
      else socket.write(request, 'latin1');
    });
  return { ask, socket };
};

/** Connects to a server on loopback. */
export const connectClient = async (port: number, question: Question): Promise<Client> => {
  const request = requestTemplate(port, question);
  let connection = await open(port);
  return {
    ask: async (key) => {
      const text = request.fill(key);
      try {
        return await connection.ask(text);
      } catch (error) {
        if (!(error instanceof ClosedError)) throw error;
        // A server that was held up takes a connection for an idle one: every client connects anew then.
        connection = await open(port);
        return connection.ask(text);
      }
    },
    close: () => connection.socket.destroy(),
  };
};
