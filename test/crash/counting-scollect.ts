import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { listenAnywhere } from '../support/listen.ts';

/** What the upstream does with the first call for an amount; it executes and answers every later one. */
export interface FirstCall {
  /**
   * `drops` resets the connection before execution, `loses` after it; `executes late` too, but
   * then does it as it catches up.
   */
  readonly conduct: 'approves' | 'declines' | 'drops' | 'loses' | 'executes late';
  readonly onReceived?: () => Promise<void>;
  readonly onExecuted?: () => Promise<void>;
}

/** Stands for Scollect, outlives the gateways before it, and counts what it executes. */
export interface CountingScollect {
  readonly url: string;
  /** Amounts name the charges: no two keys have the same. */
  onFirstCall(amount: string, call: FirstCall): void;
  /** How often a payment of an amount was executed. */
  charges(amount: string): number;
  /** How often it was asked for one. */
  calls(amount: string): number;
  /** All executed payments. */
  total(): number;
  /** Executes the late payments. */
  catchUp(): Promise<void>;
  /** Waits until nothing is in flight. */
  idle(): Promise<void>;
  /** Takes no connections, until it is resumed. */
  halt(): Promise<void>;
  resume(): Promise<void>;
  close(): void;
}

interface Payment {
  readonly filenumber: string;
  readonly paymentdate: string;
  readonly paymentamount: string;
}

const declinedCharge = { result: 'DECLINED', approvalcode: '', error: 'Do not honor' };
const declinedRecord = { result: { error: 'The payer has declined' }, state: 'SUCCESS' };
const recorded = { state: 'SUCCESS', message: 'Payment successfully inserted' };

export interface CountingScollectOptions {
  /** The address to listen on. */
  readonly host?: string;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

export const startCountingScollect = async ({
  host = '127.0.0.1',
  tls,
}: CountingScollectOptions = {}): Promise<CountingScollect> => {
  const payments: Payment[] = [];
  const late: Payment[] = [];
  const firstCalls = new Map<string, FirstCall>();
  const callsFor = new Map<string, number>();
  let inFlight = 0;

  const take = async (payment: Payment, isCharge: boolean): Promise<object | 'reset'> => {
    const { paymentamount: amount } = payment;
    callsFor.set(amount, (callsFor.get(amount) ?? 0) + 1);
    const { conduct, onReceived, onExecuted } = firstCalls.get(amount) ?? { conduct: 'approves' };
    firstCalls.delete(amount);
    await onReceived?.();
    if (conduct === 'executes late') late.push(payment);
    if (conduct === 'drops' || conduct === 'executes late') return 'reset';
    if (conduct === 'declines') return isCharge ? declinedCharge : declinedRecord;
    payments.push(payment);
    const approvalcode = `A${payments.length}`;
    await onExecuted?.();
    if (conduct === 'loses') return 'reset';
    return isCharge ? { result: 'APPROVED', approvalcode, error: '' } : recorded;
  };

  const paymentsOf = (fileNumber: string): object[] =>
    payments
      .filter(({ filenumber }) => filenumber === fileNumber)
      .map(({ paymentdate, ...payment }) => ({
        ...payment,
        paymentdate: new Date(paymentdate).toUTCString(),
      }));

  const answerTo = async (request: IncomingMessage): Promise<object | 'reset'> => {
    const path = request.url ?? '';
    const body = await text(request);
    if (path === '/login') return { result: { access_token: 'token' }, state: 'SUCCESS' };
    if (path.startsWith('/getpayments/')) {
      return { result: paymentsOf(path.slice('/getpayments/'.length)), state: 'SUCCESS' };
    }
    if (path.startsWith('/getaccount/')) {
      const filenumber = path.slice('/getaccount/'.length);
      return { result: [{ filenumber, clientname: `Client of ${filenumber}` }], state: 'SUCCESS' };
    }
    return take(JSON.parse(body) as Payment, path === '/run_payment_external');
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    inFlight += 1;
    try {
      const answer = await answerTo(request);
      if (answer === 'reset') request.socket.resetAndDestroy();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    } catch {
      // Its gateway died while it was asking.
      request.socket.destroy();
    } finally {
      inFlight -= 1;
    }
  };

  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void serve(request, response);
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  const listen = async (port: number): Promise<void> => {
    server.listen(port, host);
    await once(server, 'listening');
  };
  const port = await listenAnywhere(listen);

  return {
    url: `${tls ? 'https' : 'http'}://${host}:${port}`,
    onFirstCall: (amount, call) => {
      firstCalls.set(amount, call);
    },
    charges: (amount) => payments.filter(({ paymentamount }) => paymentamount === amount).length,
    calls: (amount) => callsFor.get(amount) ?? 0,
    total: () => payments.length,
    catchUp: async () => {
      payments.push(...late.splice(0));
    },
    idle: async () => {
      while (inFlight > 0) await pause(5);
    },
    halt: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    resume: () => listen(port),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
