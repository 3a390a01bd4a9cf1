import type { ReactNode } from 'react';
import { areOfSession, type Problem } from '../gateway/problems.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'info';

const icons: Readonly<Record<Tone, string>> = { good: '✓', warn: '!', bad: '✕', info: 'i' };

interface NoticeProps {
  readonly tone: Tone;
  readonly title: string;
  readonly children?: ReactNode;
  /** Whether screen readers say it at once. */
  readonly isUrgent?: boolean;
}

/** A message. Its tone has a sign besides its color. */
export const Notice = ({ tone, title, children, isUrgent = false }: NoticeProps) => (
  <div className={`notice ${tone}`} role={isUrgent ? 'alert' : undefined}>
    <span className="notice-icon" aria-hidden="true">
      {icons[tone]}
    </span>
    <div className="notice-text">
      <p className="notice-title">{title}</p>
      {children}
    </div>
  </div>
);

const titleOf = ({ code, upstream, scopes }: Problem): string => {
  if (code === 'FORBIDDEN' && scopes.length > 0) return `Needs the scope ${scopes.join(' or ')}`;
  if (code === 'UNREACHABLE') return 'No connection';
  if (code === 'UPSTREAM_TIMEOUT') return `${upstream ?? 'A system'} did not answer in time`;
  if (upstream !== undefined) return `${upstream} is not available for this`;
  return 'This could not be read';
};

interface ProblemsProps {
  readonly problems: readonly Problem[];
  readonly onRetry: (() => void) | undefined;
}

/** What to say besides the title. Of a missing scope that names all: the gateway's message would name its fields. */
const messageOf = ({ code, message, scopes }: Problem): string | undefined =>
  code === 'FORBIDDEN' && scopes.length > 0 ? undefined : message;

/** What failed, with the gateway's own message. The same failure at several fields is shown once. */
export const Problems = ({ problems, onRetry }: ProblemsProps) => {
  if (areOfSession(problems)) return <p className="none">Not read, since your session has ended.</p>;
  const distinct = [...new Map(problems.map((problem) => [messageOf(problem) ?? titleOf(problem), problem]))];
  return distinct.map(([key, problem]) => (
    <Notice key={key} tone={problem.code === 'FORBIDDEN' ? 'warn' : 'bad'} title={titleOf(problem)} isUrgent>
      {messageOf(problem) && <p>{messageOf(problem)}</p>}
      {problem.isRetryable && onRetry && (
        <p>
          <button type="button" onClick={onRetry}>
            Try again
          </button>
        </p>
      )}
    </Notice>
  ));
};
