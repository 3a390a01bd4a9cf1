import type { RequestHeaders } from '../../auth/client-address.ts';
import { encodingFor } from '../media-types.ts';
import type { Reply } from '../reply.ts';
import { type EncodedPage, encodePage, encodings } from './encoded-page.ts';
import type { PageOptions } from './graphiql-client.ts';
import { renderPage } from './page.ts';

/** Whether the client has this version, by its header If-None-Match. */
const isKnown = (ifNoneMatch: string | null, etag: string): boolean =>
  (ifNoneMatch ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === etag || tag === '*');

/** GraphiQL's page. */
export interface GraphiQL {
  readonly reply: (request: { readonly headers: RequestHeaders }) => Promise<Reply>;
}

/** The pages that were requested, by their options. */
const made = new Map<string, Promise<EncodedPage>>();

/** Renders and compresses the page at its first request, once per process. */
const pageFor = ({ requiresToken, usesSandbox }: PageOptions): Promise<EncodedPage> => {
  const name = JSON.stringify([requiresToken, usesSandbox]);
  const page = made.get(name) ?? encodePage(renderPage({ requiresToken, usesSandbox }));
  made.set(name, page);
  return page;
};

/** Returns GraphiQL's page. A browser that has it asks whether it has changed, and receives it at most once per version. */
export const createGraphiQL = (options: PageOptions): GraphiQL => ({
  reply: async ({ headers }) => {
    const { policy, etagOf, bodyIn } = await pageFor(options);
    const encoding = encodingFor(headers.get('accept-encoding'), encodings);
    const etag = etagOf(encoding);
    // An operation at the same address is accepted in other types.
    const common = ['etag', etag, 'vary', 'Accept, Accept-Encoding'];
    if (isKnown(headers.get('if-none-match'), etag)) {
      return { status: 304, headers: common, body: '', pagePolicy: policy };
    }
    const coding = encoding === 'identity' ? [] : ['content-encoding', encoding];
    return {
      status: 200,
      headers: [...common, ...coding, 'content-type', 'text/html; charset=utf-8'],
      body: await bodyIn(encoding),
      pagePolicy: policy,
    };
  },
});
