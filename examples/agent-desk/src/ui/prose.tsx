/** A sentence of the gateway, with its names of fields and mutations set as code. */
export const Prose = ({ text }: { readonly text: string }) => (
  <p>{text.split('`').map((part, index) => (index % 2 === 1 ? <code key={part}>{part}</code> : part))}</p>
);
