/** Whether operations are taken at a path: at `/graphql`, also below a prefix that a proxy leaves. */
export const isGraphQLPath = (pathname: string): boolean => /\/graphql\/?$/.test(pathname);
