import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TypedDocumentString } from '../../generated/graphql.ts';
import { useStore } from '../ui/store.ts';
import { startQuery } from './client.ts';
import { areOfSession, type Problem, problemsOf } from './problems.ts';
import { session } from './session.ts';

/** What a panel shows. Data and problems can be there together: one system may be down. */
export type PanelState<Part> =
  | { readonly status: 'loading' }
  | { readonly status: 'absent' }
  | { readonly status: 'failed'; readonly problems: readonly Problem[] }
  | {
      readonly status: 'ready';
      readonly data: Part;
      readonly problems: readonly Problem[];
      /** Whether newer data is on its way. */
      readonly isRefreshing: boolean;
    };

export interface Panel<Part> {
  readonly state: PanelState<Part>;
  /** Requests the data again; what is shown stays until it arrives. */
  readonly reload: () => void;
  /** Shows what a mutation returned. A query that started earlier no longer counts. */
  readonly replace: (data: Part, problems: readonly Problem[]) => void;
}

/** What a result leads to. Data that is shown stays there if the only problem is that the session has ended. */
const stateAfter = <Part>(
  old: PanelState<Part>,
  part: Part | null | undefined,
  problems: readonly Problem[],
): PanelState<Part> => {
  if (old.status === 'ready' && areOfSession(problems)) return { ...old, isRefreshing: false };
  if (part !== null && part !== undefined)
    return { status: 'ready', data: part, problems, isRefreshing: false };
  return problems.length > 0 ? { status: 'failed', problems } : { status: 'absent' };
};

/**
 * Reads what a panel shows. Each panel has its own query: one that waits for a slow system does not hold up the others.
 * The gateway shares upstream calls between them.
 *
 * @param variables and `partOf` are the same objects at each call, or the query starts again.
 */
export const useRead = <Data, Variables extends object, Part>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  partOf: (data: Data) => Part | null,
): Panel<Part> => {
  const [state, setState] = useState<PanelState<Part>>({ status: 'loading' });
  const cancel = useRef(() => {});

  const request = useCallback(() => {
    cancel.current();
    cancel.current = startQuery(document, variables, ({ data, error }) =>
      setState((old) => stateAfter(old, data && partOf(data), problemsOf(error))),
    );
  }, [document, variables, partOf]);

  const reload = useCallback(() => {
    setState((old) => (old.status === 'ready' ? { ...old, isRefreshing: true } : { status: 'loading' }));
    request();
  }, [request]);

  const replace = useCallback((data: Part, problems: readonly Problem[]) => {
    cancel.current();
    setState({ status: 'ready', data, problems, isRefreshing: false });
  }, []);

  useEffect(() => {
    request();
    return () => cancel.current();
  }, [request]);

  const { renewals } = useStore(session);
  const readAt = useRef(renewals);
  useEffect(() => {
    if (readAt.current !== renewals) reload();
    readAt.current = renewals;
  }, [renewals, reload]);

  return { state, reload, replace };
};

const accountOf = <Part>({ account }: { account: Part | null }): Part | null => account;

/** Reads one part of an account. */
export const usePanel = <Part>(
  document: TypedDocumentString<{ account: Part | null }, { fileNumber: string }>,
  fileNumber: string,
): Panel<Part> => {
  const variables = useMemo(() => ({ fileNumber }), [fileNumber]);
  return useRead(document, variables, accountOf<Part>);
};

/** What a panel has, or nothing while it has not. */
export const dataOf = <Part>({ state }: Panel<Part>): Part | undefined =>
  state.status === 'ready' ? state.data : undefined;
