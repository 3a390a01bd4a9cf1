import { readyTabs } from '../../src/http/graphiql/ready-queries.ts';

/** The name of a tab: that of its operation. */
export const nameOf = ({ query }: { readonly query: string }): string =>
  /^(?:query|mutation) (\w+)/m.exec(query)?.[1] ?? '';

export const tabNames = readyTabs.map(nameOf);
