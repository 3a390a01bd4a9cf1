import { graphql } from 'relay-runtime';

export const accountQuery = graphql`
  query accountQuery($fileNumber: String!) {
    account(fileNumber: $fileNumber) {
      id
      currentBalance
      borrower { id fullName ssn }
      phones { id number status }
      notes(first: 10) @catch(to: RESULT) { edges { node { body } } }
    }
  }
`;

export const accountBalanceQuery = graphql`
  query accountBalanceQuery($id: ID!) {
    node(id: $id) {
      id
      ... on Account { currentBalance }
    }
  }
`;

export const accountPhoneMutation = graphql`
  mutation accountPhoneMutation($input: UpdateAccountPhoneInput!) {
    updateAccountPhone(input: $input) {
      __typename
      ... on UpdateAccountPhoneSuccess { phone { id status } }
      ... on InvalidInputError { fields { path message } }
      ... on MutationError { code message }
    }
  }
`;

export const accountChargeMutation = graphql`
  mutation accountChargeMutation($input: RunPaymentInput!) {
    runPayment(input: $input) {
      __typename
      ... on RunPaymentSuccess { approvalCode account { id currentBalance } }
      ... on OutcomeUnknownError { whatToCheck }
      ... on MutationError { code message }
    }
  }
`;
