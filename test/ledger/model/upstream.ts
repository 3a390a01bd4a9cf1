/**
 * What the upstream does with a call: it approves or declines it, executes it and loses the response, drops it without
 * a response, or refuses the connection, so that it certainly was not executed.
 */
export type Conduct = 'approve' | 'decline' | 'execute and lose' | 'drop' | 'refuse';

/** How a call ends for its sender. */
export type CallEnd =
  | { readonly kind: 'answered'; readonly outcome: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'refused' };

/** A charge that a gateway has sent. */
export interface Sent {
  readonly gateway: string;
  /** `executed`: it was executed and its response is on the way, or was lost. */
  state: 'in flight' | 'executed' | 'declined' | 'dropped' | 'refused';
  readonly end: (end: CallEnd) => void;
}

/** Whether the call was executed, or still may be. */
export const mayBeExecuted = ({ state }: Sent): boolean => state === 'in flight' || state === 'executed';

/** Whether its sender can rule out, at any time, that it was executed. */
export const isCertainlyNotExecuted = ({ state }: Sent): boolean =>
  state === 'refused' || state === 'declined';

/** Ends a call as the upstream decides. */
export const conclude = (sent: Sent, number: number, conduct: Conduct): void => {
  switch (conduct) {
    case 'approve':
      sent.state = 'executed';
      sent.end({ kind: 'answered', outcome: `approved ${number}` });
      break;
    case 'decline':
      sent.state = 'declined';
      sent.end({ kind: 'answered', outcome: `declined ${number}` });
      break;
    case 'execute and lose':
      sent.state = 'executed';
      sent.end({ kind: 'lost' });
      break;
    case 'drop':
      sent.state = 'dropped';
      sent.end({ kind: 'lost' });
      break;
    case 'refuse':
      sent.state = 'refused';
      sent.end({ kind: 'refused' });
      break;
  }
};
