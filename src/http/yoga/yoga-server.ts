import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { MaskError } from '../error-masking.ts';
import type { IncomingRequest } from '../incoming-request.ts';
import type { ReadDocument } from '../read-document.ts';
import { type Reply, resultReply } from '../reply.ts';
import type { ServerContext, YogaExchange } from './yoga-exchange.ts';

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  readonly maskError: MaskError;
  /** Writes the audit line, and applies the response steps to the result. */
  readonly complete: (
    request: IncomingRequest,
    result: ExecutionResult,
    run: undefined,
  ) => Promise<ExecutionResult>;
}

/** graphql-yoga, for admitted requests: it reports what is wrong with documents. */
export interface YogaServer {
  reply(request: IncomingRequest, read: ReadDocument): Promise<Reply>;
}

/** The guards have checked method and path, so that Yoga receives the same address for all requests. */
const endpoint = 'http://localhost/graphql';

/** Hands parameters and the document to Yoga, and takes the result from it. */
const useHandler = ({ complete }: YogaOptions): Plugin<ServerContext, ServerContext> => ({
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
  onExecute: ({ setExecuteFn }) => {
    setExecuteFn(() => {
      throw new Error('Expected an operation that is executed directly.');
    });
  },
  onResultProcess: async ({ serverContext: { exchange }, result }) => {
    const { request } = exchange;
    try {
      const completed = await complete(request, result as ExecutionResult, undefined);
      exchange.reply = resultReply(completed, request.responseFormat);
    } catch (error) {
      exchange.failure = { error };
    }
  },
});

export const createYogaServer = (options: YogaOptions): YogaServer => {
  const { schema, maskError } = options;
  const yoga = createYoga<ServerContext>({
    schema,
    graphqlEndpoint: '/graphql',
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

  return {
    reply: async (request, read) => {
      const exchange: YogaExchange = { request, read };
      await yoga.fetch(endpoint, { method: request.method }, { exchange });
      if (exchange.failure) throw exchange.failure.error;
      if (!exchange.reply) throw new Error('Expected that Yoga processes a result.');
      return exchange.reply;
    },
  };
};
