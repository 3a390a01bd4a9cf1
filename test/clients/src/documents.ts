import { graphql } from './graphql.ts';

export const PortfolioPage = graphql(`
  query PortfolioPage($name: String!, $after: String) {
    portfolio(name: $name) {
      id
      accounts(first: 10, after: $after) {
        edges { cursor node { id fileNumber status } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

export const AccountPanel = graphql(`
  query AccountPanel($fileNumber: String!) {
    account(fileNumber: $fileNumber) {
      id
      currentBalance
      borrower { id fullName ssn }
      phones { id number status }
      notes(first: 10) { edges { cursor node { id body } } pageInfo { hasNextPage endCursor } }
    }
  }
`);

export const AccountBalance = graphql(`
  query AccountBalance($id: ID!) {
    node(id: $id) {
      id
      ... on Account { currentBalance }
    }
  }
`);

export const SetPhoneStatus = graphql(`
  mutation SetPhoneStatus($input: UpdateAccountPhoneInput!) {
    updateAccountPhone(input: $input) {
      __typename
      ... on UpdateAccountPhoneSuccess { phone { id status } }
      ... on InvalidInputError { fields { path message } }
      ... on MutationError { code message }
    }
  }
`);

export const Charge = graphql(`
  mutation Charge($input: RunPaymentInput!) {
    runPayment(input: $input) {
      __typename
      ... on RunPaymentSuccess { approvalCode account { id currentBalance } }
      ... on OutcomeUnknownError { whatToCheck }
      ... on MutationError { code message }
    }
  }
`);
