import { useState } from 'react';
import { AddNoteDocument, type NotesFragment } from '../../generated/graphql.ts';
import { useAction } from '../gateway/use-action.ts';
import type { Panel } from '../gateway/use-panel.ts';
import { announce } from '../ui/announcer.tsx';
import { FailureNotice, Field, Form } from '../ui/form.tsx';
import { useStore } from '../ui/store.ts';
import { AgentField } from './agent-field.tsx';
import { agentName } from './agent-name.ts';

interface AddNoteProps {
  readonly fileNumber: string;
  readonly notes: Panel<NotesFragment>;
}

export const AddNote = ({ fileNumber, notes }: AddNoteProps) => {
  const [body, setBody] = useState('');
  const collectorName = useStore(agentName);
  const { isSending, failure, send } = useAction(AddNoteDocument, {
    whatToCheck: 'Look for it in the notes below.',
    onSuccess: ({ value, problems }) => {
      notes.replace(value.account, problems);
      setBody('');
      announce('The note is added.');
    },
    onUnknown: notes.reload,
  });
  return (
    <Form name="Add a note" onSend={() => void send({ input: { fileNumber, collectorName, body } })}>
      <Field label="New note" path="body" failure={failure} inputId="note-body">
        {(props) => (
          <textarea
            {...props}
            required
            rows={2}
            maxLength={5000}
            autoComplete="off"
            value={body}
            onChange={(event) => setBody(event.target.value)}
          />
        )}
      </Field>
      {body !== '' && (
        <div className="form-row">
          <AgentField path="collectorName" failure={failure} />
          <button type="submit" className="primary" disabled={isSending}>
            {isSending ? 'Adding…' : 'Add note'}
          </button>
        </div>
      )}
      {failure && <FailureNotice failure={failure} />}
    </Form>
  );
};
