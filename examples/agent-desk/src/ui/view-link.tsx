import type { ReactNode } from 'react';
import { addressOf, goTo, type View } from '../view.ts';

interface ViewLinkProps {
  readonly to: View;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A link to another view of the desk. With Ctrl, for example, the browser opens it in a new tab. */
export const ViewLink = ({ to, className, children }: ViewLinkProps) => (
  <a
    className={className}
    href={addressOf(to)}
    onClick={(event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      goTo(to);
    }}
  >
    {children}
  </a>
);
