import { createStore, useStore } from './store.ts';

const message = createStore('');

/** Has screen readers say something that sighted people see. */
export const announce = (text: string): void => message.set(text);

export const Announcer = () => (
  <div className="visually-hidden" role="status" aria-live="polite">
    {useStore(message)}
  </div>
);
