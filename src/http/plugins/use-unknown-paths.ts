import type { Plugin } from 'graphql-yoga';
import { isGraphQLPath } from '../graphql-path.ts';

/** Answers 404 at paths that are not for operations. Yoga also takes them where an address ends so in its query. */
export const useUnknownPaths = (): Plugin => ({
  onRequest: ({ url, fetchAPI: { Response }, endResponse }) => {
    if (!isGraphQLPath(url.pathname)) endResponse(new Response('', { status: 404 }));
  },
});
