import { useSyncExternalStore } from 'react';

/** A value outside of React that components can follow. */
export interface Store<Value> {
  readonly get: () => Value;
  readonly set: (value: Value) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export const createStore = <Value>(initial: Value): Store<Value> => {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set: (value) => {
      current = value;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

export const useStore = <Value>({ subscribe, get }: Store<Value>): Value =>
  useSyncExternalStore(subscribe, get);

const prefix = 'agent-desk:';

/**
 * A choice of the agent that is kept in this browser. Only the values listed can be stored, so that nothing that is
 * typed or read about a debtor ever can.
 */
export const createChoice = <Value extends string>(
  name: string,
  values: readonly [Value, ...Value[]],
): Store<Value> => {
  const stored = localStorage.getItem(prefix + name);
  const store = createStore<Value>(values.find((value) => value === stored) ?? values[0]);
  return {
    ...store,
    set: (value) => {
      store.set(value);
      localStorage.setItem(prefix + name, value);
    },
  };
};
