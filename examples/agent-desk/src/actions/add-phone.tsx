import { useState } from 'react';
import { AddPhoneDocument, type PhonesFragment } from '../../generated/graphql.ts';
import { useAction } from '../gateway/use-action.ts';
import type { Panel } from '../gateway/use-panel.ts';
import { announce } from '../ui/announcer.tsx';
import { Field, Form, FormEnd } from '../ui/form.tsx';

const types = ['CELL', 'HOME', 'WORK', 'UNKNOWN'];
const statuses = ['UNKNOWN', 'Good Number', 'Disconnected', 'Wrong Number'];

interface AddPhoneProps {
  readonly fileNumber: string;
  readonly phones: Panel<PhonesFragment>;
  readonly onClose: () => void;
}

const Options = ({ of }: { readonly of: readonly string[] }) =>
  of.map((option) => (
    <option key={option} value={option}>
      {option}
    </option>
  ));

export const AddPhone = ({ fileNumber, phones, onClose }: AddPhoneProps) => {
  const [number, setNumber] = useState('');
  const [type, setType] = useState('CELL');
  const [status, setStatus] = useState('UNKNOWN');
  const { isSending, failure, send } = useAction(AddPhoneDocument, {
    whatToCheck: 'Look for the number in the list below.',
    onSuccess: ({ value, problems }) => {
      phones.replace(value.account, problems);
      announce('The phone is added.');
      onClose();
    },
    onUnknown: phones.reload,
  });
  const input = { fileNumber, number, type, status, origin: 'USER' };
  return (
    <Form name="Add a phone" onSend={() => void send({ input })} onClose={onClose} takesFocus>
      <Field label="Number" path="number" failure={failure}>
        {(props) => (
          <input
            {...props}
            type="tel"
            required
            autoComplete="off"
            placeholder="(210) 555-0100"
            value={number}
            onChange={(event) => setNumber(event.target.value)}
          />
        )}
      </Field>
      <div className="form-row">
        <Field label="Type" path="type" failure={failure}>
          {(props) => (
            <select {...props} value={type} onChange={(event) => setType(event.target.value)}>
              <Options of={types} />
            </select>
          )}
        </Field>
        <Field label="Status" path="status" failure={failure}>
          {(props) => (
            <select {...props} value={status} onChange={(event) => setStatus(event.target.value)}>
              <Options of={statuses} />
            </select>
          )}
        </Field>
      </div>
      <FormEnd
        failure={failure}
        isSending={isSending}
        label="Add phone"
        sendingLabel="Adding…"
        onClose={onClose}
      />
    </Form>
  );
};
