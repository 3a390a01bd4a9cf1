import type { ReactNode } from 'react';
import type { Panel as PanelData } from '../gateway/use-panel.ts';
import { Problems } from './notices.tsx';
import { Key } from './shortcuts.tsx';
import { Waiting } from './waiting.tsx';

interface PanelProps<Part> {
  readonly id: string;
  readonly title: string;
  /** The digit that moves the focus here. */
  readonly digit: number;
  readonly panel: PanelData<Part>;
  /** Where the data comes from. */
  readonly source: string;
  /** The systems that must respond; the source, unless others are needed, too. */
  readonly waitsFor?: string;
  readonly actions?: ReactNode;
  /** Shown above the data, whatever the state of that is. */
  readonly lead?: ReactNode;
  readonly children: (data: Part) => ReactNode;
}

/** Gray lines in place of data that is not there yet. */
const Skeleton = () => (
  <div className="skeleton">
    <span className="visually-hidden">Loading…</span>
    <span />
    <span />
    <span />
  </div>
);

const Body = <Part,>({
  panel: { state, reload },
  waitsFor,
  children,
}: Pick<PanelProps<Part>, 'panel' | 'children'> & { readonly waitsFor: string }) => {
  switch (state.status) {
    case 'loading':
      return (
        <>
          <Skeleton />
          <Waiting on={waitsFor} />
        </>
      );
    case 'absent':
      return <p className="none">It is not there.</p>;
    case 'failed':
      return <Problems problems={state.problems} onRetry={reload} />;
    case 'ready':
      return (
        <>
          {state.isRefreshing && <Waiting on={waitsFor} />}
          <Problems problems={state.problems} onRetry={reload} />
          {children(state.data)}
        </>
      );
  }
};

/** One part of an account or an order, with its own loading and error states. */
export const Panel = <Part,>(props: PanelProps<Part>) => {
  const { id, title, digit, panel, source, waitsFor = source, actions, lead, children } = props;
  const { state } = panel;
  const isBusy = state.status === 'loading' || (state.status === 'ready' && state.isRefreshing);
  return (
    <section className="panel" aria-labelledby={id} aria-busy={isBusy}>
      <header className="panel-head">
        <h2 id={id} tabIndex={-1}>
          {title} <Key name={String(digit)} />
        </h2>
        <span className="source">{source}</span>
        {actions && <div className="panel-actions">{actions}</div>}
      </header>
      {lead}
      <Body panel={panel} waitsFor={waitsFor}>
        {children}
      </Body>
    </section>
  );
};
