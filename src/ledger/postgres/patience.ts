/** How long an access waits for a database that does not answer, in milliseconds. */
export interface Patience {
  /** For the whole access, with all its attempts: it has failed then. */
  readonly totalMs: number;
  /** The same while the database has answered nothing for `totalMs`. */
  readonly whileFailingMs: number;
  /** For the answer to one statement, after which its connection counts as lost. */
  readonly answerMs: number;
  /** For a row that another transaction holds: less than for the answer. */
  readonly lockMs: number;
}

/**
 * For all accesses before a call is sent: the first one that fails and at most two more, which look for an entry of the
 * key, end within five seconds together. The time for an answer leaves some for another attempt: a single connection
 * may hang.
 */
export const briefly: Patience = { totalMs: 3000, whileFailingMs: 700, answerMs: 1800, lockMs: 1500 };

/** For what must not be given up lightly: the outcome of a call that was sent, the creation of the tables, a copy. */
export const patiently: Patience = { totalMs: 8000, whileFailingMs: 8000, answerMs: 5000, lockMs: 4000 };

/** The part of the time of an access in which its last attempt gets the answer, if it waited for a connection before. */
export const answerShare = 1 / 5;
