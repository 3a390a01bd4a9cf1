import { useId, useState } from 'react';
import {
  type ContactsFragment,
  type PhonesFragment,
  RecordAttemptDocument,
} from '../../generated/graphql.ts';
import { useAction } from '../gateway/use-action.ts';
import type { Panel } from '../gateway/use-panel.ts';
import { announce } from '../ui/announcer.tsx';
import { Field, Form, FormEnd } from '../ui/form.tsx';
import { phone } from '../ui/format.ts';
import { useStore } from '../ui/store.ts';
import { AgentField } from './agent-field.tsx';
import { agentName } from './agent-name.ts';

/** Suggestions: an agency has dispositions of its own. */
const dispositions = [
  'NO ANSWER',
  'LEFT MESSAGE MACHINE',
  'BUSY',
  'WRONG NUMBER',
  'SPOKE TO DEBTOR',
  'PROMISE TO PAY',
  'REFUSED TO PAY',
];

interface RecordAttemptProps {
  readonly fileNumber: string;
  /** The number that was called; empty if that is to be entered. */
  readonly number: string;
  readonly phones: PhonesFragment | undefined;
  readonly contacts: Panel<ContactsFragment>;
  readonly onClose: () => void;
}

export const RecordAttempt = ({ fileNumber, number, phones, contacts, onClose }: RecordAttemptProps) => {
  const known = (phones?.phones ?? []).flatMap((one) => one.number ?? []);
  const [phoneNumber, setPhoneNumber] = useState(phone(number === '' ? (known[0] ?? '') : number));
  const [disposition, setDisposition] = useState('');
  const [type, setType] = useState('MANUAL');
  const agent = useStore(agentName);
  const id = useId();
  const { isSending, failure, send } = useAction(RecordAttemptDocument, {
    whatToCheck: 'Look for it in the attempts below.',
    onSuccess: ({ value, problems }) => {
      contacts.replace(value.account, problems);
      announce('The attempt is recorded.');
      onClose();
    },
    onUnknown: contacts.reload,
  });
  const input = { fileNumber, phoneNumber, disposition, type, agent };
  return (
    <Form name="Record an attempt" onSend={() => void send({ input })} onClose={onClose} takesFocus>
      <Field label="Number" path="phoneNumber" failure={failure}>
        {(props) => (
          <input
            {...props}
            type="tel"
            required
            autoComplete="off"
            list={`${id}-numbers`}
            value={phoneNumber}
            onChange={(event) => setPhoneNumber(event.target.value)}
          />
        )}
      </Field>
      <datalist id={`${id}-numbers`}>
        {known.map((one) => (
          <option key={one} value={phone(one)} />
        ))}
      </datalist>
      <Field label="Disposition" path="disposition" failure={failure}>
        {(props) => (
          <input
            {...props}
            required
            maxLength={100}
            autoComplete="off"
            list={`${id}-dispositions`}
            value={disposition}
            onChange={(event) => setDisposition(event.target.value)}
          />
        )}
      </Field>
      <datalist id={`${id}-dispositions`}>
        {dispositions.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <div className="form-row">
        <Field label="Type" path="type" failure={failure}>
          {(props) => (
            <input
              {...props}
              required
              maxLength={50}
              autoComplete="off"
              value={type}
              onChange={(event) => setType(event.target.value)}
            />
          )}
        </Field>
        <AgentField path="agent" failure={failure} />
      </div>
      <FormEnd
        failure={failure}
        isSending={isSending}
        label="Record attempt"
        sendingLabel="Recording…"
        onClose={onClose}
      />
    </Form>
  );
};
