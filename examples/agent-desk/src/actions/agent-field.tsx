import type { Failure } from '../gateway/outcome.ts';
import { Field } from '../ui/form.tsx';
import { useStore } from '../ui/store.ts';
import { agentName } from './agent-name.ts';

interface AgentFieldProps {
  readonly path: 'agent' | 'collectorName';
  readonly failure: Failure | undefined;
}

export const AgentField = ({ path, failure }: AgentFieldProps) => {
  const name = useStore(agentName);
  return (
    <Field label="Your name" path={path} failure={failure}>
      {(props) => (
        <input
          {...props}
          required
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => agentName.set(event.target.value)}
        />
      )}
    </Field>
  );
};
