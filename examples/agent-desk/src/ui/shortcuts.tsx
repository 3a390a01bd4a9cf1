import { useEffect, useRef } from 'react';
import { createChoice, useStore } from './store.ts';

/** Single keys can be turned off, since speech input and some keyboards press them by accident (WCAG 2.1.4). */
export const singleKeys = createChoice('single-keys', ['on', 'off']);

export type Shortcuts = Readonly<Record<string, () => void>>;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null;

/** Runs a command when its key is pressed, except while something is typed or a dialog is open. */
export const useShortcuts = (shortcuts: Shortcuts): void => {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (singleKeys.get() === 'off' || event.ctrlKey || event.metaKey || event.altKey) return;
      const command = latest.current[event.key];
      if (command === undefined || isTyping(event.target) || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      command();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
};

/** Shows the key of a command next to its name. */
export const Key = ({ name }: { readonly name: string }) =>
  useStore(singleKeys) === 'on' ? (
    <span className="key" aria-hidden="true">
      {name}
    </span>
  ) : null;
