/** The maximum number of messages that wait for a process which does not read them. */
const maxUnread = 1000;

/**
 * Returns a function that sends messages as long as the receiver reads them: those for one that hangs are discarded, and
 * do not fill the memory of the sender.
 *
 * @param send calls `onSent` when the message has left this process.
 */
export const createLossySender = <Message>(
  send: (message: Message, onSent: () => void) => void,
): ((message: Message) => void) => {
  let unread = 0;
  const onSent = (): void => {
    unread -= 1;
  };
  return (message) => {
    if (unread >= maxUnread) return;
    unread += 1;
    send(message, onSent);
  };
};
