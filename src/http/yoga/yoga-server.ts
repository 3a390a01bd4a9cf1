import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Context } from '../../request/context.ts';
import { endWhenSent } from '../../request/response-work.ts';
import type { MaskError } from '../error-masking.ts';
import type { IncomingRequest } from '../incoming-request.ts';
import type { OperationRun } from '../operation-run.ts';
import type { ReadDocument } from '../read-document.ts';
import { type Reply, resultReply } from '../reply.ts';
import type { ServerContext, YogaExchange } from './yoga-exchange.ts';

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  readonly maskError: MaskError;
  readonly contextOf: (request: IncomingRequest) => Context;
  /** Executes a valid operation. */
  readonly run: (exchange: YogaExchange, context: Context) => Promise<OperationRun>;
  /** Writes the audit line, and applies the response steps to the result. */
  readonly complete: (
    request: IncomingRequest,
    result: ExecutionResult,
    run: OperationRun | undefined,
  ) => Promise<ExecutionResult>;
}

/** graphql-yoga, for admitted requests: it reports what is wrong with documents, and sends results as streams. */
export interface YogaServer {
  reply(request: IncomingRequest, read: ReadDocument): Promise<Reply>;
}

/** The guards have checked method and path, so that Yoga receives the same address for all requests. */
const endpoint = 'http://localhost/graphql';

/** The result for Yoga, which is replaced by that of the run: Yoga would mask its errors before they are recorded. */
const placeholder = (): ExecutionResult => ({ data: null });

/** Hands parameters and the document to Yoga, and takes the execution and the result from it. */
const useHandler = ({ run, complete }: YogaOptions): Plugin<ServerContext & Context, ServerContext> => ({
  onRequestParse: ({ serverContext: { exchange }, setRequestParser }) => {
    const { parameters, document = '' } = exchange.request;
    setRequestParser(() => ({
      query: document,
      ...(parameters?.operationName != null && { operationName: parameters.operationName }),
      ...(parameters?.variables && { variables: { ...parameters.variables } }),
    }));
  },
  onParse: ({ context, setParseFn }) => {
    const { read } = context.exchange;
    setParseFn(() => {
      if ('fault' in read) throw read.fault;
      return read.document;
    });
  },
  onValidate: ({ context, setResult }) => {
    const { read } = context.exchange;
    if ('errors' in read) setResult(read.errors);
  },
  onExecute: ({ args, setExecuteFn }) => {
    const { exchange } = args.contextValue;
    setExecuteFn(async () => {
      exchange.run = await run(exchange, args.contextValue);
      return placeholder();
    });
  },
  // The schema has no subscriptions: they end with an error, and are not executed.
  onSubscribe: ({ args }) => args.contextValue.life.end(),
  onResultProcess: async ({ serverContext: { exchange }, result, setResult }) => {
    const { request, run: ran } = exchange;
    const { mediaType } = request;
    try {
      const completed = await complete(request, ran ? ran.result : (result as ExecutionResult), ran);
      if (mediaType) exchange.reply = resultReply(completed, mediaType, ran?.context);
      // Yoga sends it in the first streaming type that is accepted.
      else setResult(completed);
    } catch (error) {
      exchange.failure = { error };
    }
  },
});

const ofConnection = new Set(['connection', 'content-length', 'transfer-encoding', 'x-yoga-id']);

const headersIn = ({ headers }: Response): string[] =>
  [...headers]
    // Those of the connection are for the server: Yoga's streams would keep it open, even if the gateway is stopping.
    .filter(([name]) => !ofConnection.has(name.toLowerCase()))
    .flat();

export const createYogaServer = (options: YogaOptions): YogaServer => {
  const { schema, maskError, contextOf } = options;
  const yoga = createYoga<ServerContext, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    context: ({ exchange }) => contextOf(exchange.request),
    // It would keep errors, and with them requests.
    parserAndValidationCache: false,
    plugins: [useHandler(options)],
    // Yoga would return messages and stacks if NODE_ENV is not production.
    maskedErrors: { maskError: (error) => maskError(error), isDev: false },
    // Its own log would contain errors unmasked.
    logging: false,
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
  });

  const send = (exchange: YogaExchange): Response | Promise<Response> => {
    const { method, headers } = exchange.request;
    const accept = headers.get('accept');
    return yoga.fetch(endpoint, { method, headers: accept === null ? {} : { accept } }, { exchange });
  };

  return {
    reply: async (request, read) => {
      const exchange: YogaExchange = { request, read };
      try {
        const response = await send(exchange);
        if (exchange.failure) throw exchange.failure.error;
        const task = exchange.run?.context.pace;
        return (
          exchange.reply ?? {
            status: response.status,
            headers: headersIn(response),
            body: await response.text(),
            task,
          }
        );
      } catch (error) {
        if (exchange.run) endWhenSent(exchange.run.context.pace, undefined);
        throw error;
      }
    },
  };
};
