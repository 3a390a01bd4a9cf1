import { AccountsByPhoneDocument, AccountsBySsnDocument, type HitFragment } from '../../generated/graphql.ts';
import { type Result, startQuery } from '../gateway/client.ts';
import { areOfSession, type Problem, problemsOf } from '../gateway/problems.ts';
import { session } from '../gateway/session.ts';
import { announce } from '../ui/announcer.tsx';
import { phone } from '../ui/format.ts';
import { createStore } from '../ui/store.ts';
import { goTo, goToAccount, goToSearch } from '../view.ts';
import type { SearchKey } from './search-key.ts';

/** The last search by a phone or a social security number. It is in memory only, and ends with the page. */
export type Search =
  | { readonly status: 'none' }
  | { readonly status: 'loading'; readonly title: string }
  | {
      readonly status: 'done';
      readonly title: string;
      readonly hits: readonly HitFragment[];
      readonly problems: readonly Problem[];
      readonly repeat: () => void;
    };

export const search = createStore<Search>({ status: 'none' });

let cancel = (): void => {};

const show = (
  title: string,
  { data, error }: Result<{ accounts: readonly HitFragment[] | null }>,
  repeat: () => void,
): void => {
  const hits = data?.accounts ?? [];
  const problems = problemsOf(error);
  search.set({ status: 'done', title, hits, problems, repeat });
  announce(problems.length > 0 ? 'The search failed.' : `${hits.length} accounts found.`);
  const [only, ...others] = hits;
  if (only !== undefined && others.length === 0 && problems.length === 0) goToAccount(only.fileNumber);
};

// A search that the end of the session prevented is repeated when the agent has signed in.
let renewals = 0;
session.subscribe(() => {
  if (session.get().renewals === renewals) return;
  renewals = session.get().renewals;
  const shown = search.get();
  if (shown.status === 'done' && areOfSession(shown.problems)) shown.repeat();
});

/** Opens an account by its file number, an order by its own, or lists the accounts of a phone or a person. */
export const startSearch = (key: SearchKey): void => {
  cancel();
  if (key.kind === 'fileNumber') {
    goToAccount(key.value);
    return;
  }
  if (key.kind === 'order') {
    goTo({ name: 'order', orderId: key.value });
    return;
  }
  const title =
    key.kind === 'phone'
      ? `Accounts with the phone ${phone(key.value)}`
      : `Accounts of the SSN that ends in ${key.value.slice(-4)}`;
  search.set({ status: 'loading', title });
  goToSearch();
  const repeat = (): void => startSearch(key);
  cancel =
    key.kind === 'phone'
      ? startQuery(AccountsByPhoneDocument, { number: key.value }, (result) => show(title, result, repeat))
      : startQuery(AccountsBySsnDocument, { ssn: key.value }, (result) => show(title, result, repeat));
};
