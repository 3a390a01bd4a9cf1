import { useEffect, useRef } from 'react';
import { Problems } from '../ui/notices.tsx';
import { useStore } from '../ui/store.ts';
import { Waiting } from '../ui/waiting.tsx';
import { HitRow } from './hit-row.tsx';
import { type Search, search } from './search.ts';

const Hits = ({ hits, problems, repeat }: Extract<Search, { status: 'done' }>) => {
  const list = useRef<HTMLUListElement>(null);
  // The keyboard continues here: Tab leads from one account to the next.
  useEffect(() => list.current?.querySelector('button')?.focus(), []);
  return (
    <>
      <Problems problems={problems} onRetry={repeat} />
      {hits.length === 0 && problems.length === 0 && <p className="none">No account has this number.</p>}
      <ul className="hits" ref={list}>
        {hits.map((hit) => (
          <HitRow key={hit.id} hit={hit} />
        ))}
      </ul>
    </>
  );
};

const Introduction = () => (
  <section className="panel">
    <h1 tabIndex={-1}>Find an account or an order</h1>
    <p>Enter one of these numbers above. Its form decides which of them it is.</p>
    <dl className="samples">
      <div className="sample">
        <dt>File number</dt>
        <dd>
          <code>R3012</code> or <code>316620</code>
        </dd>
      </div>
      <div className="sample">
        <dt>Phone</dt>
        <dd>
          <code>(716) 628-9899</code>, with or without +1 and signs
        </dd>
      </div>
      <div className="sample">
        <dt>SSN</dt>
        <dd>nine digits, with or without hyphens</dd>
      </div>
      <div className="sample">
        <dt>Order</dt>
        <dd>
          <code>#57062885</code>, the number of RecoveryConnect
        </dd>
      </div>
    </dl>
    <p className="muted">
      Phones and social security numbers stay out of the address, the history and all storage.
    </p>
  </section>
);

/** The start page, and the accounts of the last search by a phone or a social security number. */
export const SearchPage = () => {
  const shown = useStore(search);
  return (
    <main id="main" className="search-page">
      {shown.status === 'none' ? (
        <Introduction />
      ) : (
        <>
          <h1 tabIndex={-1}>{shown.title}</h1>
          {shown.status === 'loading' ? (
            <>
              <p aria-busy="true">Searching…</p>
              <Waiting on="Scollect" />
            </>
          ) : (
            <Hits key={shown.title} {...shown} />
          )}
        </>
      )}
    </main>
  );
};
