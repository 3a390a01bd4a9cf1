import { hash } from 'node:crypto';
import type { GraphiQLOptions } from 'graphql-yoga';
import { storageScript } from './graphiql-storage.ts';
import { readyQueries } from './ready-queries.ts';

export const graphiqlOptions: GraphiQLOptions = {
  title: 'Recollect',
  // Hides a switch without effect: the page stores nothing that is typed.
  shouldPersistHeaders: false,
  defaultTabs: readyQueries.map((query) => ({ query })),
};

const scriptHashes = (html: string): string[] =>
  [...html.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${hash('sha256', script, 'base64')}'`,
  );

/** Puts a script before all others of the page. @throws where the page is not as expected: it must not run without. */
const withFirstScript = (html: string, script: string): string => {
  const head = '<head>';
  if (!html.includes(head)) throw new Error("GraphiQL's page: expected a <head>.");
  return html.replace(head, () => `${head}<script>${script}</script>`);
};

/** Its own scripts, and workers made of them; styles that its editor writes; questions to this server. */
const policyFor = (html: string): string =>
  [
    "default-src 'none'",
    `script-src ${scriptHashes(html).join(' ')}`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** GraphiQL's page, and the content security policy that it works under. */
export interface GraphiQLPage {
  readonly render: (options: GraphiQLOptions) => Promise<string>;
  /** Of the page that was rendered last; nothing may be done by any other. */
  readonly policy: () => string;
}

/** The page with all its scripts is 9 MB of text: read when a browser first asks for it, and kept. */
export const createGraphiQLPage = (): GraphiQLPage => {
  let page: Promise<string> | undefined;
  let policy = "default-src 'none'; frame-ancestors 'none'";
  const make = async (options: GraphiQLOptions): Promise<string> => {
    const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
    // Yoga's page writes what is typed, SSNs with it, into the address, and so into the browser's history: what
    // stands here takes the place of its function.
    const page = renderGraphiQL({ ...options, onEditQuery: null } as GraphiQLOptions);
    const html = withFirstScript(page, storageScript);
    policy = policyFor(html);
    return html;
  };
  return {
    render: (options) => {
      page ??= make(options);
      return page;
    },
    policy: () => policy,
  };
};
