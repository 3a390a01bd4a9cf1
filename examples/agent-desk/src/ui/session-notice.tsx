import type { MouseEvent } from 'react';
import { continueSession, session } from '../gateway/session.ts';
import { Notice } from './notices.tsx';
import { useStore } from './store.ts';

/** The button is gone after it: the focus goes to the form that is open, or to the start of the page. */
const proceed = ({ currentTarget }: MouseEvent<HTMLButtonElement>): void => {
  const field = currentTarget.closest('dialog')?.querySelector<HTMLElement>('input, .step');
  (field ?? document.querySelector<HTMLElement>('main h1'))?.focus();
  continueSession();
};

/**
 * States once that the session has ended, and what to do. Signing in takes another tab, so that nothing that was typed
 * here is lost. It is also part of a dialog, which hides the one of the page.
 */
export const SessionNotice = () =>
  useStore(session).hasEnded ? (
    <div className="session">
      <Notice tone="bad" title="Your session has ended" isUrgent>
        <p>
          Nothing is read or saved until you sign in again. This page stays as it is, with what you typed.
        </p>
        <div className="notice-actions">
          <a className="button" href="/" target="_blank" rel="noopener">
            Sign in, in a new tab
          </a>
          <button type="button" onClick={proceed}>
            I have signed in: continue
          </button>
        </div>
      </Notice>
    </div>
  ) : null;
