import { useEffect, useRef, useState } from 'react';
import { AccountPage } from './account/account-page.tsx';
import { OrderPage } from './order/order-page.tsx';
import { SearchForm } from './search/search-form.tsx';
import { SearchPage } from './search/search-page.tsx';
import { Announcer } from './ui/announcer.tsx';
import { SessionNotice } from './ui/session-notice.tsx';
import { Key, useShortcuts } from './ui/shortcuts.tsx';
import { ShortcutsDialog } from './ui/shortcuts-dialog.tsx';
import { useStore } from './ui/store.ts';
import { theme, themes } from './ui/theme.ts';
import { ViewLink } from './ui/view-link.tsx';
import { type View, view } from './view.ts';

const ThemeSelect = () => {
  const chosen = useStore(theme);
  return (
    <label className="theme">
      <span className="theme-name">Theme</span>
      <select
        aria-label="Theme"
        value={chosen}
        onChange={(event) => theme.set(themes.find((t) => t === event.target.value) ?? 'system')}
      >
        <option value="system">System</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </label>
  );
};

const Page = ({ view: shown }: { readonly view: View }) => {
  switch (shown.name) {
    case 'account':
      return <AccountPage key={shown.fileNumber} fileNumber={shown.fileNumber} />;
    case 'order':
      return <OrderPage key={shown.orderId} orderId={shown.orderId} />;
    case 'search':
      return <SearchPage />;
  }
};

export const App = () => {
  const shown = useStore(view);
  const field = useRef<HTMLInputElement>(null);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  useShortcuts({ '/': () => field.current?.focus(), '?': () => setIsHelpOpen(true) });

  // The page starts in the search field. A later view starts at its heading: screen readers say it, and Tab continues
  // from there.
  const before = useRef<View>(undefined);
  useEffect(() => {
    if (before.current === shown) return;
    if (before.current !== undefined) document.querySelector<HTMLElement>('main h1')?.focus();
    else if (shown.name === 'search') field.current?.focus();
    before.current = shown;
  }, [shown]);

  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <header className="top">
        <ViewLink className="brand" to={{ name: 'search' }}>
          Agent desk
        </ViewLink>
        <SearchForm field={field} />
        <div className="top-tools">
          <button type="button" className="quiet" onClick={() => setIsHelpOpen(true)}>
            Shortcuts <Key name="?" />
          </button>
          <ThemeSelect />
        </div>
      </header>
      <SessionNotice />
      <Page view={shown} />
      {isHelpOpen && <ShortcutsDialog onClose={() => setIsHelpOpen(false)} />}
      <Announcer />
    </>
  );
};
