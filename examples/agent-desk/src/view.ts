import { isFitForAddress } from './search/search-key.ts';
import { createStore } from './ui/store.ts';

/** What the page shows. */
export type View =
  | { readonly name: 'search' }
  | { readonly name: 'account'; readonly fileNumber: string }
  | { readonly name: 'order'; readonly orderId: string };

const search: View = { name: 'search' };

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
};

const viewAt = (path: string): View => {
  const [, orderId] = /^\/orders\/(\d+)$/.exec(path) ?? [];
  if (orderId !== undefined) return { name: 'order', orderId };
  const fileNumber = decode(/^\/accounts\/([^/]+)$/.exec(path)?.[1] ?? '');
  return isFitForAddress(fileNumber) ? { name: 'account', fileNumber } : search;
};

/**
 * The address of a view. It contains numbers of accounts and orders only: a search by a phone or a social security number has the
 * address of the search page, and its results are in memory alone.
 */
export const addressOf = (view: View): string => {
  if (view.name === 'order') return `/orders/${encodeURIComponent(view.orderId)}`;
  return view.name === 'account' && isFitForAddress(view.fileNumber)
    ? `/accounts/${encodeURIComponent(view.fileNumber)}`
    : '/';
};

export const view = createStore<View>(search);

const titleOf = (shown: View): string => {
  if (shown.name === 'order') return `Order ${shown.orderId} · Agent desk`;
  return shown.name === 'account' && isFitForAddress(shown.fileNumber)
    ? `${shown.fileNumber} · Agent desk`
    : 'Agent desk';
};

const show = (next: View): void => {
  document.title = titleOf(next);
  view.set(next);
};

export const goTo = (next: View): void => {
  const address = addressOf(next);
  if (address !== location.pathname) history.pushState(null, '', address);
  show(next);
};

export const goToAccount = (fileNumber: string): void => goTo({ name: 'account', fileNumber });

export const goToSearch = (): void => goTo(search);

/** Shows the view of the address, now and when the agent goes back or forward. */
export const followAddress = (): void => {
  const first = viewAt(location.pathname);
  // An address that is none of ours may contain anything: it does not stay.
  history.replaceState(null, '', addressOf(first));
  show(first);
  window.addEventListener('popstate', () => show(viewAt(location.pathname)));
};
