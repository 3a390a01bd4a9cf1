import type { ReactNode } from 'react';

interface MessagePageProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** A page in place of an object that cannot be shown. */
export const MessagePage = ({ title, children }: MessagePageProps) => (
  <main id="main" className="search-page">
    <h1 tabIndex={-1}>{title}</h1>
    {children}
  </main>
);
