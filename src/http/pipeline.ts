import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Requests that may wait on one connection before no more are read from it. */
const maxWaiting = 16;

/** Time for a client to read the last response and to close a connection, before the gateway does. */
const lingerMs = 1000;

/** What Node's server has on a connection, to read no further requests while responses wait to be sent. */
interface HttpSocket extends Socket {
  _paused?: boolean;
  readonly parser?: { resume(): void } | null;
}

/** Reads no further requests. Node continues after each complete request unless `_paused` is set. */
const stopReading = (socket: HttpSocket): void => {
  socket._paused = true;
  socket.pause();
};

const readOn = (socket: HttpSocket): void => {
  if (socket._paused) {
    socket._paused = false;
    socket.parser?.resume();
  }
  socket.resume();
};

const closeAfterResponse = ({ response }: Exchange): void => {
  if (!response.headersSent) response.setHeader('connection', 'close');
};

/**
 * Closes a connection once all that was written has been sent. A connection that is closed while data of its client is
 * unread is reset, and the client loses the response that is still on its way: until the client closes it, or a second
 * is over, what it sends is read and ignored (RFC 9112, 9.6).
 */
export const closeGracefully = (socket: Socket): void => {
  if (socket.destroyed || socket.writableEnded) return;
  socket.end(() => {
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    socket.once('close', () => clearTimeout(timer));
  });
  readOn(socket);
};

/**
 * Requests of one connection, executed one after the other: of requests that a client sends without waiting for
 * responses, a later one may only be executed if its response can be sent (RFC 9112, 9.3.2). A request is not begun if
 * the connection is closed after the response before it.
 */
export class Pipeline {
  readonly #socket: Socket;
  readonly #handle: RequestListener;
  #current: Exchange | undefined;
  #waiting: Exchange[] = [];
  /** The request that was received last. */
  #latest: IncomingMessage | undefined;
  /** What had been read when the last response was sent: what is more belongs to the next request. */
  #bytesBefore = 0;
  /** Whether requests that come from now on are not executed. */
  #isEnding = false;
  /** Whether the next request is the last one. */
  #isLast = false;

  constructor(socket: Socket, handle: RequestListener) {
    this.#socket = socket;
    this.#handle = handle;
    // Node's own closes the connection as soon as the last response is written.
    socket.destroySoon = () => closeGracefully(socket);
  }

  /**
   * Whether no request is executed, nor received. To Node a connection is idle as well while it sends what is left of a
   * large response.
   */
  get isIdle(): boolean {
    if (this.#current) return false;
    const isReceived = this.#latest?.complete ?? true;
    return !isReceived || this.#socket.bytesRead === this.#bytesBefore;
  }

  /** Whether a request was received completely, and its response has not been sent. */
  get isAnswering(): boolean {
    return this.#current?.request.complete ?? false;
  }

  /** Whether a response with an error can be sent: none was sent for the request that is being received. */
  get canReject(): boolean {
    if (this.#isEnding) return false;
    return this.#current ? !this.#current.response.headersSent : (this.#latest?.complete ?? true);
  }

  /** The response to the request that is executed. Those to later ones wait for it. */
  get response(): ServerResponse | undefined {
    return this.#current?.response;
  }

  /** Executes a request, after those before it. */
  add(request: IncomingMessage, response: ServerResponse): void {
    this.#latest = request;
    if (this.#isEnding) {
      request.resume();
      return;
    }
    if (this.#isLast) this.#isEnding = true;
    const exchange = { request, response };
    if (!this.#current) this.#begin(exchange);
    else if (this.#waiting.push(exchange) >= maxWaiting) stopReading(this.#socket);
  }

  /** Closes the connection after the requests that have been received, or, if there are none, after the next one. */
  finish(): void {
    if (this.#waiting.length > 0) this.#isEnding = true;
    else if (this.#current && !this.#current.response.headersSent) this.end();
    else this.#isLast = true;
  }

  /** Closes the connection after the requests that have been received completely. */
  end(): void {
    this.#isEnding = true;
    this.#waiting = this.#waiting.filter(({ request }) => request.complete);
    if (!this.#current) closeGracefully(this.#socket);
    else if (this.#waiting.length === 0) closeAfterResponse(this.#current);
  }

  #begin(exchange: Exchange): void {
    this.#current = exchange;
    const { request, response } = exchange;
    if (this.#isEnding && this.#waiting.length === 0) closeAfterResponse(exchange);
    response.on('close', () => this.#next());
    this.#handle(request, response);
  }

  #next(): void {
    this.#current = undefined;
    // An open connection must not keep a request with its token and its body in memory.
    if (this.#latest?.complete) this.#latest = undefined;
    const { destroyed, writableEnded } = this.#socket;
    if (destroyed || writableEnded) {
      this.#isEnding = true;
      for (const { request } of this.#waiting.splice(0)) request.resume();
      return;
    }
    const exchange = this.#waiting.shift();
    this.#bytesBefore = this.#socket.bytesRead;
    if (exchange) this.#begin(exchange);
    else if (this.#isEnding) closeGracefully(this.#socket);
    if (exchange && this.#waiting.length === maxWaiting - 1) readOn(this.#socket);
  }
}
