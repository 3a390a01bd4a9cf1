import type { ReactNode } from 'react';
import { nothing } from './format.ts';
import type { Tone } from './notices.tsx';

/** A term and its value, for lists of facts. */
export const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div className="fact">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

interface MaskedProps {
  readonly value: string | null | undefined;
  /** The scope without which the gateway masks it. */
  readonly scope: string;
}

/** A value that the gateway may have masked. Then it says so, and names the missing scope. */
export const Masked = ({ value, scope }: MaskedProps) => {
  if (value === null || value === undefined) return nothing;
  if (!value.includes('*')) return <span className="number">{value}</span>;
  return (
    <span className="masked">
      <span className="number" aria-hidden="true">
        {value.replaceAll('*', '•')}
      </span>
      <span className="visually-hidden">{`${value.replaceAll(/[*-]/g, '')}, `}</span>
      <span className="masked-why">
        masked: needs <code>{scope}</code>
      </span>
    </span>
  );
};

export const Badge = ({
  tone,
  children,
}: {
  readonly tone: Tone | 'plain';
  readonly children: ReactNode;
}) => <span className={`badge ${tone}`}>{children}</span>;
