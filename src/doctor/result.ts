/** `skipped`: not examined, for the reason in the message. */
export type CheckStatus = 'ok' | 'note' | 'trouble' | 'skipped';

/** The result of one check. Its texts contain names and counts, and no value, secret, path or address. */
export interface CheckResult {
  /** A stable name for programs, such as `store.permissions` or `read.SCOLLECT.getphones`. */
  readonly id: string;
  readonly status: CheckStatus;
  /** What was examined, for people. */
  readonly subject: string;
  readonly message: string;
  /** What to do; `null` if nothing. */
  readonly action: string | null;
  /** The tenant; `null` for results that concern all. */
  readonly tenant: string | null;
}

export type Report = (result: CheckResult) => void;

/** What one check examines. */
export interface CheckSubject {
  readonly id: string;
  readonly subject: string;
  readonly tenant?: string | null | undefined;
}

const resultOf =
  (status: CheckStatus) =>
  (
    { id, subject, tenant = null }: CheckSubject,
    message: string,
    action: string | null = null,
  ): CheckResult => ({
    id,
    status,
    subject,
    message,
    action,
    tenant,
  });

export const ok = resultOf('ok');
export const note = resultOf('note');
export const trouble = resultOf('trouble');
export const skipped = resultOf('skipped');
