/** Everything that a mutation can answer but for its success. */
const failures = `... on MutationError { message code }
  ... on InvalidInputError { fields { path message } }
  ... on RejectedError { reason }
  ... on UnavailableError { retryAfter }
  ... on OutcomeUnknownError { whatToCheck outcomeId }`;

/** Writes the document of one mutation, its whole input in the variable `input`. */
export const mutationOf = (field: string, success: string): string => {
  const name = `${field.slice(0, 1).toUpperCase()}${field.slice(1)}`;
  return `mutation ($input: ${name}Input!) {
    ${field}(input: $input) { __typename ... on ${name}Success { ${success} } ${failures} }
  }`;
};
